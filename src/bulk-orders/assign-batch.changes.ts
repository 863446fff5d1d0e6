import type { Tx } from '../db/access.ts';
import { ensureCan } from '../permissions/can.ts';
import type { ChosenUnit } from '../role-assignments/assign.queries.ts';
import { faultOfUnit, findChosenUnits } from '../role-assignments/assign.queries.ts';
import { giveWanted, tellOversight } from '../role-assignments/grants.changes.ts';
import { wantedRows } from '../role-assignments/grants.queries.ts';
import type { OrderedRole } from '../role-assignments/role-assignments.queries.ts';
import { listRolesNow } from '../role-assignments/role-assignments.queries.ts';
import { partChosen } from '../role-assignments/selection.ts';
import { ensureWithinServices } from '../role-assignments/service-limit.queries.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { joinedWithAnd } from '../shared/text.ts';
import type { Batch, BatchDone } from './batch.ts';
import { deletedAmong, joined, OrderIsVoid } from './batch.ts';
import type { OrderTerms } from './bulk-order.ts';

/** Gives the roles to the users who can be given them now; what cannot be given any longer is left out and told. */
export async function assignBatch(tx: Tx, batch: Batch, terms: OrderTerms['ASSIGN']): Promise<BatchDone> {
  const { actor, onRecord, organisation, users, mailing } = batch;
  const as = ensureCan(actor, 'role.assign', { organisationId: organisation.id });
  await ensureWithinServices(tx, actor, 'role.assign', organisation.id, terms.roleIds);
  if (terms.stop !== null && terms.stop < dayInDenmark())
    throw new OrderIsVoid('Slutdatoen er passeret, før resten blev nået.');
  const { receivers, leftOut, likeOneself } = partChosen(actor, organisation, users, 'role.assign');
  const { roleIds, sorCodes, faults } = await stillPossible(tx, batch, terms);
  const giving = { actor, onRecord, organisation, as, likeOneself, ...reasonOf(terms) };
  const userIds = receivers.map((user) => user.id);
  const { wanted, added } =
    roleIds.length === 0 || userIds.length === 0
      ? { wanted: 0, added: 0 }
      : await giveWanted(tx, wantedRows(organisation.id, { ...terms, userIds, roleIds, sorCodes }), giving);
  const missing = faults.length === 0 ? [] : userIds.map((userId) => ({ userId, reason: faults.join(' ') }));
  return {
    as,
    added,
    alreadyThere: wanted - added,
    withdrawn: 0,
    leftOut: joined([...deletedAmong(batch), ...leftOut, ...missing]),
    events: [],
    mails: added === 0 ? [] : await tellOversight(tx, giving, roleIds, mailing),
  };
}

function reasonOf({ reason, caseNumber }: OrderTerms['ASSIGN']) {
  return { reason, caseNumber };
}

/** The roles that the organisation may still give and the units that are still open, and in words what is not. */
async function stillPossible(
  tx: Tx,
  { organisation }: Batch,
  terms: OrderTerms['ASSIGN'],
): Promise<{ roleIds: number[]; sorCodes: string[]; faults: string[] }> {
  const roles = await listRolesNow(tx, organisation.id, terms.roleIds);
  const units = await findChosenUnits(tx, organisation, terms.sorCodes);
  const open = units.filter((unit) => faultOfUnit(unit) === null);
  const canBeGiven = (role: OrderedRole): boolean => role.isGivable && (!role.needsSor || open.length > 0);
  return {
    roleIds: roles.filter(canBeGiven).map((role) => role.id),
    sorCodes: open.map((unit) => unit.code),
    faults: [...faultsOfRoles(roles), ...faultsOfUnits(units)],
  };
}

function faultsOfRoles(roles: OrderedRole[]): string[] {
  const gone = roles.filter((role) => !role.isGivable).map((role) => role.name);
  return gone.length === 0 ? [] : [`Organisationen kan ikke længere tildele ${joinedWithAnd(gone)}.`];
}

function faultsOfUnits(units: ChosenUnit[]): string[] {
  return units.map(faultOfUnit).flatMap((fault) => (fault === null ? [] : [`${fault.split('. ')[0]}.`]));
}
