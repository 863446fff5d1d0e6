import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import { formatCvr } from '../shared/text.ts';
import { errorList, usersPath } from '../users/users.pages.ts';
import type { UserHit } from '../users/user-search.queries.ts';
import { mostHits } from '../users/user-search.queries.ts';
import type { SystemRoleHolder } from './system-role.ts';
import { systemRoleKinds, systemRoleNames } from './system-role.ts';

export const systemRolesPath = '/system/systemroller';

type Shown = {
  actor: Actor;
  holders: SystemRoleHolder[];
  search: string;
  found: UserHit[];
  posted: Posted;
  errors: FieldErrors;
};

/** Systemroller: who is system owner and servicedesk, and the users who can be made to. */
export function systemRolesPage({ actor, holders, search, found, posted, errors }: Shown): Page {
  const shown = page(
    'system-roles/index',
    'Systemroller',
    {
      kinds: systemRoleKinds.map(({ kind, may }) => ({
        kind,
        name: systemRoleNames[kind],
        may,
        isChosen: typed(posted, 'rolle') === kind,
      })),
      holders: holders.map((one) => {
        const user = { id: one.userId, isAdministrator: true };
        return {
          id: one.id,
          name: fullName(one),
          href: usersPath(one, `/${one.userId}`),
          email: one.email,
          organisation: `${one.organisationName}, CVR ${formatCvr(one.cvr)}`,
          role: systemRoleNames[one.kind],
          isLocked: one.isLocked,
          isOneself: one.userId === actor.userId,
          remove: can(actor, 'systemRole.remove', { organisationId: one.organisationId, user })
            ? `${systemRolesPath}/${one.id}/fjern`
            : null,
        };
      }),
      search,
      found: found.slice(0, mostHits).map((user) => ({
        id: user.id,
        name: fullName(user),
        email: user.email,
        organisation: user.organisationName,
        isChosen: typed(posted, 'bruger') === String(user.id),
        mayTick: user.id !== actor.userId && !user.isLocked,
        isLocked: user.isLocked,
      })),
      hasMore: found.length > mostHits,
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        list: systemRolesPath,
        form:
          search === '' ? systemRolesPath : `${systemRolesPath}?${new URLSearchParams({ soeg: search }).toString()}`,
      },
    },
    [home],
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}
