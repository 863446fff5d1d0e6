import { X509Certificate } from 'node:crypto';
import { namespace, persistentFormat, redirectBinding } from '../../sign-in/saml/names.ts';
import { escapeXml } from '../../sign-in/saml/xml-tree.ts';

type ProviderFacts = { entityId: string; ssoUrl: string; sloUrl: string; certificate: string };

/** The metadata of one of the providers, as a service would read it. */
export function providerMetadata(provider: ProviderFacts): string {
  const certificate = new X509Certificate(provider.certificate);
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${namespace.metadata}" xmlns:ds="${namespace.signature}"
    entityID="${escapeXml(provider.entityId)}" validUntil="${new Date(certificate.validTo).toISOString()}">
  <md:IDPSSODescriptor protocolSupportEnumeration="${namespace.protocol}" WantAuthnRequestsSigned="true">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:SingleLogoutService Binding="${redirectBinding}" Location="${escapeXml(provider.sloUrl)}"/>
    <md:NameIDFormat>${persistentFormat}</md:NameIDFormat>
    <md:SingleSignOnService Binding="${redirectBinding}" Location="${escapeXml(provider.ssoUrl)}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`;
}
