import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { Conflict, NotFound, StaleForm } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { concernText, periodText, stateOf } from './status-message.ts';
import type { MessageInput } from './status.forms.ts';
import type { Told } from './status.mail.ts';
import type { Message } from './status.queries.ts';
import { findMessage } from './status.queries.ts';
import { tellSubscribers } from './tell-subscribers.changes.ts';

const about = { organisation: null, target: null };

/** Publishes a message or a service window, to everybody at once; the clock does the rest. */
export async function publishMessage(
  tx: Tx,
  actor: Actor,
  input: MessageInput,
  mailing: MailSetting,
): Promise<Change<{ messageId: number }>> {
  const as = ensureEverywhere(actor, 'statusMessage.manage');
  const [created] = await tx.rows<{ id: number }>(sql`
    insert into status_message (kind, title, severity, concerns_all, starts_at, ends_at, created_by_id)
    values (${input.kind}, ${input.title}, ${input.severity}::status_severity, ${input.concernsAll}::boolean,
      coalesce(${input.startsAt}::timestamptz, now()), ${input.endsAt}::timestamptz, ${actor.userId}::int) returning id`);
  const id = created?.id ?? 0;
  await writeServices(tx, id, input.serviceIds);
  const message = await writeUpdate(tx, actor, id, input.body);
  return {
    outcome: { messageId: id },
    as,
    events: [event('statusMessage.published', about, detailOf(message))],
    written: await tellSubscribers(tx, mailing, toldOf(message, input.body), 'published'),
  };
}

export type Update = { id: number; version: number; input: MessageInput };

/** Changes a message that is planned or going on, and says in its thread why. */
export async function updateMessage(
  tx: Tx,
  actor: Actor,
  { id, version, input }: Update,
  mailing: MailSetting,
): Promise<Change<{ messageId: number }>> {
  const as = ensureEverywhere(actor, 'statusMessage.manage');
  await lockOpenMessage(tx, id, version);
  await tx.rows(sql`
    update status_message set title = ${input.title}, severity = ${input.severity}::status_severity,
      concerns_all = ${input.concernsAll}::boolean, starts_at = coalesce(${input.startsAt}::timestamptz, starts_at),
      ends_at = ${input.endsAt}::timestamptz, version = version + 1 where id = ${id}::int`);
  await tx.rows(sql`delete from status_message_service where message_id = ${id}::int`);
  await writeServices(tx, id, input.serviceIds);
  const message = await writeUpdate(tx, actor, id, input.body);
  return {
    outcome: { messageId: id },
    as,
    events: [event('statusMessage.updated', about, detailOf(message))],
    written: await tellSubscribers(tx, mailing, toldOf(message, input.body), 'updated'),
  };
}

export type Ending = { id: number; version: number; body: string };

/** Ends what is going on, or calls off what was planned. */
export async function endMessage(
  tx: Tx,
  actor: Actor,
  { id, version, body }: Ending,
  mailing: MailSetting,
): Promise<Change<{ messageId: number; isCancelled: boolean }>> {
  const as = ensureEverywhere(actor, 'statusMessage.manage');
  const isCancelled = (await lockOpenMessage(tx, id, version)) === 'planned';
  // A millisecond at least, since a period cannot be empty.
  await (isCancelled
    ? tx.rows(sql`update status_message set cancelled_at = now(), version = version + 1 where id = ${id}::int`)
    : tx.rows(sql`
        update status_message set ends_at = greatest(now(), starts_at + interval '1 millisecond'), end_told_at = now(), version = version + 1
        where id = ${id}::int`));
  const message = await writeUpdate(tx, actor, id, body);
  return {
    outcome: { messageId: id, isCancelled },
    as,
    events: [event(isCancelled ? 'statusMessage.cancelled' : 'statusMessage.ended', about, detailOf(message))],
    written: await tellSubscribers(tx, mailing, toldOf(message, body), isCancelled ? 'cancelled' : 'ended'),
  };
}

/** What the form was made from is still so, and there is something left to change. */
async function lockOpenMessage(tx: Tx, id: number, version: number): Promise<'planned' | 'ongoing'> {
  await tx.rows(sql`select id from status_message where id = ${id}::int for update`);
  const message = await findMessage(tx, id);
  if (message === null) throw new NotFound();
  if (message.version !== version) throw new StaleForm();
  const state = stateOf(message, new Date());
  if (state === 'over' || state === 'cancelled')
    throw new Conflict('Driftsmeddelelsen er overstået og kan ikke ændres. Opret en ny, hvis der er mere at fortælle.');
  return state;
}

async function writeServices(tx: Tx, messageId: number, serviceIds: readonly number[]): Promise<void> {
  const written = await tx.rows(sql`
    insert into status_message_service (message_id, service_id)
    select ${messageId}::int, id from service where id = any (${[...serviceIds]}::int[]) returning service_id`);
  if (written.length !== serviceIds.length) throw new NotFound('En af de valgte services findes ikke. Åbn siden igen.');
}

async function writeUpdate(tx: Tx, actor: Actor, messageId: number, body: string): Promise<Message> {
  await tx.rows(
    sql`insert into status_update (message_id, body, written_by_id) values (${messageId}::int, ${body}, ${actor.userId}::int)`,
  );
  const message = await findMessage(tx, messageId);
  if (message === null) throw new Error(`status message ${messageId} is not there`);
  return message;
}

export function toldOf(message: Message, body: string | null): Told {
  return { ...message, body };
}

export function detailOf(message: Message) {
  const { id, title, kind, severity } = message;
  return { messageId: id, title, kind, severity, concerns: concernText(message), period: periodText(message) };
}
