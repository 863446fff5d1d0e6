import { X509Certificate } from 'node:crypto';
import { signingCertificate } from '../sign-in/identity-providers.ts';
import { namespace, redirectBinding } from '../sign-in/saml/names.ts';
import { instant } from '../sign-in/saml/saml-values.ts';
import type { XmlElement } from '../sign-in/saml/xml-tree.ts';
import { XmlFault, childrenNamed, isElement, onlyChild, parseXml } from '../sign-in/saml/xml-tree.ts';
import { signedMetadata } from './metadata-signature.ts';
import type { AddressPolicy } from './address-policy.ts';
import { addressFault } from './address-policy.ts';

/** What SEB takes from the metadata of an identity provider. */
export type ProviderMetadata = {
  entityId: string;
  /** As it calls itself, in Danish where it says so. */
  name: string | null;
  ssoUrl: string;
  sloUrl: string | null;
  sloResponseUrl: string | null;
  /** PEM, those that can be used. */
  certificates: string[];
  validUntil: Date | null;
};

/** Metadata that cannot be used; the message is Danish, for the system owner, and says why. */
export class UnusableMetadata extends Error {}

/** Larger than that of any one provider; a federation's list of thousands is none. */
export const mostMetadataBytes = 1_000_000;
const mostCertificates = 10;

export type MetadataDemands = AddressPolicy & {
  now: Date;
  /** The certificate whose signature makes it believed; null where a person has looked at it. */
  signedBy: string | null;
  /** The provider that it must be of; null for a new one. */
  entityId: string | null;
};

/** Reads the metadata of one identity provider. @throws UnusableMetadata */
export function readProviderMetadata(xml: string, demands: MetadataDemands): ProviderMetadata {
  const root = demands.signedBy === null ? parsed(xml) : signedRoot(xml, demands.signedBy);
  const [entity, ...more] = providersIn(root).filter(
    ({ attributes }) => demands.entityId === null || attributes.get('entityID') === demands.entityId,
  );
  if (entity === undefined)
    fail(
      demands.entityId === null
        ? 'Filen er ikke metadata for en identitetsudbyder (IDPSSODescriptor mangler)'
        : `Metadata er ikke for denne identitetsudbyder: entityID skal være ${demands.entityId}`,
    );
  if (more.length > 0) fail('Filen indeholder flere identitetsudbydere. Vælg metadata for kun den ene');
  const metadata = metadataOf(entity, [root, entity]);
  checkUsable(metadata, demands);
  return metadata;
}

const unreadable =
  'Metadata kan ikke læses: det er ikke gyldig XML i UTF-8, eller der er DOCTYPE, CDATA eller entiteter i. Få en ny fil fra udbyderen';

function parsed(xml: string): XmlElement {
  if (Buffer.byteLength(xml) > mostMetadataBytes) fail('Metadata fylder mere end 1 MB');
  try {
    return parseXml(withoutComments(xml));
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    throw new UnusableMetadata(unreadable, { cause: error });
  }
}

/**
 * People write them into metadata; the canonical form that is signed leaves them out, too. Each letter is looked at once: a
 * pattern would look for the end anew from every beginning, and a megabyte of beginnings would stop the server for minutes.
 */
export function withoutComments(xml: string): string {
  const kept: string[] = [];
  let from = xml.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const start = xml.indexOf('<!--', from);
    const end = start < 0 ? -1 : xml.indexOf('-->', start + 4);
    // One that never ends is left for the reader to refuse.
    if (end < 0) return kept.join('') + xml.slice(from);
    kept.push(xml.slice(from, start));
    from = end + 3;
  }
}

function signedRoot(xml: string, certificate: string): XmlElement {
  const root = parsed(xml);
  const signed = signedMetadata(withoutComments(xml), root, certificate);
  if (signed === null)
    fail(
      'Metadata er ikke underskrevet med det certifikat, som er valgt til at kontrollere dem, og bruges derfor ikke',
    );
  return parsed(signed);
}

/** The document's one provider, or those of a list. */
function providersIn(root: XmlElement): XmlElement[] {
  const entities = isElement(root, namespace.metadata, 'EntitiesDescriptor')
    ? childrenNamed(root, namespace.metadata, 'EntityDescriptor')
    : [root];
  return entities.filter(
    (entity) =>
      isElement(entity, namespace.metadata, 'EntityDescriptor') &&
      onlyChild(entity, namespace.metadata, 'IDPSSODescriptor') !== null,
  );
}

function metadataOf(entity: XmlElement, dated: XmlElement[]): ProviderMetadata {
  const descriptor = onlyChild(entity, namespace.metadata, 'IDPSSODescriptor') ?? entity;
  const logout = byRedirect(descriptor, 'SingleLogoutService');
  const ends = [...dated, descriptor].map(endOf).filter((end) => end !== null);
  return {
    entityId: entity.attributes.get('entityID') ?? '',
    name: displayName(entity),
    ssoUrl: byRedirect(descriptor, 'SingleSignOnService')?.attributes.get('Location') ?? '',
    sloUrl: logout?.attributes.get('Location') ?? null,
    sloResponseUrl: logout?.attributes.get('ResponseLocation') ?? null,
    certificates: certificatesOf(descriptor),
    validUntil: ends.length === 0 ? null : new Date(Math.min(...ends.map((end) => end.getTime()))),
  };
}

function byRedirect(descriptor: XmlElement, name: string): XmlElement | undefined {
  return childrenNamed(descriptor, namespace.metadata, name).find(
    ({ attributes }) => attributes.get('Binding') === redirectBinding,
  );
}

function endOf({ attributes }: XmlElement): Date | null {
  const text = attributes.get('validUntil');
  if (text === undefined) return null;
  return instant(text) ?? fail('Metadata har en slutdato (validUntil), som ikke kan læses');
}

function displayName(entity: XmlElement): string | null {
  const organisation = onlyChild(entity, namespace.metadata, 'Organization');
  const names = organisation === null ? [] : childrenNamed(organisation, namespace.metadata, 'OrganizationDisplayName');
  const danish = names.find(({ attributes }) => attributes.get(`{${xmlNamespace}}lang`) === 'da');
  const text = (danish ?? names[0])?.text.replace(/[\p{C}\s]+/gu, ' ').trim() ?? '';
  return text === '' ? null : text.slice(0, 200);
}

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/** Each signing certificate once; a key of another kind than RSA, or a short one, signs nothing that we would accept. */
function certificatesOf(descriptor: XmlElement): string[] {
  const signing = childrenNamed(descriptor, namespace.metadata, 'KeyDescriptor').filter(
    ({ attributes }) => (attributes.get('use') ?? 'signing') === 'signing',
  );
  const texts = signing.flatMap((key) => {
    const info = onlyChild(key, namespace.signature, 'KeyInfo');
    const data = info === null ? [] : childrenNamed(info, namespace.signature, 'X509Data');
    return data.flatMap((one) => childrenNamed(one, namespace.signature, 'X509Certificate')).map(({ text }) => text);
  });
  const usable = texts.flatMap((text) => signingCertificate.safeParse(text).data ?? []);
  return [...new Map(usable.map((pem) => [new X509Certificate(pem).fingerprint256, pem])).values()];
}

function checkUsable(metadata: ProviderMetadata, demands: MetadataDemands): void {
  const { entityId, ssoUrl, sloUrl, sloResponseUrl, certificates, validUntil } = metadata;
  if (entityId === '' || entityId.length > 1024 || /\s/.test(entityId)) fail('Metadata har intet brugbart entityID');
  if (ssoUrl === '') fail('Metadata har ingen login-adresse med HTTP-Redirect (SingleSignOnService)');
  for (const url of [ssoUrl, sloUrl, sloResponseUrl]) {
    const fault = url === null ? null : addressFault(url, demands);
    if (fault !== null) fail(`En adresse i metadata kan ikke bruges: ${fault}`);
  }
  if (certificates.length === 0)
    fail('Metadata har intet brugbart certifikat til underskrift (RSA med mindst 2048 bit)');
  if (certificates.length > mostCertificates) fail(`Metadata har mere end ${mostCertificates} certifikater`);
  if (validUntil !== null && validUntil <= demands.now) fail('Metadata er udløbet (validUntil er passeret)');
}

function fail(message: string): never {
  throw new UnusableMetadata(message);
}
