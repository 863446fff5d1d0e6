import type { ReadDb } from '../db/access.ts';
import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { AssuranceLevel } from '../sign-in/saml/assurance-level.ts';
import type { NameIdFormat } from '../sign-in/saml/name-id.ts';
import type { AttributeNames } from '../sign-in/saml/names.ts';
import { NotFound } from '../shared/errors.ts';
import { decodeCursor } from '../http/keyset.ts';

/** A provider as its pages know it; `slug` is what the rest of SEB calls its id. */
export type ProviderRow = {
  id: number;
  slug: string;
  name: string;
  kind: 'nemlog-in' | 'local';
  origin: 'file' | 'demo' | 'console';
  isEnabled: boolean;
  entityId: string;
  ssoUrl: string;
  sloUrl: string | null;
  sloResponseUrl: string | null;
  certificates: string[];
  allCvrs: boolean;
  cvrs: string[];
  minimumLevel: AssuranceLevel;
  attributeNames: AttributeNames;
  nameIdFormats: NameIdFormat[];
  cbcReason: string | null;
  metadataUrl: string | null;
  metadataCertificate: string | null;
  metadataValidUntil: Date | null;
  /** Fingerprints and addresses that newer metadata have taken away. */
  retired: string[];
  version: number;
  triedAt: Date | null;
  fault: string | null;
  failingSince: Date | null;
};

const columns: Sql = sql`p.id, p.slug, p.name, p.kind, p.origin, p.is_enabled as "isEnabled", p.entity_id as "entityId",
  p.sso_url as "ssoUrl", p.slo_url as "sloUrl", p.slo_response_url as "sloResponseUrl", p.certificates,
  p.all_cvrs as "allCvrs", p.minimum_level as "minimumLevel", p.attribute_names as "attributeNames",
  p.name_id_formats as "nameIdFormats",
  p.cbc_reason as "cbcReason", p.metadata_url as "metadataUrl", p.metadata_certificate as "metadataCertificate",
  p.metadata_valid_until as "metadataValidUntil", p.retired, p.version, f.tried_at as "triedAt", f.fault, f.failing_since as "failingSince",
  (select coalesce(array_agg(c.cvr order by c.cvr), '{}') from identity_provider_cvr c where c.provider_id = p.id) as cvrs`;
const joined: Sql = sql`identity_provider p left join identity_provider_fetch f on f.provider_id = p.id`;

/** Those that are turned on: what every login is judged by. */
export function listTrusted(database: Database): Promise<ProviderRow[]> {
  return lookUp<ProviderRow>(database, sql`select ${columns} from ${joined} where p.is_enabled order by p.id`);
}

/** Those whose metadata could not be fetched for more than two days, as isFetchOverdue says. */
export async function countFailingFetches(db: ReadDb): Promise<number> {
  const [row] = await db.rows<{ failing: number }>(sql`
    select count(*)::int as failing from identity_provider_fetch where failing_since < now() - interval '2 days'`);
  return row?.failing ?? 0;
}

export const providersPerPage = 50;

/** By name; one more than a page, so that it shows whether there are more. */
export function listProviders(
  db: ReadDb,
  search: string,
  after: { name: string; id: number } | null,
): Promise<ProviderRow[]> {
  const pattern = `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return db.rows<ProviderRow>(sql`
    select ${columns} from ${joined}
    where (${search} = '' or p.name ilike ${pattern} or p.entity_id ilike ${pattern}
        or exists (select from identity_provider_cvr c where c.provider_id = p.id and c.cvr = ${search}))
      and (${after?.name ?? null}::text is null or (p.name, p.id) > (${after?.name ?? null}::text, ${after?.id ?? null}::int))
    order by p.name, p.id limit ${providersPerPage + 1}::int`);
}

export async function getProvider(db: ReadDb, id: number): Promise<ProviderRow> {
  const [row] = await db.rows<ProviderRow>(sql`select ${columns} from ${joined} where p.id = ${id}::int`);
  if (row === undefined) throw new NotFound();
  return row;
}

/** Those whose metadata is fetched at night, also while they are turned off. */
export function listFetched(database: Database): Promise<ProviderRow[]> {
  return lookUp<ProviderRow>(
    database,
    sql`select ${columns} from ${joined} where p.metadata_url is not null order by f.tried_at nulls first, p.id`,
  );
}

export type CvrOfProvider = { cvr: string; name: string | null };

/** The organisations that it may speak for, with the name of those that are in SEB. */
export function listCvrsOf(db: ReadDb, providerId: number): Promise<CvrOfProvider[]> {
  return db.rows<CvrOfProvider>(sql`
    select c.cvr, o.name from identity_provider_cvr c left join organisation o on o.cvr = c.cvr
    where c.provider_id = ${providerId}::int order by c.cvr`);
}

/** How many people logged in through it last. */
export async function countLastLogins(db: ReadDb, slug: string): Promise<number> {
  const [row] = await db.rows<{ users: number }>(sql`
    select count(*)::int as users from user_login where provider_id = ${slug} and last_login_at > now() - interval '90 days'`);
  return row?.users ?? 0;
}

/** Where a list by name goes on; anything that is no cursor of ours begins at the first. */
export function placeIn(cursor: string): { name: string; id: number } | null {
  const place = decodeCursor(cursor, 1);
  const name = place?.values[0] ?? '';
  return place === null || name.length > 300 ? null : { name, id: place.id };
}

export async function takenBy(db: ReadDb, { slug, entityId }: { slug: string; entityId: string }, butId: number) {
  const [row] = await db.rows<{ slug: string; entityId: string; name: string }>(sql`
    select slug, entity_id as "entityId", name from identity_provider
    where (slug = ${slug} or entity_id = ${entityId}) and id <> ${butId}::int limit 1`);
  return row ?? null;
}
