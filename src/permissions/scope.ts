import type { Actor } from './actor.ts';
import { kindsOf } from './can.ts';
import type { Action, ActorKind, Cell } from './rules.ts';
import { rules } from './rules.ts';

export type Scope = 'all' | readonly number[];

/** The organisations whose rows the action may list for this actor: the same cells that `can` reads. */
export function scope(actor: Actor, action: Action): Scope {
  if (
    actor.systemRoles.some((role) => reachOf(action, role === 'SYSTEM_OWNER' ? 'systemOwner' : 'servicedesk') === 'all')
  )
    return 'all';
  const held = new Set([
    ...actor.administrations.map((administration) => administration.organisationId),
    actor.organisationId,
  ]);
  return [...held].filter((id) => kindsOf(actor, id).some((kind) => reachOf(action, kind) === 'organisation'));
}

/** Whether the action can be allowed for any target in the organisation: what decides if a page shows its button. */
export function mayEver(actor: Actor, action: Action, organisationId: number): boolean {
  return kindsOf(actor, organisationId).some((kind) => ['all', 'organisation'].includes(reachOf(action, kind)));
}

/** Whether the system owner may ever do it in an organisation's place: what its own pages alone ask for. */
export function mayEverOnBehalf(actor: Actor, action: Action): boolean {
  return actor.systemRoles.includes('SYSTEM_OWNER') && reachOf(action, 'systemOwner') === 'emergency';
}

/** Whether somebody who is not signed in may do it: what a route that is open to everyone must ask for. */
export function isOpenToAnyone(action: Action): boolean {
  return reachOf(action, 'anyone') === 'all';
}

function reachOf(action: Action, kind: ActorKind): Cell['reach'] {
  const cell: Cell = rules[action][kind];
  return cell.reach;
}
