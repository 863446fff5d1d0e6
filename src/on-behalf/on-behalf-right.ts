import type { Actor } from '../permissions/actor.ts';
import type { Target } from '../permissions/can.ts';
import { ensureEmergency } from '../permissions/can.ts';
import type { Action } from '../permissions/rules.ts';
import { Forbidden } from '../shared/errors.ts';

/** Whether a page offers the act; the change itself asks `ensureEmergency` again, under the lock. */
export function mayOnBehalf(actor: Actor, action: Action, target: Target): boolean {
  try {
    ensureEmergency(actor, action, target);
    return true;
  } catch (error) {
    if (error instanceof Forbidden) return false;
    throw error;
  }
}
