import { status } from '../../sign-in/saml/names.ts';
import type { DevKeyPair } from '../../sign-in/dev-keys.ts';
import type { AuthnRequest } from './authn-request.ts';
import { attributesOf, nameIdOf } from './login-claims.ts';
import type { LoginClaims } from './login-claims.ts';
import { encrypted, signed } from './protection.ts';
import type { KeyWrap } from './protection.ts';
import { assertionXml, newSamlId, responseXml } from './saml-messages.ts';

export type Issuer = { entityId: string; keys: DevKeyPair; wrap: KeyWrap };

export type LoginToTell = { claims: LoginClaims; sessionIndex: string };

/** The base64 of a Response that signs the person in. */
export function loginAnswer(issuer: Issuer, request: AuthnRequest, { claims, sessionIndex }: LoginToTell): string {
  const { service } = request;
  const assertion = assertionXml({
    id: newSamlId(),
    issuer: issuer.entityId,
    audience: service.entityId,
    recipient: service.acsUrl,
    inResponseTo: request.id,
    nameId: nameIdOf(claims, service.entityId),
    attributes: attributesOf(claims),
    issued: new Date(),
    sessionIndex,
  });
  const content = encrypted(signed(assertion, issuer.keys), service.encryptionCertificate, issuer.wrap);
  return answer(issuer, request, status.success, content);
}

/** The base64 of a Response that says why there was no login. */
export function failureAnswer(issuer: Issuer, request: AuthnRequest, failure: string): string {
  return answer(issuer, request, failure, '');
}

function answer(issuer: Issuer, request: AuthnRequest, statusValue: string, content: string): string {
  const xml = responseXml({
    id: newSamlId(),
    issuer: issuer.entityId,
    destination: request.service.acsUrl,
    inResponseTo: request.id,
    issued: new Date(),
    status: statusValue,
    content,
  });
  return Buffer.from(xml).toString('base64');
}
