import { event } from '../../audit/events.ts';
import type { ConflictFacts, TodoKind } from '../../todos/todo.ts';
import { demoOrganisations } from '../demo-people.ts';
import { ago } from './calendar.ts';
import { insertRows, type Connection } from './rows.ts';
import { system, type Told } from './told.ts';
import type { OrganisationIds } from './write-organisations.ts';
import { userOf, type WrittenUser } from './write-users.ts';

const provider = demoOrganisations.region.name;

/**
 * A login of two users that waits to be decided: of two people of the same name, since yesterday. What its try wrote is a to-do and an
 * event; the log says it with the rest.
 */
export async function writeLoginConflict(
  db: Connection,
  organisations: OrganisationIds,
  users: ReadonlyMap<string, WrittenUser>,
): Promise<Told[]> {
  const [byRid, byUuid] = [userOf(users, conflictOf.rid), userOf(users, conflictOf.uuid)];
  const at = ago(1);
  const facts: ConflictFacts = {
    ...{ name: byRid.name, rid: byRid.rid, uuid: byUuid.uuid },
    other: { userId: byUuid.id, name: byUuid.name, rid: byUuid.rid },
    ...{ loginName: byUuid.name, loginEmail: byUuid.email, provider, level: 'Substantial' },
  };
  const kind: TodoKind = 'identity.conflict';
  await insertRows(db, 'todo', [
    { organisation_id: organisations.region, kind, user_id: byRid.id, facts, created_at: at },
  ]);
  const about = {
    organisation: { id: organisations.region, name: demoOrganisations.region.name },
    target: { userId: byRid.id, name: byRid.name },
  };
  return [{ ...event('identity.conflictFound', about, { provider, other: byUuid.name }), at, by: system }];
}

/** Both called Anne Jensen (person-facts.ts). */
export const conflictOf = { rid: 'region-11', uuid: 'region-52' } as const;
