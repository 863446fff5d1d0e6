import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { endOf, startOf } from '../role-assignments/period.queries.ts';
import { periodText } from '../role-assignments/period.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import { administratorNames } from '../users/user.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { administratorMails } from './administrators.mail.ts';
import { findAdministrator, listAppointees, listSubstitutes } from './administrators.queries.ts';

export type Substituting = { administratorId: number; userId: number; start: string | null; stop: string };

/** Lets a user do an administrator's work from–to, with the rights that the administrator has at each moment. */
export async function appointSubstitute(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { administratorId, userId, start, stop }: Substituting,
  mailing: MailSetting,
): Promise<Change<{ name: string }>> {
  const away = await findAdministrator(tx, organisation.id, administratorId);
  const [user] = await listAppointees(tx, organisation.id, [userId]);
  if (away === null || user === undefined) throw new NotFound('Personen findes ikke længere her. Åbn listen igen.');
  const target = { id: user.id, isAdministrator: user.administratorId !== null };
  const as = ensureCan(actor, 'administrator.appoint', { organisationId: organisation.id, user: target });
  await refuseSubstitute(tx, organisation, { administratorId, userId, start, stop }, user, away.userId);
  await tx.rows(sql`
    insert into administrator_substitute (organisation_id, administrator_id, user_id, valid_from, valid_to, created_by_id)
    values (${organisation.id}::int, ${administratorId}::int, ${userId}::int, ${startOf({ start, stop })}, ${endOf({ start, stop })}, ${actor.userId}::int)`);
  const name = fullName(user);
  const about = { organisation, target: { userId, name } };
  const detail = { kind: away.kind, away: fullName(away), startsOn: start, endsOn: stop };
  const text = `vikar for ${fullName(away)}, som er ${administratorNames[away.kind].toLowerCase()}. ${periodText({ start, stop }, dayInDenmark())}.`;
  const told = [
    { person: { ...user, userId }, toPerson: `Du er blevet ${text}`, toOthers: `${name} er blevet ${text}` },
    { person: away, toPerson: `${name} er din vikar. ${periodText({ start, stop }, dayInDenmark())}.`, toOthers: null },
  ];
  const mails = await administratorMails(tx, organisation, fullName(actor), told, mailing);
  return {
    outcome: { name },
    as,
    events: [event('administrator.substituteAppointed', about, detail)],
    mails,
  };
}

async function refuseSubstitute(
  tx: Tx,
  organisation: Organisation,
  { administratorId, userId, start, stop }: Substituting,
  user: { firstName: string; lastName: string; isLocked: boolean },
  awayId: number,
): Promise<void> {
  const name = fullName(user);
  if (userId === awayId)
    throw new FieldRefused('vikar', 'En administrator kan ikke være vikar for sig selv. Vælg en anden');
  if (user.isLocked) throw new FieldRefused('vikar', `${name} er spærret. Lås brugeren op først, eller vælg en anden`);
  const from = start ?? dayInDenmark();
  const there = (await listSubstitutes(tx, organisation.id)).some(
    (one) =>
      one.administratorId === administratorId && one.userId === userId && one.startsOn <= stop && one.endsOn >= from,
  );
  if (there) throw new FieldRefused('vikar', `${name} er allerede vikar i en del af perioden. Ret datoerne`);
}

/** Ends a substitute's time now; one that is over already is no error. */
export async function endSubstitute(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  substituteId: number,
  mailing: MailSetting,
): Promise<Change<{ ended: boolean }>> {
  const as = ensureCan(actor, 'administrator.remove', { organisationId: organisation.id });
  const known = await tx.rows(
    sql`select from administrator_substitute where organisation_id = ${organisation.id}::int and id = ${substituteId}::int`,
  );
  if (known.length === 0) throw new NotFound();
  const found = (await listSubstitutes(tx, organisation.id)).find((one) => one.id === substituteId);
  if (found === undefined) return { outcome: { ended: false }, as, events: [] };
  const away = await findAdministrator(tx, organisation.id, found.administratorId);
  await tx.rows(sql`
    update administrator_substitute set valid_to = greatest(valid_from, now()) where id = ${substituteId}::int`);
  const name = fullName(found);
  const awayName = away === null ? 'en tidligere administrator' : fullName(away);
  const about = { organisation, target: { userId: found.userId, name } };
  const told = {
    person: found,
    toPerson: `Du er ikke længere vikar for ${awayName}.`,
    toOthers: `${name} er ikke længere vikar for ${awayName}.`,
  };
  return {
    outcome: { ended: true },
    as,
    events: [event('administrator.substituteEnded', about, { away: awayName })],
    mails: await administratorMails(tx, organisation, fullName(actor), [told], mailing),
  };
}
