import { event } from '../audit/events.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { IdentityProvider } from '../sign-in/identity-providers.ts';
import type { ProviderInput } from './identity-providers.changes.ts';
import { insertProvider, startOf } from './identity-providers.changes.ts';
import type { ProviderRow } from './identity-providers.queries.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

/**
 * The first filling: where no provider is known yet, those of the setting (a file, or the demo's) are taken over. From then on
 * they are the system owner's, and the file is not looked at again. The demo's own three are kept in step, since their
 * addresses and keys belong to the folder and the ports of this start.
 */
export async function fillProviders(
  database: Database,
  providers: readonly IdentityProvider[],
  origin: 'file' | 'demo',
): Promise<{ filled: number }> {
  const changes = { database, queueMails: async () => undefined };
  return recordSystemChange(changes, null, async (tx) => {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('seb identity providers filling'))::text`);
    const known = await tx.rows<Known>(sql`
      select id, slug, origin, sso_url as "ssoUrl", entity_id as "entityId", certificates from identity_provider`);
    const wanted =
      origin === 'demo'
        ? providers.filter(({ id }) => !known.some(({ slug }) => slug === id))
        : known.length === 0
          ? providers
          : [];
    const events = [];
    for (const provider of wanted) events.push(await fill(tx, provider, origin));
    if (origin === 'demo') for (const provider of providers) events.push(...(await keepInStep(tx, provider, known)));
    return { outcome: { filled: events.length }, events };
  });
}

type Known = Pick<ProviderRow, 'id' | 'slug' | 'origin' | 'ssoUrl' | 'entityId' | 'certificates'>;

async function fill(tx: Tx, provider: IdentityProvider, origin: 'file' | 'demo') {
  const start = { slug: provider.id, input: inputOf(provider), metadata: metadataOf(provider) };
  await insertProvider(tx, { ...start, origin, isEnabled: true });
  return event('identityProvider.filled', { organisation: null, target: null }, startOf(start));
}

async function keepInStep(tx: Tx, provider: IdentityProvider, known: readonly Known[]) {
  const row = known.find(({ slug, origin }) => slug === provider.id && origin === 'demo');
  const isSame =
    row?.ssoUrl === provider.ssoUrl &&
    row.entityId === provider.entityId &&
    row.certificates[0] === provider.certificates[0];
  if (row === undefined || isSame) return [];
  await tx.rows(sql`
    update identity_provider set entity_id = ${provider.entityId}, sso_url = ${provider.ssoUrl}, slo_url = ${provider.sloUrl ?? null}::text,
      certificates = ${[...provider.certificates]}::text[], version = version + 1 where id = ${row.id}::int returning id`);
  const start = { slug: provider.id, input: inputOf(provider), metadata: metadataOf(provider) };
  return [event('identityProvider.filled', { organisation: null, target: null }, startOf(start))];
}

function inputOf({
  name,
  kind,
  allowedCvrs,
  minimumLevel,
  attributeNames,
  nameIdFormats,
  cbcReason,
}: IdentityProvider): ProviderInput {
  const cvrs = allowedCvrs === 'all' ? [] : [...new Set(allowedCvrs)];
  const address = { metadataUrl: null, metadataCertificate: null };
  const names = { attributeNames, nameIdFormats };
  return { name, kind, allCvrs: allowedCvrs === 'all', cvrs, minimumLevel, ...names, cbcReason, ...address };
}

function metadataOf({
  entityId,
  name,
  ssoUrl,
  sloUrl,
  sloResponseUrl,
  certificates,
}: IdentityProvider): ProviderMetadata {
  const logout = { sloUrl: sloUrl ?? null, sloResponseUrl: sloResponseUrl ?? null };
  return { entityId, name, ssoUrl, ...logout, certificates: [...certificates], validUntil: null };
}
