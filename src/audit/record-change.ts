import type { Tx } from '../db/access.ts';
import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { translateDatabaseError } from '../db/errors.ts';
import type { Prisma } from '../db/generated/client.ts';
import { sql } from '../db/sql.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict, Unavailable } from '../shared/errors.ts';
import { inOneTransaction, openChange, writeEvents, writeMails } from './change-steps.ts';
import type { AuditEvent } from './events.ts';

/** Says that the statement itself wrote its events (set-based bulk changes); the database still demands them at COMMIT. */
export const writtenByStatement = Symbol('events written by the statement');

export type Change<Outcome> = {
  outcome: Outcome;
  /** The role of the actor that allowed it, as `ensureCan` told. */
  as: ActorKind;
  events: readonly AuditEvent[] | typeof writtenByStatement;
  mails?: readonly OutgoingMail[];
  /** Ids of mails that a statement of the change wrote into the outbox itself, for many at once. */
  written?: readonly number[];
  /** The system owner acts in the organisation's place (`ensureEmergency`): marked in the log. */
  onBehalf?: boolean;
};

export type ChangeRequest = {
  /** As of the start of the request; read again under the lock. */
  actor: Actor;
  /** The organisation that is changed; null for what belongs to all (services, status messages, settings). */
  organisation: { id: number; cvr: string } | null;
  /** Further organisations that the change reads or writes in: locked with it, and seen. */
  alongside?: readonly number[];
  requestId: string;
  networkAddress: string | null;
  /** The form's own key; a second equal post gets the first one's outcome. */
  once: { key: string; action: string; bodyDigest: string };
};

/** What the log says of the actor in this change, for statements that write their own events. */
export type ActorOnRecord = { userId: number; name: string; requestId: string; networkAddress: string | null };

export type Changes = {
  database: Database;
  queueMails(tx: Prisma.TransactionClient, outboxIds: number[]): Promise<void>;
};

type Work<Outcome> = (tx: Tx, actor: Actor, onRecord: ActorOnRecord) => Promise<Change<Outcome>>;

/**
 * The only way for people to change anything: one transaction with the organisation (or several) locked, the actor's rights
 * read again under that lock, the change, its events, its mails and the form's key, all or nothing. Outcomes must survive
 * JSON.
 */
export async function recordChange<Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  request: ChangeRequest,
  work: Work<Outcome>,
): Promise<Outcome> {
  try {
    return await inOneTransaction(changes.database, (prisma) => changeOnce(changes, prisma, request, work));
  } catch (error) {
    return await outcomeAfterLoss(changes, request, translateDatabaseError(error));
  }
}

async function changeOnce<Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  prisma: Prisma.TransactionClient,
  request: ChangeRequest,
  work: Work<Outcome>,
): Promise<Outcome> {
  const tx = await openChange(prisma, request.organisation?.id ?? null, request.alongside);
  const before = await findOutcome<Outcome>(tx, request);
  if (before !== null) return before.outcome;
  const actor = await actorUnderLock(tx, request);
  const { requestId, networkAddress } = request;
  const onRecord = { userId: actor.userId, name: fullName(actor), requestId, networkAddress };
  const change = await work(tx, actor, onRecord);
  if (change.events !== writtenByStatement)
    await writeEvents(prisma, change.events, {
      ...onRecord,
      kind: 'PERSON',
      role: change.as,
      onBehalf: change.onBehalf ?? false,
    });
  const mails = await writeMails(prisma, request.organisation?.id ?? null, change.mails ?? []);
  await changes.queueMails(prisma, [...mails, ...(change.written ?? [])]);
  await keepOutcome(prisma, request, change.outcome);
  return change.outcome;
}

async function actorUnderLock(tx: Tx, request: ChangeRequest): Promise<Actor> {
  // Triggers that judge by who makes the change read seb.actor.
  const [row] = await tx.rows<{ actor: Actor | null }>(
    sql`select request_actor(${request.actor.userId}::int, null) as actor, set_config('seb.actor', ${String(request.actor.userId)}, true) as set`,
  );
  const actor = row?.actor ?? null;
  if (actor === null || !actor.isActive || actor.sessionEpoch !== request.actor.sessionEpoch) {
    throw new Conflict('Din egen bruger er ændret imens. Intet er gemt. Log på igen, og prøv igen.');
  }
  return actor;
}

async function findOutcome<Outcome>(tx: Tx, { actor, once }: ChangeRequest): Promise<{ outcome: Outcome } | null> {
  const [done] = await tx.rows<{ action: string; body_digest: string; outcome: Outcome }>(
    sql`select action, body_digest, outcome from idempotency_key where actor_user_id = ${actor.userId}::int and key = ${once.key}::uuid`,
  );
  if (done === undefined) return null;
  if (done.action === once.action && done.body_digest === once.bodyDigest) return { outcome: done.outcome };
  throw new Conflict(
    'Formularen er allerede sendt én gang med andre oplysninger. Se hvad der er gemt, og send igen, hvis noget mangler.',
  );
}

async function keepOutcome(
  prisma: Prisma.TransactionClient,
  { actor, once }: ChangeRequest,
  outcome: Prisma.InputJsonValue,
): Promise<void> {
  await prisma.$executeRaw`insert into idempotency_key (key, actor_user_id, action, body_digest, outcome)
    values (${once.key}::uuid, ${actor.userId}::int, ${once.action}, ${once.bodyDigest}, ${JSON.stringify(outcome)}::jsonb)`;
}

// The connection may have been lost after COMMIT was carried out: the form's key tells (never lost, never done twice).
async function outcomeAfterLoss<Outcome>(changes: Changes, request: ChangeRequest, error: unknown): Promise<Outcome> {
  if (!(error instanceof Unavailable)) throw error;
  const [done] = await lookUp<{ outcome: Outcome }>(
    changes.database,
    sql`select outcome from idempotency_key where actor_user_id = ${request.actor.userId} and key = ${request.once.key}::uuid
      and action = ${request.once.action} and body_digest = ${request.once.bodyDigest}`,
  );
  if (done === undefined) throw error;
  return done.outcome;
}
