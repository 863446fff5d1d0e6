import type { AuditEvent } from '../audit/events.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { fullName } from '../permissions/actor.ts';
import { Conflict } from '../shared/errors.ts';
import type { Organisation } from '../users/users.changes.ts';
import { writeNewUser } from '../users/users.changes.ts';
import type { NamedAdministrator } from './agreement.ts';

export type MadeAdministrator = {
  userId: number;
  events: AuditEvent[];
  /** Until when the first login must come, dd-mm-åååå kl. tt.mm; null for somebody who has logged in before. */
  expiresOn: string | null;
};

/**
 * The person whom an agreement names becomes organisationsadministrator: as the user with that RID or UUID, or as a new one.
 * Who has not logged in before must do so within fourteen days.
 */
export async function makeAdministrator(
  tx: Tx,
  organisation: Organisation,
  named: NamedAdministrator,
): Promise<MadeAdministrator> {
  const known = await findKnown(tx, organisation, named);
  const made = known === null ? await createNamed(tx, organisation, named) : { userId: known.id, events: [] };
  await becomeOrganisationAdministrator(tx, organisation.id, made.userId);
  const appointed = await tx.rows<{ id: number }>(sql`
    update agreement_administrator set appointed_user_id = ${made.userId}::int, appointed_at = now()
    where id = ${named.id}::int and appointed_user_id is null returning id`);
  if (appointed.length === 0) throw new Conflict(`${fullName(named)} er allerede udpeget efter aftalen.`);
  const expiresOn =
    known?.hasLoggedIn === true ? null : await awaitFirstLogin(tx, organisation.id, made.userId, named.id);
  return { ...made, expiresOn };
}

/** Who was an administrator of another kind or of some services is one without limits now, with no stand-in from before. */
async function becomeOrganisationAdministrator(tx: Tx, organisationId: number, userId: number): Promise<void> {
  // Cut to the column's milliseconds: rounded up it would begin after now, and not yet count as the one who stays.
  const [administrator] = await tx.rows<{ id: number }>(sql`
    insert into administrator (organisation_id, user_id, home_organisation_id, kind, valid_from)
    values (${organisationId}::int, ${userId}::int, ${organisationId}::int, 'ORGANISATION', date_trunc('milliseconds', now()))
    on conflict (user_id, organisation_id) do update set kind = 'ORGANISATION', valid_from = excluded.valid_from, valid_to = null,
      limits_services = false, version = administrator.version + 1
    returning id`);
  await tx.rows(sql`delete from administrator_service where administrator_id = ${administrator?.id ?? 0}::int`);
  await tx.rows(sql`
    update administrator_substitute set valid_to = greatest(valid_from, now())
    where administrator_id = ${administrator?.id ?? 0}::int and valid_to > now()`);
}

type Known = { id: number; isLocked: boolean; hasLoggedIn: boolean };

/** The user who has the named RID or UUID. @throws Conflict when the two are two people, or the user is locked */
async function findKnown(tx: Tx, organisation: Organisation, named: NamedAdministrator): Promise<Known | null> {
  const found = await tx.rows<Known>(sql`
    select u.id, u.locked_from is not null and (u.locked_until is null or u.locked_until > now()) as "isLocked",
      exists (select from user_login l where l.user_id = u.id) as "hasLoggedIn"
    from app_user u
    where u.organisation_id = ${organisation.id}::int and u.deleted_at is null
      and (u.rid = ${named.rid}::text or u.uuid = ${named.uuid}::uuid)`);
  const [known, another] = found;
  if (another !== undefined)
    throw new Conflict(
      'RID-nummer og UUID på aftalen hører til to forskellige brugere i organisationen. Spørg organisationen, og registrér en rettet aftale.',
    );
  if (known?.isLocked)
    throw new Conflict(
      `${fullName(named)} er allerede bruger i organisationen og er spærret nu eller senere. Bed organisationen ophæve spærringen, eller registrér en aftale, der nævner en anden.`,
    );
  return known ?? null;
}

/** Named by the UUID alone, the RID stands for it until the first login tells the real one. */
async function createNamed(
  tx: Tx,
  organisation: Organisation,
  { firstName, lastName, email, rid, uuid }: NamedAdministrator,
): Promise<{ userId: number; events: AuditEvent[] }> {
  const nothing = { address: null, postcode: null, city: null, phone: null, remark: null };
  const input = { firstName, lastName, email, rid: rid ?? uuid ?? '', ...nothing };
  const { userId, created } = await writeNewUser(tx, organisation, input);
  if (uuid !== null) await tx.rows(sql`update app_user set uuid = ${uuid}::uuid where id = ${userId}::int`);
  return { userId, events: [created] };
}

async function awaitFirstLogin(tx: Tx, organisationId: number, userId: number, namedId: number): Promise<string> {
  const awaited = await tx.rows<{ expiresOn: string }>(sql`
    insert into awaited_login (organisation_id, user_id, agreement_administrator_id, expires_at)
    values (${organisationId}::int, ${userId}::int, ${namedId}::int, now() + interval '14 days')
    on conflict (user_id) do update set expires_at = excluded.expires_at, fulfilled_at = null, version = awaited_login.version + 1
    returning to_char(expires_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI') as "expiresOn"`);
  return awaited[0]?.expiresOn ?? '';
}
