import { randomUUID } from 'node:crypto';
import type { Database } from '../db/client.ts';
import { event } from '../audit/events.ts';
import { recordChange } from '../audit/record-change.ts';
import { wallOf } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Services } from '../pages/services.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { Conflict } from '../shared/errors.ts';
import type { Where } from '../audit/record-refusal.ts';
import type { SamlIdentity } from './saml/saml-identity.ts';

/** Binds a login's UUID to the user that its CVR and RID named, once; a UUID that stands there is never overwritten. */
export async function bindUuid(
  services: Services,
  actor: Actor,
  uuid: string,
  providerName: string,
  where: Where,
): Promise<void> {
  const organisation = { id: actor.organisationId, cvr: actor.cvr, name: actor.organisationName };
  const once = { key: randomUUID(), action: 'login.use', bodyDigest: '' };
  await recordChange(services, { actor, organisation, ...where, once }, async (tx) => {
    const bound = await tx.appUser.updateMany({
      where: { id: actor.userId, uuid: null, deletedAt: null },
      data: { uuid, version: { increment: 1 } },
    });
    if (bound.count !== 1) {
      // By the same person's login in the other portal or tab, at the same moment.
      const isBound = await tx.appUser.count({ where: { id: actor.userId, uuid, deletedAt: null } });
      if (isBound === 0) throw new Conflict('Din bruger blev ændret, mens du loggede på. Log på igen.');
      return { outcome: false, as: 'user', events: [] };
    }
    const target = { userId: actor.userId, name: fullName(actor) };
    return {
      outcome: true,
      as: 'user',
      events: [event('user.uuidBound', { organisation, target }, { uuid, provider: providerName })],
    };
  });
}

export type FulfilledLogin = {
  id: number;
  identity: Pick<SamlIdentity, 'level' | 'rid' | 'uuid'>;
  providerName: string;
};

/** The login that an agreement asked for has come; who was named by the UUID alone gets the RID that it carries. */
export async function fulfilFirstLogin(
  services: Services,
  actor: Actor,
  { id, identity, providerName }: FulfilledLogin,
  where: Where,
): Promise<void> {
  const organisation = { id: actor.organisationId, cvr: actor.cvr, name: actor.organisationName };
  const once = { key: randomUUID(), action: 'login.use', bodyDigest: '' };
  await recordChange(services, { actor, organisation, ...where, once }, async (tx) => {
    const fulfilled = await tx.rows<{ id: number }>(sql`
      update awaited_login set fulfilled_at = now(), version = version + 1 where id = ${id}::int and fulfilled_at is null returning id`);
    if (fulfilled.length === 0) return { outcome: false, as: 'user', events: [] };
    const taken = await tx.rows<{ rid: string }>(sql`
      update app_user u set rid = ${identity.rid}::text, version = u.version + 1
      where u.id = ${actor.userId}::int and u.rid = u.uuid::text and ${identity.rid}::text is not null
        and not exists (select from app_user o where o.organisation_id = u.organisation_id and o.rid = ${identity.rid}::text and o.deleted_at is null)
      returning rid`);
    const target = { userId: actor.userId, name: fullName(actor) };
    const detail = { provider: providerName, level: identity.level, rid: taken[0]?.rid ?? null };
    return { outcome: true, as: 'user', events: [event('administrator.firstLogin', { organisation, target }, detail)] };
  });
}

/** Notes when and how the user last logged in, and what proves it; whether there was a CPR number, never which. */
export async function noteLogin(
  { database }: Services,
  actor: Actor,
  identity: SamlIdentity,
  { portal, providerName, where }: { portal: string; providerName: string; where: Where },
): Promise<void> {
  const { userId, organisationId } = actor;
  const about = { organisation: { id: organisationId, name: actor.organisationName }, target: null };
  const { kind, detail } = event('signIn.accepted', about, { provider: providerName, level: identity.level, portal });
  const login = {
    organisationId,
    lastLoginAt: new Date(),
    providerId: identity.providerId,
    level: identity.level,
    carriedCpr: identity.carriedCpr,
  };
  await database.prisma.$transaction([
    database.prisma.$queryRaw`select set_config('seb.organisations', ${wallOf([organisationId])}, true)`,
    database.prisma.userLogin.upsert({ where: { userId }, create: { userId, ...login }, update: login }),
    evidenceOf(database.prisma, actor, identity, { portal, where }),
    database.prisma
      .$executeRaw`insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name,
        actor_role, target_user_id, target_name, detail, request_id, network_address)
      values (${kind}, ${organisationId}::int, ${actor.organisationName}, 'PERSON', ${userId}::int, ${fullName(actor)}, 'user',
        ${userId}::int, ${fullName(actor)}, ${JSON.stringify(detail)}::jsonb, ${where.requestId}, ${where.networkAddress})`,
  ]);
}

/** The same for an employee whom SEB has no user for: in the log without name and numbers, as refused logins are. */
export async function noteEmployeeLogin(
  { database: { prisma } }: Services,
  identity: SamlIdentity,
  { portal, providerName, where }: { portal: string; providerName: string; where: Where },
): Promise<void> {
  const { cvr, level } = identity;
  const entered = { provider: providerName, level, portal, cvr: cvr ?? '' };
  const { kind, detail } = event('signIn.employee', { organisation: null, target: null }, entered);
  await prisma.$transaction([
    evidenceOf(prisma, null, identity, { portal, where }),
    prisma.$executeRaw`insert into audit_event (kind, actor_kind, actor_name, actor_role, detail, request_id, network_address)
      values (${kind}, 'EMPLOYEE', 'En medarbejder uden bruger', 'employee', ${JSON.stringify(detail)}::jsonb, ${where.requestId}, ${where.networkAddress})`,
  ]);
}

type OfUser = Pick<Actor, 'userId' | 'organisationId'> | null;

function evidenceOf(
  prisma: Database['prisma'],
  user: OfUser,
  { evidence, providerId, level, carriedCpr }: SamlIdentity,
  { portal, where }: { portal: string; where: Where },
) {
  return prisma.$executeRaw`insert into login_evidence (user_id, organisation_id, portal, request_id, provider_id, issuer, response_id,
      assertion_id, issued_at, signature_value, message_digest, certificate_fingerprint, level, carried_cpr)
    values (${user?.userId ?? null}::int, ${user?.organisationId ?? null}::int, ${portal}, ${where.requestId}, ${providerId}, ${evidence.issuer},
      ${evidence.responseId}, ${evidence.assertionId}, ${evidence.issueInstant}::timestamptz, ${evidence.signatureValue},
      ${evidence.digest}, ${evidence.certificateFingerprint}, ${level}, ${carriedCpr}::boolean)`;
}

type Ended = { by: 'person' | 'provider'; portal: string; provider: string };

/** Notes in the log whose session ended, and who ended it. */
export async function noteLogOff({ prisma }: Database, user: Actor, ended: Ended, where: Where): Promise<void> {
  const { userId, organisationId, organisationName } = user;
  const about = { organisation: { id: organisationId, name: organisationName }, target: null };
  const { kind, detail } = event('signIn.ended', about, ended);
  const name = fullName(user);
  const actor = ended.by === 'person' ? { kind: 'PERSON', id: userId, name, role: 'user' } : ourselves;
  await prisma.$transaction([
    prisma.$queryRaw`select set_config('seb.organisations', ${wallOf([organisationId])}, true)`,
    prisma.$executeRaw`insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name,
        actor_role, target_user_id, target_name, detail, request_id, network_address)
      values (${kind}, ${organisationId}::int, ${organisationName}, ${actor.kind}, ${actor.id}::int, ${actor.name}, ${actor.role},
        ${userId}::int, ${name}, ${JSON.stringify(detail)}::jsonb, ${where.requestId}, ${where.networkAddress})`,
  ]);
}

/** The same for an employee without a user. */
export async function noteEmployeeLogOff({ prisma }: Database, cvr: string, ended: Ended, where: Where): Promise<void> {
  const { kind, detail } = event('signIn.employeeEnded', { organisation: null, target: null }, { ...ended, cvr });
  await prisma.$executeRaw`insert into audit_event (kind, actor_kind, actor_name, actor_role, detail, request_id, network_address)
    values (${kind}, 'EMPLOYEE', 'En medarbejder uden bruger', 'employee', ${JSON.stringify(detail)}::jsonb, ${where.requestId}, ${where.networkAddress})`;
}

const ourselves = { kind: 'SYSTEM', id: null, name: 'SEB', role: 'signIn' };
