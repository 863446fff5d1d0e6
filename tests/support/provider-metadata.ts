import { X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { algorithm, namespace, redirectBinding } from '../../src/sign-in/saml/names.ts';
import type { KeyPair } from './saml.ts';

type Facts = { entityId?: string; host?: string; certificates: readonly string[]; validUntil?: Date; more?: string };

/** Metadata of a made-up identity provider. */
export function metadataXml({
  entityId = 'https://idp.ny-region.example/metadata',
  host = 'https://idp.ny-region.example',
  certificates,
  validUntil,
  more = '',
}: Facts): string {
  const end = validUntil === undefined ? '' : ` validUntil="${validUntil.toISOString()}"`;
  const keys = certificates.map((pem) => {
    const base64 = new X509Certificate(pem).raw.toString('base64');
    return `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
  });
  return (
    `<md:EntityDescriptor xmlns:md="${namespace.metadata}" xmlns:ds="${namespace.signature}" ID="_meta" entityID="${entityId}"${end}>` +
    `<md:IDPSSODescriptor protocolSupportEnumeration="${namespace.protocol}">${keys.join('')}` +
    `<md:SingleLogoutService Binding="${redirectBinding}" Location="${host}/slo"/>` +
    `<md:SingleSignOnService Binding="${redirectBinding}" Location="${host}/sso"/></md:IDPSSODescriptor>${more}` +
    `<md:Organization><md:OrganizationName xml:lang="da">NR</md:OrganizationName>` +
    `<md:OrganizationDisplayName xml:lang="en">New Region</md:OrganizationDisplayName>` +
    `<md:OrganizationDisplayName xml:lang="da">Ny Region</md:OrganizationDisplayName></md:Organization></md:EntityDescriptor>`
  );
}

/** The metadata with the signature of the key's holder over all of it. */
export function signedMetadataXml(xml: string, { key, certificate }: KeyPair): string {
  const signature = new SignedXml({
    privateKey: key,
    publicCert: certificate,
    signatureAlgorithm: algorithm.rsaSha256,
    canonicalizationAlgorithm: namespace.exclusiveC14n,
  });
  signature.addReference({
    xpath: '/*',
    transforms: [algorithm.enveloped, namespace.exclusiveC14n],
    digestAlgorithm: algorithm.sha256,
  });
  signature.computeSignature(xml, { prefix: 'ds', location: { reference: '/*', action: 'prepend' } });
  return signature.getSignedXml();
}
