import { z } from 'zod';
import { counted, joinedWithAnd } from '../../shared/text.ts';
import { changedFields, eventType, fieldList, text } from './event-type.ts';

const fieldNames = {
  name: 'navn',
  kind: 'fane',
  minimumLevel: 'laveste sikringsniveau',
  cvrs: 'CVR-numre',
  attributeNames: 'attributnavne',
  nameIdFormats: 'slags navne (NameID)',
  cbcReason: 'undtagelse for AES-CBC',
  metadataUrl: 'metadata-adresse',
  metadataCertificate: 'certifikat til kontrol af metadata',
  certificates: 'certifikater',
  ssoUrl: 'login-adresse',
  sloUrl: 'adresse til log af',
};

const provider = z.object({ slug: text, name: text });
const metadata = provider.extend({
  source: z.enum(['upload', 'address']),
  /** Fingerprints. */
  added: z.array(text),
  removed: z.array(text),
  addresses: z.array(z.object({ label: text, from: text.nullable(), to: text.nullable() })),
});
type Metadata = z.infer<typeof metadata>;

/** Who may sign people in: whom the system owner trusts, and with what. */
export const identityProviderEvents = {
  'identityProvider.filled': eventType(
    provider.extend({ entityId: text, certificates: z.array(text), cvrs: text }),
    (d, t) =>
      `${t.actor} overtog identitetsudbyderen ${d.name} (${d.slug}) fra opsætningen med ${counted(d.certificates.length, 'certifikat', 'certifikater')} for ${d.cvrs}.`,
  ),
  'identityProvider.created': eventType(
    provider.extend({ entityId: text, certificates: z.array(text), cvrs: text }),
    (d, t) =>
      `${t.actor} oprettede identitetsudbyderen ${d.name} (${d.slug}, ${d.entityId}) med ${counted(d.certificates.length, 'certifikat', 'certifikater')} for ${d.cvrs}.`,
  ),
  'identityProvider.edited': eventType(
    provider.extend({ changes: changedFields }),
    (d, t) => `${t.actor} ændrede ${fieldList(d.changes, fieldNames)} for identitetsudbyderen ${d.name} (${d.slug}).`,
  ),
  'identityProvider.metadataTaken': eventType(
    metadata,
    (d, t) =>
      `${t.actor} tog nye metadata i brug for identitetsudbyderen ${d.name} (${d.slug}, ${d.source === 'upload' ? 'indsendt' : 'hentet fra adressen'}): ${whatChanged(d)}.`,
  ),
  'identityProvider.turnedOn': eventType(
    provider,
    (d, t) => `${t.actor} slog identitetsudbyderen ${d.name} (${d.slug}) til.`,
  ),
  'identityProvider.turnedOff': eventType(
    provider.extend({ reason: text }),
    (d, t) =>
      `${t.actor} slog identitetsudbyderen ${d.name} (${d.slug}) fra. Begrundelse: ${d.reason.replace(/[.\s]+$/, '')}.`,
  ),
} as const;

function whatChanged({ added, removed, addresses }: Metadata): string {
  const changes = [
    ...(added.length === 0
      ? []
      : [`${counted(added.length, 'nyt certifikat', 'nye certifikater')} (${added.join(', ')})`]),
    ...(removed.length === 0
      ? []
      : [`${counted(removed.length, 'certifikat', 'certifikater')} fjernet (${removed.join(', ')})`]),
    ...addresses.map(({ label, from, to }) => `${label}: fra ${from ?? 'ingen'} til ${to ?? 'ingen'}`),
  ];
  return changes.length === 0 ? 'de samme certifikater og adresser' : joinedWithAnd(changes);
}
