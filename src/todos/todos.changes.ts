import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import type { SignatureFacts, TodoKind } from './todo.ts';
import { todoInWords } from './todo.ts';
import { findTodo } from './todos.queries.ts';

/** Reminds of the employee signature of a user who is gone; part of the change that ended the access, one for each user. */
export async function remindOfSignature(
  tx: Tx,
  organisationId: number,
  userId: number,
  facts: SignatureFacts,
): Promise<void> {
  const kind: TodoKind = 'signature.deactivate';
  await tx.rows(sql`
    insert into todo (organisation_id, kind, user_id, facts)
    values (${organisationId}::int, ${kind}::text, ${userId}::int, ${JSON.stringify(facts)}::text::jsonb)
    on conflict do nothing`);
}

/** Ticks a to-do; one that somebody else ticked meanwhile is done, not an error. */
export async function tickTodo(
  tx: Tx,
  actor: Actor,
  organisation: { id: number; name: string },
  todoId: number,
): Promise<Change<{ ticked: boolean }>> {
  // Whoever may end a user's access in SEB may say that it has ended elsewhere.
  const as = ensureCan(actor, 'user.delete', { organisationId: organisation.id });
  const row = await findTodo(tx, organisation.id, todoId);
  if (row === null) throw new NotFound('Huskepunktet findes ikke. Se listen på forsiden.');
  const { title, ownPage } = todoInWords(row);
  if (ownPage?.isOnlyWay === true)
    throw new Conflict('Det her huskepunkt kan ikke bare sættes som udført. Åbn dets egen side, og afgør det der.');
  if (!(await setDone(tx, actor, todoId))) return { outcome: { ticked: false }, as, events: [] };
  const about = { organisation, target: row.userId === null ? null : await nameOf(tx, row.userId) };
  return { outcome: { ticked: true }, as, events: [event('todo.done', about, { kind: row.kind, about: title })] };
}

/** Whether it was still to be done; its event is the caller's. */
export async function setDone(tx: Tx, actor: Actor, todoId: number): Promise<boolean> {
  const done = await tx.rows(sql`
    update todo set done_at = now(), done_by_id = ${actor.userId}::int
    where id = ${todoId}::int and done_at is null returning id`);
  return done.length > 0;
}

async function nameOf(tx: Tx, userId: number): Promise<{ userId: number; name: string }> {
  const [user] = await tx.rows<{ name: string }>(
    sql`select first_name || ' ' || last_name as name from app_user where id = ${userId}::int`,
  );
  return { userId, name: user?.name ?? 'ukendt' };
}
