import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import type { SystemChange } from '../audit/record-system-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { isWorkingDay } from '../shared/working-days.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { AccessRequest, Decider } from './access-request.ts';
import { getRequest, listDeciders, listServicedesk } from './access-requests.queries.ts';
import type { EscalationPlan } from './escalation-plan.ts';
import { stepOf } from './escalation-plan.ts';
import { escalatedMail, servicedeskMail } from './access-requests.mail.ts';
import { targetOf } from './sending.changes.ts';

export type Escalated = { escalated: number; failed: { requestId: number; error: unknown }[] };

type Untaken = { id: number; organisationId: number; sentOn: string; escalation: number; hasDecider: boolean };

/**
 * Passes on every request that nobody took in time. Each is a transaction of its own: one that fails is tried again at the
 * next run, a second run finds nothing; after downtime the widest step that is due tells all whom the others would have told.
 */
export async function escalateRequests(
  changes: Changes,
  mailing: MailSetting,
  plan: EscalationPlan,
  today: string = dayInDenmark(),
): Promise<Escalated> {
  const result: Escalated = { escalated: 0, failed: [] };
  // Nobody reads it before the next working day.
  if (!isWorkingDay(today, plan.daysOff)) return result;
  const untaken = await readPage(changes.database, 'all', listUntaken);
  for (const { id, organisationId, ...facts } of untaken) {
    const step = stepOf(facts, plan, today);
    if (step <= facts.escalation) continue;
    try {
      if (
        await recordSystemChange(changes, organisationId, (tx) => escalate(tx, { id, organisationId, step }, mailing))
      )
        result.escalated += 1;
    } catch (error) {
      result.failed.push({ requestId: id, error });
    }
  }
  return result;
}

const isUntaken = sql`q.state in ('open', 'taken') and q.escalation < 3 and (q.taken_by_id is null
  or not exists (select from request_deciders(q.organisation_id, q.user_id) d where d.user_id = q.taken_by_id))`;

function listUntaken(db: Pick<Tx, 'rows'>): Promise<Untaken[]> {
  return db.rows<Untaken>(sql`
    select q.id, q.organisation_id as "organisationId", (q.created_at at time zone 'Europe/Copenhagen')::date::text as "sentOn", q.escalation,
      exists (select from request_deciders(q.organisation_id, q.user_id)) as "hasDecider"
    from access_request q join organisation o on o.id = q.organisation_id
    where ${isUntaken} and o.closed_at is null order by q.id`);
}

type Step = { id: number; organisationId: number; step: number };

/** False when somebody took it meanwhile, or another process was first. */
async function escalate(
  tx: Tx,
  { id, organisationId, step }: Step,
  mailing: MailSetting,
): Promise<SystemChange<boolean>> {
  const passed = await tx.rows<{ before: number }>(sql`
    update access_request n set escalation = ${step}::int, taken_by_id = null, taken_by_name = null, taken_at = null, version = n.version + 1
    from access_request q where q.id = n.id and q.id = ${id}::int and q.escalation < ${step}::int and ${isUntaken}
    returning q.escalation as before`);
  const [row] = passed;
  if (row === undefined) return { outcome: false, events: [] };
  const request = await getRequest(tx, organisationId, id);
  const deciders = await listDeciders(tx, organisationId, request.userId);
  const mails = [
    ...colleagueMails(request, deciders, row.before, step, mailing),
    ...(step === 3 ? (await listServicedesk(tx)).map((one) => servicedeskMail(one, request, mailing)) : []),
  ];
  const detail = { requestId: id, step, told: mails.length };
  const about = { organisation: request.organisation, target: targetOf(request) };
  return { outcome: true, events: [event('request.escalated', about, detail)], mails };
}

function colleagueMails(
  request: AccessRequest,
  deciders: Decider[],
  before: number,
  step: number,
  mailing: MailSetting,
): OutgoingMail[] {
  const isTold = (one: Decider): boolean => {
    if (one.userId === request.recipientId) return false;
    const firstStep = one.kind === 'USER' || one.userId === request.fallbackId ? 1 : 2;
    return before < firstStep && firstStep <= step;
  };
  return deciders.filter(isTold).map((one) => escalatedMail(one, request, mailing));
}
