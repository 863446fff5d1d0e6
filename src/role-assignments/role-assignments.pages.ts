import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import type { SorUnit } from '../sor/sor-unit.ts';
import { counted } from '../shared/text.ts';
import type { User } from '../users/user.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { ServiceChoice } from '../users/users.queries.ts';
import type { AssignmentRow, GivableRole } from './assignment.ts';
import { assignmentModel, placementText, scopeNames } from './assignment.ts';
import type { HeldPlacement } from './role-assignments.queries.ts';
import type { Chosen, Selection } from './selection.ts';
import { selectionFields } from './selection.ts';

export function assignPath({ cvr }: { cvr: string }): string {
  return `/organisationer/${cvr}/tildel-roller`;
}

/** The unit that was chosen or typed, with how many units "og underenheder" covers today. */
export type ChosenUnit = { unit: SorUnit; subunits: number } | null;

type Assign = {
  organisation: AddressedOrganisation;
  selection: Selection;
  chosen: Chosen;
  services: ServiceChoice[];
  service: ServiceChoice | null;
  roles: GivableRole[];
  /** Where the only receiver holds the roles already; empty for several. */
  held: HeldPlacement[];
  unit: ChosenUnit;
  posted: Posted;
  errors: FieldErrors;
};

const namesShown = 10;

/** Tildel roller: who, which service, which roles, where, why, on one page. */
export function assignPage(assign: Assign): Page {
  const { organisation, selection, chosen, service, roles, posted, errors, unit } = assign;
  const ticked = new Set(typedList(posted, 'rolle'));
  const shown = page(
    'role-assignments/assign',
    'Tildel roller',
    {
      organisation: { line: organisationLine(organisation) },
      receivers: {
        count: chosen.receivers.length,
        text: counted(chosen.receivers.length, 'bruger', 'brugere'),
        names: chosen.receivers.slice(0, namesShown).map(fullName),
        others: Math.max(0, chosen.receivers.length - namesShown),
      },
      leftOut: {
        count: chosen.leftOut.length,
        shown: chosen.leftOut.slice(0, namesShown),
        others: Math.max(0, chosen.leftOut.length - namesShown),
      },
      likeOneself: chosen.likeOneself.map(fullName),
      selectionFields: selectionFields(selection),
      isMatching: selection.kind === 'matching',
      services: assign.services,
      service,
      roles: roles.map((role) => roleModel(role, assign, ticked)),
      needsUnit: roles.some((role) => role.needsSor),
      sor: typed(posted, 'sor'),
      unit: unit === null ? null : { ...unit.unit, subunitsText: counted(unit.subunits, 'underenhed', 'underenheder') },
      scope: typed(posted, 'omfang'),
      scopeNames,
      reason: typed(posted, 'begrundelse'),
      caseNumber: typed(posted, 'sagsnummer'),
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        form: assignPath(organisation),
        save: savePath(assign),
        picker: `/organisationer/${organisation.cvr}/sor`,
        list: usersPath(organisation),
        find: `/organisationer/${organisation.cvr}/sor/find`,
      },
    },
    usersCrumbs(organisation),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

// The selection and the service stay in the address, so that the page can be shown again after a new login.
function savePath({ organisation, selection, service }: Assign): string {
  const fields = [...selectionFields(selection), ['tildelservice', String(service?.id ?? '')]];
  return `${assignPath(organisation)}?${new URLSearchParams(fields).toString()}`;
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
    : `${counted(role.holders, 'bruger', 'brugere')} af de valgte har rollen i dag`;
}

type Withdraw = {
  organisation: AddressedOrganisation;
  user: User;
  assignments: AssignmentRow[];
  /** Null shows every service. */
  serviceId: number | null;
  mayWithdraw: boolean;
  mayAssign: boolean;
  posted: Posted;
  errors: FieldErrors;
};

/** Rediger brugerroller: what a user has, by service, with "Fjern" for what is ticked. */
export function userRolesPage(withdraw: Withdraw): Page {
  const { organisation, user, assignments, serviceId, errors, posted } = withdraw;
  const ticked = new Set(typedList(posted, 'tildeling'));
  const services = new Map(assignments.map((row) => [row.serviceId, `${row.serviceName} (${row.serviceCode})`]));
  const shownRows = serviceId === null ? assignments : assignments.filter((row) => row.serviceId === serviceId);
  const path = usersPath(organisation, `/${user.id}`);
  const shown = page(
    'role-assignments/user-roles',
    'Rediger brugerroller',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user), isLocked: user.isLocked },
      services: [...services].map(([id, label]) => ({ id, label, isChosen: id === serviceId })),
      rows: shownRows.map((row) => ({ ...assignmentModel(row), isTicked: ticked.has(String(row.id)) })),
      total: assignments.length,
      may: { withdraw: withdraw.mayWithdraw, assign: withdraw.mayAssign },
      errors: errorList(errors),
      paths: {
        form: serviceId === null ? `${path}/roller` : `${path}/roller?service=${serviceId}`,
        filter: `${path}/roller`,
        user: path,
        assign: `${assignPath(organisation)}?bruger=${user.id}`,
      },
    },
    usersCrumbs(organisation, user),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}
