import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { parseForm } from '../http/forms.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import type { ChosenUnit } from './assign.queries.ts';
import { faultOfUnit, findChosenUnits } from './assign.queries.ts';
import type { GivableRole } from './assignment.ts';
import type { Grants } from './grants.queries.ts';
import { faultsOfPeriod } from './period.ts';
import { assignForm } from './role-assignments.forms.ts';
import type { AssignInput } from './role-assignments.forms.ts';
import { listGivableRoles } from './role-assignments.queries.ts';
import type { Chosen } from './selection.ts';

/** More than any organisation gives at one time; a change must be done within a minute. */
const mostGrants = 60_000;

/** A form of Tildel roller that can be carried out, with what its preview shows. */
export type Judged = {
  input: AssignInput;
  grants: Grants;
  roles: GivableRole[];
  units: ChosenUnit[];
};

type Judgement = { ok: true; judged: Judged } | { ok: false; errors: FieldErrors };

/** What the form says, and whether it can be done: roles givable, units open and the organisation's own, dates in order. */
export async function judgeAssigning(
  db: ReadDb,
  actor: Actor,
  organisation: AddressedOrganisation,
  chosen: Chosen,
  posted: Posted,
): Promise<Judgement> {
  const form = parseForm(assignForm, posted);
  if (!form.ok) return form;
  const input = form.value;
  if (chosen.receivers.length === 0)
    return refused(
      'form',
      chosen.leftOut.length > 0
        ? 'Ingen af de valgte brugere kan få roller nu. Se hvorfor på listen.'
        : 'Ingen brugere passer på det, du valgte. Vælg andre brugere.',
    );
  const givable = await listGivableRoles(db, actor, organisation.id, input.tildelservice, []);
  const roles = givable.filter((role) => input.rolle.includes(role.id));
  if (roles.length !== input.rolle.length)
    return refused('rolle', 'Organisationen kan ikke tildele en af rollerne. Vælg på listen igen');
  const needsUnit = roles.some((role) => role.needsSor);
  const units = needsUnit ? await findChosenUnits(db, organisation, input.sor) : [];
  const errors = {
    ...(needsUnit ? faultsOfPlacement(units, input) : {}),
    ...faultsOfPeriod({ start: input.startdato, stop: input.slutdato }, dayInDenmark()),
    ...faultsOfReason(actor, chosen, input.begrundelse),
  };
  const grants = grantsOf(chosen, input, units);
  const count = countWanted({ grants, roles, units });
  if (count > mostGrants)
    return refused(
      'form',
      `Det er ${counted(count, 'tildeling', 'tildelinger')} på én gang. Vælg færre brugere, roller eller enheder, så det højst er ${formatNumber(mostGrants)}.`,
    );
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, judged: { input, grants, roles, units } };
}

/** How many assignments it is for all users, those counted in that are there already. */
export function countWanted({ grants, roles, units }: Pick<Judged, 'grants' | 'roles' | 'units'>): number {
  return grants.userIds.length * roles.reduce((sum, role) => sum + (role.needsSor ? units.length : 1), 0);
}

function refused(field: string, message: string): Judgement {
  return { ok: false, errors: { [field]: message } };
}

function faultsOfPlacement(units: ChosenUnit[], { omfang }: AssignInput): FieldErrors {
  const faults = units.map(faultOfUnit).filter((fault) => fault !== null);
  const unitFault = units.length === 0 ? 'Vælg en SOR-enhed. En af rollerne kræver det' : faults[0];
  return {
    ...(unitFault === undefined ? {} : { sor: unitFault }),
    ...(omfang === undefined ? { omfang: 'Vælg, om rollen også gælder underenheder' } : {}),
  };
}

/** Giving roles to oneself needs a written reason (permissions, condition 6). */
export function faultsOfReason(actor: Actor, { likeOneself }: Chosen, reason: string | null): FieldErrors {
  const isToOneself = likeOneself.some((user) => user.id === actor.userId);
  return reason === null && isToOneself
    ? { begrundelse: 'Skriv en begrundelse. Det kræves, når du giver dig selv roller' }
    : {};
}

function grantsOf(chosen: Chosen, input: AssignInput, units: ChosenUnit[]): Grants {
  return {
    userIds: chosen.receivers.map((user) => user.id),
    roleIds: input.rolle,
    sorCodes: units.map((unit) => unit.code),
    scope: input.omfang ?? 'UNIT_AND_SUBUNITS',
    start: input.startdato,
    stop: input.slutdato,
  };
}
