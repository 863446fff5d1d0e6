import type { Where } from '../audit/record-refusal.ts';
import { recordRefusedSignIn } from '../audit/record-refusal.ts';
import type { Database } from '../db/client.ts';
import type { PortalName } from '../pages/services.ts';
import type { Refused } from './sign-in.pages.ts';
import { findOrganisation } from './sign-in.queries.ts';

type Noted = Pick<Refused, 'arrived' | 'reason'> & { portal: PortalName };

/** The log keeps that a login was refused; what came with it is kept beside, for 90 days, for whoever helps the person. */
export async function noteRefusal(
  database: Database,
  { arrived, reason, portal }: Noted,
  logged: Parameters<typeof recordRefusedSignIn>[2],
  where: Where,
): Promise<void> {
  const organisation = reason.kind === 'identity' ? await findOrganisation(database, arrived.cvr) : null;
  await recordRefusedSignIn(database, organisation, logged, where);
  const code = reason.kind === 'protocol' ? reason.reason : reason.refusal;
  const { providerName, cvr, organisationName, level, requiredLevel, carriedCpr, name, uuid, rid } = arrived;
  // A provider that may not speak for a CVR has not told who anybody there is.
  const person = code === 'cvr-not-allowed' ? {} : { name, uuid, rid };
  const kept = {
    reference: where.requestId,
    portal,
    reason: code,
    provider: providerName,
    cvr,
    organisation_name: organisationName,
    level,
    required_level: requiredLevel,
    carried_cpr: carriedCpr,
    ...person,
  };
  await database.prisma.$queryRaw`select note_refused_sign_in(${JSON.stringify(kept)}::jsonb)::text`;
}
