import type { Tx } from '../db/access.ts';
import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { translateDatabaseError } from '../db/errors.ts';
import type { Prisma } from '../db/generated/client.ts';
import { sql } from '../db/sql.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { Actor, Employee } from '../permissions/actor.ts';
import { fullName, ownerOf } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict, Unavailable } from '../shared/errors.ts';
import type { Author } from './change-steps.ts';
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

export type ChangeRequest = Asked & {
  /** As of the start of the request; read again under the lock. */
  actor: Actor;
};

export type EmployeeChangeRequest = Asked & { employee: Employee };

type Asked = {
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
export function recordChange<Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  request: ChangeRequest,
  work: Work<Outcome>,
): Promise<Outcome> {
  const { requestId, networkAddress } = request;
  return recordAs(changes, request, {
    owner: ownerOf(request.actor),
    again: (tx) => actorUnderLock(tx, request),
    author: ({ userId, ...actor }) => ({ kind: 'PERSON', userId, name: fullName(actor) }),
    work: (tx, actor) => work(tx, actor, { userId: actor.userId, name: fullName(actor), requestId, networkAddress }),
  });
}

/** The same for an employee without a user; who is a user by now logs in anew first. */
export function recordEmployeeChange<Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  request: EmployeeChangeRequest,
  work: (tx: Tx, employee: Employee) => Promise<Change<Outcome>>,
): Promise<Outcome> {
  return recordAs(changes, request, {
    owner: ownerOf(request.employee),
    again: (tx) => employeeUnderLock(tx, request.employee),
    author: (employee) => ({ kind: 'EMPLOYEE', userId: null, name: fullName(employee) }),
    work,
  });
}

type Doing<Who, Outcome> = {
  /** Whose the form's key is. */
  owner: string;
  /** Reads the person again under the lock. */
  again(tx: Tx): Promise<Who>;
  author(who: Who): Pick<Author, 'kind' | 'userId' | 'name'>;
  work(tx: Tx, who: Who): Promise<Change<Outcome>>;
};

async function recordAs<Who, Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  request: Asked,
  doing: Doing<Who, Outcome>,
): Promise<Outcome> {
  try {
    return await inOneTransaction(changes.database, (prisma) => changeOnce(changes, prisma, request, doing));
  } catch (error) {
    return await outcomeAfterLoss(changes, doing.owner, request, translateDatabaseError(error));
  }
}

async function changeOnce<Who, Outcome extends Prisma.InputJsonValue>(
  changes: Changes,
  prisma: Prisma.TransactionClient,
  request: Asked,
  { owner, again, author, work }: Doing<Who, Outcome>,
): Promise<Outcome> {
  const tx = await openChange(prisma, request.organisation?.id ?? null, request.alongside);
  const before = await findOutcome<Outcome>(tx, owner, request);
  if (before !== null) return before.outcome;
  const who = await again(tx);
  const { requestId, networkAddress } = request;
  const change = await work(tx, who);
  if (change.events !== writtenByStatement)
    await writeEvents(prisma, change.events, {
      ...author(who),
      requestId,
      networkAddress,
      role: change.as,
      onBehalf: change.onBehalf ?? false,
    });
  const mails = await writeMails(prisma, request.organisation?.id ?? null, change.mails ?? []);
  await changes.queueMails(prisma, [...mails, ...(change.written ?? [])]);
  await keepOutcome(prisma, owner, request, change.outcome);
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

async function employeeUnderLock(tx: Tx, employee: Employee): Promise<Employee> {
  const { cvr, uuid, rid } = employee;
  const [row] = await tx.rows<{ now: Pick<Employee, 'organisation'> | null }>(
    sql`select request_employee(${JSON.stringify({ cvr, uuid, rid })}::jsonb) as now`,
  );
  const now = row?.now ?? null;
  if (now === null) throw new Conflict('Du er oprettet som bruger i SEB imens. Intet er gemt. Log på igen.');
  return { ...employee, ...now };
}

async function findOutcome<Outcome>(tx: Tx, owner: string, { once }: Asked): Promise<{ outcome: Outcome } | null> {
  const [done] = await tx.rows<{ action: string; body_digest: string; outcome: Outcome }>(
    sql`select action, body_digest, outcome from idempotency_key where owner = ${owner} and key = ${once.key}::uuid`,
  );
  if (done === undefined) return null;
  if (done.action === once.action && done.body_digest === once.bodyDigest) return { outcome: done.outcome };
  throw new Conflict(
    'Formularen er allerede sendt én gang med andre oplysninger. Se hvad der er gemt, og send igen, hvis noget mangler.',
  );
}

async function keepOutcome(
  prisma: Prisma.TransactionClient,
  owner: string,
  { once }: Asked,
  outcome: Prisma.InputJsonValue,
): Promise<void> {
  await prisma.$executeRaw`insert into idempotency_key (key, owner, action, body_digest, outcome)
    values (${once.key}::uuid, ${owner}, ${once.action}, ${once.bodyDigest}, ${JSON.stringify(outcome)}::jsonb)`;
}

// The connection may have been lost after COMMIT was carried out: the form's key tells (never lost, never done twice).
async function outcomeAfterLoss<Outcome>(
  changes: Changes,
  owner: string,
  { once }: Asked,
  error: unknown,
): Promise<Outcome> {
  if (!(error instanceof Unavailable)) throw error;
  const [done] = await lookUp<{ outcome: Outcome }>(
    changes.database,
    sql`select outcome from idempotency_key where owner = ${owner} and key = ${once.key}::uuid
      and action = ${once.action} and body_digest = ${once.bodyDigest}`,
  );
  if (done === undefined) throw error;
  return done.outcome;
}
