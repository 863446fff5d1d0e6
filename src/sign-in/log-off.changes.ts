import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { LogoutRequest } from './saml/receive-logout.ts';
import { unspecifiedFormat } from './saml/names.ts';

/** A user's session, or that of an employee of the CVR who has no user. */
export type Whose = { userId: number; cvr: null } | { userId: null; cvr: string };

/** Ends the sessions that a provider names, whichever browser brought the message; tells whose they were. */
export async function endSessionsNamed(
  { prisma }: Database,
  { provider, nameId, nameIdKind, sessionIndexes }: LogoutRequest,
  { portal, entityId }: { portal: string; entityId: string },
): Promise<Whose[]> {
  const { format, nameQualifier, spNameQualifier } = nameIdKind;
  // A session whose login told no index cannot be told apart, so it ends with any of the person's.
  const ended = await prisma.$queryRaw<Whose[]>(sql`delete from web_session
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
    returning (sess->'signedIn'->>'userId')::int as "userId", sess->'signedIn'->'employee'->>'cvr' as cvr`);
  return [...new Map(ended.map((whose) => [whose.userId, whose])).values()];
}
