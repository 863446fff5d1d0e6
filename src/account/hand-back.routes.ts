import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import { page, seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { AddressedOrganisation, Visit } from '../pages/visit.ts';
import { change, idInUrl } from '../pages/visit.ts';
import { assignmentModel } from '../role-assignments/assignment.ts';
import { withdrawAssignments } from '../role-assignments/role-assignments.changes.ts';
import { listAssignments } from '../role-assignments/role-assignments.queries.ts';
import { NotFound } from '../shared/errors.ts';

export function handBackPath(assignmentId: number | ':id'): string {
  return `/mine-adgange/${assignmentId}/aflever`;
}

/** Giving an own access back: once, after it was seen what goes. */
export const handBackRoutes: Route[] = [
  get(handBackPath(':id'), 'role.withdraw', showHandBack),
  post(handBackPath(':id'), 'role.withdraw', handBack),
];

async function showHandBack(visit: Visit, db: ReadDb): Promise<Answer> {
  const { organisationId, userId } = visit.actor;
  const id = idInUrl(visit);
  const assignment = (await listAssignments(db, organisationId, userId)).find((one) => one.id === id);
  if (assignment === undefined || assignment.state === 'ended') throw new NotFound();
  return page(
    'account/hand-back',
    'Aflever en adgang',
    { rows: [assignmentModel(assignment)], paths: { form: handBackPath(id) } },
    [{ label: 'Mine adgange', href: '/' }],
  );
}

async function handBack(visit: Visit): Promise<Answer> {
  const assignmentIds = [idInUrl(visit)];
  const done = await change(visit, ownOrganisation(visit), (tx, actor) =>
    withdrawAssignments(tx, actor, ownOrganisation(visit), { assignmentIds, userId: actor.userId }),
  );
  return seeOther('/', done.withdrawn === 0 ? 'Adgangen var allerede væk.' : 'Adgangen er afleveret.');
}

function ownOrganisation({ actor }: Visit): AddressedOrganisation {
  const { organisationId: id, cvr, organisationName: name } = actor;
  return { id, cvr, name, isClosed: false, selfAssignmentAllowed: false };
}
