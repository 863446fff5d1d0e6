import { z } from 'zod';
import { because } from '../assignment-detail.ts';
import { eventType, text } from './event-type.ts';

const names = { SYSTEM_OWNER: 'systemejer', SERVICEDESK: 'servicedesk' } as const;
const kind = z.enum(['SYSTEM_OWNER', 'SERVICEDESK']);

/** What happens to the people of the system owner and the servicedesk; organisation tells whose user the person is. */
export const systemRoleEvents = {
  'systemRole.appointed': eventType(
    z.object({ kind, organisation: text }),
    (d, t) => `${t.actor} gav ${t.target} (${d.organisation}) rollen ${names[d.kind]}.`,
  ),
  'systemRole.removed': eventType(
    z.object({ kind, organisation: text, reason: text.nullish() }),
    (d, t) => `${t.actor} fjernede rollen ${names[d.kind]} fra ${t.target} (${d.organisation}).${because(d)}`,
  ),
} as const;
