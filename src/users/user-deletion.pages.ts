import type { FieldErrors, Posted } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import type { AssignmentRow } from '../role-assignments/assignment.ts';
import { placementText, scopeNames } from '../role-assignments/assignment.ts';
import { counted } from '../shared/text.ts';
import type { User } from './user.ts';
import { administratorNames } from './user.ts';
import type { AccessOfUser } from './user-deletion.ts';
import { markOfAccess } from './user-deletion.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from './users.pages.ts';

type Deletion = {
  organisation: AddressedOrganisation;
  user: User;
  access: AccessOfUser;
  posted: Posted;
  errors: FieldErrors;
  /** Something changed since the page was shown. */
  isStale?: boolean;
};

/** Slet bruger: what will be removed, by service, before anything is. */
export function deletePage({ organisation, user, access, posted, errors, isStale = false }: Deletion): Page {
  const path = usersPath(organisation, `/${user.id}`);
  const shown = page(
    'users/delete',
    'Slet bruger',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user), rid: user.rid, username: user.username, email: user.email },
      isStale,
      rolesText:
        access.assignments.length === 0
          ? 'Brugeren har ingen roller.'
          : `${counted(access.assignments.length, 'rolle', 'roller')} bliver fjernet:`,
      services: byService(access.assignments),
      administrations: access.administrations.map(
        ({ kind, organisationName }) => `${administratorNames[kind]} i ${organisationName}`,
      ),
      version: String(user.version),
      mark: markOfAccess(access),
      reason: fieldOf(
        { name: 'begrundelse', label: 'Begrundelse', hint: 'Står i ændringsloggen. Skriv ikke CPR-numre.' },
        posted,
        errors,
      ),
      errors: errorList(errors),
      onBehalf: null,
      paths: { form: `${path}/slet`, user: path, lock: `${path}/spaer`, departure: `${path}/fratraedelse` },
    },
    usersCrumbs(organisation, user),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function byService(assignments: AssignmentRow[]): { name: string; roles: string[] }[] {
  const services = new Map<string, string[]>();
  for (const row of assignments) {
    const scope = row.sorCode === null ? '' : `, ${scopeNames[row.scope].toLowerCase()}`;
    const later = row.state === 'future' ? ` (gælder fra ${row.validFrom})` : '';
    const roles = services.get(row.serviceName) ?? [];
    roles.push(`${row.roleName}: ${placementText(row)}${scope}${later}`);
    services.set(row.serviceName, roles);
  }
  return [...services].map(([name, roles]) => ({ name, roles }));
}
