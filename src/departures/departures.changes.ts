import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { User } from '../users/user.ts';
import type { Organisation } from '../users/users.changes.ts';
import { getUser, readToday } from '../users/users.queries.ts';
import type { Departure } from './departure.ts';
import { openOf } from './departure.ts';
import { findDeparture } from './departures.queries.ts';

export type Planning = { userId: number; version: number; lastDay: string; reason: string };

export const dayHasPassed = 'Dagen er gået. Vælg i dag eller en senere dag';

/** Sets a user's last working day, or moves it; at its end the job of carry-out.ts ends the access. */
export async function planDeparture(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { userId, version, lastDay, reason }: Planning,
): Promise<Change<{ changed: boolean }>> {
  const { user, as, open } = await leaver(tx, actor, organisation, userId);
  if ((open?.version ?? 0) !== version) throw new StaleForm();
  if (lastDay < (await readToday(tx))) throw new FieldRefused('dag', dayHasPassed);
  if (open?.lastDay === lastDay && open.reason === reason) return { outcome: { changed: false }, as, events: [] };
  await tx.rows(
    open === null
      ? sql`insert into departure (organisation_id, user_id, last_day, reason, created_by_id)
          values (${organisation.id}::int, ${userId}::int, ${lastDay}::text::date, ${reason}::text, ${actor.userId}::int)`
      : sql`update departure set last_day = ${lastDay}::text::date, reason = ${reason}::text, changed_by_id = ${actor.userId}::int,
          version = version + 1 where id = ${open.id}::int`,
  );
  const about = { organisation, target: { userId, name: fullName(user) } };
  const detail = { lastDay, before: open?.lastDay ?? null, reason };
  return { outcome: { changed: true }, as, events: [event('user.departurePlanned', about, detail)] };
}

/** Cancels a planned departure; one that somebody else cancelled meanwhile is gone, not an error. */
export async function cancelDeparture(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { userId, version }: { userId: number; version: number },
): Promise<Change<{ cancelled: boolean }>> {
  const { user, as, open } = await leaver(tx, actor, organisation, userId);
  if (open === null) return { outcome: { cancelled: false }, as, events: [] };
  if (open.version !== version) throw new StaleForm();
  await closeOpenDeparture(tx, userId);
  const about = { organisation, target: { userId, name: fullName(user) } };
  const cancelled = event('user.departureCancelled', about, { lastDay: open.lastDay });
  return { outcome: { cancelled: true }, as, events: [cancelled] };
}

/** For a change that makes the departure needless (deletion) or unwanted; its event is the caller's. */
export async function closeOpenDeparture(tx: Tx, userId: number): Promise<void> {
  await tx.rows(sql`
    update departure set cancelled_at = now(), version = version + 1
    where user_id = ${userId}::int and carried_out_at is null and cancelled_at is null`);
}

async function leaver(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  userId: number,
): Promise<{ user: User; as: ActorKind; open: Departure | null }> {
  const user = await getUser(tx, organisation.id, userId);
  const as = ensureCan(actor, 'user.departure', { organisationId: organisation.id, user });
  const departure = await findDeparture(tx, organisation.id, userId);
  return { user, as, open: openOf(departure) };
}
