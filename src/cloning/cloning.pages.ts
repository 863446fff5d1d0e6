import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { unitModel } from '../role-assignments/assign.pages.ts';
import type { CountedUnit } from '../role-assignments/assign.queries.ts';
import { periodOf, placementText, scopeText } from '../role-assignments/assignment.ts';
import type { User } from '../users/user.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import type { Between } from './clone-outlook.ts';
import type { CloneableRole } from './clone-plan.ts';

export function clonePath(from: { cvr: string }, userId: number, rest = ''): string {
  return usersPath(from, `/${userId}/klon${rest}`);
}

type ClonePage = {
  /** The actor answers for some services only. */
  isLimited: boolean;
  between: Between;
  user: User;
  /** The organisations that the actor may clone to, by name. */
  organisations: { cvr: string; name: string }[];
  roles: CloneableRole[];
  /** What takes the place of each of the source's units that cannot be used here. */
  units: Map<string, CountedUnit>;
  receivers: ChosenUser[];
  found: { user: ChosenUser; reason: string | null }[];
  likeOneself: string[];
  posted: Posted;
  errors: FieldErrors;
};

/** Klon: which roles, to which organisation's users, and whether theirs are kept. */
export function clonePage(clone: ClonePage): Page {
  const { between, user, organisations, receivers, found, posted, errors } = clone;
  const { from, to } = between;
  const path = clonePath(from, user.id);
  const shown = page(
    'cloning/clone',
    'Klon',
    {
      organisation: { line: organisationLine(from) },
      user: { name: fullName(user) },
      roles: clone.roles.map((role) => roleModel(role, posted, to)),
      organisations: organisations.map((one) => ({ ...one, isChosen: one.cvr === to.cvr })),
      to: { name: to.name, line: organisationLine(to), isOther: from.id !== to.id },
      units: unitsToChoose(clone),
      search: typed(posted, 'soeg'),
      receivers: receivers.map((one) => ({ id: one.id, name: fullName(one), email: one.email })),
      found: found.map(({ user: one, reason }) => ({ id: one.id, name: fullName(one), email: one.email, reason })),
      likeOneself: clone.likeOneself,
      isReplacing: typed(posted, 'slet') === '1',
      isLimited: clone.isLimited,
      reason: typed(posted, 'begrundelse'),
      caseNumber: typed(posted, 'sagsnummer'),
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        form: path,
        preview: `${path}/gennemse`,
        user: usersPath(from, `/${user.id}`),
        picker: `/organisationer/${to.cvr}/sor`,
        find: `/organisationer/${to.cvr}/sor/find`,
      },
    },
    usersCrumbs(from, user),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function roleModel(role: CloneableRole, posted: Posted, to: AddressedOrganisation): object {
  // All are ticked to begin with; after that, what the person left ticked.
  const isFirst = typed(posted, 'valgt') !== '1';
  const ticked = typedList(posted, 'tildeling');
  const against = !role.isGivable
    ? `${to.name} kan ikke tildele rollen nu`
    : role.isWithinArea
      ? null
      : 'Uden for dit ansvarsområde';
  return {
    ...role,
    placement: placementText(role),
    scopeName: scopeText(role),
    period: periodOf(role),
    isTicked: against === null && (isFirst || ticked.includes(String(role.assignmentId))),
    against,
  };
}

/** The source's units that cannot be used in the receiver's organisation, each with the field that takes its place. */
function unitsToChoose({ roles, units, posted }: ClonePage): object[] {
  const unusable = new Map<string, CloneableRole>();
  for (const role of roles)
    if (role.isGivable && role.isWithinArea && !role.unitIsUsable && role.sorCode !== null)
      unusable.set(role.sorCode, role);
  return [...unusable].map(([code, role]) => {
    const chosen = units.get(code);
    return {
      name: `enhed-${code}`,
      label: placementText(role),
      value: typed(posted, `enhed-${code}`),
      unit: chosen === undefined || chosen.unit === null ? null : unitModel(chosen),
    };
  });
}
