import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Tx } from '../db/access.ts';
import { lookUp, wallOf } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { isRetryable, translateDatabaseError } from '../db/errors.ts';
import type { Prisma } from '../db/generated/client.ts';
import { sql } from '../db/sql.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict, NotFound, Unavailable } from '../shared/errors.ts';
import type { AuditEvent } from './events.ts';

/** Says that the statement itself wrote its events (set-based bulk changes); the database still demands them at COMMIT. */
export const writtenByStatement = Symbol('events written by the statement');

export type Change<Outcome> = {
  outcome: Outcome;
  /** The role of the actor that allowed it, as `ensureCan` told. */
  as: ActorKind;
  events: readonly AuditEvent[] | typeof writtenByStatement;
  mails?: readonly OutgoingMail[];
};

export type ChangeRequest = {
  /** As of the start of the request; read again under the lock. */
  actor: Actor;
  /** The organisation that is changed. */
  organisation: { id: number; cvr: string };
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

const attempts = 4;

/**
 * The only way to change anything: one transaction with the organisation locked, the actor's rights read again under that
 * lock, the change, its events, its mails and the form's key, all or nothing. Outcomes must survive JSON.
 */
export async function recordChange<Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  request: ChangeRequest,
  work: Work<Outcome>,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await changes.database.prisma.$transaction((tx) => changeOnce(changes, tx, request, work));
    } catch (error) {
      if (attempt < attempts && isRetryable(error)) {
        await wait(20 * attempt + Math.random() * 80 * attempt);
        continue;
      }
      return await outcomeAfterLoss(changes, request, translateDatabaseError(error));
    }
  }
}

async function changeOnce<Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  prisma: Prisma.TransactionClient,
  request: ChangeRequest,
  work: Work<Outcome>,
): Promise<Outcome> {
  const tx = await openTransaction(prisma, request);
  const before = await findOutcome<Outcome>(tx, request);
  if (before !== null) return before.outcome;
  const actor = await actorUnderLock(tx, request);
  const onRecord = {
    userId: actor.userId,
    name: fullName(actor),
    requestId: request.requestId,
    networkAddress: request.networkAddress,
  };
  const change = await work(tx, actor, onRecord);
  if (change.events !== writtenByStatement) await writeEvents(prisma, change.events, change.as, onRecord);
  await changes.queueMails(prisma, await writeMails(prisma, request.organisation.id, change.mails ?? []));
  await keepOutcome(prisma, request, change.outcome);
  return change.outcome;
}

async function openTransaction(prisma: Prisma.TransactionClient, request: ChangeRequest): Promise<Tx> {
  const wall = wallOf([request.organisation.id]);
  await prisma.$queryRaw`select set_config('seb.organisations', ${wall}, true), set_config('statement_timeout', '60000', true), set_config('lock_timeout', '10000', true)`;
  const locked = await prisma.$queryRaw<
    unknown[]
  >`select from organisation_state where organisation_id = ${request.organisation.id} for no key update`;
  if (locked.length === 0) throw new NotFound();
  const { appUser, emailChange, userLogin, roleAssignment, administrator } = prisma;
  return {
    rows: <Row>(query: Prisma.Sql) => prisma.$queryRaw<Row[]>(query),
    appUser,
    emailChange,
    userLogin,
    roleAssignment,
    administrator,
  };
}

async function actorUnderLock(tx: Tx, request: ChangeRequest): Promise<Actor> {
  const [row] = await tx.rows<{ actor: Actor | null }>(
    sql`select request_actor(${request.actor.userId}::int, null) as actor`,
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

async function writeEvents(
  prisma: Prisma.TransactionClient,
  events: readonly AuditEvent[],
  as: ActorKind,
  onRecord: ActorOnRecord,
): Promise<void> {
  if (events.length === 0) return;
  await prisma.$executeRaw`insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name,
      actor_role, target_user_id, target_name, detail, request_id, network_address)
    select e.kind, e.organisation_id, e.organisation_name, 'PERSON', ${onRecord.userId}::int, ${onRecord.name}, ${as},
      e.target_user_id, e.target_name, e.detail, ${onRecord.requestId}, ${onRecord.networkAddress}
    from jsonb_to_recordset(${JSON.stringify(events.map(asRecord))}::jsonb)
      as e (kind text, organisation_id int, organisation_name text, target_user_id int, target_name text, detail jsonb)`;
}

function asRecord({ kind, organisation, target, detail }: AuditEvent): Record<string, unknown> {
  return {
    kind,
    organisation_id: organisation?.id ?? null,
    organisation_name: organisation?.name ?? null,
    target_user_id: target?.userId ?? null,
    target_name: target?.name ?? null,
    detail,
  };
}

async function writeMails(
  prisma: Prisma.TransactionClient,
  organisationId: number,
  mails: readonly OutgoingMail[],
): Promise<number[]> {
  if (mails.length === 0) return [];
  const rows = mails.map((mail) => ({
    organisationId,
    messageId: `<${randomUUID()}@seb>`,
    kind: mail.kind,
    toName: mail.to.name,
    toAddress: mail.to.address,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
  }));
  const written = await prisma.mailOutbox.createManyAndReturn({ data: rows, select: { id: true } });
  return written.map((mail) => mail.id);
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
