import type { ReadDb } from '../db/access.ts';
import { mailFaultText } from '../mail/mail-fault.ts';
import type { Answer } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { personalGet } from '../pages/route.ts';
import type { PersonalVisit } from '../pages/visit.ts';
import { fullName, isUser } from '../permissions/actor.ts';
import type { AssignmentRow } from '../role-assignments/assignment.ts';
import { assignmentModel, placementText } from '../role-assignments/assignment.ts';
import { listAssignments } from '../role-assignments/role-assignments.queries.ts';
import { NotFound } from '../shared/errors.ts';
import { formatCvr } from '../shared/text.ts';
import { administratorLine } from '../sign-in/sign-in.pages.ts';
import { findAdministrators } from '../sign-in/sign-in.queries.ts';
import { statusBox } from '../status/status.pages.ts';
import { findUser } from '../users/users.queries.ts';
import { employeePage } from './employee.pages.ts';
import { handBackPath } from './hand-back.routes.ts';

export const ownAccessRoutes: Route[] = [personalGet('/', 'portal.enter', showOwnAccess)];

/** The front page of sebanmod: what I can get into, and whom to ask for more. */
async function showOwnAccess(visit: PersonalVisit, db: ReadDb): Promise<Answer> {
  const { person: actor, services, signedIn } = visit;
  if (!isUser(actor)) return employeePage(visit, actor);
  const user = await findUser(db, actor.organisationId, actor.userId);
  if (user === null) throw new NotFound();
  const assignments = await listAssignments(db, actor.organisationId, actor.userId);
  const administrators = await findAdministrators(services.database, actor.cvr);
  return page('account/own-access', 'Mine adgange', {
    name: fullName(actor),
    organisation: `${actor.organisationName}, CVR ${formatCvr(actor.cvr)}`,
    username: user.username,
    signedInBy: signedIn.providerName,
    rows: assignments.map(assignmentModel),
    actions: assignments.filter(({ state }) => state !== 'ended').map(actionsOf),
    administrators: administrators.map(administratorLine),
    contact: services.contact,
    status: statusBox(services.status.current(), new Date()),
    mailFault: user.mailFault === null ? null : mailFaultText(user.mailFault),
  });
}

/** Handing back, and asking for more time where the time runs out; the request is then filled in as far as it is known. */
function actionsOf({ id, roleId, roleName, serviceName, sorCode, unitName, validTo }: AssignmentRow) {
  const name = `${roleName} (${serviceName})${sorCode === null ? '' : `, ${placementText({ sorCode, unitName })}`}`;
  const known = {
    adgang: 'almindelig',
    beskrivelse: `Jeg har brug for at beholde rollen ${roleName} efter ${validTo ?? ''}.`,
    rolle: String(roleId),
    ...(sorCode === null ? {} : { sor: sorCode }),
  };
  return {
    name,
    handBack: handBackPath(id),
    longer: validTo === null ? null : `/anmod?${new URLSearchParams(known).toString()}`,
  };
}
