import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { formatCvr } from '../shared/text.ts';
import { Conflict, FieldRefused, StaleForm } from '../shared/errors.ts';
import type { AssuranceLevel } from '../sign-in/saml/assurance-level.ts';
import type { NameIdFormat } from '../sign-in/saml/name-id.ts';
import type { AttributeNames } from '../sign-in/saml/names.ts';
import { certificateFacts, differencesTo, retiredWith } from './identity-provider.ts';
import { providerMails } from './identity-providers.mail.ts';
import type { ProviderRow } from './identity-providers.queries.ts';
import { getProvider, takenBy } from './identity-providers.queries.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

/** What the system owner decides about a provider; the rest is its metadata's. */
export type ProviderInput = {
  name: string;
  kind: 'nemlog-in' | 'local';
  allCvrs: boolean;
  cvrs: string[];
  minimumLevel: AssuranceLevel;
  attributeNames: AttributeNames;
  nameIdFormats: NameIdFormat[];
  cbcReason: string | null;
  metadataUrl: string | null;
  metadataCertificate: string | null;
};

const common = { organisation: null, target: null };

export type NewProvider = {
  slug: string;
  origin: ProviderRow['origin'];
  isEnabled: boolean;
  input: ProviderInput;
  metadata: ProviderMetadata;
};

/** A provider that nobody can log in through before it is turned on. */
export async function createProvider(
  tx: Tx,
  actor: Actor,
  created: Omit<NewProvider, 'origin' | 'isEnabled'>,
  mailing: MailSetting,
): Promise<Change<{ providerId: number }>> {
  const as = ensureEverywhere(actor, 'identityProvider.manage');
  const { slug, input, metadata } = created;
  const taken = await takenBy(tx, { slug, entityId: metadata.entityId }, 0);
  if (taken?.slug === slug)
    throw new FieldRefused('id', 'En anden identitetsudbyder har allerede dette id. Skriv et andet');
  if (taken !== null)
    throw new Conflict(`${taken.name} har allerede det entityID. Åbn den, og giv den de nye metadata dér.`);
  const providerId = await insertProvider(tx, { ...created, origin: 'console', isEnabled: false });
  const told = event('identityProvider.created', common, { ...startOf(created), name: input.name });
  const mails = await providerMails(tx, { providerId, name: input.name, told, actor }, mailing);
  return { outcome: { providerId }, as, events: [told], mails };
}

/** The row and its CVR numbers, without an event: whoever calls it writes one. */
export async function insertProvider(
  tx: Tx,
  { slug, origin, isEnabled, input, metadata }: NewProvider,
): Promise<number> {
  const [row] = await tx.rows<{ id: number }>(sql`
    insert into identity_provider (slug, name, kind, origin, is_enabled, entity_id, sso_url, slo_url, slo_response_url,
      certificates, all_cvrs, minimum_level, attribute_names, name_id_formats, cbc_reason, metadata_url, metadata_certificate, metadata_valid_until)
    values (${slug}, ${input.name}, ${input.kind}, ${origin}, ${isEnabled}::boolean, ${metadata.entityId}, ${metadata.ssoUrl},
      ${metadata.sloUrl}::text, ${metadata.sloResponseUrl}::text, ${metadata.certificates}::text[], ${input.allCvrs}::boolean,
      ${input.minimumLevel}, ${JSON.stringify(input.attributeNames)}::text::jsonb, ${input.nameIdFormats}::text[], ${input.cbcReason}::text,
      ${input.metadataUrl}::text, ${input.metadataCertificate}::text, ${metadata.validUntil}::timestamptz) returning id`);
  if (row === undefined) throw new Error('the new identity provider was not returned');
  await writeCvrs(tx, row.id, input);
  return row.id;
}

export function startOf({ slug, input, metadata }: Pick<NewProvider, 'slug' | 'input' | 'metadata'>) {
  const certificates = metadata.certificates.map((pem) => certificateFacts(pem).fingerprint);
  return { slug, name: input.name, entityId: metadata.entityId, certificates, cvrs: cvrsInWords(input) };
}

async function writeCvrs(tx: Tx, providerId: number, { allCvrs, cvrs }: ProviderInput): Promise<void> {
  await tx.rows(sql`delete from identity_provider_cvr where provider_id = ${providerId}::int returning cvr`);
  if (allCvrs) return;
  await tx.rows(sql`
    insert into identity_provider_cvr (provider_id, cvr)
    select ${providerId}::int, cvr from unnest(${cvrs}::text[]) as t (cvr) returning cvr`);
}

export type ProviderEdit = { providerId: number; version: number; input: ProviderInput };

/** Edits what the system owner decides; certificates and addresses come with metadata alone. */
export async function editProvider(
  tx: Tx,
  actor: Actor,
  { providerId, version, input }: ProviderEdit,
  mailing: MailSetting,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureEverywhere(actor, 'identityProvider.manage');
  const before = await lockProvider(tx, providerId, version);
  const [old, now] = [asWords(before), asWords(input)];
  const changes = Object.fromEntries(
    Object.keys(now)
      .filter((field) => old[field] !== now[field])
      .map((field) => [field, { from: old[field] ?? null, to: now[field] ?? null }]),
  );
  if (Object.keys(changes).length === 0) return { outcome: { changed: false }, as, events: [] };
  await tx.rows(sql`
    update identity_provider set name = ${input.name}, kind = ${input.kind}, all_cvrs = ${input.allCvrs}::boolean,
      minimum_level = ${input.minimumLevel}, attribute_names = ${JSON.stringify(input.attributeNames)}::text::jsonb,
      name_id_formats = ${input.nameIdFormats}::text[], cbc_reason = ${input.cbcReason}::text, metadata_url = ${input.metadataUrl}::text,
      metadata_certificate = ${input.metadataCertificate}::text, version = version + 1
    where id = ${providerId}::int returning id`);
  if ('cvrs' in changes) await writeCvrs(tx, providerId, input);
  const told = event('identityProvider.edited', common, { slug: before.slug, name: before.name, changes });
  const mails = await providerMails(tx, { providerId, name: before.name, told, actor }, mailing);
  return { outcome: { changed: true }, as, events: [told], mails };
}

export type NewMetadata = {
  providerId: number;
  version: number;
  metadata: ProviderMetadata;
  source: 'upload' | 'address';
};

/** Takes metadata that a person has looked at into use. */
export async function takeMetadata(
  tx: Tx,
  actor: Actor,
  taken: NewMetadata,
  mailing: MailSetting,
): Promise<Change<{ taken: true }>> {
  const as = ensureEverywhere(actor, 'identityProvider.manage');
  const before = await lockProvider(tx, taken.providerId, taken.version);
  const told = await writeMetadata(tx, before, taken);
  const mails = await providerMails(tx, { providerId: before.id, name: before.name, told, actor }, mailing);
  return { outcome: { taken: true }, as, events: [told], mails };
}

/** Writes certificates and addresses; returns what the log says of it. */
export async function writeMetadata(
  tx: Tx,
  before: ProviderRow,
  { metadata, source }: Pick<NewMetadata, 'metadata' | 'source'>,
) {
  if (metadata.entityId !== before.entityId)
    throw new Conflict(`Metadata er for en anden identitetsudbyder (${metadata.entityId}). Intet er gemt.`);
  await tx.rows(sql`
    update identity_provider set sso_url = ${metadata.ssoUrl}, slo_url = ${metadata.sloUrl}::text,
      slo_response_url = ${metadata.sloResponseUrl}::text, certificates = ${metadata.certificates}::text[],
      metadata_valid_until = ${metadata.validUntil}::timestamptz, retired = ${retiredWith(before, metadata)}::text[],
      version = version + 1
    where id = ${before.id}::int returning id`);
  const { added, removed, addresses } = differencesTo(before, metadata);
  const prints = (facts: readonly { fingerprint: string }[]): string[] => facts.map(({ fingerprint }) => fingerprint);
  const { slug, name } = before;
  return event('identityProvider.metadataTaken', common, {
    ...{ slug, name, source, addresses },
    added: prints(added),
    removed: prints(removed),
  });
}

export async function turnOn(
  tx: Tx,
  actor: Actor,
  { providerId, version }: { providerId: number; version: number },
  mailing: MailSetting,
): Promise<Change<{ done: true }>> {
  const as = ensureEverywhere(actor, 'identityProvider.manage');
  const { slug, name } = await lockProvider(tx, providerId, version);
  await writeState(tx, providerId, true);
  const told = event('identityProvider.turnedOn', common, { slug, name });
  const mails = await providerMails(tx, { providerId, name, told, actor }, mailing);
  return { outcome: { done: true }, as, events: [told], mails };
}

/** Nobody logs in through it any more, and logins under way are refused; who is logged in stays so. */
export async function turnOff(
  tx: Tx,
  actor: Actor,
  { providerId, version, reason }: { providerId: number; version: number; reason: string },
  mailing: MailSetting,
): Promise<Change<{ done: true }>> {
  const as = ensureEverywhere(actor, 'identityProvider.manage');
  const { slug, name } = await lockProvider(tx, providerId, version);
  await writeState(tx, providerId, false);
  const told = event('identityProvider.turnedOff', common, { slug, name, reason });
  const mails = await providerMails(tx, { providerId, name, told, actor }, mailing);
  return { outcome: { done: true }, as, events: [told], mails };
}

async function writeState(tx: Tx, providerId: number, isEnabled: boolean): Promise<void> {
  await tx.rows(sql`
    update identity_provider set is_enabled = ${isEnabled}::boolean, version = version + 1 where id = ${providerId}::int returning id`);
}

async function lockProvider(tx: Tx, providerId: number, version: number): Promise<ProviderRow> {
  await tx.rows(sql`select id from identity_provider where id = ${providerId}::int for update`);
  const row = await getProvider(tx, providerId);
  if (row.version !== version) throw new StaleForm();
  return row;
}

/** Each field as a text; empty is null. */
function asWords(input: ProviderInput): Record<string, string | null> {
  const { name, kind, minimumLevel, attributeNames, nameIdFormats, cbcReason, metadataUrl, metadataCertificate } =
    input;
  const names = Object.entries(attributeNames).map(([word, own]) => `${word}=${own}`);
  return {
    ...{ name, kind, minimumLevel, cbcReason, metadataUrl },
    cvrs: cvrsInWords(input),
    nameIdFormats: nameIdFormats.toSorted().join(', '),
    attributeNames: names.length === 0 ? null : names.toSorted().join(', '),
    metadataCertificate: metadataCertificate === null ? null : certificateFacts(metadataCertificate).fingerprint,
  };
}

export function cvrsInWords({ allCvrs, cvrs }: Pick<ProviderInput, 'allCvrs' | 'cvrs'>): string {
  return allCvrs ? 'alle CVR-numre' : `CVR ${cvrs.map(formatCvr).join(', ')}`;
}
