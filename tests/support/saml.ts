import { inject } from 'vitest';
import type { HostileCase } from '../../src/demo/identity-provider/hostile/cases.ts';
import { hostileCases } from '../../src/demo/identity-provider/hostile/cases.ts';
import type { KeyPair } from '../../src/demo/identity-provider/hostile/parties.ts';
import type { Forgery } from '../../src/demo/identity-provider/login-answer.ts';
import { loginAnswer } from '../../src/demo/identity-provider/login-answer.ts';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { newSamlId } from '../../src/demo/identity-provider/saml-messages.ts';
import type { IdentityProvider } from '../../src/sign-in/identity-providers.ts';
import type { PendingLogin, PendingLogins } from '../../src/sign-in/saml/pending-logins.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import type { ServiceProviderOptions } from '../../src/sign-in/saml/service-provider-options.ts';
import { makeKeyPair, makeKeys } from './test-keys.ts';

export { makeKeyPair };
export type { Forgery, KeyPair };

const LOGIN_LIFETIME_MS = 15 * 60_000;

/** Made once a test run where its database is, else once a process, as in the bench: RSA keys take longer than all the rest. */
export const keys = (process.env.VITEST === undefined ? undefined : inject('keys')) ?? makeKeys();

export const nemlogIn: IdentityProvider = {
  id: 'nemlog-in',
  name: 'NemLog-in (test)',
  kind: 'nemlog-in',
  entityId: 'https://saml.nemlog-in.example',
  ssoUrl: 'https://login.nemlog-in.example/sso',
  certificates: [keys.nemlogIn.certificate, keys.nemlogInNext.certificate],
  allowedCvrs: 'all',
  minimumLevel: 'Substantial',
  attributeNames: {},
  nameIdFormats: ['persistent', 'transient'],
  cbcReason: null,
};

export const localProvider: IdentityProvider = {
  ...nemlogIn,
  id: 'local-region',
  name: 'Region Eksempel',
  kind: 'local',
  entityId: 'https://idp.region.example',
  ssoUrl: 'https://idp.region.example/sso',
  certificates: [keys.local.certificate],
  allowedCvrs: ['39910012'],
};

export const aase: LoginClaims = {
  firstName: 'Åse',
  lastName: 'Østergård',
  email: 'aase@region.example',
  level: 'Substantial',
  cvr: '39910012',
  organisationName: 'Region Eksempel',
  uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4',
  rid: '1118061020234',
  carriesCpr: true,
};

/** Pending logins in memory, with the rules that the real store keeps. */
export function pendingLoginsInMemory(now: () => Date = () => new Date()): PendingLogins {
  const logins = new Map<string, PendingLogin>();
  const assertions = new Set<string>();
  return {
    async save(login) {
      logins.set(login.requestId, login);
    },
    async take(requestId) {
      const login = logins.get(requestId);
      logins.delete(requestId);
      return login && now().getTime() - login.createdAt.getTime() <= LOGIN_LIFETIME_MS ? login : null;
    },
    async rememberAssertion(providerId, assertionId) {
      const key = `${providerId} ${assertionId}`;
      return !assertions.has(key) && assertions.add(key).has(key);
    },
  };
}

export function serviceProviderOptions(overrides: Partial<ServiceProviderOptions> = {}): ServiceProviderOptions {
  return {
    entityId: 'https://sebadmin.example/saml/metadata',
    acsUrl: 'https://sebadmin.example/saml/acs',
    portal: 'sebadmin',
    keys: { signing: [keys.service], encryption: [keys.encryption, keys.olderEncryption] },
    providers: () => [nemlogIn, localProvider],
    minimumLevel: 'Substantial',
    pending: pendingLoginsInMemory(),
    contact: { organisation: 'Sundhedsdatastyrelsen', url: 'https://sebadmin.example', email: 'drift@example.dk' },
    ...overrides,
  };
}

/** The base64 of a response to the request: genuine, save for what the forgery changes. */
export function makeResponse(options: ServiceProviderOptions, requestId: string, forgery: Forgery = {}): string {
  const { entityId, acsUrl } = options;
  const asked = { id: requestId, service: { entityId, acsUrl, encryptionCertificate: keys.encryption.certificate } };
  const issuer = { entityId: nemlogIn.entityId, keys: keys.nemlogIn, wrap: 'sha256' } as const;
  return loginAnswer(issuer, asked, { claims: aase, sessionIndex: newSamlId() }, forgery);
}

/** What is tried against a login of the tests' provider to the service. */
export function hostileLogins({
  entityId,
  acsUrl,
}: Pick<ServiceProviderOptions, 'entityId' | 'acsUrl'>): HostileCase[] {
  const encryptionCertificate = keys.encryption.certificate;
  return hostileCases({
    issuer: { entityId: nemlogIn.entityId, keys: keys.nemlogIn },
    other: { entityId: localProvider.entityId, keys: keys.local },
    stranger: keys.stranger,
    service: { entityId, acsUrl, signing: keys.service, encryptionCertificate },
    otherService: { entityId: 'https://sebanmod.example/saml/metadata', acsUrl: 'https://sebanmod.example/saml/acs' },
    cvr: '39910012',
  });
}

/** A whole login: started at the provider, answered with the forgery, and judged. */
export async function logIn(forgery: Forgery = {}, provider = nemlogIn, options = serviceProviderOptions()) {
  const serviceProvider = createServiceProvider(options);
  const { requestId } = await serviceProvider.startLogin({ provider, returnTo: '/', forceAuthn: false });
  const samlResponse = makeResponse(options, requestId, forgery);
  return serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [requestId] });
}
