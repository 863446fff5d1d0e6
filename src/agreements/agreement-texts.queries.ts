import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { noSql, sql } from '../db/sql.ts';
import type { AgreementText } from './agreement-text.ts';

const columns: Sql = sql`t.id, t.number, t.body, t.changes, t.version,
  to_char(t.written_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "writtenOn",
  to_char(t.published_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "publishedOn"`;

export type TextRow = Pick<AgreementText, 'id' | 'number' | 'changes' | 'publishedOn'> & { accepted: number };

/** The published versions, newest first, with how many open organisations have accepted each. */
export function listTexts(db: ReadDb): Promise<TextRow[]> {
  return db.rows<TextRow>(sql`
    select t.id, t.number, t.changes, to_char(t.published_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "publishedOn",
      (select count(*)::int from agreement_acceptance a join organisation o on o.id = a.organisation_id
        where a.text_id = t.id and o.closed_at is null) as accepted
    from agreement_text t where t.published_at is not null order by t.number desc limit 100`);
}

export async function countOpenOrganisations(db: ReadDb): Promise<number> {
  const [row] = await db.rows<{ count: number }>(
    sql`select count(*)::int as count from organisation where closed_at is null`,
  );
  return row?.count ?? 0;
}

export async function findDraft(db: ReadDb): Promise<AgreementText | null> {
  const [draft] = await db.rows<AgreementText>(
    sql`select ${columns} from agreement_text t where t.published_at is null`,
  );
  return draft ?? null;
}

/** The version that applies now; null before the first is published. */
export async function findLatestText(db: ReadDb): Promise<AgreementText | null> {
  const [latest] = await db.rows<AgreementText>(sql`
    select ${columns} from agreement_text t where t.published_at is not null order by t.number desc limit 1`);
  return latest ?? null;
}

export async function findText(db: ReadDb, id: number): Promise<AgreementText | null> {
  const [found] = await db.rows<AgreementText>(sql`
    select ${columns} from agreement_text t where t.id = ${id}::int and t.published_at is not null`);
  return found ?? null;
}

export type Acceptance = { by: string; on: string };

export async function findAcceptance(db: ReadDb, organisationId: number, textId: number): Promise<Acceptance | null> {
  const [found] = await db.rows<Acceptance>(sql`
    select accepted_by_name as by, to_char(accepted_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI') as on
    from agreement_acceptance where organisation_id = ${organisationId}::int and text_id = ${textId}::int`);
  return found ?? null;
}

export type AcceptanceRow = { id: number; cvr: string; name: string; by: string | null; on: string | null };
export const acceptancesPerPage = 50;

/** Open organisations with their acceptance of a text, or only those that lack it; one more than a page. */
export function listAcceptances(
  db: ReadDb,
  textId: number,
  { onlyMissing, after }: { onlyMissing: boolean; after: { name: string; id: number } | null },
): Promise<AcceptanceRow[]> {
  return db.rows<AcceptanceRow>(sql`
    select o.id, o.cvr, o.name, a.accepted_by_name as by,
      to_char(a.accepted_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as on
    from organisation o left join agreement_acceptance a on a.organisation_id = o.id and a.text_id = ${textId}::int
    where o.closed_at is null ${onlyMissing ? sql`and a.text_id is null` : noSql}
      ${after === null ? noSql : sql`and (o.name, o.id) > (${after.name}::text, ${after.id}::int)`}
    order by o.name, o.id limit ${acceptancesPerPage + 1}::int`);
}

/** Of these organisations, those that have not accepted the text that applies now. */
export async function listLackingAcceptance(db: ReadDb, organisationIds: readonly number[]): Promise<number[]> {
  const rows = await db.rows<{ id: number }>(sql`
    select o.id from organisation o
      cross join (select id from agreement_text where published_at is not null order by number desc limit 1) t
    where o.id = any (${[...organisationIds]}::int[])
      and not exists (select from agreement_acceptance a where a.organisation_id = o.id and a.text_id = t.id)`);
  return rows.map(({ id }) => id);
}
