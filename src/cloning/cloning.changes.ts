import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import { placeOrder } from '../bulk-orders/place-order.changes.ts';
import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { faultsOfReason } from '../role-assignments/assign-judgement.ts';
import { giveWanted, tellOversight } from '../role-assignments/grants.changes.ts';
import { PreviewOutdated, refuseFaults } from '../role-assignments/preview.ts';
import { withdrawWhere } from '../role-assignments/withdrawal.changes.ts';
import { Conflict } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import type { MaybeOrdered } from '../bulk-orders/bulk-order.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import type { Between, CloneOutlook, CloneTerms, Cloning } from './clone-outlook.ts';
import { foresee, totalsOf } from './clone-outlook.ts';
import type { ClonePreview } from './cloning.queries.ts';
import { clonedRows, replacedByClone } from './cloning.queries.ts';

export type Expected = { receivers: number | null; added: number | null; withdrawn: number | null };
export type Cloned = {
  receivers: number;
  added: number;
  alreadyThere: number;
  withdrawn: number;
  leftOut: number;
} & MaybeOrdered;

/**
 * Gives the source's chosen roles to the receivers, and takes theirs away if wanted: what the preview showed, or nothing.
 * More than `mostAtOnce` is ordered instead, for the job to carry out.
 */
export async function cloneRoles(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  between: Between,
  cloning: Cloning & { mostAtOnce?: number },
  expected: Expected,
  mailing: MailSetting,
): Promise<Change<Cloned>> {
  const { receiverIds: _chosen, mostAtOnce = Number.POSITIVE_INFINITY, ...terms } = cloning;
  const outlook = await foresee(tx, actor, between, cloning);
  const { chosen, plan, rows } = outlook;
  refuseFaults(faultsOfReason(actor, chosen, cloning.reason));
  const foreseen = totalsOf(rows);
  refuseIfOutdated(expected, { receivers: chosen.receivers.length, ...foreseen });
  if (chosen.receivers.length === 0 || plan.given.length === 0)
    throw new Conflict('Der er ingen roller eller modtagere at klone til nu. Åbn siden igen, og se hvorfor.');
  const outcome = {
    receivers: chosen.receivers.length,
    ...foreseen,
    leftOut: chosen.leftOut.length + plan.leftOut.length,
    orderId: null,
  };
  if (foreseen.added + foreseen.withdrawn > mostAtOnce) {
    const placed = await orderClone(tx, { actor, onRecord }, { between, terms, outlook });
    return { ...placed, outcome: { ...outcome, ...placed.outcome } };
  }
  const { as, added, withdrawn, events, mails } = await carryOutClone(
    tx,
    { actor, onRecord },
    { between, terms, outlook },
    mailing,
  );
  if (added !== foreseen.added || withdrawn !== foreseen.withdrawn) throw new PreviewOutdated();
  return { outcome, as, events, mails };
}

type Acting = { actor: Actor; onRecord: ActorOnRecord };
type Foreseen = { between: Between; terms: CloneTerms; outlook: CloneOutlook };
type CloneDone = { as: ActorKind; added: number; withdrawn: number; events: AuditEvent[]; mails: OutgoingMail[] };

/** Does to the receivers what was foreseen, with its log lines. */
export async function carryOutClone(
  tx: Tx,
  { actor, onRecord }: Acting,
  { between, terms, outlook }: Foreseen,
  mailing: MailSetting,
): Promise<CloneDone> {
  const { from, to } = between;
  const { source, chosen, plan, rows } = outlook;
  const as = ensureCan(actor, 'user.clone', { organisationId: to.id });
  const receiverIds = chosen.receivers.map((user) => user.id);
  const wanted = clonedRows({ organisationId: from.id, userId: source.id }, to.id, receiverIds, plan.given);
  const { withdrawn } = terms.isReplacing
    ? await withdrawWhere(tx, replacedByClone(receiverIds, wanted, serviceLimit(actor, to.id)), {
        onRecord,
        organisation: to,
        as,
      })
    : { withdrawn: 0 };
  const { likeOneself } = chosen;
  const { reason, caseNumber } = terms;
  const giving = { actor, onRecord, organisation: to, as, likeOneself, reason, caseNumber };
  const { added } = await giveWanted(tx, wanted, giving);
  const roleIds = [...new Set(plan.given.map((one) => one.role.roleId))];
  const isEmpty = added === 0 && withdrawn === 0;
  return {
    as,
    added,
    withdrawn,
    events: isEmpty ? [] : eventsOf(actor, between, terms, source, chosen.receivers, rows),
    mails: added === 0 ? [] : await tellOversight(tx, giving, roleIds, mailing),
  };
}

function orderClone(
  tx: Tx,
  { actor, onRecord }: Acting,
  { between: { from, to }, terms, outlook }: Foreseen,
): Promise<Change<{ orderId: number }>> {
  const { source, chosen, plan, rows } = outlook;
  const { added, withdrawn } = totalsOf(rows);
  // Neither organisation's log names a person of the other.
  const whose = from.id === to.id ? fullName(source) : `en bruger i ${from.name}`;
  return placeOrder(
    tx,
    { onRecord, organisation: to, as: ensureCan(actor, 'user.clone', { organisationId: to.id }) },
    {
      kind: 'CLONE',
      terms: { ...terms, assignmentIds: plan.given.map((one) => one.role.assignmentId) },
      userIds: chosen.receivers.map((user) => user.id),
      perUser: plan.given.length * (terms.isReplacing ? 2 : 1),
      assignments: added + withdrawn,
      summary: `${counted(plan.given.length, 'rolle', 'roller')} klones fra ${whose} til ${counted(chosen.receivers.length, 'bruger', 'brugere')}${terms.isReplacing ? ', hvis andre roller fjernes' : ''}.`,
      sourceOrganisationId: from.id,
    },
  );
}

function refuseIfOutdated(expected: Expected, now: { receivers: number; added: number; withdrawn: number }): void {
  for (const what of ['receivers', 'added', 'withdrawn'] as const)
    if (expected[what] !== null && expected[what] !== now[what]) throw new PreviewOutdated();
}

// Besides the line for each assignment: what happened to each receiver, and in the source's own organisation that it was
// cloned from. Neither organisation's log names a person of the other.
function eventsOf(
  actor: Actor,
  { from, to }: Between,
  { reason, caseNumber }: CloneTerms,
  source: ChosenUser,
  receivers: readonly ChosenUser[],
  rows: readonly ClonePreview[],
): AuditEvent[] {
  const isSame = from.id === to.id;
  const origin = {
    sourceUserId: isSame ? source.id : null,
    sourceName: isSame ? fullName(source) : null,
    sourceOrganisation: from.name,
  };
  const changed = rows.filter((row) => row.added > 0 || row.withdrawn > 0);
  const as = ensureCan(actor, 'user.clone', { organisationId: from.id });
  return [
    ...changed.flatMap(({ userId, ...counts }) => {
      const receiver = receivers.find((user) => user.id === userId);
      if (receiver === undefined) return [];
      const about = { organisation: to, target: { userId, name: fullName(receiver) } };
      return [event('user.cloned', about, { ...origin, ...counts, reason, caseNumber })];
    }),
    {
      ...event(
        'user.clonedFrom',
        { organisation: from, target: { userId: source.id, name: fullName(source) } },
        { organisation: to.name, receivers: changed.length },
      ),
      as,
    },
  ];
}
