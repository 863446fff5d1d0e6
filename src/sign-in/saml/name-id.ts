import { persistentFormat, transientFormat, unspecifiedFormat } from './names.ts';
import type { XmlElement } from './xml-tree.ts';

/** What stands beside the value of a NameID; a qualifier that is missing means the provider, or the service, itself. */
export type NameIdKind = { format: string; nameQualifier: string | null; spNameQualifier: string | null };

const older = 'urn:oasis:names:tc:SAML:1.1:nameid-format:';

/** The formats that a provider can be allowed to send, by our word for each. OIOSAML 3 knows the first two alone. */
const formats = {
  persistent: persistentFormat,
  transient: transientFormat,
  x509: `${older}X509SubjectName`,
  windows: `${older}WindowsDomainQualifiedName`,
  email: `${older}emailAddress`,
  unspecified: unspecifiedFormat,
} as const;
export type NameIdFormat = keyof typeof formats;
export const nameIdFormats = Object.keys(formats) as [NameIdFormat, ...NameIdFormat[]];
export const usualNameIdFormats: readonly NameIdFormat[] = ['persistent', 'transient'];

/** A NameID without a format is one of an unspecified format (SAML core, 2.2.2). */
export function kindOfNameId({ attributes }: XmlElement): NameIdKind {
  return {
    format: attributes.get('Format') ?? unspecifiedFormat,
    nameQualifier: attributes.get('NameQualifier') ?? null,
    spNameQualifier: attributes.get('SPNameQualifier') ?? null,
  };
}

export function isOfFormat({ format }: NameIdKind, accepted: readonly NameIdFormat[]): boolean {
  return accepted.some((word) => formats[word] === format);
}

/**
 * The CVR numbers in the name of a certificate's subject (`C=DK,O=39910012,CN=Åse,Serial=…`): the organisation that it speaks of
 * beside the attributes. None in a name of another format, and none in an organisation that is written as a name.
 */
export function cvrsInName(nameId: string, { format }: NameIdKind): string[] {
  if (format !== formats.x509) return [];
  return [...nameId.matchAll(/(?<![^,+/])\s*O\s*=\s*"?(?:CVR:?)?(\d{8})"?\s*(?=[,+/]|$)/gi)].map(([, cvr = '']) => cvr);
}
