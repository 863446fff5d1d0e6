import { randomBytes } from 'node:crypto';
import { SAML, ValidateInResponseTo } from '@node-saml/passport-saml';
import type { IdentityProvider } from '../identity-providers.ts';
import { higherLevel } from './assurance-level.ts';
import { usualNameIdFormats } from './name-id.ts';
import { levelPrefix, persistentFormat } from './names.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';
import { signingKeyOf } from './service-provider-options.ts';

export type LoginStart = {
  provider: IdentityProvider;
  returnTo: string;
  forceAuthn: boolean;
  /** The session (its hash) of the browser that begins; none for most. */
  replacesSession?: string | null;
};
export type StartedLogin = { redirectUrl: string; requestId: string };

/** Notes a new login and makes the signed address that takes the browser to the provider. */
export async function startLogin(options: ServiceProviderOptions, login: LoginStart): Promise<StartedLogin> {
  const requestId = `_${randomBytes(20).toString('hex')}`;
  const id = randomBytes(24).toString('base64url');
  const { portal } = options;
  const createdAt = options.now?.() ?? new Date();
  const { provider, returnTo, forceAuthn, replacesSession = null } = login;
  await options.pending.save({
    id,
    requestId,
    providerId: provider.id,
    portal,
    returnTo,
    replacesSession,
    forceAuthn,
    createdAt,
  });
  const saml = requestBuilder(options, login, requestId);
  const redirectUrl = await saml.getAuthorizeUrlAsync(id, undefined, {});
  return { redirectUrl, requestId };
}

function requestBuilder(
  options: ServiceProviderOptions,
  { provider, forceAuthn }: LoginStart,
  requestId: string,
): SAML {
  return new SAML({
    entryPoint: provider.ssoUrl,
    idpCert: [...provider.certificates],
    issuer: options.entityId,
    callbackUrl: options.acsUrl,
    privateKey: signingKeyOf(options),
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    identifierFormat: askedFormat(provider),
    authnContext: [`${levelPrefix}${higherLevel(options.minimumLevel, provider.minimumLevel)}`],
    racComparison: 'minimum',
    forceAuthn,
    generateUniqueId: () => requestId,
    validateInResponseTo: ValidateInResponseTo.never,
  });
}

/** None is asked for of a provider that names people in its own way: it could only answer InvalidNameIDPolicy. */
function askedFormat({ nameIdFormats }: IdentityProvider): string | null {
  const isUsual = nameIdFormats.every((format) => usualNameIdFormats.includes(format));
  return isUsual && nameIdFormats.includes('persistent') ? persistentFormat : null;
}
