import { z } from 'zod';
import { because } from '../assignment-detail.ts';
import { eventType, text } from './event-type.ts';

const administratorKinds = {
  ORGANISATION: 'organisationsadministrator',
  USER: 'brugeradministrator',
  READ_ONLY: 'read-only administrator',
} as const;

/** What happens to administrators. */
export const administratorEvents = {
  'administrator.ended': eventType(
    z.object({ kind: z.enum(['ORGANISATION', 'USER', 'READ_ONLY']), reason: text.nullish() }),
    (d, t) => `${t.actor} fjernede ${t.target} som ${administratorKinds[d.kind]}.${because(d)}`,
  ),
} as const;
