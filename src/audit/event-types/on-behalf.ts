import { z } from 'zod';
import { because } from '../assignment-detail.ts';
import { eventType, text } from './event-type.ts';

/** The system owner's acts in an organisation's place; beside it stand the act's own events, marked `on_behalf`. */
export const onBehalfEvents = {
  'organisation.actedFor': eventType(
    z.object({ act: text, reason: text }),
    (d, t) =>
      `${t.actor} ${d.act} (${t.target}) som systemejer, i stedet for organisationens administratorer.${because(d)}`,
  ),
} as const;
