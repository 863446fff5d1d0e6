import type { Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import { sql } from '../db/sql.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { FetchPolicy } from './fetch-metadata.ts';
import { fetchMetadata } from './fetch-metadata.ts';
import { broughtBack, differencesTo, endsEarlier, isSameTrust } from './identity-provider.ts';
import { providerMails } from './identity-providers.mail.ts';
import { writeMetadata } from './identity-providers.changes.ts';
import type { ProviderRow } from './identity-providers.queries.ts';
import { getProvider, listFetched } from './identity-providers.queries.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { UnusableMetadata, readProviderMetadata } from './provider-metadata.ts';

export type Refreshed = { taken: string[]; unchanged: number; failed: { slug: string; fault: string }[] };

/**
 * Fetches the metadata of each provider that has an address, one after the other. What cannot be fetched, or is not signed by
 * the pinned certificate, changes nothing: the last good metadata stay in force, and the provider's page says so.
 */
export async function refreshProviders(
  changes: Changes,
  { policy, mailing }: { policy: FetchPolicy; mailing: MailSetting },
  now = new Date(),
): Promise<Refreshed> {
  const done: Refreshed = { taken: [], unchanged: 0, failed: [] };
  for (const row of await listFetched(changes.database)) {
    try {
      const metadata = await currentMetadata(row, policy, now);
      if (await take(changes, row.id, metadata, mailing)) done.taken.push(row.slug);
      else done.unchanged += 1;
      await noteFetch(changes, row.id, null);
    } catch (error) {
      const fault =
        error instanceof UnusableMetadata
          ? error.message
          : 'Metadata kunne ikke tages i brug på grund af en fejl i SEB';
      await noteFetch(changes, row.id, fault);
      done.failed.push({ slug: row.slug, fault });
    }
  }
  return done;
}

/** The provider's metadata as they are at its address now, signed as they must be. @throws UnusableMetadata */
export async function currentMetadata(
  { entityId, metadataUrl, metadataCertificate }: Pick<ProviderRow, 'entityId' | 'metadataUrl' | 'metadataCertificate'>,
  policy: FetchPolicy,
  now: Date,
): Promise<ProviderMetadata> {
  if (metadataUrl === null || metadataCertificate === null) throw new UnusableMetadata('Der er ingen metadata-adresse');
  const xml = await fetchMetadata(metadataUrl, policy);
  return readProviderMetadata(xml, { ...policy, now, signedBy: metadataCertificate, entityId });
}

/** Old metadata that are sent again change nothing: a person may take them, on the provider's page. @throws UnusableMetadata */
async function take(
  changes: Changes,
  providerId: number,
  metadata: ProviderMetadata,
  mailing: MailSetting,
): Promise<boolean> {
  return recordSystemChange(changes, null, async (tx) => {
    await tx.rows(sql`select id from identity_provider where id = ${providerId}::int for update`);
    const before = await getProvider(tx, providerId);
    const isSame = isSameTrust(differencesTo(before, metadata));
    const isNoNewer = endsEarlier(before, metadata);
    const isSameEnd = before.metadataValidUntil?.getTime() === metadata.validUntil?.getTime();
    if (isSame && (isSameEnd || isNoNewer)) return { outcome: false, events: [] };
    if (isNoNewer || broughtBack(before, metadata).length > 0) throw new UnusableMetadata(olderText);
    const told = await writeMetadata(tx, before, { metadata, source: 'address' });
    // That they go on for a while longer, night by night, is no news.
    const about = { providerId, name: before.name, told, actor: null };
    return { outcome: true, events: [told], mails: isSame ? [] : await providerMails(tx, about, mailing) };
  });
}

const olderText =
  'Metadata på adressen ser ud til at være ældre end dem, SEB bruger, og er ikke taget i brug. Er det rigtigt, så hent dem under “Nye metadata”, og tag dem i brug dér';

/** Since when it fails is kept until it works again. */
export async function noteFetch(
  { database }: Pick<Changes, 'database'>,
  providerId: number,
  fault: string | null,
): Promise<void> {
  await database.prisma.$queryRaw(sql`
    insert into identity_provider_fetch as f (provider_id, tried_at, fault, failing_since)
    values (${providerId}::int, now(), ${fault}::text, case when ${fault}::text is null then null else now() end)
    on conflict (provider_id) do update set tried_at = now(), fault = ${fault}::text,
      failing_since = case when ${fault}::text is null then null else coalesce(f.failing_since, now()) end
    returning provider_id`);
}
