import { X509Certificate } from 'node:crypto';
import { SAML, ValidateInResponseTo } from '@node-saml/passport-saml';
import { algorithm, namespace } from './names.ts';
import { Refusal, demand } from './refusal.ts';
import { descendants, hasUniqueIds, isElement, onlyChild, parseXml } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';
import { isSamlId } from './saml-values.ts';

/** An assertion as its issuer signed it. Nothing but `element` may be read from the message afterwards. */
export type VerifiedAssertion = {
  element: XmlElement;
  id: string;
  signatureValue: string;
  certificateFingerprint: string;
};

/**
 * Checks the form of the signature, then lets node-saml verify it with the provider's own certificates,
 * and reads the assertion anew from the bytes that the signature covers.
 */
export async function verifyAssertion(xml: string, certificates: readonly string[]): Promise<VerifiedAssertion> {
  const { id, signatureValue } = checkSignatureForm(parseXml(xml));
  for (const certificate of certificates) {
    const signed = await signedBy(xml, certificate);
    if (signed === null) continue;
    const element = parseXml(signed);
    demand(isElement(element, namespace.assertion, 'Assertion'), 'not-genuine', 'the signature covers no Assertion');
    demand(element.attributes.get('ID') === id, 'not-genuine', 'the signature covers another assertion');
    return { element, id, signatureValue, certificateFingerprint: new X509Certificate(certificate).fingerprint256 };
  }
  throw new Refusal('not-genuine', "the signature does not verify with the provider's certificates");
}

function checkSignatureForm(assertion: XmlElement): { id: string; signatureValue: string } {
  const id = assertion.attributes.get('ID') ?? '';
  genuine(isElement(assertion, namespace.assertion, 'Assertion'), 'the decrypted element is not an Assertion');
  genuine(isSamlId(id) && hasUniqueIds(assertion), 'the ids of the assertion are not usable');
  const all = [...descendants(assertion)];
  // A second assertion or signature anywhere inside is how signatures are wrapped.
  genuine(all.filter(isAssertion).length === 1, 'an assertion inside the assertion');
  genuine(all.filter(isSignature).length === 1, 'not exactly one signature');
  const signature = onlyChild(assertion, namespace.signature, 'Signature');
  genuine(signature !== null, 'the signature is not the assertion’s own');
  checkSignedInfo(signature, id);
  const value = onlyChild(signature, namespace.signature, 'SignatureValue');
  genuine(value !== null, 'not exactly one SignatureValue');
  genuine(signature.children.every(isSignaturePart), 'the signature carries foreign elements');
  return { id, signatureValue: value.text.replace(/\s+/g, '') };
}

function checkSignedInfo(signature: XmlElement, id: string): void {
  const info = onlyChild(signature, namespace.signature, 'SignedInfo');
  genuine(info !== null && info.children.length === 3, 'not exactly one plain SignedInfo');
  genuine(uses(info, 'CanonicalizationMethod', namespace.exclusiveC14n), 'the canonicalization is not exclusive');
  demand(uses(info, 'SignatureMethod', algorithm.rsaSha256), 'not-protected', 'the signature is not RSA-SHA256');
  const reference = onlyChild(info, namespace.signature, 'Reference');
  genuine(reference !== null, 'not exactly one Reference');
  genuine(reference.attributes.get('URI') === `#${id}`, 'the signature refers to another element');
  demand(uses(reference, 'DigestMethod', algorithm.sha256), 'not-protected', 'the digest is not SHA-256');
  genuine(onlyChild(reference, namespace.signature, 'DigestValue') !== null, 'not exactly one DigestValue');
  const transforms = onlyChild(reference, namespace.signature, 'Transforms');
  const names = transforms?.children.map((transform) => transform.attributes.get('Algorithm'));
  genuine(names?.join(' ') === `${algorithm.enveloped} ${namespace.exclusiveC14n}`, 'other transforms than the two');
}

function uses(parent: XmlElement, name: string, expected: string): boolean {
  const element = onlyChild(parent, namespace.signature, name);
  return element?.attributes.get('Algorithm') === expected;
}

/**
 * The signed assertion's canonical XML, or null. node-saml is asked for the signature alone: of times, audience and
 * addresses it checks only some and cannot say which failed, so assertion-checks.ts judges those.
 */
async function signedBy(xml: string, certificate: string): Promise<string | null> {
  const saml = new SAML({
    idpCert: certificate,
    issuer: 'unused',
    callbackUrl: 'https://unused.invalid',
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    audience: false,
    acceptedClockSkewMs: -1,
    validateInResponseTo: ValidateInResponseTo.never,
  });
  // The prefix is no namespace of the assertion's own, so the canonical form of the assertion does not change.
  const prolog = /^\s*<\?xml[^>]*\?>/;
  const wrapped = `<envelope:Response xmlns:envelope="${namespace.protocol}">${xml.replace(prolog, '')}</envelope:Response>`;
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: Buffer.from(wrapped).toString('base64') });
    return profile?.getAssertionXml?.() ?? null;
  } catch {
    return null;
  }
}

function genuine(condition: boolean, detail: string): asserts condition {
  demand(condition, 'not-genuine', detail);
}

function isAssertion(element: XmlElement): boolean {
  return element.name === 'Assertion' || element.name === 'EncryptedAssertion';
}

function isSignature(element: XmlElement): boolean {
  return element.namespace === namespace.signature && element.name === 'Signature';
}

function isSignaturePart(element: XmlElement): boolean {
  return (
    element.namespace === namespace.signature && ['SignedInfo', 'SignatureValue', 'KeyInfo'].includes(element.name)
  );
}
