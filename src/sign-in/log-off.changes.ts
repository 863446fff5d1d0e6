import { event } from '../audit/events.ts';
import type { Where } from '../audit/record-refusal.ts';
import { wallOf } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { LogoutRequest } from './saml/receive-logout.ts';
import { unspecifiedFormat } from './saml/name-id.ts';

/** Ends the sessions that a provider names, whichever browser brought the message; tells whose they were. */
export async function endSessionsNamed(
  { prisma }: Database,
  { provider, nameId, nameIdKind, sessionIndexes }: LogoutRequest,
  { portal, entityId }: { portal: string; entityId: string },
): Promise<number[]> {
  const { format, nameQualifier, spNameQualifier } = nameIdKind;
  // A session whose login told no index cannot be told apart, so it ends with any of the person's.
  const ended = await prisma.$queryRaw<{ userId: number }[]>(sql`delete from web_session
    where sess->'signedIn'->>'nameId' = ${nameId}
      and sess->'signedIn'->>'providerId' = ${provider.id}
      and sess->'signedIn'->>'portal' = ${portal}
      and (${format} = ${unspecifiedFormat} or sess->'signedIn'->'nameIdKind'->>'format' = ${format})
      and (${nameQualifier}::text is null
        or coalesce(sess->'signedIn'->'nameIdKind'->>'nameQualifier', ${provider.entityId}) = ${nameQualifier})
      and (${spNameQualifier}::text is null
        or coalesce(sess->'signedIn'->'nameIdKind'->>'spNameQualifier', ${entityId}) = ${spNameQualifier})
      and (cardinality(${sessionIndexes}::text[]) = 0 or sess->'signedIn'->>'sessionIndex' is null
        or sess->'signedIn'->>'sessionIndex' = any(${sessionIndexes}))
    returning (sess->'signedIn'->>'userId')::int as "userId"`);
  return [...new Set(ended.map(({ userId }) => userId))];
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

const ourselves = { kind: 'SYSTEM', id: null, name: 'SEB', role: 'signIn' };
