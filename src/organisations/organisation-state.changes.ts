import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict, StaleForm } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { tellOrganisation } from './organisation.mail.ts';
import type { Organisation } from './organisation.ts';
import { getOrganisation } from './organisations.queries.ts';

export type Deed = { id: number; version: number; reason: string };

/** Closes the organisation: its users' sessions end at their next request, nobody logs in, and nothing is deleted. */
export async function closeOrganisation(
  tx: Tx,
  actor: Actor,
  { id, version, reason }: Deed,
  mailing: MailSetting,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureCan(actor, 'organisation.close', { organisationId: id });
  const organisation = await seen(tx, id, version);
  if (organisation.closedOn !== null) return { outcome: { changed: false }, as, events: [] };
  await refuseHomeOfSystemRoles(tx, id);
  const mails = await tellOrganisation(tx, mailing, organisation, reason, [
    'organisation.closed',
    { organisation: organisation.name },
  ]);
  await tx.rows(sql`
    update organisation set closed_at = now(), closed_reason = ${reason}::text, version = version + 1 where id = ${id}::int`);
  const closed = event('organisation.closed', { organisation, target: null }, { users: organisation.users, reason });
  return { outcome: { changed: true }, as, events: [closed], mails };
}

export async function reopenOrganisation(
  tx: Tx,
  actor: Actor,
  { id, version, reason }: Deed,
  mailing: MailSetting,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureCan(actor, 'organisation.close', { organisationId: id });
  const organisation = await seen(tx, id, version);
  if (organisation.closedOn === null) return { outcome: { changed: false }, as, events: [] };
  await tx.rows(sql`
    update organisation set closed_at = null, closed_reason = null, version = version + 1 where id = ${id}::int`);
  const mails = await tellOrganisation(tx, mailing, organisation, reason, [
    'organisation.reopened',
    { organisation: organisation.name },
  ]);
  const reopened = event('organisation.reopened', { organisation, target: null }, { reason });
  return { outcome: { changed: true }, as, events: [reopened], mails };
}

/** Switches the exception for organisations with one administrator (permissions, condition 6) to the other state. */
export async function switchSelfAssignment(
  tx: Tx,
  actor: Actor,
  { id, version, reason }: Deed,
  mailing: MailSetting,
): Promise<Change<{ isAllowed: boolean }>> {
  const as = ensureCan(actor, 'organisation.allowSelfAssignment', { organisationId: id });
  const organisation = await seen(tx, id, version);
  const isAllowed = !organisation.selfAssignmentAllowed;
  await tx.rows(sql`
    update organisation set self_assignment_allowed = ${isAllowed}::boolean, version = version + 1 where id = ${id}::int`);
  const mails = await tellOrganisation(tx, mailing, organisation, reason, [
    isAllowed ? 'organisation.selfAssignmentAllowed' : 'organisation.selfAssignmentEnded',
    { organisation: organisation.name },
  ]);
  const switched = event('organisation.selfAssignmentSwitched', { organisation, target: null }, { isAllowed, reason });
  return { outcome: { isAllowed }, as, events: [switched], mails };
}

async function seen(tx: Tx, id: number, version: number): Promise<Organisation> {
  const organisation = await getOrganisation(tx, id);
  if (organisation.version !== version) throw new StaleForm();
  return organisation;
}

/** Closing it would shut out those who could open it again. */
async function refuseHomeOfSystemRoles(tx: Tx, id: number): Promise<void> {
  const [person] = await tx.rows<{ id: number }>(sql`
    select u.id from system_role s join app_user u on u.id = s.user_id
    where u.organisation_id = ${id}::int and u.deleted_at is null limit 1`);
  if (person !== undefined)
    throw new Conflict(
      'Organisationen har brugere, der er systemejer eller servicedesk. De ville ikke kunne logge på. Fjern de roller først.',
    );
}
