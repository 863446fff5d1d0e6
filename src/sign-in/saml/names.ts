// The identifiers of SAML 2.0, XML Signature, XML Encryption and OIOSAML 3 that this folder knows.

export const namespace = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
  encryption11: 'http://www.w3.org/2009/xmlenc11#',
  exclusiveC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const;

export const algorithm = {
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  aes128Gcm: 'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  aes256Gcm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  aes128Cbc: 'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  aes256Cbc: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  rsaOaepMgf1p: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  rsaOaep: 'http://www.w3.org/2009/xmlenc11#rsa-oaep',
  mgf1Sha1: 'http://www.w3.org/2009/xmlenc11#mgf1sha1',
  mgf1Sha256: 'http://www.w3.org/2009/xmlenc11#mgf1sha256',
  mgf1Sha512: 'http://www.w3.org/2009/xmlenc11#mgf1sha512',
} as const;

export const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
export const entityFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity';
export const persistentFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
export const transientFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
export const unspecifiedFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
export const uriNameFormat = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';
export const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
export const deflateEncoding = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE';
export const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

const statusPrefix = 'urn:oasis:names:tc:SAML:2.0:status:';
export const status = {
  success: `${statusPrefix}Success`,
  requester: `${statusPrefix}Requester`,
  responder: `${statusPrefix}Responder`,
  authnFailed: `${statusPrefix}AuthnFailed`,
  noAuthnContext: `${statusPrefix}NoAuthnContext`,
  noPassive: `${statusPrefix}NoPassive`,
  requestDenied: `${statusPrefix}RequestDenied`,
  partialLogout: `${statusPrefix}PartialLogout`,
  unknownPrincipal: `${statusPrefix}UnknownPrincipal`,
  requestUnsupported: `${statusPrefix}RequestUnsupported`,
  versionMismatch: `${statusPrefix}VersionMismatch`,
} as const;

/** All that the standard has for an answer other than Success, by the last part of their names. */
export const failures: ReadonlyMap<string, string> = new Map(
  [
    ...['Requester', 'Responder', 'VersionMismatch', 'AuthnFailed', 'InvalidAttrNameOrValue', 'InvalidNameIDPolicy'],
    ...['NoAuthnContext', 'NoAvailableIDP', 'NoPassive', 'NoSupportedIDP', 'PartialLogout', 'ProxyCountExceeded'],
    ...['RequestDenied', 'RequestUnsupported', 'RequestVersionDeprecated', 'RequestVersionTooHigh'],
    ...['RequestVersionTooLow', 'ResourceNotRecognized', 'TooManyResponses', 'UnknownAttrProfile', 'UnknownPrincipal'],
    'UnsupportedBinding',
  ].map((name) => [`${statusPrefix}${name}`, name]),
);

const core = 'https://data.gov.dk/model/core/';
export const professionalPrefix = `${core}eid/professional/uuid/`;
export const personPrefix = `${core}eid/person/uuid/`;
export const levelPrefix = 'https://data.gov.dk/concept/core/nsis/loa/';
export const specVersion = 'OIO-SAML-3.0';

/** Attribute names of OIOSAML 3. */
export const attribute = {
  specVersion: `${core}specVersion`,
  level: 'https://data.gov.dk/concept/core/nsis/loa',
  fullName: `${core}eid/fullName`,
  firstName: `${core}eid/firstName`,
  lastName: `${core}eid/lastName`,
  email: `${core}eid/email`,
  cprNumber: `${core}eid/cprNumber`,
  cvr: `${core}eid/professional/cvr`,
  organisationName: `${core}eid/professional/orgName`,
  uuid: `${core}eid/professional/uuid/persistent`,
  rid: `${core}eid/professional/rid`,
} as const;

/** What a provider may name in a way of its own; level and version of the profile are the profile's. */
export const renamable = [
  'cvr',
  'organisationName',
  'uuid',
  'rid',
  'fullName',
  'firstName',
  'lastName',
  'email',
  'cprNumber',
] as const;
export type AttributeNames = Readonly<Partial<Record<(typeof renamable)[number], string>>>;
