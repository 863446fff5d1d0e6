import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { TodoRow } from './todo.ts';

const columns: Sql = sql`t.id, t.organisation_id as "organisationId", t.kind, t.user_id as "userId", t.facts,
  to_char(t.created_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "createdOn",
  to_char(t.done_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "doneOn"`;

/** What waits in the organisations, oldest first. */
export function listOpenTodos(db: ReadDb, organisationIds: readonly number[], limit: number): Promise<TodoRow[]> {
  return db.rows<TodoRow>(sql`
    select ${columns}, null as "doneBy" from todo t
    where t.organisation_id = any (${[...organisationIds]}::int[]) and t.done_at is null
    order by t.id limit ${limit}::int`);
}

/** What was ticked in the last 30 days, latest first. */
export function listDoneTodos(db: ReadDb, organisationId: number, limit: number): Promise<TodoRow[]> {
  // Who ticked may be a user of another organisation, whose name stays behind the wall: the log has it.
  return db.rows<TodoRow>(sql`
    select ${columns}, u.first_name || ' ' || u.last_name as "doneBy"
    from todo t left join app_user u on u.id = t.done_by_id
    where t.organisation_id = ${organisationId}::int and t.done_at > now() - interval '30 days'
    order by t.done_at desc, t.id desc limit ${limit}::int`);
}

export async function findTodo(db: ReadDb, organisationId: number, todoId: number): Promise<TodoRow | null> {
  const [row] = await db.rows<TodoRow>(sql`
    select ${columns}, null as "doneBy" from todo t where t.id = ${todoId}::int and t.organisation_id = ${organisationId}::int`);
  return row ?? null;
}
