import type { ReadDb } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import { onWorkingPapers } from '../db/working-papers.ts';
import type { Actor } from '../permissions/actor.ts';
import type { JudgedImport } from './judgement.queries.ts';
import { inOneGo, judgedRows, listTypedRoles, ofRids } from './judgement.queries.ts';
import type { ImportRow } from './import-row.ts';
import { notedRows } from './notes.queries.ts';
import type { Source } from './read-source.ts';
import type { RowKind } from './user-import.queries.ts';

// Working papers and no change: they are written outside recordChange, leave no event, and are gone after a week.

type Organisation = { id: number; cvr: string };

const rowsAtATime = 2500;

/** Keeps what was read with how each row is judged now; the same form sent twice leads to the same import. */
export function keepImport(
  database: Database,
  actor: Actor,
  organisation: Organisation,
  formKey: string,
  source: Source,
): Promise<number> {
  return onWorkingPapers(database, [organisation.id], async (db) => {
    const [made] = await db.rows<{ id: number }>(sql`
      insert into user_import (organisation_id, ordered_by_id, form_key, content_digest, source_name, ignored_columns, row_count)
      values (${organisation.id}::int, ${actor.userId}::int, ${formKey}::uuid, ${source.digest}, ${source.name}, ${source.ignoredColumns}::text[], ${source.rows.length}::int)
      on conflict do nothing returning id`);
    if (made === undefined) return findSame(db, actor, organisation, formKey, source);
    for (let from = 0; from < source.rows.length; from += rowsAtATime)
      await insertRows(db, organisation.id, made.id, source.rows.slice(from, from + rowsAtATime));
    // PostgreSQL has not heard of these rows yet, and would plan as if there were a handful.
    if (source.rows.length > rowsAtATime) await db.rows(sql`analyze user_import_row`);
    await judge(db, { id: made.id, organisationId: organisation.id, cvr: organisation.cvr, rids: null }, actor);
    return made.id;
  });
}

async function findSame(
  db: ReadDb,
  actor: Actor,
  organisation: Organisation,
  formKey: string,
  source: Source,
): Promise<number> {
  const [same] = await db.rows<{ id: number }>(sql`
    select id from user_import where organisation_id = ${organisation.id}::int and ordered_by_id = ${actor.userId}::int
      and form_key = ${formKey}::uuid and content_digest = ${source.digest}`);
  if (same === undefined) throw new Error('an import was neither made nor found');
  return same.id;
}

async function insertRows(db: ReadDb, organisationId: number, importId: number, rows: ImportRow[]): Promise<void> {
  await db.rows(sql`
    insert into user_import_row (import_id, organisation_id, line, cells, rid, first_name, last_name, email, address, postcode, city,
      phone, remark, role_text, sor_code, scope, starts_on, ends_on, fault)
    select ${importId}::int, ${organisationId}::int, line, cells, rid, "firstName", "lastName", email, address, postcode, city,
      phone, remark, "roleText", "sorCode", scope, "startsOn", "endsOn", fault
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (line int, cells text[], rid text, "firstName" text, "lastName" text,
      email text, address text, postcode text, city text, phone text, remark text, "roleText" text, "sorCode" text,
      scope assignment_scope, "startsOn" date, "endsOn" date, fault text)`);
}

/** A row that would now do something else than the dry run showed. */
export type Difference = {
  line: number;
  was: RowKind;
  kind: RowKind;
  reason: string | null;
  about: string | null;
  total: number;
};

/** Judges an import anew and keeps that; returns the first rows that are judged otherwise than before. */
export function judgeAgain(
  database: Database,
  actor: Actor,
  organisation: Organisation,
  importId: number,
): Promise<Difference[]> {
  const judged = { id: importId, organisationId: organisation.id, cvr: organisation.cvr, rids: null };
  return onWorkingPapers(database, [organisation.id], async (db) => {
    const [open] = await db.rows(sql`
      update user_import set judgement = judgement + 1
      where id = ${importId}::int and ordered_by_id = ${actor.userId}::int and state = 'READY' returning id`);
    if (open === undefined) return [];
    const differences = await findDifferences(db, judged, actor, 50);
    await judge(db, judged, actor);
    return differences;
  });
}

/** Which rows would do something else now than is kept of them. */
export async function findDifferences(
  db: ReadDb,
  judged: JudgedImport,
  actor: Actor,
  most: number,
): Promise<Difference[]> {
  const roles = await listTypedRoles(db, judged, actor);
  return inOneGo(db, () =>
    db.rows<Difference>(sql`
    select t.line, t.kind as was, j.kind, j.reason, j.about, (count(*) over ())::int as total
    from (${judgedRows(judged, roles, actor)}) j join user_import_row t on t.line = j.line
    where t.import_id = ${judged.id}::int ${ofRids(sql`t.rid`, judged.rids)}
      and (t.kind, t.user_id, t.role_id, t.gives_role, t.is_leader, t.person, t.changes)
        is distinct from (j.kind, j.user_id, j.role_id, j.gives_role, j.is_leader, j.person, j.changes)
    order by t.line limit ${most}::int`),
  );
}

async function judge(db: ReadDb, judged: JudgedImport, actor: Actor): Promise<void> {
  const roles = await listTypedRoles(db, judged, actor);
  await inOneGo(db, () =>
    db.rows(sql`
    update user_import_row t set kind = j.kind, reason = j.reason, about = j.about, user_id = j.user_id, role_id = j.role_id,
      gives_role = j.gives_role, is_leader = j.is_leader, person = j.person, changes = j.changes, note = j.note
    from (${notedRows(judgedRows(judged, roles, actor), judged.organisationId)}) j where t.import_id = ${judged.id}::int and t.line = j.line`),
  );
}
