import { X509Certificate, createHash } from 'node:crypto';
import type { OwnKey } from '../own-keys.ts';
import {
  algorithm,
  attribute,
  namespace,
  persistentFormat,
  postBinding,
  redirectBinding,
  uriNameFormat,
} from './names.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';
import { logoutUrlOf } from './service-provider-options.ts';
import { escapeXml } from './xml-tree.ts';

const encryptionMethods = [algorithm.aes256Gcm, algorithm.aes128Gcm];
const required: readonly string[] = [attribute.specVersion, attribute.level, attribute.cvr, attribute.organisationName];

/**
 * Our own metadata: what node-saml makes lacks the attributes we ask for, a second encryption certificate and an end.
 * The order of the elements is the schema's.
 */
export function serviceProviderMetadata(options: ServiceProviderOptions): string {
  const signing = inForce(options, options.keys.signing);
  const encryption = inForce(options, options.keys.encryption);
  const certificates = [...signing, ...encryption];
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${namespace.metadata}" xmlns:ds="${namespace.signature}"
    ID="_${stableId(options, certificates)}" entityID="${escapeXml(options.entityId)}"
    validUntil="${endOf([signing, encryption])}" cacheDuration="PT12H">
  <md:SPSSODescriptor protocolSupportEnumeration="${namespace.protocol}"
      AuthnRequestsSigned="true" WantAssertionsSigned="true">
${signing.map((certificate) => keyDescriptor('signing', certificate)).join('\n')}
${encryption.map((certificate) => keyDescriptor('encryption', certificate)).join('\n')}
    <md:SingleLogoutService Binding="${redirectBinding}" Location="${escapeXml(logoutUrlOf(options))}"/>
    <md:NameIDFormat>${persistentFormat}</md:NameIDFormat>
    <md:AssertionConsumerService index="0" isDefault="true" Binding="${postBinding}"
        Location="${escapeXml(options.acsUrl)}"/>
    <md:AttributeConsumingService index="0" isDefault="true">
      <md:ServiceName xml:lang="da">SEB – Sundhedsvæsenets Elektroniske Brugerstyring (${options.portal})</md:ServiceName>
${Object.values(attribute).map(requestedAttribute).join('\n')}
    </md:AttributeConsumingService>
  </md:SPSSODescriptor>
${organisation(options)}
</md:EntityDescriptor>
`;
}

function keyDescriptor(use: 'signing' | 'encryption', certificate: string): string {
  const base64 = new X509Certificate(certificate).raw.toString('base64');
  return `    <md:KeyDescriptor use="${use}">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${
        use === 'encryption' ? encryptionMethodList() : ''
      }
    </md:KeyDescriptor>`;
}

/** Without these NemLog-in chooses by itself. */
function encryptionMethodList(): string {
  const content = encryptionMethods.map((name) => `\n      <md:EncryptionMethod Algorithm="${name}"/>`);
  const keys = `
      <md:EncryptionMethod Algorithm="${algorithm.rsaOaep}">
        <ds:DigestMethod Algorithm="${algorithm.sha256}"/>
        <xenc11:MGF xmlns:xenc11="${namespace.encryption11}" Algorithm="${algorithm.mgf1Sha256}"/>
      </md:EncryptionMethod>
      <md:EncryptionMethod Algorithm="${algorithm.rsaOaepMgf1p}">
        <ds:DigestMethod Algorithm="${algorithm.sha1}"/>
      </md:EncryptionMethod>`;
  return content.join('') + keys;
}

function requestedAttribute(name: string): string {
  const isRequired = required.includes(name);
  return `      <md:RequestedAttribute Name="${name}" NameFormat="${uriNameFormat}" isRequired="${isRequired}"/>`;
}

function organisation({ contact }: ServiceProviderOptions): string {
  const name = escapeXml(contact.organisation);
  return `  <md:Organization>
    <md:OrganizationName xml:lang="da">${name}</md:OrganizationName>
    <md:OrganizationDisplayName xml:lang="da">${name}</md:OrganizationDisplayName>
    <md:OrganizationURL xml:lang="da">${escapeXml(contact.url)}</md:OrganizationURL>
  </md:Organization>
  <md:ContactPerson contactType="technical">
    <md:Company>${name}</md:Company>
    <md:EmailAddress>mailto:${escapeXml(contact.email)}</md:EmailAddress>
  </md:ContactPerson>`;
}

/** The same content gives the same ID, so that a provider sees at once whether anything changed. */
function stableId({ entityId, acsUrl }: ServiceProviderOptions, certificates: readonly string[]): string {
  return createHash('sha256')
    .update([entityId, acsUrl, logoutUrlOf({ acsUrl }), ...certificates].join('\n'))
    .digest('hex')
    .slice(0, 40);
}

/** Those that have not ended; all, where none is left, since nothing to trust would be worse than an old certificate. */
function inForce({ now }: ServiceProviderOptions, keys: readonly OwnKey[]): string[] {
  const certificates = keys.map(({ certificate }) => certificate);
  const present = now?.() ?? new Date();
  const lasting = certificates.filter((certificate) => expiryOf(certificate) > present.getTime());
  return lasting.length === 0 ? certificates : lasting;
}

/** As long as there is a certificate of each kind. */
function endOf(kinds: readonly (readonly string[])[]): string {
  const ends = kinds.map((certificates) => Math.max(...certificates.map(expiryOf)));
  return new Date(Math.min(...ends)).toISOString();
}

function expiryOf(certificate: string): number {
  return new Date(new X509Certificate(certificate).validTo).getTime();
}
