import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { Conflict } from '../shared/errors.ts';
import type { Organisation } from '../users/users.changes.ts';
import type { StandingAdministrator } from './appointing.queries.ts';

/**
 * The organisationsadministrator who has left is locked at once, with the sessions; a user of another organisation loses the
 * administration of this one, and nothing at home.
 */
export async function standDown(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  old: StandingAdministrator,
  reason: string,
): Promise<AuditEvent[]> {
  if (old.userId === actor.userId)
    throw new Conflict('Du er selv den nuværende organisationsadministrator og kan ikke spærre dig selv.');
  const about = { organisation, target: { userId: old.userId, name: fullName(old) } };
  if (old.homeOrganisationId !== organisation.id) {
    await tx.rows(sql`
      update administrator set valid_to = now(), version = version + 1
      where user_id = ${old.userId}::int and organisation_id = ${organisation.id}::int`);
    return [event('administrator.ended', about, { kind: 'ORGANISATION', reason })];
  }
  await tx.rows(sql`
    update app_user set locked_from = now(), locked_until = null, lock_reason = ${reason}, session_epoch = session_epoch + 1,
      version = version + 1
    where id = ${old.userId}::int`);
  return [event('user.locked', about, { from: null, until: null, reason })];
}
