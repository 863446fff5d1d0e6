import { event } from '../audit/events.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { Services } from '../pages/services.ts';
import { fullName } from '../permissions/actor.ts';
import type { ConflictFacts, DifferenceFacts, TodoKind } from '../todos/todo.ts';
import type { Candidate } from './identity.ts';
import { conflictOf, differenceOf, namesOf } from './identity.ts';
import type { SamlIdentity } from './saml/saml-identity.ts';

/**
 * A login whose UUID and RID belong to two users, or whose RID is bound to another login, lets nobody in: the organisation's
 * administrators get a to-do, once for each login of a user's RID until it is decided.
 */
export async function remindOfConflict(
  services: Pick<Services, 'database'>,
  identity: SamlIdentity,
  candidates: readonly Candidate[],
  providerName: string,
): Promise<void> {
  const conflict = conflictOf(identity, candidates);
  if (conflict === null) return;
  const { byRid, byUuid } = conflict;
  const facts: ConflictFacts = {
    name: fullName(byRid),
    rid: byRid.rid,
    other: byUuid === null ? null : { userId: byUuid.userId, name: fullName(byUuid), rid: byUuid.rid },
    loginName: identity.fullName,
    provider: providerName,
    uuid: identity.uuid,
    loginEmail: identity.emails[0] ?? null,
    level: identity.level,
  };
  await remind(services, byRid, { kind: 'identity.conflict', facts });
}

/** A login that tells another name or e-mail than SEB: "Opdater?". What was ticked for the same differences is not asked again. */
export async function remindOfDifference(
  services: Pick<Services, 'database'>,
  identity: SamlIdentity,
  user: Candidate,
  providerName: string,
): Promise<void> {
  const difference = differenceOf(identity, user);
  if (difference === null) return;
  const { firstName, lastName } = difference.name === null ? noName : namesOf(identity);
  const facts: DifferenceFacts = { user: fullName(user), ...difference, provider: providerName, firstName, lastName };
  await remind(services, user, { kind: 'user.differs', facts });
}

const noName = { firstName: null, lastName: null };

type Reminder =
  | { kind: 'identity.conflict' & TodoKind; facts: ConflictFacts }
  | { kind: 'user.differs' & TodoKind; facts: DifferenceFacts };

async function remind({ database }: Pick<Services, 'database'>, user: Candidate, reminder: Reminder): Promise<void> {
  if (await isKnown(database, user, reminder)) return;
  const { userId, organisationId, organisationName } = user;
  const about = {
    organisation: { id: organisationId, name: organisationName },
    target: { userId, name: fullName(user) },
  };
  await recordSystemChange({ database, queueMails: async () => undefined }, organisationId, async (tx) => {
    const written = await tx.rows(sql`
      insert into todo (organisation_id, kind, user_id, facts)
      values (${organisationId}::int, ${reminder.kind}::text, ${userId}::int, ${JSON.stringify(reminder.facts)}::text::jsonb)
      on conflict do nothing returning id`);
    if (written.length === 0) return { outcome: null, events: [] };
    const found =
      reminder.kind === 'identity.conflict'
        ? event('identity.conflictFound', about, {
            provider: reminder.facts.provider,
            other: reminder.facts.other?.name ?? null,
          })
        : event('identity.differenceFound', about, {
            provider: reminder.facts.provider,
            name: reminder.facts.name !== null,
            email: reminder.facts.email !== null,
          });
    return { outcome: null, events: [found] };
  });
}

/** Of one user: a provider that names a person anew at each login does not fill the list. */
const mostConflicts = 10;

/** Whether it waits already, or the same was ticked before: asked at each such login, so without locking anything. */
function isKnown(
  database: Database,
  { userId, organisationId }: Candidate,
  { kind, facts }: Reminder,
): Promise<boolean> {
  const isAsked = kind === 'user.differs';
  const text = JSON.stringify(facts);
  return readPage(database, [organisationId], async (db) => {
    const rows = await db.rows(sql`
      select id from todo where user_id = ${userId}::int and kind = ${kind}::text
        and (done_at is null or (${isAsked}::boolean and facts = ${text}::text::jsonb))
        and (${isAsked}::boolean or facts ->> 'uuid' is not distinct from ${text}::text::jsonb ->> 'uuid') limit 1`);
    if (rows.length > 0 || isAsked) return rows.length > 0;
    const waiting = await db.rows(sql`
      select id from todo where user_id = ${userId}::int and kind = ${kind}::text and done_at is null limit ${mostConflicts}::int`);
    return waiting.length === mostConflicts;
  });
}
