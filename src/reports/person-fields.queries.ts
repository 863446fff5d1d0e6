import type { ReadDb } from '../db/access.ts';
import { joinSql, sql } from '../db/sql.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import type { Choice, FilterField } from './filter-field.ts';
import type { Within } from './report.ts';

// The persons whom a report can be about. Deleted users too: their history is asked for most.

const mostShown = 20;
const idOf = ({ organisation }: Within): number => organisation?.id ?? 0;
const nameOfUser = sql`u.first_name || ' ' || u.last_name || case when u.deleted_at is null then '' else ' (slettet)' end`;

async function findUser(db: ReadDb, within: Within, id: number): Promise<string | null> {
  const [row] = await db.rows<{ name: string }>(sql`
    select ${nameOfUser} as name from app_user u where u.id = ${id}::int and u.organisation_id = ${idOf(within)}::int`);
  return row?.name ?? null;
}

function searchUsers(db: ReadDb, within: Within, text: string): Promise<Choice[]> {
  const words = searchWords(text).map((word) => sql`u.search like ${likeAnywhere(word)}`);
  return db.rows<Choice>(sql`
    select u.id::text as value, ${nameOfUser} || ', RID ' || u.rid as label from (
      select * from visible_user u
      where ${joinSql([sql`u.organisation_id = ${idOf(within)}::int`, ...words], ' and ')} limit 1000) u
    order by u.last_name, u.first_name, u.id limit ${mostShown + 1}::int`);
}

/** A user of the organisation. */
export const userField: FilterField = {
  kind: 'person',
  name: 'bruger',
  label: 'Bruger',
  hint: 'Navn, e-mail, RID eller brugernavn; også brugere, der er slettet.',
  isRequired: true,
  find: findUser,
  search: searchUsers,
};

// Somebody from elsewhere (another organisation's user who administers here, the system's own people) is known here by the
// name that the log has.
async function findActor(db: ReadDb, within: Within, id: number): Promise<string | null> {
  const [row] = await db.rows<{ name: string }>(sql`
    select e.actor_name as name from audit_event e where e.actor_user_id = ${id}::int and e.organisation_id = ${idOf(within)}::int
    order by e.id desc limit 1`);
  return row?.name ?? findUser(db, within, id);
}

/** Without a text: who is or was administrator of the organisation. */
async function searchActors(db: ReadDb, within: Within, text: string): Promise<Choice[]> {
  if (text !== '') return searchUsers(db, within, text);
  return db.rows<Choice>(sql`
    select p.user_id::text as value, coalesce(u.name, e.actor_name, 'Administrator fra en anden organisation') as label
    from (select distinct user_id from administrator_period where organisation_id = ${idOf(within)}::int
      union select user_id from administrator_substitute where organisation_id = ${idOf(within)}::int) p
      left join lateral (select ${nameOfUser} || ', RID ' || u.rid as name from app_user u where u.id = p.user_id) u on true
      left join lateral (select e.actor_name from audit_event e where e.actor_user_id = p.user_id
        and e.organisation_id = ${idOf(within)}::int order by e.id desc limit 1) e on true
    order by 2, 1 limit 200`);
}

/** Somebody who made changes in the organisation. */
export const actorField: FilterField = {
  kind: 'person',
  name: 'bruger',
  label: 'Udført af',
  hint: 'Vælg en administrator, eller søg efter navn, e-mail, RID eller brugernavn.',
  isRequired: true,
  find: findActor,
  search: searchActors,
};
