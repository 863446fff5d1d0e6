import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor, AdministratorKind } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { endOf, startOf } from '../role-assignments/period.queries.ts';
import type { Period } from '../role-assignments/period.ts';
import { periodText } from '../role-assignments/period.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import { administratorNames } from '../users/user.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { changesOf, termsOf } from './administrator.ts';
import type { Told } from './administrators.mail.ts';
import { administratorMails } from './administrators.mail.ts';
import type { Appointee } from './administrators.queries.ts';
import { findAdministrator, listAppointees } from './administrators.queries.ts';

export type Appointing = { userIds: number[]; kind: AdministratorKind; period: Period };
export type Appointed = { added: number; moved: number; alreadyThere: number };

/** Makes existing users administrators of a kind; who is one of another kind becomes this one. All of them or none. */
export async function appointAdministrators(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  appointing: Appointing,
  mailing: MailSetting,
): Promise<Change<Appointed>> {
  const { userIds, kind, period } = appointing;
  const users = await listAppointees(tx, organisation.id, userIds);
  if (users.length !== userIds.length)
    throw new NotFound('En af de valgte brugere findes ikke længere i organisationen. Vælg brugerne igen.');
  const as = ensureCan(actor, 'administrator.appoint', { organisationId: organisation.id });
  for (const user of users) refuseAppointing(actor, organisation, user, appointing);
  const added = users.filter((user) => user.administratorId === null);
  const moved = users.filter((user) => user.kind !== null && user.kind !== kind);
  await insertAdministrators(tx, organisation, added, appointing);
  const movedEvents = [];
  for (const user of moved) movedEvents.push(await moveTo(tx, actor, organisation, user, kind));
  const detail = { kind, startsOn: period.start, endsOn: period.stop };
  return {
    outcome: { added: added.length, moved: moved.length, alreadyThere: users.length - added.length - moved.length },
    as,
    events: [
      ...added.map((user) => event('administrator.appointed', { organisation, target: targetOf(user) }, detail)),
      ...movedEvents,
    ],
    mails: await administratorMails(
      tx,
      organisation,
      fullName(actor),
      [...added.map((user) => toldOf(user, appointing)), ...moved.map((user) => toldOf(user, appointing))],
      mailing,
    ),
  };
}

function refuseAppointing(
  actor: Actor,
  { id: organisationId }: Organisation,
  user: Appointee,
  { kind, period }: Appointing,
): void {
  const name = fullName(user);
  const target = { id: user.id, isAdministrator: user.administratorId !== null };
  ensureCan(actor, 'administrator.appoint', { organisationId, user: target });
  if (user.isLocked) throw new FieldRefused('bruger', `${name} er spærret. Lås brugeren op først, eller vælg en anden`);
  // Days that were typed for the new role would not hold for the one that is there already.
  if (user.kind !== null && user.kind !== kind && (period.start !== null || period.stop !== null))
    throw new FieldRefused(
      'bruger',
      `${name} er allerede ${administratorNames[user.kind].toLowerCase()}. Ret rollen og perioden under “Rediger” ud for navnet`,
    );
}

// An administration that is over has its row still: one for each person and organisation.
async function insertAdministrators(
  tx: Tx,
  { id }: Organisation,
  users: readonly Appointee[],
  { kind, period }: Appointing,
): Promise<void> {
  if (users.length === 0) return;
  const end = period.stop === null ? sql`null::timestamptz` : endOf(period);
  const appointed = await tx.rows<{ id: number }>(sql`
    insert into administrator (organisation_id, user_id, home_organisation_id, kind, responsibility_area, valid_from, valid_to, limits_services)
    select ${id}::int, u.id, ${id}::int, ${kind}::administrator_kind, null, ${startOf(period)}, ${end}, false
    from unnest(${users.map((user) => user.id)}::int[]) as u (id)
    on conflict (user_id, organisation_id) do update set kind = excluded.kind, responsibility_area = null, limits_services = false,
      valid_from = excluded.valid_from, valid_to = excluded.valid_to, version = administrator.version + 1
    where administrator.valid_to <= now()
    returning id`);
  if (appointed.length !== users.length) throw new Error('an administrator was appointed by somebody else meanwhile');
  const ids = appointed.map((one) => one.id);
  await tx.rows(sql`delete from administrator_service where administrator_id = any (${ids}::int[])`);
  // Who stood in for them before they stopped does not stand in for what they are now.
  await tx.rows(sql`
    update administrator_substitute set valid_to = greatest(valid_from, now())
    where administrator_id = any (${ids}::int[]) and valid_to > now()`);
}

async function moveTo(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  user: Appointee,
  kind: AdministratorKind,
): Promise<AuditEvent> {
  const before = await findAdministrator(tx, organisation.id, user.administratorId ?? 0);
  if (before === null) throw new NotFound();
  const target = { id: user.id, isAdministrator: true, isLastOrganisationAdministrator: before.isLast };
  ensureCan(actor, 'administrator.change', { organisationId: organisation.id, user: target });
  const after = { ...termsOf(before), kind, serviceIds: null };
  await tx.rows(sql`
    update administrator set kind = ${kind}::administrator_kind, limits_services = false, version = version + 1 where id = ${before.id}::int`);
  await tx.rows(sql`delete from administrator_service where administrator_id = ${before.id}::int`);
  const about = { organisation, target: targetOf(user) };
  return event('administrator.changed', about, { changes: changesOf(before, after, []) });
}

function targetOf(user: Appointee): { userId: number; name: string } {
  return { userId: user.id, name: fullName(user) };
}

function toldOf(user: Appointee, { kind, period }: Appointing): Told {
  const role = administratorNames[kind].toLowerCase();
  const from = user.kind === null ? ` ${periodText(period, dayInDenmark())}.` : '';
  const before = user.kind === null ? '' : ` i stedet for ${administratorNames[user.kind].toLowerCase()}`;
  return {
    person: { userId: user.id, firstName: user.firstName, lastName: user.lastName, email: user.email },
    toPerson: `Du er blevet ${role}${before}.${from}`,
    toOthers: `${fullName(user)} er blevet ${role}${before}.${from}`,
  };
}
