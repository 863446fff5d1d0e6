import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { algorithm, namespace } from '../sign-in/saml/names.ts';
import { isSamlId } from '../sign-in/saml/saml-values.ts';
import type { XmlElement } from '../sign-in/saml/xml-tree.ts';
import { descendants, hasUniqueIds, onlyChild } from '../sign-in/saml/xml-tree.ts';

/**
 * The metadata as the holder of the certificate signed it, or null. As with assertions, the form is judged first, and only
 * the bytes that the signature covers are read afterwards.
 */
export function signedMetadata(xml: string, root: XmlElement, certificate: string): string | null {
  const id = root.attributes.get('ID') ?? '';
  const signature = onlyChild(root, namespace.signature, 'Signature');
  if (signature === null || !isSamlId(id) || !hasUniqueIds(root) || !isPlainSignature(root, signature, id)) return null;
  return signedPart(xml, certificate);
}

function isPlainSignature(root: XmlElement, signature: XmlElement, id: string): boolean {
  const all = [...descendants(root)];
  const signatures = all.filter((one) => one.namespace === namespace.signature && one.name === 'Signature');
  const info = onlyChild(signature, namespace.signature, 'SignedInfo');
  const reference = info && onlyChild(info, namespace.signature, 'Reference');
  const transforms = reference && onlyChild(reference, namespace.signature, 'Transforms');
  const names = transforms?.children.map((transform) => transform.attributes.get('Algorithm'));
  return (
    signatures.length === 1 &&
    info?.children.length === 3 &&
    reference?.attributes.get('URI') === `#${id}` &&
    uses(info, 'CanonicalizationMethod', namespace.exclusiveC14n) &&
    uses(info, 'SignatureMethod', algorithm.rsaSha256) &&
    uses(reference, 'DigestMethod', algorithm.sha256) &&
    names?.join(' ') === `${algorithm.enveloped} ${namespace.exclusiveC14n}`
  );
}

function uses(parent: XmlElement, name: string, expected: string): boolean {
  return onlyChild(parent, namespace.signature, name)?.attributes.get('Algorithm') === expected;
}

function signedPart(xml: string, certificate: string): string | null {
  // Never the key that travels along in KeyInfo.
  const verifier = new SignedXml({ publicCert: certificate, getCertFromKeyInfo: () => null });
  try {
    const document = new DOMParser().parseFromString(xml, 'text/xml');
    // There is but one, the root's own: isPlainSignature has seen to that.
    const signature = document.getElementsByTagNameNS(namespace.signature, 'Signature').item(0);
    if (signature === null) return null;
    verifier.loadSignature(signature);
    return verifier.checkSignature(xml) ? (verifier.getSignedReferences()[0] ?? null) : null;
  } catch {
    return null;
  }
}
