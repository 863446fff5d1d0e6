import { randomUUID } from 'node:crypto';
import { event } from '../audit/events.ts';
import { recordChange } from '../audit/record-change.ts';
import { wallOf } from '../db/access.ts';
import type { Services } from '../pages/services.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
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
    if (bound.count !== 1) throw new Error('the user got a UUID or was deleted during login');
    const target = { userId: actor.userId, name: fullName(actor) };
    return {
      outcome: true,
      as: 'user',
      events: [event('user.uuidBound', { organisation, target }, { uuid, provider: providerName })],
    };
  });
}

/** Notes when and how the user last logged in; whether there was a CPR number, never which. */
export async function noteLogin({ database }: Services, actor: Actor, identity: SamlIdentity): Promise<void> {
  const { userId, organisationId } = actor;
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
  ]);
}
