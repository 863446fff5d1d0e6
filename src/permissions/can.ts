import { Forbidden, NotFound } from '../shared/errors.ts';
import type { Actor, AdministratorKind, Person } from './actor.ts';
import { isUser } from './actor.ts';
import { refusalOf } from './conditions.ts';
import type { Action, ActorKind, Cell, Limit } from './rules.ts';
import { rules } from './rules.ts';

/** What an action is about to be done to; facts that no condition of the action reads may be left out. */
export type Target = {
  organisationId: number;
  selfAssignmentAllowed?: boolean;
  /** The user that is read or changed; absent when the target is the organisation as such. */
  user?: TargetUser;
};

export type TargetUser = {
  id: number;
  /** Administrator of any kind, of any organisation, also one that begins later; or holder of a system role. */
  isAdministrator: boolean;
  isLastOrganisationAdministrator?: boolean;
};

export type Decision =
  { allowed: true; as: ActorKind; limit: Limit | null } | { allowed: false; reason: string; isVisible: boolean };

const kindOfAdministrator: Record<AdministratorKind, ActorKind> = {
  ORGANISATION: 'organisationAdministrator',
  USER: 'userAdministrator',
  READ_ONLY: 'readOnlyAdministrator',
};

/** The kinds that the actor is towards the target's organisation, widest first. */
export function kindsOf(actor: Actor, organisationId: number): ActorKind[] {
  const administration = actor.administrations.find((held) => held.organisationId === organisationId);
  return [
    ...(actor.systemRoles.includes('SYSTEM_OWNER') ? (['systemOwner'] as const) : []),
    ...(administration === undefined ? [] : [kindOfAdministrator[administration.kind]]),
    ...(actor.systemRoles.includes('SERVICEDESK') ? (['servicedesk'] as const) : []),
    ...(actor.organisationId === organisationId ? (['user'] as const) : []),
  ];
}

/** Whether the actor may do this to the target, in which role, and if not why (Danish, what to do next). */
export function decide(actor: Actor, action: Action, target: Target): Decision {
  const kinds = kindsOf(actor, target.organisationId);
  let reason: string | null = null;
  for (const kind of kinds) {
    const cell: Cell = rules[action][kind];
    if (!reaches(cell, actor, target)) continue;
    const refused = refusalOf(cell.conditions, actor, target);
    if (refused === null) return { allowed: true, as: kind, limit: cell.limit };
    reason ??= refused;
  }
  return { allowed: false, reason: reason ?? noRight, isVisible: mayKnowOf(actor, kinds, target) };
}

/** Whether an employee without a user may do it, which is always about oneself alone. */
export function employeeMay(action: Action): boolean {
  const { reach }: Cell = rules[action].employee;
  return reach === 'self' || reach === 'all';
}

/** As `ensureCan`, for what a person does about oneself. @throws Forbidden */
export function ensureOwn(person: Person, action: Action): ActorKind {
  if (isUser(person)) {
    const user = { id: person.userId, isAdministrator: true };
    return ensureCan(person, action, { organisationId: person.organisationId, user });
  }
  if (!employeeMay(action)) throw new Forbidden(noRight, action);
  return 'employee';
}

export function can(actor: Actor, action: Action, target: Target): boolean {
  return decide(actor, action, target).allowed;
}

/** As `can`, but refuses: 404 for what the actor may not know of, else 403. Returns the role that was used. */
export function ensureCan(actor: Actor, action: Action, target: Target): ActorKind {
  const decision = decide(actor, action, target);
  if (decision.allowed) return decision.as;
  if (!decision.isVisible) throw new NotFound();
  throw new Forbidden(decision.reason, action);
}

/**
 * For what belongs to all organisations (services, status messages, settings): the actor's role that reaches all.
 * @throws Forbidden
 */
export function ensureEverywhere(actor: Actor, action: Action): ActorKind {
  const kind = kindsOf(actor, actor.organisationId).find((held) => rules[action][held].reach === 'all');
  if (kind === undefined) throw new Forbidden(noRight, action);
  return kind;
}

/**
 * For the system owner's act in an organisation's place, which only its own page with a written reason reaches; the change
 * must say `onBehalf` and mail the organisation's organisationsadministratorer. @throws Forbidden
 */
export function ensureEmergency(actor: Actor, action: Action, target: Target): ActorKind {
  const cell: Cell = rules[action].systemOwner;
  const isOwner = actor.systemRoles.includes('SYSTEM_OWNER') && cell.reach === 'emergency';
  const refused = isOwner ? refusalOf(cell.conditions, actor, target) : noRight;
  if (refused !== null) throw new Forbidden(refused, action);
  return 'systemOwner';
}

/** By which right a change is made: the actor's own (`ensureCan`), or the system owner's in the organisation's place. */
export type Ensure = (actor: Actor, action: Action, target: Target) => ActorKind;

/** In one of the actor's roles and no other: for acts that only that role has a page for. */
export function canAs(actor: Actor, kind: ActorKind, action: Action, target: Target): boolean {
  return refusalAs(actor, kind, action, target) === null;
}

/** As `canAs`, but refuses. @throws Forbidden */
export function ensureAs(actor: Actor, kind: ActorKind, action: Action, target: Target): ActorKind {
  const refused = refusalAs(actor, kind, action, target);
  if (refused !== null) throw new Forbidden(refused, action);
  return kind;
}

function refusalAs(actor: Actor, kind: ActorKind, action: Action, target: Target): string | null {
  const cell: Cell = rules[action][kind];
  const isHeld = kindsOf(actor, target.organisationId).includes(kind) && reaches(cell, actor, target);
  return isHeld ? refusalOf(cell.conditions, actor, target) : noRight;
}

const noRight = 'Det har du ikke rettighed til her. Kontakt en organisationsadministrator i organisationen.';

// An emergency act needs its own page with a written reason; no ordinary page reaches it.
function reaches(cell: Cell, actor: Actor, target: Target): boolean {
  if (cell.reach === 'all' || cell.reach === 'organisation') return true;
  return cell.reach === 'self' && target.user?.id === actor.userId;
}

function mayKnowOf(actor: Actor, kinds: ActorKind[], target: Target): boolean {
  return kinds.some((kind) => kind !== 'user') || target.user?.id === actor.userId;
}
