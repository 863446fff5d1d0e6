import { z } from 'zod';
import type { Posted } from '../http/forms.ts';
import { listOf, oneOf, optionalLine, optionalText, requiredLine, wholeNumber } from '../http/forms.ts';
import { signingCertificate } from '../sign-in/identity-providers.ts';
import { assuranceLevels } from '../sign-in/saml/assurance-level.ts';
import { nameIdFormats, usualNameIdFormats } from '../sign-in/saml/name-id.ts';
import type { AttributeNames } from '../sign-in/saml/names.ts';
import { renamable } from '../sign-in/saml/names.ts';
import type { ProviderInput } from './identity-providers.changes.ts';
import type { ProviderRow } from './identity-providers.queries.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

const mostCvrs = 500;

/** CVR numbers with white space or commas between them, each also written with spaces inside (39 91 00 12). */
const cvrNumbers = optionalText('CVR-numrene', 10_000).transform((text, context): string[] => {
  const lines = (text ?? '').split(/[\n,;]+/).map((line) => line.trim());
  const numbers = lines.flatMap((line) => (/^[\d ]+$/.test(line) ? numbersIn(line) : line === '' ? [] : [line]));
  const faulty = numbers.find((number) => !/^\d{8}$/.test(number));
  if (faulty !== undefined)
    context.addIssue({ code: 'custom', message: `“${faulty.slice(0, 20)}” er ikke et CVR-nummer på 8 cifre` });
  if (numbers.length > mostCvrs) context.addIssue({ code: 'custom', message: `Skriv højst ${mostCvrs} CVR-numre` });
  return [...new Set(numbers)].toSorted();
});

function numbersIn(line: string): string[] {
  const compact = line.replace(/ +/g, '');
  return compact.length === 8 ? [compact] : line.split(/ +/);
}

/** One a line: our word for the attribute, an equals sign, and the provider's name for it. */
const ownNames = optionalText('attributnavnene', 4000).transform((text, context): AttributeNames => {
  const names: Record<string, string> = {};
  for (const line of (text ?? '').split('\n').filter((one) => one.trim() !== '')) {
    const [, word = '', name = ''] = /^\s*(\w+)\s*=\s*([!-~]{1,300})\s*$/.exec(line) ?? [];
    if (!renamable.some((one) => one === word) || name === '' || Object.hasOwn(names, word))
      context.addIssue({
        code: 'custom',
        message: `Linjen “${line.trim().slice(0, 60)}” kan ikke læses. Skriv fx cvr = dk:gov:saml:attribute:CvrNumberIdentifier`,
      });
    else names[word] = name;
  }
  return names;
});

const pinned = optionalText('certifikatet', 20_000).transform((text, context) => {
  if (text === null) return null;
  const read = signingCertificate.safeParse(text);
  if (read.success) return read.data;
  context.addIssue({
    code: 'custom',
    message: 'Certifikatet kan ikke læses. Indsæt det som PEM, med RSA-nøgle på mindst 2048 bit',
  });
  return z.NEVER;
});

export const settings = z.object({
  navn: requiredLine('navnet', 200),
  fane: oneOf(['nemlog-in', 'local'], 'Vælg en fane'),
  omfang: oneOf(['alle', 'valgte'], 'Vælg, hvem den må logge på for'),
  cvrnumre: cvrNumbers,
  niveau: oneOf(assuranceLevels, 'Vælg et sikringsniveau'),
  navneid: listOf(
    z.array(z.enum(nameIdFormats, 'Vælg blandt dem på siden')).min(1, 'Vælg mindst én slags navn'),
  ).transform((list) => nameIdFormats.filter((format) => list.includes(format))),
  attributter: ownNames,
  cbc: optionalText('begrundelsen', 500),
  adresse: optionalLine('metadata-adressen', 1000),
  kontrolcertifikat: pinned,
});
type Typed = z.output<typeof settings>;

function inputOf(typed: Typed, context: z.RefinementCtx): ProviderInput {
  const fault = (field: keyof Typed, message: string): void =>
    context.addIssue({ code: 'custom', path: [field], message });
  const allCvrs = typed.omfang === 'alle';
  if (allCvrs && typed.fane === 'local')
    fault('omfang', 'En lokal identitetsudbyder må kun logge på for valgte CVR-numre');
  if (!allCvrs && typed.cvrnumre.length === 0) fault('cvrnumre', 'Skriv mindst ét CVR-nummer');
  if (typed.adresse !== null && typed.kontrolcertifikat === null)
    fault('kontrolcertifikat', 'Indsæt det certifikat, som metadata på adressen er underskrevet med');
  if (typed.adresse === null && typed.kontrolcertifikat !== null)
    fault('adresse', 'Skriv den adresse, som metadata hentes fra, eller fjern certifikatet');
  return {
    name: typed.navn,
    kind: typed.fane,
    allCvrs,
    cvrs: allCvrs ? [] : typed.cvrnumre,
    minimumLevel: typed.niveau,
    attributeNames: typed.attributter,
    nameIdFormats: typed.navneid,
    cbcReason: typed.cbc,
    metadataUrl: typed.adresse,
    metadataCertificate: typed.kontrolcertifikat,
  };
}

const tooOld = 'Siden er for gammel. Åbn den igen, og prøv dér';
const version = wholeNumber(tooOld);

/** Metadata on their way from the preview to the change; whoever sends it may enter metadata by hand as well. */
const packedMetadata = z
  .string(tooOld)
  .max(60_000, tooOld)
  .transform((text, context): ProviderMetadata => {
    const metadata = metadataShape.safeParse(unpacked(text));
    if (metadata.success) return metadata.data;
    context.addIssue({ code: 'custom', message: tooOld });
    return z.NEVER;
  });

const metadataShape = z.object({
  entityId: z.string().min(1).max(1024).regex(/^\S+$/),
  name: z.string().max(200).nullable(),
  ssoUrl: z.string().max(1000),
  sloUrl: z.string().max(1000).nullable(),
  sloResponseUrl: z.string().max(1000).nullable(),
  certificates: z.array(signingCertificate).min(1).max(10),
  validUntil: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .nullable(),
});

export function packed(metadata: ProviderMetadata): string {
  return Buffer.from(JSON.stringify(metadata)).toString('base64url');
}

function unpacked(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

const slug = requiredLine('et id', 60).refine(
  (text) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text),
  'Skriv små bogstaver, tal og enkelte bindestreger, fx region-eksempel',
);

export const createForm = settings
  .extend({ id: slug, metadata: packedMetadata })
  .transform(({ id, metadata, ...typed }, context) => ({ slug: id, metadata, input: inputOf(typed, context) }));

export const editForm = settings
  .extend({ version })
  .transform(({ version: read, ...typed }, context) => ({ version: read, input: inputOf(typed, context) }));

export const takeForm = z.object({ version, metadata: packedMetadata });
export const turnOnForm = z.object({ version });
export const turnOffForm = z.object({ version, begrundelse: requiredLine('en begrundelse', 500) });

/** Where the metadata of a new provider are: at an address with the certificate that signs them, or in the file of the form. */
export const sourceForm = z
  .object({ adresse: optionalLine('metadata-adressen', 1000), kontrolcertifikat: pinned })
  .superRefine((typed, context) => {
    if (typed.adresse !== null && typed.kontrolcertifikat === null)
      context.addIssue({
        code: 'custom',
        path: ['kontrolcertifikat'],
        message: 'Indsæt det certifikat, som metadata på adressen er underskrevet med',
      });
  });

/** A provider as if its settings had just been typed. */
export function asTyped(row: ProviderRow): Posted {
  return {
    navn: row.name,
    fane: row.kind,
    omfang: row.allCvrs ? 'alle' : 'valgte',
    cvrnumre: row.cvrs.join('\n'),
    niveau: row.minimumLevel,
    navneid: row.nameIdFormats,
    attributter: Object.entries(row.attributeNames)
      .map(([word, name]) => `${word} = ${name}`)
      .join('\n'),
    cbc: row.cbcReason ?? '',
    adresse: row.metadataUrl ?? '',
    kontrolcertifikat: row.metadataCertificate ?? '',
    version: String(row.version),
  };
}

/** What is proposed for a new one, by its metadata. */
export function proposalFor(metadata: ProviderMetadata, posted: Posted): Posted {
  const host = URL.parse(metadata.ssoUrl)?.hostname ?? '';
  return {
    id: host
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60),
    navn: metadata.name ?? host,
    fane: 'local',
    omfang: 'valgte',
    niveau: 'Substantial',
    navneid: [...usualNameIdFormats],
    metadata: packed(metadata),
    ...posted,
  };
}
