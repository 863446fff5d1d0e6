import type { FieldErrors, Posted } from '../http/forms.ts';
import { typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { isWithin, serviceLimit } from '../permissions/service-limit.ts';
import { placementText, scopeText } from '../role-assignments/assignment.ts';
import { needsText } from '../services/services.pages.ts';
import { counted } from '../shared/text.ts';
import type { StatusBox } from '../status/status.pages.ts';
import { errorList, organisationLine, usersPath } from '../users/users.pages.ts';
import type { FoundRole, RoleHolder } from './role.ts';
import { rolesPath } from './role-finder.pages.ts';
import type { Candidate } from './roles.queries.ts';
import { holdersPerPage } from './roles.queries.ts';

type Shown = {
  /** What goes on with the role's service. */
  status: StatusBox[];
  organisation: AddressedOrganisation;
  actor: Actor;
  role: FoundRole;
  holders: RoleHolder[];
  isFirstPage: boolean;
  search: string;
  candidates: Candidate[];
  posted: Posted;
  errors: FieldErrors;
};

/** Hvem har rollen: its holders here, with "Fjern" for what is ticked and "Tildel" for others. */
export function rolePage(shown: Shown): Page {
  const { organisation, actor, role, search, posted, errors } = shown;
  const isWithinArea = isWithin(serviceLimit(actor, organisation.id), role.serviceId);
  const ticked = new Set(typedList(posted, 'tildeling'));
  const rows = shown.holders.slice(0, holdersPerPage);
  const last = rows.at(-1);
  const path = rolesPath(organisation, `/${role.id}`);
  const hasMore = shown.holders.length > holdersPerPage && last !== undefined;
  const after = last && new URLSearchParams({ e: last.lastName, f: last.firstName, t: String(last.assignmentId) });
  const result = page(
    'roles/show',
    role.name,
    {
      organisation: { line: organisationLine(organisation) },
      role: { ...role, needs: needsText(role), synonyms: role.synonyms.join(', '), isOutsideArea: !isWithinArea },
      countText: counted(role.holders, 'bruger', 'brugere'),
      rows: rows.map((row) => ({
        ...holderModel(organisation, actor, row),
        isTicked: ticked.has(String(row.assignmentId)),
      })),
      may: {
        withdraw: isWithinArea && mayEver(actor, 'role.withdraw', organisation.id),
        assign: role.isGivable && isWithinArea && mayEver(actor, 'role.assign', organisation.id),
      },
      status: shown.status,
      search,
      candidates: shown.candidates.map((user) => ({ ...user, name: fullName(user) })),
      errors: errorList(errors),
      assignFields: [
        ['tildelservice', String(role.serviceId)],
        ['rolle', String(role.id)],
      ],
      first: shown.isFirstPage ? null : path,
      next: hasMore ? `${path}?${after?.toString() ?? ''}` : null,
      paths: { form: path, assign: `/organisationer/${organisation.cvr}/tildel-roller` },
    },
    [home, { label: 'Find en rolle', href: rolesPath(organisation) }],
  );
  return Object.keys(errors).length === 0 ? result : rejected(result);
}

function holderModel(organisation: AddressedOrganisation, actor: Actor, row: RoleHolder): object {
  const user = { id: row.userId, isAdministrator: row.isAdministrator };
  return {
    ...row,
    name: fullName(row),
    href: usersPath(organisation, `/${row.userId}`),
    placement: placementText(row),
    scopeName: scopeText(row) ?? '–',
    period: row.validTo === null ? `Fra ${row.validFrom}` : `${row.validFrom} – ${row.validTo}`,
    mayWithdraw: can(actor, 'role.withdraw', { organisationId: organisation.id, user }),
  };
}
