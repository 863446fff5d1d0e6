import type { Tx } from '../db/access.ts';
import { foreseeFor, getSource, partReceivers, totalsOf } from '../cloning/clone-outlook.ts';
import { carryOutClone } from '../cloning/cloning.changes.ts';
import { findOrganisation } from '../cloning/cloning.queries.ts';
import { placementText } from '../role-assignments/assignment.ts';
import { NotFound } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import type { Batch, BatchDone } from './batch.ts';
import { deletedAmong, joined, OrderIsVoid } from './batch.ts';
import type { ClonePlan } from '../cloning/clone-plan.ts';
import type { OrderTerms } from './bulk-order.ts';

/** Gives the source's roles to some of the receivers, under the rules of this moment in both organisations. */
export async function cloneBatch(tx: Tx, batch: Batch, terms: OrderTerms['CLONE']): Promise<BatchDone> {
  const { actor, onRecord, organisation: to, users, mailing } = batch;
  const from = await findOrganisation(tx, batch.sourceOrganisationId ?? to.id);
  if (from === null) throw new NotFound();
  const source = await getSource(tx, actor, { from, to }, terms.sourceId).catch(sayGone);
  const chosen = partReceivers(actor, to, users, terms);
  const between = { from, to };
  const outlook = await foreseeFor(tx, actor, between, terms, { source, chosen });
  if (outlook.plan.given.length === 0)
    throw new OrderIsVoid('Ingen af rollerne kan klones længere: de er fjernet fra kilden eller kan ikke tildeles nu.');
  const done = await carryOutClone(tx, { actor, onRecord }, { between, terms, outlook }, mailing);
  const faults = faultsOf(outlook.plan, terms.assignmentIds.length);
  const missing = faults === null ? [] : chosen.receivers.map(({ id }) => ({ userId: id, reason: faults }));
  return {
    as: done.as,
    added: done.added,
    alreadyThere: totalsOf(outlook.rows).alreadyThere,
    withdrawn: done.withdrawn,
    leftOut: joined([...deletedAmong(batch), ...chosen.leftOut, ...missing]),
    events: done.events,
    mails: done.mails,
  };
}

function sayGone(error: unknown): never {
  if (error instanceof NotFound) throw new OrderIsVoid('Brugeren, der klones fra, er slettet.');
  throw error;
}

/** What was to be cloned and is not any longer; null when all is. */
function faultsOf({ given, leftOut }: ClonePlan, ordered: number): string | null {
  const named = leftOut.map(
    ({ role, reason }) => `${role.roleName}, ${placementText(role)}, er ikke klonet: ${reason}`,
  );
  const gone = ordered - given.length - leftOut.length;
  const lost = gone > 0 ? [`${counted(gone, 'rolle', 'roller')} har kilden ikke længere.`] : [];
  return [...named, ...lost].join(' ') || null;
}
