import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted } from '../../shared/text.ts';
import { day, eventType, text } from './event-type.ts';

/** What happens to the log itself. */
export const auditLogEvents = {
  'auditLog.dayClosed': eventType(
    z.object({ day, events: z.int(), lastNumber: z.int(), keyId: text }),
    (d, t) =>
      `${t.actor} forseglede loggen for ${danishDay(d.day)} (${counted(d.events, 'hændelse', 'hændelser')}) med nøglen ${d.keyId}.`,
  ),
  'auditLog.verificationOrdered': eventType(
    z.object({ withOutsideRoot: z.boolean() }),
    (d, t) =>
      `${t.actor} bestilte en kontrol af loggen${d.withOutsideRoot ? ' mod en rod, der er gemt uden for SEB' : ''}.`,
  ),
  'auditLog.verified': eventType(z.object({ events: z.int(), faults: z.int() }), (d, t) =>
    d.faults === 0
      ? `${t.actor} kontrollerede loggen: alle ${counted(d.events, 'forseglet hændelse', 'forseglede hændelser')} passer.`
      : `${t.actor} kontrollerede loggen (${counted(d.events, 'forseglet hændelse', 'forseglede hændelser')}) og fandt ${counted(d.faults, 'fejl', 'fejl')}.`,
  ),
} as const;
