import type { Tx } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { noSql, sql } from '../db/sql.ts';
import { emailChangedMail } from '../mail/messages.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { giveWanted, tellOversight } from '../role-assignments/grants.changes.ts';
import type { UserInput } from '../users/user.ts';
import { usernameLetters } from '../users/user.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { isAdministratorAnywhere, isLockedNow } from '../users/users.queries.ts';
import type { Importing } from './importing.ts';

type Done = { counts: { created: number; changed: number; assigned: number }; mails: OutgoingMail[] };

/**
 * Does what the kept judgement says for the rows that are not done yet (of some RIDs, or all): users created, users changed,
 * roles given, each with the log lines that the same by hand would leave, in one statement each.
 */
export async function carryOut(tx: Tx, importing: Importing, importId: number, rids: string[] | null): Promise<Done> {
  const rows = rowsToDo(importId, rids);
  const created = await createUsers(tx, importing, importId, rows);
  const edited = await editUsers(tx, importing, rows);
  const { assigned, mails } = await assignRoles(tx, importing, importId, rows);
  await tx.rows(sql`update user_import_row set done_at = now() where ${isToDo(importId, rids)}`);
  await tx.rows(sql`
    update user_import set created_users = created_users + ${created}::int, changed_users = changed_users + ${edited.length}::int,
      assigned_roles = assigned_roles + ${assigned}::int where id = ${importId}::int`);
  return {
    counts: { created, changed: edited.length, assigned },
    mails: [...edited.flatMap((user) => mailToOldAddress(importing, user)), ...mails],
  };
}

function rowsToDo(importId: number, rids: string[] | null): Sql {
  return sql`select * from user_import_row where ${isToDo(importId, rids)}`;
}

function isToDo(importId: number, rids: string[] | null): Sql {
  return sql`import_id = ${importId}::int and done_at is null and kind in ('NEW', 'CHANGED')
    ${rids === null ? noSql : sql`and rid = any (${rids}::text[])`}`;
}

/** The columns of a log line that say who did it and where; the target and what it was come before. */
function author({ onRecord, organisation, as }: Importing): Sql {
  return sql`${organisation.id}::int, ${organisation.name}::text, 'PERSON', ${onRecord.userId}::int, ${onRecord.name}::text, ${as}::text,
    ${onRecord.requestId}::text, ${onRecord.networkAddress}::text`;
}

const logColumns = sql`(kind, target_user_id, target_name, detail, organisation_id, organisation_name, actor_kind, actor_user_id,
  actor_name, actor_role, request_id, network_address)`;

async function createUsers(tx: Tx, importing: Importing, importId: number, rows: Sql): Promise<number> {
  const people = await tx.rows<{ person: UserInput }>(
    sql`select person from (${rows}) t where is_leader and kind = 'NEW' order by line`,
  );
  if (people.length === 0) return 0;
  const wanted = people.map(({ person }) => ({
    ...person,
    letters: usernameLetters(person.firstName, person.lastName),
  }));
  // The rows keep who their RID now belongs to, so that what follows finds users by id, however old the table's statistics are.
  const [counted] = await tx.rows<{ created: number }>(sql`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as p (letters text, rid text, "firstName" text, "lastName" text,
        email text, address text, postcode text, city text, phone text, remark text)),
    created as (
      insert into app_user (organisation_id, username, rid, first_name, last_name, email, address, postcode, city, phone, remark)
      select ${importing.organisation.id}::int, letters || nextval('username_number'), rid, "firstName", "lastName", email, address, postcode, city, phone, remark
      from wanted
      returning id, username, rid, email, first_name || ' ' || last_name as name),
    logged as (
      insert into audit_event ${logColumns}
      select 'user.created', id, name, jsonb_build_object('username', username, 'rid', rid, 'email', email), ${author(importing)}
      from created),
    known as (
      update user_import_row t set user_id = created.id from created where t.import_id = ${importId}::int and t.rid = created.rid)
    select count(*)::int as created from created`);
  return counted?.created ?? 0;
}

type Edited = { name: string; oldEmail: string | null };

async function editUsers(tx: Tx, importing: Importing, rows: Sql): Promise<Edited[]> {
  return tx.rows<Edited>(sql`
    with wanted as materialized (
      select t.user_id, t.person, t.changes, b.first_name || ' ' || b.last_name as name_before
      from (${rows}) t join app_user b on b.id = t.user_id
      where t.is_leader and t.kind = 'CHANGED'),
    edited as (
      update app_user u set
        first_name = coalesce(w.person ->> 'firstName', u.first_name), last_name = coalesce(w.person ->> 'lastName', u.last_name),
        email = coalesce(w.person ->> 'email', u.email), address = coalesce(w.person ->> 'address', u.address),
        postcode = coalesce(w.person ->> 'postcode', u.postcode), city = coalesce(w.person ->> 'city', u.city),
        phone = coalesce(w.person ->> 'phone', u.phone), remark = coalesce(w.person ->> 'remark', u.remark), version = u.version + 1
      from wanted w where u.id = w.user_id and u.organisation_id = ${importing.organisation.id}::int and u.deleted_at is null
      returning u.id, u.first_name || ' ' || u.last_name as name, w.changes, w.name_before),
    -- An address that the person asked for before must not come back over this one.
    overtaken as (
      update email_change c set used_at = now() from edited where c.user_id = edited.id and c.used_at is null),
    logged as (
      insert into audit_event ${logColumns}
      select 'user.edited', id, name, jsonb_build_object('changes', changes), ${author(importing)} from edited)
    select name_before as name, changes -> 'email' ->> 'from' as "oldEmail" from edited`);
}

/** Each period of one role at one place is given in its own round, so that the log names each once. */
async function assignRoles(
  tx: Tx,
  importing: Importing,
  importId: number,
  rows: Sql,
): Promise<{ assigned: number; mails: OutgoingMail[] }> {
  const likeOneself = await listLikeOneself(tx, importing, rows);
  const giving = { ...importing, likeOneself, reason: null, caseNumber: null };
  let assigned = 0;
  for (const lines of await listRounds(tx, rows))
    assigned += (await giveWanted(tx, wantedOf(importing, importId, lines), giving)).added;
  const mails = await tellOversight(tx, giving, await rolesOf(tx, importing, rows, likeOneself), importing.mailing);
  return { assigned, mails };
}

async function listRounds(tx: Tx, rows: Sql): Promise<number[][]> {
  const rounds = await tx.rows<{ lines: number[] }>(sql`
    select array_agg(line) as lines from (
      select line, row_number() over (partition by rid, role_id, coalesce(sor_code, '0') order by line) as round
      from (${rows}) t where t.gives_role) placed
    group by round order by round`);
  return rounds.map((round) => round.lines);
}

function wantedOf({ organisation }: Importing, importId: number, lines: number[]): Sql {
  return sql`
    select u.id as user_id, u.first_name || ' ' || u.last_name as user_name, r.id as role_id, r.code as role, r.name as role_name,
      s.code as service, t.sor_code, case when r.needs_sor then t.scope else 'UNIT_AND_SUBUNITS' end as scope,
      (case when t.starts_on > danish_today() then t.starts_on::timestamp at time zone 'Europe/Copenhagen' else now() end)::timestamptz(3) as valid_from,
      ((t.ends_on + 1)::timestamp at time zone 'Europe/Copenhagen')::timestamptz(3) as valid_to,
      t.starts_on::text as starts_on, t.ends_on::text as ends_on
    from user_import_row t
      join app_user u on u.id = t.user_id and u.organisation_id = ${organisation.id}::int and u.deleted_at is null
      join role r on r.id = t.role_id join service s on s.id = r.service_id
    where t.import_id = ${importId}::int and t.line = any (${lines}::int[])`;
}

/** Receivers of the actor's own name or e-mail address (permissions, condition 6). */
function listLikeOneself(tx: Tx, { actor, organisation }: Importing, rows: Sql): Promise<ChosenUser[]> {
  return tx.rows<ChosenUser>(sql`
    select distinct u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, ${isLockedNow} as "isLocked",
      ${isAdministratorAnywhere} as "isAdministrator"
    from (${rows}) t join app_user u on u.id = t.user_id and u.organisation_id = ${organisation.id}::int and u.deleted_at is null
    where t.gives_role and (search_fold(u.first_name || ' ' || u.last_name) = search_fold(${fullName(actor)}::text)
      or search_fold(u.email) = search_fold(${actor.email}::text))`);
}

async function rolesOf(tx: Tx, { organisation }: Importing, rows: Sql, users: ChosenUser[]): Promise<number[]> {
  if (users.length === 0) return [];
  const roles = await tx.rows<{ id: number }>(sql`
    select distinct t.role_id as id from (${rows}) t join app_user u on u.id = t.user_id and u.organisation_id = ${organisation.id}::int and u.deleted_at is null
    where t.gives_role and u.id = any (${users.map((user) => user.id)}::int[])`);
  return roles.map((role) => role.id);
}

function mailToOldAddress({ actor, organisation, mailing }: Importing, { name, oldEmail }: Edited): OutgoingMail[] {
  if (oldEmail === null) return [];
  const about = {
    personName: name,
    organisationName: organisation.name,
    changedBy: fullName(actor),
  };
  return [emailChangedMail(mailing, { ...about, to: { name, address: oldEmail } })];
}
