import { wallOf } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Prisma } from '../db/generated/client.ts';
import type { Person } from '../permissions/actor.ts';
import { fullName, isUser } from '../permissions/actor.ts';
import { event } from './events.ts';

export type Where = { requestId: string; networkAddress: string | null };

/** Logs that a change was refused (who, what, where, why); the refused change itself left nothing behind. */
export async function recordRefusedChange(
  database: Database,
  person: Person,
  organisation: { id: number; name: string } | null,
  refusal: { action: string; reason: string; path: string },
  where: Where,
): Promise<void> {
  const { kind, detail } = event('change.refused', { organisation, target: null }, refusal);
  const author = isUser(person) ? { kind: 'PERSON', userId: person.userId } : { kind: 'EMPLOYEE', userId: null };
  await insertBehindWall(
    database,
    organisation,
    database.prisma
      .$executeRaw`insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name,
        actor_role, detail, request_id, network_address)
      values (${kind}, ${organisation?.id ?? null}::int, ${organisation?.name ?? null}, ${author.kind}, ${author.userId}::int,
        ${fullName(person)}, 'refused', ${JSON.stringify(detail)}::jsonb, ${where.requestId}, ${where.networkAddress})`,
  );
}

/** Logs a login that led nowhere, without its name; in the log of its organisation where the login is genuine and names one. */
export async function recordRefusedSignIn(
  database: Database,
  organisation: { id: number; name: string } | null,
  refusal: { reason: string; provider: string | null; cvr: string | null; level: string | null },
  where: Where,
): Promise<void> {
  const { kind, detail } = event('signIn.refused', { organisation, target: null }, refusal);
  await insertBehindWall(
    database,
    organisation,
    database.prisma
      .$executeRaw`insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail, request_id, network_address)
    values (${kind}, ${organisation?.id ?? null}::int, ${organisation?.name ?? null}, 'SYSTEM', 'SEB', 'signIn', ${JSON.stringify(detail)}::jsonb, ${where.requestId}, ${where.networkAddress})`,
  );
}

async function insertBehindWall(
  database: Database,
  organisation: { id: number } | null,
  insertion: Prisma.PrismaPromise<number>,
): Promise<void> {
  const wall = wallOf(organisation === null ? [] : [organisation.id]);
  await database.prisma.$transaction([
    database.prisma.$queryRaw`select set_config('seb.organisations', ${wall}, true)`,
    insertion,
  ]);
}
