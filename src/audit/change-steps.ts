import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Tx } from '../db/access.ts';
import { wallOf } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { isRetryable } from '../db/errors.ts';
import type { Prisma } from '../db/generated/client.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import type { AuditEvent } from './events.ts';

// What every recorded change is made of, a person's (record-change.ts) and the system's own (record-system-change.ts).

/** Who the log names for the events of one change. */
export type Author = {
  kind: 'PERSON' | 'EMPLOYEE' | 'SYSTEM';
  /** Null for the system's own jobs, and for an employee without a user. */
  userId: number | null;
  name: string;
  role: string;
  requestId: string | null;
  networkAddress: string | null;
  /** The system owner's act in an organisation's place. */
  onBehalf: boolean;
};

const attempts = 4;
const mostOvertaken = 20;

/** Another change began later and was done first: this one's now() lies before it. */
class Overtaken extends Conflict {
  constructor() {
    super('En anden ændring i organisationen var i gang på samme tid. Intet er gemt. Prøv igen.');
  }
}

/**
 * One transaction, tried again from the start when the database asks for it (serialization failure, deadlock), and at once
 * when it was overtaken on its way to the lock.
 */
export async function inOneTransaction<Result>(
  { prisma }: Database,
  work: (prisma: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1, overtaken = 0; ; attempt += 1) {
    try {
      return await prisma.$transaction(work);
    } catch (error) {
      if (error instanceof Overtaken && overtaken < mostOvertaken) {
        overtaken += 1;
        attempt -= 1;
        continue;
      }
      if (attempt >= attempts || !isRetryable(error)) throw error;
      await wait(20 * attempt + Math.random() * 80 * attempt);
    }
  }
}

/**
 * Sets the wall and locks the organisation, so that its changes come one after the other; several in one order, so that
 * none waits for the other. Without an organisation (null): what belongs to all, such as services and status messages, is
 * changed, with all organisations seen and those `alongside` locked. @throws NotFound
 */
export async function openChange(
  prisma: Prisma.TransactionClient,
  organisationId: number | null,
  alongside: readonly number[] = [],
): Promise<Tx> {
  const organisationIds = [...new Set(organisationId === null ? alongside : [organisationId, ...alongside])];
  const wall = wallOf(organisationId === null ? 'all' : organisationIds);
  await prisma.$queryRaw`select set_config('seb.organisations', ${wall}, true), set_config('statement_timeout', '60000', true), set_config('lock_timeout', '10000', true)`;
  // The system owner's people are few: their changes of what belongs to all come one after the other.
  if (organisationId === null)
    await prisma.$queryRaw`select pg_advisory_xact_lock(hashtext('seb common change'))::text`;
  await lockOrganisations(prisma, organisationIds);
  return txOf(prisma);
}

/** Opens a change that locks nothing and changes nothing of an organisation; mails may be written and given back. */
export async function openUnlocked(prisma: Prisma.TransactionClient): Promise<Tx> {
  await prisma.$queryRaw`select set_config('seb.organisations', '*', true), set_config('lock_timeout', '3000', true)`;
  return txOf(prisma);
}

function txOf(prisma: Prisma.TransactionClient): Tx {
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

// Moments are stored to the millisecond: one that was rounded up lies that much after its change.
async function lockOrganisations(prisma: Prisma.TransactionClient, organisationIds: number[]): Promise<void> {
  const locked = await prisma.$queryRaw<{ isOvertaken: boolean }[]>`
    select changed_at + interval '1 millisecond' > now() as "isOvertaken" from organisation_state
    where organisation_id = any (${organisationIds}::int[]) order by organisation_id for no key update`;
  if (locked.length !== organisationIds.length) throw new NotFound();
  if (locked.some(({ isOvertaken }) => isOvertaken)) throw new Overtaken();
  await prisma.$executeRaw`
    update organisation_state set changed_at = now() where organisation_id = any (${organisationIds}::int[])`;
}

export async function writeEvents(
  prisma: Prisma.TransactionClient,
  events: readonly AuditEvent[],
  author: Author,
): Promise<void> {
  if (events.length === 0) return;
  await prisma.$executeRaw`insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name,
      actor_role, on_behalf, target_user_id, target_name, detail, request_id, network_address)
    select e.kind, e.organisation_id, e.organisation_name, ${author.kind}, ${author.userId}::int, ${author.name}, coalesce(e.actor_role, ${author.role}),
      ${author.onBehalf}::boolean, e.target_user_id, e.target_name, e.detail, ${author.requestId}, ${author.networkAddress}
    from jsonb_to_recordset(${JSON.stringify(events.map(asRecord))}::jsonb)
      as e (kind text, organisation_id int, organisation_name text, actor_role text, target_user_id int, target_name text, detail jsonb)`;
}

function asRecord({ kind, organisation, target, detail, as }: AuditEvent): Record<string, unknown> {
  return {
    kind,
    organisation_id: organisation?.id ?? null,
    organisation_name: organisation?.name ?? null,
    actor_role: as ?? null,
    target_user_id: target?.userId ?? null,
    target_name: target?.name ?? null,
    detail,
  };
}

/** Writes the mails into the outbox; returns their ids for the queue. */
export async function writeMails(
  prisma: Prisma.TransactionClient,
  organisationId: number | null,
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
    unsubscribeUrl: mail.unsubscribeUrl ?? null,
  }));
  const written = await prisma.mailOutbox.createManyAndReturn({ data: rows, select: { id: true } });
  return written.map((mail) => mail.id);
}
