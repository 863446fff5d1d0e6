import type { Actor } from './actor.ts';
import type { Target } from './can.ts';
import type { Condition } from './rules.ts';

type Check = (actor: Actor, target: Target) => string | null;

const isOneself: (actor: Actor, target: Target) => boolean = (actor, target) => target.user?.id === actor.userId;
const fulfilled: Check = () => null;

/** Each numbered condition as one sentence: null when it holds, else what to tell the person. */
const checks: Record<Condition, Check> = {
  notAnAdministrator: (actor, target) =>
    target.user?.isAdministrator === true && !isOneself(actor, target)
      ? 'Kun en organisationsadministrator kan ændre en administrator. Kontakt en organisationsadministrator.'
      : null,
  notOneself: (actor, target) =>
    isOneself(actor, target) ? 'Du kan ikke gøre det ved dig selv. Bed en anden administrator om det.' : null,
  notTheLastOrganisationAdministrator: (_actor, target) =>
    target.user?.isLastOrganisationAdministrator === true
      ? 'Organisationen skal altid have mindst én aktiv organisationsadministrator. Udpeg en anden først.'
      : null,
  notToOneselfUnlessAllowed: (actor, target) =>
    isOneself(actor, target) && target.selfAssignmentAllowed !== true
      ? 'Du kan ikke give dig selv roller. Bed en anden administrator om det.'
      : null,
  notOneselfUpwards: (actor, target) =>
    isOneself(actor, target) ? 'Du kan ikke ændre dine egne administratorrettigheder. Bed en anden om det.' : null,
  notOwnRequestOrAccess: (actor, target) =>
    isOneself(actor, target) && target.selfAssignmentAllowed !== true
      ? 'Du kan ikke afgøre din egen anmodning. Bed en anden administrator om det.'
      : null,
  notTheLockedOne: (actor, target) =>
    isOneself(actor, target)
      ? 'Du kan ikke ophæve din egen spærring. Bed en anden organisationsadministrator om det.'
      : null,
  // Kept where the change is made, since they need what the form or the database holds:
  onlyGivableRoles: fulfilled, // the trigger check_assignments and the queries of role-assignments
  confirmedByMail: fulfilled, // account.changes.ts
  withCaseNumberFor72Hours: fulfilled, // the form of the emergency lock
  asTheAgreementNames: fulfilled, // the agreement's named administrator
};

/** The first of the conditions that does not hold, as a sentence for the person; null when all hold. */
export function refusalOf(conditions: readonly Condition[], actor: Actor, target: Target): string | null {
  for (const condition of conditions) {
    const refused = checks[condition](actor, target);
    if (refused !== null) return refused;
  }
  return null;
}
