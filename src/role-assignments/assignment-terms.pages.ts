import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import type { User } from '../users/user.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import { unitModel } from './assign.pages.ts';
import type { CountedUnit } from './assign.queries.ts';
import type { AssignmentScope } from './assignment.ts';
import { placementText, scopeNames } from './assignment.ts';
import { asTyped } from './assignment-terms.forms.ts';
import type { Assignment } from './assignment-terms.queries.ts';

type TermsPage = {
  organisation: AddressedOrganisation;
  user: User;
  assignment: Assignment;
  unit: CountedUnit | null;
  isToOneself: boolean;
  posted: Posted;
  errors: FieldErrors;
  /** Somebody else changed the assignment while the form was open. */
  isStale: boolean;
};

/** Ret tildeling. */
export function termsPage(terms: TermsPage): Page {
  const { organisation, user, assignment, unit, posted, errors, isStale } = terms;
  const path = usersPath(organisation, `/${user.id}/roller`);
  const own = `${path}/${assignment.id}`;
  const shown = page(
    'role-assignments/terms',
    'Ret tildeling',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user), isLocked: user.isLocked },
      role: {
        name: assignment.roleName,
        code: assignment.roleCode,
        serviceName: assignment.serviceName,
        needsSor: assignment.needsSor,
        isGivable: assignment.isGivable,
      },
      isToOneself: terms.isToOneself,
      startsOn: danishDay(assignment.startsOn),
      hasBegun: assignment.hasBegun,
      // A stale form goes on from the version that is there now, once the person has seen what differs.
      version: isStale ? String(assignment.version) : typed(posted, 'version') || String(assignment.version),
      differences: isStale ? differences(assignment, posted) : null,
      sor: typed(posted, 'sor'),
      unit: unit === null || unit.unit === null ? null : unitModel(unit),
      unitIsClosed: unit?.unit?.isClosed === true,
      scope: typed(posted, 'omfang'),
      scopeNames,
      start: typed(posted, 'startdato'),
      stop: typed(posted, 'slutdato'),
      reason: typed(posted, 'begrundelse'),
      caseNumber: typed(posted, 'sagsnummer'),
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        form: own,
        save: own,
        back: path,
        picker: `/organisationer/${organisation.cvr}/sor`,
        find: `/organisationer/${organisation.cvr}/sor/find`,
      },
    },
    usersCrumbs(organisation, user),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function differences(assignment: Assignment, posted: Posted): { label: string; saved: string; yours: string }[] {
  const saved = asTyped(assignment);
  const scopeOf = (from: Posted): string => scopeNames[typed(from, 'omfang') as AssignmentScope] ?? '';
  const rows = [
    {
      label: 'SOR-enhed',
      saved: placementText(assignment),
      yours: typed(posted, 'sor'),
      differs: typed(saved, 'sor') !== typed(posted, 'sor').trim(),
    },
    { label: 'Omfang', saved: scopeOf(saved), yours: scopeOf(posted), differs: scopeOf(saved) !== scopeOf(posted) },
    ...(['startdato', 'slutdato'] as const).map((name) => ({
      label: name === 'startdato' ? 'Startdato' : 'Slutdato',
      saved: typed(saved, name),
      yours: typed(posted, name),
      differs: typed(saved, name) !== typed(posted, name).trim() && !(name === 'startdato' && assignment.hasBegun),
    })),
  ];
  return rows
    .filter((row) => row.differs && (assignment.needsSor || !['SOR-enhed', 'Omfang'].includes(row.label)))
    .map(({ label, saved: now, yours }) => ({ label, saved: now, yours }));
}
