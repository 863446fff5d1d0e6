import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { assuranceLevels } from './saml/assurance-level.ts';
import { nameIdFormats, usualNameIdFormats } from './saml/name-id.ts';
import type { AttributeNames } from './saml/names.ts';
import { renamable } from './saml/names.ts';

/** One trust entry: who may sign people in, with which certificates, and for which organisations. */
export type IdentityProvider = z.infer<typeof identityProvider>;

const SMALLEST_RSA_KEY = 2048;

/** PEM, or the bare base64 of a metadata; RSA of at least 2048 bits. */
export const signingCertificate = z.string().transform((text, context) => {
  const pem = toPem(text);
  const fault = certificateFault(pem);
  if (fault === null) return pem;
  context.addIssue({ code: 'custom', message: fault });
  return z.NEVER;
});

export const protectedUrl = z
  .url('must be a URL')
  .refine(isProtected, 'must be an https URL (http only for *.localhost)');

/** Other names of attributes than OIOSAML 3's. */
export const attributeNames: z.ZodType<AttributeNames, unknown> = z.partialRecord(
  z.enum(renamable),
  z.string().trim().min(1).max(300),
);

/** The kinds of name that are taken from it: those of OIOSAML 3, unless an older federation sends others. */
export const acceptedNameIdFormats = z.array(z.enum(nameIdFormats)).min(1);

const identityProvider = z.strictObject({
  id: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens'),
  name: z.string().trim().min(1).max(200),
  kind: z.enum(['nemlog-in', 'local']),
  entityId: z.string().trim().min(1).max(1024),
  ssoUrl: protectedUrl,
  /** Where its sessions are ended (HTTP-Redirect); without it, logging off ends the session here alone. */
  sloUrl: protectedUrl.optional(),
  /** Where it wants our answers (`ResponseLocation` of its metadata), when not at `sloUrl`. */
  sloResponseUrl: protectedUrl.optional(),
  certificates: z.array(signingCertificate).min(1).max(10),
  allowedCvrs: z.union([z.literal('all'), z.array(z.string().regex(/^\d{8}$/, 'must be 8 digits')).min(1)]),
  minimumLevel: z.enum(assuranceLevels).default('Substantial'),
  attributeNames: attributeNames.default({}),
  nameIdFormats: acceptedNameIdFormats.default([...usualNameIdFormats]),
  /** Why AES-CBC is accepted from it: a documented exception. Null: it is not. */
  cbcReason: z.string().trim().min(1).max(500).nullable().default(null),
});

const identityProviders = z
  .array(identityProvider)
  .min(1)
  .superRefine((providers, context) => {
    for (const message of listFaults(providers)) context.addIssue({ code: 'custom', message });
  });

/** Reads the list of identity providers from a JSON file; all faults are named at once. */
export async function readIdentityProviders(file: string): Promise<IdentityProvider[]> {
  const parsed = identityProviders.safeParse(parseJson(await readFile(file, 'utf8'), file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `- ${issue.path.join('.') || 'list'}: ${issue.message}`);
  throw new Error(`The identity providers in ${file} cannot be used:\n${faults.join('\n')}`);
}

/** The providers whose name holds every word of the query, in Danish alphabetical order. */
export function searchIdentityProviders(providers: readonly IdentityProvider[], query: string): IdentityProvider[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return providers
    .filter((provider) => words.every((word) => folded(provider.name).includes(word)))
    .toSorted((one, other) => one.name.localeCompare(other.name, 'da'));
}

export function findIdentityProvider(providers: readonly IdentityProvider[], id: string): IdentityProvider | null {
  return providers.find((provider) => provider.id === id) ?? null;
}

function folded(text: string): string {
  return text.normalize('NFC').toLocaleLowerCase('da');
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`, { cause: error });
  }
}

function* listFaults(providers: readonly IdentityProvider[]): Generator<string> {
  for (const provider of providers) {
    const twins = providers.filter((other) => other.id === provider.id || other.entityId === provider.entityId);
    if (twins.length > 1) yield `${provider.id}: id and entityId must be this provider's alone`;
    // A local provider that could speak for any organisation could sign in as another region's administrator.
    if (provider.kind === 'local' && provider.allowedCvrs === 'all') {
      yield `${provider.id}: a local provider must list the CVR numbers that it may speak for`;
    }
  }
}

/** Accepts PEM, or the bare base64 that stands in a provider's metadata. */
function toPem(text: string): string {
  const body = text.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '').replace(/\s+/g, '');
  const lines = body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function certificateFault(pem: string): string | null {
  try {
    const { publicKey } = new X509Certificate(pem);
    if (publicKey.asymmetricKeyType !== 'rsa') return 'must hold an RSA key';
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < SMALLEST_RSA_KEY ? `the RSA key has ${bits} bits, at least ${SMALLEST_RSA_KEY} are needed` : null;
  } catch {
    return 'is not a readable X.509 certificate (PEM, or the base64 of its metadata)';
  }
}

function isProtected(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && hostname.endsWith('.localhost'));
}
