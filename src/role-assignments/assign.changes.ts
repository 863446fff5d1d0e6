import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import { writtenByStatement } from '../audit/record-change.ts';
import type { MaybeOrdered } from '../bulk-orders/bulk-order.ts';
import { placeOrder } from '../bulk-orders/place-order.changes.ts';
import type { Tx } from '../db/access.ts';
import type { Posted } from '../http/forms.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict } from '../shared/errors.ts';
import { counted, joinedWithAnd } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Judged } from './assign-judgement.ts';
import { countWanted, judgeAssigning } from './assign-judgement.ts';
import { previewGrants } from './assign.queries.ts';
import type { Giving } from './grants.changes.ts';
import { giveWanted, tellOversight } from './grants.changes.ts';
import type { Grants } from './grants.queries.ts';
import { wantedRows } from './grants.queries.ts';
import { FormFaulty, PreviewOutdated } from './preview.ts';
import type { Chosen, Selection } from './selection.ts';
import { findChosen } from './selection.ts';
import { ensureWithinServices } from './service-limit.queries.ts';

/** What the page showed before "Gem"; a change that would do something else is refused. */
type Expected = { receivers: number | null; added: number | null };

export type Assigned = { receivers: number; added: number; alreadyThere: number; leftOut: number };

type Acting = { actor: Actor; onRecord: ActorOnRecord; organisation: AddressedOrganisation };
type Asked = { selection: Selection; posted: Posted; expected: Expected; mostAtOnce: number };

/**
 * What "Gem" asks for, judged under the organisation's lock: carried out at once and as a whole, or, where it is too much
 * for a request, ordered to be carried out in portions. The chosen users are read once. @throws FormFaulty
 */
export async function assignToSelection(
  tx: Tx,
  acting: Acting,
  { selection, posted, expected, mostAtOnce }: Asked,
  mailing: MailSetting,
): Promise<Change<Assigned & MaybeOrdered>> {
  const { actor, organisation } = acting;
  const chosen = await findChosen(tx, actor, organisation, selection);
  const judgement = await judgeAssigning(tx, actor, organisation, chosen, posted);
  if (!judgement.ok) throw new FormFaulty(judgement.errors);
  const { judged } = judgement;
  if (isTooMuch(countWanted(judged), expected.added, mostAtOnce))
    return orderAssigning(tx, acting, { chosen, judged, expected });
  const { userIds: _receivers, ...what } = judged.grants;
  const { begrundelse: reason, sagsnummer: caseNumber } = judged.input;
  const done = await assignRoles(tx, acting, { ...what, chosen, expected, reason, caseNumber }, mailing);
  return { ...done, outcome: { ...done.outcome, orderId: null } };
}

/** Where most is there already, little is written, but all of it has to be looked for. */
function isTooMuch(wanted: number, added: number | null, mostAtOnce: number): boolean {
  return (added ?? wanted) > mostAtOnce || wanted > 20 * mostAtOnce;
}

export type Assigning = Omit<Grants, 'userIds'> & {
  chosen: Chosen;
  expected: Expected;
  reason: string | null;
  caseNumber: string | null;
};

/** Gives the roles to all chosen users who can be given them now: what the preview showed, or nothing. */
export async function assignRoles(
  tx: Tx,
  { actor, onRecord, organisation }: Acting,
  { chosen, expected, reason, caseNumber, ...what }: Assigning,
  mailing: MailSetting,
): Promise<Change<Assigned>> {
  const { receivers, leftOut, likeOneself } = chosen;
  refuseIfOutdated(chosen, expected);
  const as = ensureCan(actor, 'role.assign', { organisationId: organisation.id });
  await ensureWithinServices(tx, actor, 'role.assign', organisation.id, what.roleIds);
  const giving: Giving = { actor, onRecord, organisation, as, likeOneself, reason, caseNumber };
  const wantedOnes = wantedRows(organisation.id, { ...what, userIds: receivers.map((user) => user.id) });
  const { wanted, added } = await giveWanted(tx, wantedOnes, giving);
  if (expected.added !== null && expected.added !== added) throw new PreviewOutdated();
  return {
    outcome: { receivers: receivers.length, added, alreadyThere: wanted - added, leftOut: leftOut.length },
    as,
    events: added === 0 ? [] : writtenByStatement,
    mails: added === 0 ? [] : await tellOversight(tx, giving, what.roleIds, mailing),
  };
}

function refuseIfOutdated({ receivers }: Chosen, expected: Expected): void {
  if (receivers.length === 0)
    throw new Conflict('Ingen af de valgte brugere kan få roller nu. Åbn siden igen, og se hvorfor.');
  if (expected.receivers !== null && expected.receivers !== receivers.length) throw new PreviewOutdated();
}

type Ordering = { chosen: Chosen; judged: Judged; expected: Expected };

async function orderAssigning(
  tx: Tx,
  { actor, onRecord, organisation }: Acting,
  { chosen, judged, expected }: Ordering,
): Promise<Change<Assigned & MaybeOrdered>> {
  refuseIfOutdated(chosen, expected);
  const { grants, roles, units, input } = judged;
  const as = ensureCan(actor, 'role.assign', { organisationId: organisation.id });
  const rows = await previewGrants(tx, organisation.id, grants);
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const [added, alreadyThere] = [sum((row) => row.added), sum((row) => row.alreadyThere)];
  if (expected.added !== null && expected.added !== added) throw new PreviewOutdated();
  const { userIds, ...what } = grants;
  const names = joinedWithAnd(roles.map((role) => role.name));
  const where = units.length === 0 ? '' : ` ved ${counted(units.length, 'SOR-enhed', 'SOR-enheder')}`;
  const placed = await placeOrder(
    tx,
    { onRecord, organisation, as },
    {
      kind: 'ASSIGN',
      terms: { ...what, reason: input.begrundelse, caseNumber: input.sagsnummer },
      userIds,
      perUser: countWanted(judged) / userIds.length,
      assignments: added,
      summary: `${counted(roles.length, 'rolle', 'roller')} til ${counted(userIds.length, 'bruger', 'brugere')}${where}: ${names}.`,
      sourceOrganisationId: null,
    },
  );
  const outcome = { receivers: userIds.length, added, alreadyThere, leftOut: chosen.leftOut.length };
  return { ...placed, outcome: { ...outcome, ...placed.outcome } };
}
