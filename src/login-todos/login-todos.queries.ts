import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { NotFound } from '../shared/errors.ts';
import type { DifferenceFacts } from '../todos/todo.ts';
import { conflictFacts, differenceFacts } from '../todos/todo.ts';
import { findTodo } from '../todos/todos.queries.ts';
import { findUser } from '../users/users.queries.ts';
import type { User } from '../users/user.ts';
import type { LoginConflict } from './conflict.ts';

export type WaitingConflict = { id: number; cvr: string; organisationName: string; createdOn: string; facts: unknown };
export const conflictsPerPage = 50;

/** Logins of two users that wait to be decided, of all organisations, the oldest first; one more than a page. */
export function listWaitingConflicts(db: ReadDb, after: number): Promise<WaitingConflict[]> {
  return db.rows<WaitingConflict>(sql`
    select t.id, o.cvr, o.name as "organisationName", t.facts,
      to_char(t.created_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "createdOn"
    from todo t join organisation o on o.id = t.organisation_id
    where t.kind = 'identity.conflict' and t.done_at is null and t.id > ${after}::int
    order by t.id limit ${conflictsPerPage + 1}::int`);
}

const notThere = 'Huskepunktet findes ikke. Se listen på forsiden.';

/** @throws NotFound for what is no conflict of a login in this organisation */
export async function getConflict(db: ReadDb, organisationId: number, todoId: number): Promise<LoginConflict> {
  const row = await findTodo(db, organisationId, todoId);
  const facts = row?.kind === 'identity.conflict' ? conflictFacts(row.facts) : null;
  if (row === null || row.userId === null || facts === null) throw new NotFound(notThere);
  const [byRid, byUuid] = await Promise.all([
    findUser(db, organisationId, row.userId),
    facts.other === null ? null : findUser(db, organisationId, facts.other.userId),
  ]);
  return { todoId, createdOn: row.createdOn, isDone: row.doneOn !== null, facts, byRid, byUuid };
}

export type LoginDifference = {
  todoId: number;
  createdOn: string;
  isDone: boolean;
  facts: DifferenceFacts;
  user: User;
};

/** @throws NotFound for what is no "Opdater?" of this organisation, or of a user who is gone */
export async function getDifference(db: ReadDb, organisationId: number, todoId: number): Promise<LoginDifference> {
  const row = await findTodo(db, organisationId, todoId);
  const facts = row?.kind === 'user.differs' ? differenceFacts(row.facts) : null;
  const user = row?.userId == null ? null : await findUser(db, organisationId, row.userId);
  if (row === null || facts === null || user === null) throw new NotFound(notThere);
  return { todoId, createdOn: row.createdOn, isDone: row.doneOn !== null, facts, user };
}
