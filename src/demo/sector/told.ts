import type { AuditEvent } from '../../audit/events.ts';
import { systemName } from '../../audit/record-system-change.ts';
import type { ActorKind } from '../../permissions/rules.ts';
import type { Giver } from './givers.ts';
import type { WrittenUser } from './write-users.ts';

/** Who did it, as the log keeps it. */
export type By = {
  actor_kind: 'PERSON' | 'EMPLOYEE' | 'OPERATOR' | 'SYSTEM';
  actor_user_id: number | null;
  actor_name: string;
  actor_role: ActorKind | 'Drift';
};

/** An event of the made-up past; null: nobody but whoever made the demo could have done it. */
export type Told = AuditEvent & { at: string; by: By | null };

export const system: By = { actor_kind: 'SYSTEM', actor_user_id: null, actor_name: systemName, actor_role: 'system' };

export function administratorBy({ id, name }: WrittenUser, kind: Giver['kind']): By {
  const actor_role = kind === 'ORGANISATION' ? 'organisationAdministrator' : 'userAdministrator';
  return { actor_kind: 'PERSON', actor_user_id: id, actor_name: name, actor_role };
}

export function userBy({ id, name }: WrittenUser): By {
  return { actor_kind: 'PERSON', actor_user_id: id, actor_name: name, actor_role: 'user' };
}

export function employeeBy(name: string): By {
  return { actor_kind: 'EMPLOYEE', actor_user_id: null, actor_name: name, actor_role: 'employee' };
}
