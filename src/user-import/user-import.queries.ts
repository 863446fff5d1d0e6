import type { ReadDb } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Sql } from '../db/sql.ts';
import { noSql, sql } from '../db/sql.ts';

export const rowKinds = ['NEW', 'CHANGED', 'SAME', 'ERROR'] as const;
export type RowKind = (typeof rowKinds)[number];

export type UserImport = {
  id: number;
  sourceName: string;
  ignoredColumns: string[];
  rowCount: number;
  judgement: number;
  state: 'READY' | 'QUEUED' | 'DONE' | 'STOPPED';
  stopReason: string | null;
  createdUsers: number;
  changedUsers: number;
  assignedRoles: number;
  createdAt: Date;
  confirmedAt: Date | null;
  /** The reference that its events carry. */
  requestId: string | null;
};

/** An import of the organisation that this person ordered; null for anybody else's. */
export async function findImport(
  db: ReadDb,
  organisationId: number,
  orderedById: number,
  id: number,
): Promise<UserImport | null> {
  const [found] = await db.rows<UserImport>(sql`
    select id, source_name as "sourceName", ignored_columns as "ignoredColumns", row_count as "rowCount", judgement, state,
      stop_reason as "stopReason", created_users as "createdUsers", changed_users as "changedUsers",
      assigned_roles as "assignedRoles", created_at as "createdAt", confirmed_at as "confirmedAt", request_id as "requestId"
    from user_import
    where id = ${id}::int and organisation_id = ${organisationId}::int and ordered_by_id = ${orderedById}::int`);
  return found ?? null;
}

/** The person's latest imports here, newest first. */
export function listImports(db: ReadDb, organisationId: number, orderedById: number): Promise<UserImport[]> {
  return db.rows<UserImport>(sql`
    select id, source_name as "sourceName", row_count as "rowCount", state, created_at as "createdAt", confirmed_at as "confirmedAt"
    from user_import where organisation_id = ${organisationId}::int and ordered_by_id = ${orderedById}::int
    order by user_import.id desc limit 10`);
}

export type Counts = {
  rows: Record<RowKind, number>;
  /** What a confirmation does: users created, users changed, roles given. */
  newUsers: number;
  changedUsers: number;
  roles: number;
  /** Rows that change something, and those of them that are done. */
  work: number;
  done: number;
};

export async function countRows(db: ReadDb, importId: number): Promise<Counts> {
  const [row] = await db.rows<Omit<Counts, 'rows'> & Record<RowKind, number>>(sql`
    select count(*) filter (where kind = 'NEW')::int as "NEW", count(*) filter (where kind = 'CHANGED')::int as "CHANGED",
      count(*) filter (where kind = 'SAME')::int as "SAME", count(*) filter (where kind = 'ERROR')::int as "ERROR",
      count(*) filter (where kind = 'NEW' and is_leader)::int as "newUsers", count(*) filter (where kind = 'CHANGED' and is_leader)::int as "changedUsers",
      count(*) filter (where gives_role)::int as roles,
      count(*) filter (where kind in ('NEW', 'CHANGED'))::int as work, count(*) filter (where done_at is not null)::int as done
    from user_import_row where import_id = ${importId}::int`);
  if (row === undefined) throw new Error('counting gave no row');
  const { NEW, CHANGED, SAME, ERROR, ...counts } = row;
  return { ...counts, rows: { NEW, CHANGED, SAME, ERROR } };
}

export type JudgedRow = {
  line: number;
  cells: string[];
  kind: RowKind;
  reason: string | null;
  about: string | null;
  note: string | null;
  userId: number | null;
  isLeader: boolean;
  givesRole: boolean;
  changes: Partial<Record<string, { from: string | null; to: string | null }>>;
  isDone: boolean;
  userName: string | null;
  roleName: string | null;
  unitName: string | null;
};

export const rowsPerPage = 50;

/** Where a page of rows begins: after or before a row's number. */
export type RowCursor = { after: number } | { before: number };

/** One page of rows of a kind (or of all), one row more than shown; the names are looked up for these rows only. */
export async function listRows(
  db: ReadDb,
  importId: number,
  kind: RowKind | null,
  cursor: RowCursor,
): Promise<JudgedRow[]> {
  const backwards = 'before' in cursor;
  const beyond = backwards ? sql`line < ${cursor.before}::int` : sql`line > ${cursor.after}::int`;
  const rows = await selectRows(
    db,
    sql`select * from user_import_row where import_id = ${importId}::int and ${ofKind(kind)} ${beyond}
      order by line ${backwards ? sql`desc` : noSql} limit ${rowsPerPage + 1}::int`,
  );
  return rows;
}

/** Every row that could not be carried out, for the file that one corrects and sends again. */
export function listErrors(db: ReadDb, importId: number): Promise<JudgedRow[]> {
  return selectRows(db, sql`select * from user_import_row where import_id = ${importId}::int and kind = 'ERROR'`);
}

function selectRows(db: ReadDb, chosen: Sql): Promise<JudgedRow[]> {
  return db.rows<JudgedRow>(sql`
    select t.line, t.cells, t.kind, t.reason, t.about, t.note, t.user_id as "userId", t.is_leader as "isLeader", t.gives_role as "givesRole",
      t.done_at is not null as "isDone", t.changes, u.first_name || ' ' || u.last_name as "userName", r.name as "roleName", su.name as "unitName"
    from (${chosen}) t
      left join app_user u on u.id = t.user_id left join role r on r.id = t.role_id left join sor_unit su on su.code = t.sor_code and t.gives_role
    order by t.line`);
}

function ofKind(kind: RowKind | null): Sql {
  return kind === null ? noSql : sql`kind = ${kind} and`;
}

export type WaitingImport = {
  id: number;
  cvr: string;
  orderedById: number;
  requestId: string | null;
  networkAddress: string | null;
};

/** Imports that were confirmed and are not done, of any organisation: for the workers. */
export function listWaitingImports(database: Database): Promise<WaitingImport[]> {
  return readPage(database, 'all', (db) =>
    db.rows<WaitingImport>(sql`
      select i.id, o.cvr, i.ordered_by_id as "orderedById", i.request_id as "requestId", i.network_address as "networkAddress"
      from user_import i join organisation o on o.id = i.organisation_id where i.state = 'QUEUED' order by i.id limit 100`),
  );
}
