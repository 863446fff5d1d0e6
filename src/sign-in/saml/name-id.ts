import type { XmlElement } from './xml-tree.ts';

/** What stands beside the value of a NameID; a qualifier that is missing means the provider, or the service, itself. */
export type NameIdKind = { format: string; nameQualifier: string | null; spNameQualifier: string | null };

export const unspecifiedFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';

export function kindOfNameId({ attributes }: XmlElement): NameIdKind {
  return {
    format: attributes.get('Format') ?? unspecifiedFormat,
    nameQualifier: attributes.get('NameQualifier') ?? null,
    spNameQualifier: attributes.get('SPNameQualifier') ?? null,
  };
}
