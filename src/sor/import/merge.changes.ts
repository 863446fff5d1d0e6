import type pg from 'pg';
import { unitColumns } from './staging.changes.ts';

export type MergeCounts = { added: number; changed: number; closed: number; reopened: number };

const columns = Object.keys(unitColumns);
const told = columns.filter((column) => column !== 'code');
/** A unit whose owner has no CVR number belongs to no organisation: nobody can be given a role there. */
const incoming = (column: string) => (column === 'owner_cvr' ? `coalesce(i.owner_cvr, '')` : `i.${column}`);

const insertNew = `
  insert into sor_unit (${columns.join(', ')})
  select ${columns.map(incoming).join(', ')} from sor_incoming i
  where not exists (select from sor_unit u where u.code = i.code)
  order by i.line`;

const updateChanged = `
  update sor_unit u set ${told.map((column) => `${column} = ${incoming(column)}`).join(', ')}
  from sor_incoming i
  where u.code = i.code
    and (${told.map((column) => `u.${column}`).join(', ')}) is distinct from (${told.map(incoming).join(', ')})`;

const countReopened = `
  select count(*)::int as count from sor_unit u join sor_incoming i on i.code = u.code
  where u.closed_on <= $1 and (i.closed_on is null or i.closed_on > $1)`;

const closeGone = `
  update sor_unit u set closed_on = $1
  where (u.closed_on is null or u.closed_on > $1) and not exists (select from sor_incoming i where i.code = u.code)`;

// Before anything is changed: what the file says differently of units that are there.
const noteChanged = `
  insert into sor_change (import_id, code, kind, owner_cvr, before, after)
  select $1, u.code, c.kind, u.owner_cvr, c.before, c.after
  from sor_unit u join sor_incoming i on i.code = u.code
    cross join lateral (values
      ('RENAMED', u.name::text, i.name::text, u.name is distinct from i.name),
      ('MOVED', u.parent_code, i.parent_code, u.parent_code is distinct from i.parent_code),
      ('OWNER', u.owner_cvr, coalesce(i.owner_cvr, ''), u.owner_cvr is distinct from coalesce(i.owner_cvr, '')),
      ('REOPENED', u.closed_on::text, i.closed_on::text, u.closed_on <= $2 and (i.closed_on is null or i.closed_on > $2)),
      ('CLOSED', u.closed_on::text, i.closed_on::text, i.closed_on is not null and i.closed_on is distinct from u.closed_on
        and (u.closed_on is null or u.closed_on > $2))) as c (kind, before, after, is_so)
  where (u.name, u.parent_code, u.owner_cvr, u.closed_on) is distinct from (i.name, i.parent_code, coalesce(i.owner_cvr, ''), i.closed_on)
    and c.is_so`;

const noteGone = `
  insert into sor_change (import_id, code, kind, owner_cvr, before, after)
  select $1, u.code, 'CLOSED', u.owner_cvr, u.closed_on::text, $2::date::text
  from sor_unit u
  where (u.closed_on is null or u.closed_on > $2::date) and not exists (select from sor_incoming i where i.code = u.code)`;

const noteGrown = `
  insert into sor_change (import_id, code, kind, owner_cvr, before, after)
  select $1, p.code, 'GROWN', p.owner_cvr, k.had::text, (k.had + n.added)::text
  from (
      select i.parent_code, count(*)::int as added from sor_incoming i
      where i.parent_code is not null and not exists (select from sor_unit u where u.code = i.code) group by 1) n
    join sor_unit p on p.code = n.parent_code
    cross join lateral (select count(*)::int as had from sor_unit c where c.parent_code = p.code) k`;

/** Keeps for the run what it is about to change, unit by unit; `importId` is that of the row that recordImport writes. */
export async function noteDifferences(client: pg.ClientBase, importId: number, today: string): Promise<void> {
  await client.query(noteChanged, [importId, today]);
  await client.query(noteGone, [importId, today]);
  await client.query(noteGrown, [importId]);
}

/** The number that the run's row will have. */
export async function nextImportId(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `select nextval(pg_get_serial_sequence('sor_import', 'id'))::int as id`,
  );
  return rows[0]?.id ?? 0;
}

/** Makes sor_unit what the staged file says, touching only rows that differ; a unit that is gone is closed today. */
export async function mergeStaged(client: pg.ClientBase, today: string): Promise<MergeCounts> {
  const { rows } = await client.query<{ count: number }>(countReopened, [today]);
  const reopened = rows[0]?.count ?? 0;
  const updated = await client.query(updateChanged);
  const closed = await client.query(closeGone, [today]);
  const added = await client.query(insertNew);
  const counts = {
    added: added.rowCount ?? 0,
    changed: (updated.rowCount ?? 0) - reopened,
    closed: closed.rowCount ?? 0,
    reopened,
  };
  if (Object.values(counts).some((count) => count > 0)) await refreshPlans(client);
  return counts;
}

/** The first search after an import is then as quick as the later ones. */
async function refreshPlans(client: pg.ClientBase): Promise<void> {
  await client.query(`select gin_clean_pending_list('sor_unit_search')`);
  await client.query('analyze sor_unit');
}

export type ImportRecord = MergeCounts & { id: number; fileName: string; sha256: string; rows: number };

/** The run's own row and its event in the log, in the transaction of the change. */
export async function recordImport(client: pg.ClientBase, run: ImportRecord, actorName: string): Promise<void> {
  const { id, fileName, sha256, rows, added, changed, closed, reopened } = run;
  await client.query(
    `insert into sor_import (id, file_name, sha256, rows, added, changed, closed) values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, fileName, sha256, rows, added, changed + reopened, closed],
  );
  await client.query(
    `insert into audit_event (kind, actor_kind, actor_name, actor_role, detail)
     values ('sor.imported', 'OPERATOR', $1, 'Drift', $2)`,
    [actorName, { fileName, sha256, rows, added, changed, closed, reopened }],
  );
}
