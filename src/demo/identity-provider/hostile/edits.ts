import { createCipheriv, randomBytes } from 'node:crypto';
import { algorithm } from '../../../sign-in/saml/names.ts';
import type { Forgery } from '../login-answer.ts';
import type { KeyPair } from './parties.ts';
import { signed } from '../protection.ts';

// What forgers do to a message, as edits of its text at one of the stages of its making.

const MINUTE = 60_000;
export const ago = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE);

export const response = (edit: (xml: string) => string): Forgery => ({ editResponse: edit });
export const assertion = (edit: (xml: string) => string): Forgery => ({ editAssertion: edit });
export const signedXml = (edit: (xml: string) => string): Forgery => ({ editSigned: edit });

/** Fails where there was nothing to change: such a forgery would try nothing. */
export const swap = (from: string | RegExp, to: string) => (xml: string) => {
  const changed = xml.replace(from, to);
  if (changed === xml) throw new Error(`nothing to forge: ${String(from)}`);
  return changed;
};

export const doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
export const laughs = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">';

export function plainForgery(issuer: string): string {
  return `<saml:Assertion ID="_plain" Version="2.0"><saml:Issuer>${issuer}</saml:Issuer></saml:Assertion>`;
}

/** Another organisation than the person's own. */
export function otherCvr(cvr: string): string {
  return cvr === '39910020' ? '39910012' : '39910020';
}

export function otherProtocol(url: string): string {
  return url.startsWith('https:') ? url.replace('https:', 'http:') : url.replace('http:', 'https:');
}

export function signaturePattern(): RegExp {
  return /<ds:Signature .*<\/ds:Signature>/;
}

export function many(count: number, one: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => one(index)).join(' ');
}

export function idOf(xml: string): string {
  return / ID="([^"]*)"/.exec(xml)?.[1] ?? '';
}

export function doubled(xml: string, pattern: RegExp): string {
  return swap(pattern, '$&$&')(xml);
}

/** A forged assertion of the same shape for another organisation, without its signature. */
export function forged(xml: string, cvr: string): string {
  return xml
    .replace(signaturePattern(), '')
    .replace(cvr, otherCvr(cvr))
    .replace(/ ID="[^"]*"/, ' ID="_evil"');
}

/** The forged assertion, open, and then what is given: usually the signed one. */
export function evil(xml: string, cvr: string, rest: string): string {
  return forged(xml, cvr).replace(/<\/saml:Assertion>$/, '') + rest;
}

export function inObject(xml: string, cvr: string): string {
  const bare = xml.replace(signaturePattern(), '');
  const signature = signaturePattern().exec(xml)?.[0] ?? '';
  const wrapped = signature.replace('</ds:Signature>', `<ds:Object>${bare}</ds:Object></ds:Signature>`);
  return evil(xml, cvr, `${wrapped}</saml:Assertion>`);
}

/** The same structure with AES-256-CBC inside, as some older providers send it. */
export function cbc(structure: string, xml: string): string {
  const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16));
  const data = Buffer.concat([cipher.update(xml), cipher.final()]).toString('base64');
  return structure
    .replace(algorithm.aes256Gcm, algorithm.aes256Cbc)
    .replace(/[^>]*(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, `${data}$1`);
}

export function changeCiphertext(xml: string): string {
  return xml.replace(/(.)(.{20}<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, (_, one, rest) =>
    one === 'A' ? `B${rest}` : `A${rest}`,
  );
}

export function failedWith(code: string): Forgery {
  return { response: { status: code, content: '' } };
}

/** An assertion without the element, signed all the same: the signer puts its signature after the Issuer. */
export function assertionSignedElsewhere(keys: KeyPair, element: RegExp): Forgery {
  return { sign: (xml) => signed(xml, keys).replace(element, '') };
}

/** Moves the nth NotOnOrAfter, and the start with it. */
export function endedAt(xml: string, nth: number, end: Date): string {
  let seen = 0;
  return xml.replace(/ NotOnOrAfter="[^"]*"/g, (text) =>
    seen++ === nth ? ` NotOnOrAfter="${end.toISOString()}"` : text,
  );
}

export function without(xml: string, element: string): string {
  return swap(new RegExp(`<saml:${element}[ >].*</saml:${element}>`), '')(xml);
}

/** Names the person as older federations do: by the subject of a certificate. */
export function asX509Name(cvr: string): (xml: string) => string {
  return swap(
    /<saml:NameID .*?<\/saml:NameID>/,
    `<saml:NameID Format="${x509Format}">C=DK,O=${cvr},CN=Test Person,Serial=6281da2f-6433-4486-9a3f-bd2363779ab4</saml:NameID>`,
  );
}

const x509Format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName';

export function attributePattern(name: string): RegExp {
  return new RegExp(`<saml:Attribute Name="${name.replaceAll('/', '\\/')}".*?</saml:Attribute>`);
}

export function withoutAttribute(xml: string, name: string): string {
  return swap(attributePattern(name), '')(xml);
}

export function twice(xml: string, name: string): string {
  return xml.replace(attributePattern(name), (text) => text.replace('Substantial', 'High') + text);
}
