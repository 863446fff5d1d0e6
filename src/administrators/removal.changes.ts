import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { NotFound } from '../shared/errors.ts';
import { administratorNames } from '../users/user.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import type { Administrator } from './administrator.ts';
import { administratorMails } from './administrators.mail.ts';
import { listAdministrators, listSubstitutes } from './administrators.queries.ts';

/** Takes the administration away and leaves the person's roles; the person is logged off at the next request. */
export async function removeAdministrators(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  administratorIds: number[],
  mailing: MailSetting,
): Promise<Change<{ removed: number; alreadyGone: number }>> {
  const known = await tx.rows<{ id: number }>(sql`
    select id from administrator where organisation_id = ${organisation.id}::int and id = any (${administratorIds}::int[])`);
  if (known.length !== administratorIds.length)
    throw new NotFound('En af administratorerne findes ikke her. Åbn siden igen, og vælg på ny.');
  const all = await listAdministrators(tx, organisation.id);
  const removed = all.filter((one) => administratorIds.includes(one.id));
  const as = ensureCan(actor, 'administrator.remove', { organisationId: organisation.id });
  for (const { userId, isLast } of removed)
    ensureCan(actor, 'administrator.remove', {
      organisationId: organisation.id,
      user: { id: userId, isAdministrator: true, isLastOrganisationAdministrator: isLast },
    });
  const substitutions = await endAll(tx, organisation, removed);
  return {
    outcome: { removed: removed.length, alreadyGone: administratorIds.length - removed.length },
    as,
    events: [
      ...removed.map((one) =>
        event(
          'administrator.ended',
          { organisation, target: { userId: one.userId, name: fullName(one) } },
          { kind: one.kind },
        ),
      ),
      ...substitutions,
    ],
    mails: await administratorMails(tx, organisation, fullName(actor), removed.map(toldOf), mailing),
  };
}

async function endAll(tx: Tx, organisation: Organisation, removed: readonly Administrator[]): Promise<AuditEvent[]> {
  const ids = removed.map((one) => one.id);
  const substitutes = (await listSubstitutes(tx, organisation.id)).filter((one) => ids.includes(one.administratorId));
  await tx.rows(sql`update administrator set valid_to = now(), version = version + 1 where id = any (${ids}::int[])`);
  await tx.rows(sql`
    update administrator_substitute set valid_to = greatest(valid_from, now())
    where administrator_id = any (${ids}::int[]) and valid_to > now()`);
  // Who is a user elsewhere keeps the sessions: the rights are read at every request all the same.
  await tx.rows(sql`
    update app_user set session_epoch = session_epoch + 1
    where organisation_id = ${organisation.id}::int and id = any (${removed.map((one) => one.userId)}::int[])`);
  return substitutes.map((one) => {
    const away = removed.find((gone) => gone.id === one.administratorId);
    const about = { organisation, target: { userId: one.userId, name: fullName(one) } };
    return event('administrator.substituteEnded', about, { away: away === undefined ? 'ukendt' : fullName(away) });
  });
}

function toldOf(one: Administrator) {
  const role = administratorNames[one.kind].toLowerCase();
  const kept = 'Brugerens roller i de enkelte services er ikke ændret.';
  return {
    person: one,
    toPerson: `Du er ikke længere ${role}. Dine roller i de enkelte services er ikke ændret.`,
    toOthers: `${fullName(one)} er ikke længere ${role}. ${kept}`,
  };
}
