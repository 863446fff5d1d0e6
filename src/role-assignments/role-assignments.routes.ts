import { batchLink } from '../batches/batch-link.ts';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOtherWithLink } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { changeInBatch, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { can, ensureCan } from '../permissions/can.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { counted } from '../shared/text.ts';
import type { User } from '../users/user.ts';
import { usersPath } from '../users/users.pages.ts';
import { getUser } from '../users/users.queries.ts';
import { assignRoutes } from './assign.routes.ts';
import { assignmentTermsRoutes } from './assignment-terms.routes.ts';
import { withdrawAssignments } from './role-assignments.changes.ts';
import { withdrawForm } from './role-assignments.forms.ts';
import { userRolesPage } from './role-assignments.pages.ts';
import { listAssignments } from './role-assignments.queries.ts';
import { withdrawalRoutes } from './withdrawal.routes.ts';

const manyFields = { fields: 1500, kilobytes: 200 };

export const roleAssignmentsRoutes: Route[] = [
  ...assignRoutes,
  ...withdrawalRoutes,
  get('/organisationer/:cvr/brugere/:id/roller', 'user.view', showUserRoles),
  post('/organisationer/:cvr/brugere/:id/roller', 'role.withdraw', withdraw, manyFields),
  ...assignmentTermsRoutes,
];

async function showUserRoles(visit: Visit, db: ReadDb): Promise<Answer> {
  const user = await getUser(db, organisationOf(visit).id, idInUrl(visit));
  return userRolesPageFor(visit, db, user, visit.draft ?? {}, {});
}

async function userRolesPageFor(
  visit: Visit,
  db: ReadDb,
  user: User,
  posted: Posted,
  errors: FieldErrors,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const target = { organisationId: organisation.id, selfAssignmentAllowed: organisation.selfAssignmentAllowed, user };
  const assignments = await listAssignments(db, organisation.id, user.id);
  const serviceId = /^\d{1,9}$/.test(typed(visit.query, 'service')) ? Number(typed(visit.query, 'service')) : null;
  const mayWithdraw = can(visit.actor, 'role.withdraw', target);
  const mayAssign = can(visit.actor, 'role.assign', target) && !user.isLocked;
  // One's own roles may be handed back whatever one answers for.
  const limit = user.id === visit.actor.userId ? null : serviceLimit(visit.actor, organisation.id);
  return userRolesPage({ organisation, user, assignments, serviceId, mayWithdraw, mayAssign, limit, posted, errors });
}

async function withdraw(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => getUser(db, organisationOf(visit).id, idInUrl(visit)));
  ensureCan(visit.actor, 'role.withdraw', { organisationId: organisation.id, user });
  const form = readForm(visit, withdrawForm);
  if (!form.ok) return read(visit, (db) => userRolesPageFor(visit, db, user, visit.posted, form.errors));
  const withdrawing = { userId: user.id, assignmentIds: form.value.tildeling };
  const { done, reference } = await changeInBatch(visit, organisation, (tx, actor) =>
    withdrawAssignments(tx, actor, organisation, withdrawing),
  );
  const gone = done.alreadyGone === 0 ? '' : ` ${counted(done.alreadyGone, 'rolle', 'roller')} var allerede fjernet.`;
  return seeOtherWithLink(
    usersPath(organisation, `/${user.id}/roller`),
    `${counted(done.withdrawn, 'rolle', 'roller')} er fjernet fra ${fullName(user)}.${gone}`,
    done.withdrawn === 0 ? undefined : batchLink(organisation, reference),
  );
}
