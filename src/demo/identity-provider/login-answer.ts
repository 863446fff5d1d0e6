import { status } from '../../sign-in/saml/names.ts';
import type { AuthnRequest } from './authn-request.ts';
import type { KeyPair } from './hostile/parties.ts';
import { attributesOf, nameIdOf } from './login-claims.ts';
import type { LoginClaims } from './login-claims.ts';
import { encrypted, signed } from './protection.ts';
import type { KeyWrap } from './protection.ts';
import { assertionXml, newSamlId, responseXml } from './saml-messages.ts';
import type { AssertionContent, ResponseContent } from './saml-messages.ts';

export type Issuer = { entityId: string; keys: KeyPair; wrap: KeyWrap };

/** What of a request its answer needs. */
export type Asked = {
  id: string;
  service: Pick<AuthnRequest['service'], 'entityId' | 'acsUrl' | 'encryptionCertificate'>;
};

export type LoginToTell = { claims: LoginClaims; sessionIndex: string };

/** How a response differs from a genuine one. Edits work on the XML as text, at the stage that they name. */
export type Forgery = {
  claims?: Partial<LoginClaims>;
  assertion?: Partial<AssertionContent>;
  response?: Partial<ResponseContent>;
  signer?: KeyPair;
  recipientKey?: Pick<KeyPair, 'certificate'>;
  wrap?: KeyWrap;
  editAssertion?: (xml: string) => string;
  sign?: (xml: string) => string;
  editSigned?: (xml: string) => string;
  protect?: (xml: string) => string;
  editResponse?: (xml: string) => string;
};

const same = (xml: string): string => xml;

/** The base64 of a Response that signs the person in: genuine, save for what the forgery changes. */
export function loginAnswer(issuer: Issuer, asked: Asked, told: LoginToTell, forgery: Forgery = {}): string {
  const { editAssertion = same, editSigned = same, editResponse = same } = forgery;
  const sign = forgery.sign ?? ((xml: string) => signed(xml, forgery.signer ?? issuer.keys));
  const certificate = forgery.recipientKey?.certificate ?? asked.service.encryptionCertificate;
  const protect = forgery.protect ?? ((xml: string) => encrypted(xml, certificate, forgery.wrap ?? issuer.wrap));
  const assertion = editSigned(sign(editAssertion(assertionXml(assertionContent(issuer, asked, told, forgery)))));
  const content = { ...responseTo(issuer, asked, status.success), content: protect(assertion), ...forgery.response };
  return base64(editResponse(responseXml(content)));
}

/** The base64 of a Response that says why there was no login. */
export function failureAnswer(issuer: Issuer, asked: Asked, failure: string): string {
  return base64(responseXml(responseTo(issuer, asked, failure)));
}

function assertionContent(
  issuer: Issuer,
  { id, service }: Asked,
  told: LoginToTell,
  forgery: Forgery,
): AssertionContent {
  const claims = { ...told.claims, ...forgery.claims };
  return {
    id: newSamlId(),
    issuer: issuer.entityId,
    audience: service.entityId,
    recipient: service.acsUrl,
    inResponseTo: id,
    nameId: nameIdOf(claims, service.entityId),
    attributes: attributesOf(claims),
    issued: new Date(),
    sessionIndex: told.sessionIndex,
    ...forgery.assertion,
  };
}

function responseTo(issuer: Issuer, { id, service }: Asked, statusValue: string): ResponseContent {
  return {
    id: newSamlId(),
    issuer: issuer.entityId,
    destination: service.acsUrl,
    inResponseTo: id,
    issued: new Date(),
    status: statusValue,
    content: '',
  };
}

function base64(xml: string): string {
  return Buffer.from(xml).toString('base64');
}
