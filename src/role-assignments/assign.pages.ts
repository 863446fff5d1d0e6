import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { counted, formatNumber } from '../shared/text.ts';
import type { StatusBox } from '../status/status.pages.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { ServiceChoice } from '../users/users.queries.ts';
import type { CountedUnit } from './assign.queries.ts';
import { faultOfUnit } from './assign.queries.ts';
import type { GivableRole } from './assignment.ts';
import { placementText, scopeNames } from './assignment.ts';
import { codesIn } from './placements.ts';
import type { HeldPlacement } from './role-assignments.queries.ts';
import type { Chosen, Selection } from './selection.ts';
import { selectionFields } from './selection.ts';

export function assignPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/tildel-roller${rest}`;
}

/** What is chosen and typed in the form, as fields of a URL or hidden ones; empty ones are left out. */
export function assignFields(posted: Posted): [name: string, value: string][] {
  const fields: [string, string][] = [
    ...['tildelservice'].map((name): [string, string] => [name, typed(posted, name)]),
    ...typedList(posted, 'rolle').map((value): [string, string] => ['rolle', value]),
    ...codesIn(posted.sor).map((code): [string, string] => ['sor', code]),
    ...['omfang', 'startdato', 'slutdato', 'begrundelse', 'sagsnummer'].map((name): [string, string] => [
      name,
      typed(posted, name),
    ]),
  ];
  return fields.filter(([, value]) => value !== '');
}

type Assign = {
  organisation: AddressedOrganisation;
  selection: Selection;
  chosen: Chosen;
  services: ServiceChoice[];
  service: ServiceChoice | null;
  /** What goes on with the service. */
  status: StatusBox[];
  roles: GivableRole[];
  /** Where the only receiver holds the roles already; empty for several. */
  held: HeldPlacement[];
  units: CountedUnit[];
  posted: Posted;
  errors: FieldErrors;
};

const namesShown = 10;

/** Tildel roller: who, which service, which roles, where, from when to when, and why, on one page. */
export function assignPage(assign: Assign): Page {
  const { organisation, selection, chosen, service, roles, posted, errors, units } = assign;
  const ticked = new Set(typedList(posted, 'rolle'));
  const shown = page(
    'role-assignments/assign',
    'Tildel roller',
    {
      organisation: { line: organisationLine(organisation) },
      ...chosenModel(chosen),
      selectionFields: selectionFields(selection),
      services: assign.services,
      service,
      status: assign.status,
      roles: roles.map((role) => roleModel(role, assign, ticked)),
      needsUnit: roles.some((role) => role.needsSor),
      units: units.filter((one) => faultOfUnit(one) === null).map(unitModel),
      // What is not a unit of the organisation stays in the field, to be corrected.
      sor: units
        .filter((one) => faultOfUnit(one) !== null)
        .map((one) => one.code)
        .join(' '),
      scope: typed(posted, 'omfang'),
      scopeNames,
      start: typed(posted, 'startdato'),
      stop: typed(posted, 'slutdato'),
      reason: typed(posted, 'begrundelse'),
      caseNumber: typed(posted, 'sagsnummer'),
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        form: assignPath(organisation),
        preview: assignPath(organisation, '/gennemse'),
        picker: `/organisationer/${organisation.cvr}/sor`,
        list: usersPath(organisation),
        find: `/organisationer/${organisation.cvr}/sor/find`,
      },
    },
    usersCrumbs(organisation),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** Who was chosen, in words: those it is about, those it cannot be about and why, and those who are like oneself. */
export function chosenModel({ receivers, leftOut, likeOneself }: Chosen): object {
  // A filter can have come to match nobody.
  const [nobody, why] =
    leftOut.length > 0
      ? ['Ingen af de valgte', 'Herunder ser du hvorfor.']
      : ['Ingen brugere', 'Ingen passer på det, du valgte.'];
  return {
    receivers: {
      count: receivers.length,
      text: receivers.length > 0 ? counted(receivers.length, 'bruger', 'brugere') : nobody,
      names:
        receivers.length > 0 ? receivers.slice(0, namesShown).map(fullName).join(', ') + andOthers(receivers) : why,
    },
    leftOut: {
      count: leftOut.length,
      isAll: receivers.length === 0,
      text: formatNumber(leftOut.length),
      shown: leftOut.slice(0, namesShown),
      others: andOthers(leftOut),
    },
    likeOneself: likeOneself.map(fullName),
  };
}

function andOthers(all: readonly unknown[]): string {
  return all.length > namesShown ? ` og ${formatNumber(all.length - namesShown)} andre` : '';
}

export function unitModel({ unit, code, subunits }: CountedUnit): object {
  return {
    code,
    name: unit?.name ?? 'Ukendt enhed',
    entityType: unit?.entityType ?? '',
    subunitsText: counted(subunits, 'underenhed', 'underenheder'),
  };
}

function roleModel(role: GivableRole, { chosen, held }: Assign, ticked: Set<string>): object {
  const placements = held.filter((one) => one.roleId === role.id).map(placementText);
  const isHeldByAll = role.holders > 0 && role.holders === chosen.receivers.length;
  return {
    ...role,
    isTicked: ticked.has(String(role.id)),
    // A role with a unit can be given again at another unit; one without cannot.
    isDone: isHeldByAll && !role.needsSor,
    heldText: heldText(role, chosen.receivers.length, placements),
  };
}

function heldText(role: GivableRole, receivers: number, placements: string[]): string | null {
  if (role.holders === 0) return null;
  if (receivers === 1) return `Har rollen i dag: ${placements.join('; ')}`;
  return role.holders === receivers
    ? 'Alle de valgte har rollen i dag'
    : `${formatNumber(role.holders)} af de valgte brugere har rollen i dag`;
}
