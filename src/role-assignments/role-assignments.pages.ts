import type { FieldErrors, Posted } from '../http/forms.ts';
import { typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import type { ServiceLimit } from '../permissions/service-limit.ts';
import { isWithin } from '../permissions/service-limit.ts';
import type { User } from '../users/user.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import { assignPath } from './assign.pages.ts';
import type { AssignmentRow } from './assignment.ts';
import { assignmentModel } from './assignment.ts';

type Withdraw = {
  organisation: AddressedOrganisation;
  user: User;
  assignments: AssignmentRow[];
  /** Null shows every service. */
  serviceId: number | null;
  mayWithdraw: boolean;
  mayAssign: boolean;
  /** The services whose roles the actor may edit and take away here. */
  limit: ServiceLimit;
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
      rows: shownRows.map((row) => ({
        ...assignmentModel(row),
        isTicked: ticked.has(String(row.id)),
        mayTick: row.state !== 'ended' && isWithin(withdraw.limit, row.serviceId),
        isOutsideArea: !isWithin(withdraw.limit, row.serviceId),
        editPath:
          withdraw.mayAssign && row.state !== 'ended' && isWithin(withdraw.limit, row.serviceId)
            ? `${path}/roller/${row.id}`
            : null,
      })),
      total: assignments.length,
      may: { withdraw: withdraw.mayWithdraw, assign: withdraw.mayAssign },
      errors: errorList(errors),
      onBehalf: null,
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
