import type { Departure } from '../departures/departure.ts';
import { departureInWords } from '../departures/departure.ts';
import { emergencyActions } from '../emergency-locks/emergency-lock.ts';
import { mailFaultText } from '../mail/mail-fault.ts';
import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import { mayEver, mayEverOnBehalf } from '../permissions/scope.ts';
import type { AssignmentRow } from '../role-assignments/assignment.ts';
import { assignmentModel } from '../role-assignments/assignment.ts';
import type { User } from './user.ts';
import { administratorNames, lockEndText, statusText } from './user.ts';
import { lockActions } from './user-lock.ts';
import { organisationLine, usersCrumbs, usersPath } from './users.pages.ts';

/** One user with roles and what the actor may do here. */
export function userPage(
  organisation: AddressedOrganisation,
  actor: Actor,
  user: User,
  assignments: AssignmentRow[],
  departure: Departure | null,
): Page {
  const target = { organisationId: organisation.id, selfAssignmentAllowed: organisation.selfAssignmentAllowed, user };
  const path = usersPath(organisation, `/${user.id}`);
  const isOwn = user.id === actor.userId;
  return page(
    'users/show',
    fullName(user),
    {
      organisation: { line: organisationLine(organisation) },
      user: {
        ...user,
        administrator: user.administratorKind === null ? null : administratorNames[user.administratorKind],
        status: statusText(user),
        plannedLock: plannedLockText(user),
        lastLogin: user.lastLogin ?? 'Aldrig',
        mailFault: user.mailFault === null ? null : mailFaultText(user.mailFault),
      },
      assignments: assignments.map(assignmentModel),
      departure: departureInWords(departure),
      may: {
        ...lockActions(actor, organisation.id, user),
        delete: can(actor, 'user.delete', target),
        departure: can(actor, 'user.departure', target),
        edit: can(actor, 'user.edit', target),
        editOwn: isOwn,
        assign: can(actor, 'role.assign', target) && !user.isLocked,
        clone: mayEver(actor, 'user.clone', organisation.id),
        withdraw: can(actor, 'role.withdraw', target),
        seeLog: can(actor, 'report.changesOnUser', target),
        seeReport: can(actor, 'report.singleUser', target),
      },
      paths: {
        edit: `${path}/rediger`,
        lock: `${path}/spaer`,
        unlock: `${path}/laas-op`,
        departure: `${path}/fratraedelse`,
        delete: `${path}/slet`,
        roles: `${path}/roller`,
        clone: `${path}/klon`,
        log: `${path}/log`,
        report: `/organisationer/${organisation.cvr}/rapporter/enkelt-bruger?bruger=${user.id}`,
        assign: `/organisationer/${organisation.cvr}/tildel-roller?bruger=${user.id}`,
        own: '/mine-oplysninger',
      },
      further: furtherActions(organisation, actor, user),
    },
    usersCrumbs(organisation),
  );
}

/** What other features offer for this user: buttons after the page's own. */
function furtherActions(
  organisation: AddressedOrganisation,
  actor: Actor,
  user: User,
): { label: string; href: string }[] {
  const path = usersPath(organisation, `/${user.id}`);
  const emergency = emergencyActions(actor, organisation.id, user);
  return [
    ...(can(actor, 'accessCheck.view', { organisationId: organisation.id, user })
      ? [{ label: 'Adgangstjek', href: `${path}/adgangstjek` }]
      : []),
    ...(emergency.view ? [{ label: 'Se nødspærring', href: `${path}/noedspaerring` }] : []),
    ...(mayEverOnBehalf(actor, 'user.edit') && user.id !== actor.userId
      ? [
          {
            label: 'Handl på organisationens vegne',
            href: `/organisationer/${organisation.cvr}/paa-vegne/brugere/${user.id}`,
          },
        ]
      : []),
    ...(emergency.lock ? [{ label: 'Nødspær', href: `${path}/noedspaerring` }] : []),
  ];
}

/** "Spærres fra 01-12-2026 til og med 31-12-2026" while the lock lies ahead. */
function plannedLockText(user: User): string | null {
  return user.plannedLockFrom === null ? null : `Spærres fra ${user.plannedLockFrom}${lockEndText(user)}`;
}
