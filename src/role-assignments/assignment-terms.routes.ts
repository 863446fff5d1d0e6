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
import { ensureCan } from '../permissions/can.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { Conflict, FieldRefused, NotFound, StaleForm } from '../shared/errors.ts';
import type { User } from '../users/user.ts';
import { usersPath } from '../users/users.pages.ts';
import { findUser } from '../users/users.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { findChosenUnits, withSubunits } from './assign.queries.ts';
import { editAssignment, isOverText } from './assignment-terms.changes.ts';
import { asTyped, faultsOfTerms, termsForm, termsOf } from './assignment-terms.forms.ts';
import { termsPage } from './assignment-terms.pages.ts';
import type { Assignment } from './assignment-terms.queries.ts';
import { findAssignment } from './assignment-terms.queries.ts';
import { ensureWithinServices } from './service-limit.queries.ts';

export const assignmentTermsRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/:id/roller/:assignment', 'role.assign', showTerms),
  post('/organisationer/:cvr/brugere/:id/roller/:assignment', 'role.assign', editTerms),
];

type Addressed = { user: User; assignment: Assignment };

async function showTerms(visit: Visit, db: ReadDb): Promise<Answer> {
  const addressed = await getAssignment(visit, db);
  const chosenInPicker = Object.keys(visit.query).length > 0 ? visit.query : null;
  const posted = visit.draft ?? { ...asTyped(addressed.assignment), ...chosenInPicker };
  return termsPageFor(visit, db, addressed, posted, {});
}

async function termsPageFor(
  visit: Visit,
  db: ReadDb,
  { user, assignment }: Addressed,
  posted: Posted,
  errors: FieldErrors,
  isStale = false,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const code = typed(posted, 'sor').trim();
  const [unit] = await withSubunits(
    db,
    organisation,
    await findChosenUnits(db, organisation, code === '' ? [] : [code]),
  );
  const isToOneself = user.id === visit.actor.userId;
  return termsPage({ organisation, user, assignment, unit: unit ?? null, isToOneself, posted, errors, isStale });
}

async function editTerms(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const addressed = await read(visit, (db) => getAssignment(visit, db));
  const { user, assignment } = addressed;
  const again = (errors: FieldErrors): Promise<Page> =>
    read(visit, (db) => termsPageFor(visit, db, addressed, visit.posted, errors));
  const form = readForm(visit, termsForm);
  if (!form.ok) return again(form.errors);
  const today = dayInDenmark();
  const terms = termsOf(assignment, form.value, today);
  const { version, begrundelse: reason, sagsnummer: caseNumber } = form.value;
  if (version === assignment.version) {
    const errors = {
      ...faultsOfTerms(assignment, terms, form.value, today),
      ...(reason === null && user.id === visit.actor.userId
        ? { begrundelse: 'Skriv en begrundelse. Det kræves, når du retter dine egne roller' }
        : {}),
    };
    if (Object.keys(errors).length > 0) return again(errors);
  }
  try {
    const editing = { userId: user.id, assignmentId: assignment.id, version, terms, reason, caseNumber };
    const { done, reference } = await changeInBatch(visit, organisation, (tx, actor, onRecord) =>
      editAssignment(tx, actor, onRecord, organisation, editing, mailSettingOf(visit)),
    );
    return seeOtherWithLink(
      usersPath(organisation, `/${user.id}/roller`),
      done.changed ? `Tildelingen af ${assignment.roleName} er rettet.` : 'Der var ingen ændringer at gemme.',
      done.changed ? batchLink(organisation, reference) : undefined,
    );
  } catch (error) {
    if (error instanceof StaleForm)
      return read(visit, async (db) => termsPageFor(visit, db, await getAssignment(visit, db), visit.posted, {}, true));
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}

/** The user and the assignment of the URL, both of this organisation, and still to be edited. */
async function getAssignment(visit: Visit, db: ReadDb): Promise<Addressed> {
  const { id: organisationId, selfAssignmentAllowed } = organisationOf(visit);
  const user = await findUser(db, organisationId, idInUrl(visit));
  const assignment =
    user === null ? null : await findAssignment(db, organisationId, user.id, idInUrl(visit, 'assignment'));
  if (user === null || assignment === null)
    throw new NotFound('Tildelingen findes ikke i organisationen. Find brugeren i brugeroversigten.');
  ensureCan(visit.actor, 'role.assign', { organisationId, selfAssignmentAllowed, user });
  await ensureWithinServices(db, visit.actor, 'role.assign', organisationId, [assignment.roleId]);
  if (assignment.isOver) throw new Conflict(isOverText);
  return { user, assignment };
}
