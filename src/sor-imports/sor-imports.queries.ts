import type { ReadDb } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';

export const runsPerPage = 50;
export const changesPerPage = 100;

export type SorRun = {
  id: number;
  fileName: string;
  rows: number;
  added: number;
  changed: number;
  closed: number;
  /** dd-mm-åååå kl. tt.mm */
  importedAt: string;
};

const columns = sql`i.id, i.file_name as "fileName", i.rows, i.added, i.changed, i.closed,
  to_char(i.imported_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI') as "importedAt"`;

/** The runs of the importer, the latest first; one more than a page. `before` is the id of the last one seen. */
export function listRuns(db: ReadDb, before: number | null): Promise<SorRun[]> {
  return db.rows<SorRun>(sql`
    select ${columns} from sor_import i ${before === null ? noSql : sql`where i.id < ${before}::int`}
    order by i.id desc limit ${runsPerPage + 1}::int`);
}

export async function findRun(db: ReadDb, id: number): Promise<SorRun | null> {
  const [run] = await db.rows<SorRun>(sql`select ${columns} from sor_import i where i.id = ${id}::int`);
  return run ?? null;
}

export const changeKinds = ['CLOSED', 'REOPENED', 'MOVED', 'OWNER', 'RENAMED', 'GROWN'] as const;
export type ChangeKind = (typeof changeKinds)[number];

export type SorChange = {
  importId: number;
  importedAt: string;
  code: string;
  name: string;
  kind: ChangeKind;
  ownerCvr: string;
  before: string | null;
  after: string | null;
  /** The names of the units above it, for those that moved. */
  beforeName: string | null;
  afterName: string | null;
};

/** How many units a run changed in each way. */
export function countChanges(db: ReadDb, importId: number): Promise<{ kind: ChangeKind; count: number }[]> {
  return db.rows<{ kind: ChangeKind; count: number }>(
    sql`select kind, count(*)::int as count from sor_change where import_id = ${importId}::int group by kind`,
  );
}

type Place = { importId: number; code: string; kind: string };
const changed = sql`
  select c.import_id as "importId", to_char(i.imported_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "importedAt", c.code,
    u.name, c.kind, c.owner_cvr as "ownerCvr", c.before, c.after, pb.name as "beforeName", pa.name as "afterName"
  from sor_change c join sor_import i on i.id = c.import_id join sor_unit u on u.code = c.code
    left join sor_unit pb on c.kind = 'MOVED' and pb.code = c.before
    left join sor_unit pa on c.kind = 'MOVED' and pa.code = c.after`;

/** What one run changed, by code; one more than a page. */
export function listChangesOfRun(
  db: ReadDb,
  importId: number,
  kind: ChangeKind | null,
  after: Place | null,
): Promise<SorChange[]> {
  return db.rows<SorChange>(sql`
    ${changed} where c.import_id = ${importId}::int ${kind === null ? noSql : sql`and c.kind = ${kind}::text`}
      ${after === null ? noSql : sql`and (c.code, c.kind) > (${after.code}::text, ${after.kind}::text)`}
    order by c.code, c.kind limit ${changesPerPage + 1}::int`);
}

/** What changed about an organisation's units, the latest run first; one more than a page. */
export function listChangesOfOwner(db: ReadDb, cvr: string, after: Place | null): Promise<SorChange[]> {
  return db.rows<SorChange>(sql`
    ${changed} where c.owner_cvr = ${cvr}::text
      ${
        after === null
          ? noSql
          : sql`and (c.import_id < ${after.importId}::int or (c.import_id = ${after.importId}::int and (c.code, c.kind) > (${after.code}::text, ${after.kind}::text)))`
      }
    order by c.import_id desc, c.code, c.kind limit ${changesPerPage + 1}::int`);
}
