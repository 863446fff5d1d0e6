import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { closeOpenDeparture } from '../departures/departures.changes.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { Ensure } from '../permissions/can.ts';
import { ensureCan } from '../permissions/can.ts';
import { NotFound, StaleForm } from '../shared/errors.ts';
import { remindOfSignature } from '../todos/todos.changes.ts';
import { tellOfEndedAdministrations } from './access-ended.mail.ts';
import { endAccess } from './end-access.changes.ts';
import { markOfAccess } from './user-deletion.ts';
import { readAccess } from './user-deletion.queries.ts';
import type { MailSetting, Organisation } from './users.changes.ts';
import { findUser } from './users.queries.ts';

export type Deleting = { userId: number; version: number; seen: string; reason: string | null };

/** Deletes a user: access ends at once, the RID is free for another, history stays. Removes what the page showed, no more. */
export async function deleteUser(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { userId, version, seen, reason }: Deleting,
  mailing: MailSetting,
  ensure: Ensure = ensureCan,
): Promise<Change<{ name: string; roles: number }>> {
  const user = await findUser(tx, organisation.id, userId);
  if (user === null) throw new NotFound('Brugeren findes ikke i organisationen. Måske er brugeren allerede slettet.');
  const as = ensure(actor, 'user.delete', { organisationId: organisation.id, user });
  const access = await readAccess(tx, organisation.id, userId);
  if (user.version !== version || markOfAccess(access) !== seen) throw new StaleForm();
  const ended = await endAccess(tx, organisation, user, reason);
  const { roles, events } = ended;
  await closeOpenDeparture(tx, userId);
  await tx.rows(sql`
    update app_user set deleted_at = now(), session_epoch = session_epoch + 1, version = version + 1 where id = ${userId}::int`);
  const { rid, username, email } = user;
  const name = fullName(user);
  await remindOfSignature(tx, organisation.id, userId, { name, rid, email, because: 'deleted' });
  const about = { organisation, target: { userId, name } };
  const by = { userId: actor.userId, name: fullName(actor) };
  return {
    outcome: { name, roles: roles.length },
    as,
    events: [...events, event('user.deleted', about, { username, rid, roles: roles.length, reason })],
    mails: await tellOfEndedAdministrations(tx, user, ended, by, mailing),
  };
}
