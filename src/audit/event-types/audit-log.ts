import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted, formatNumber, joinedWithAnd } from '../../shared/text.ts';
import { day, eventType, text } from './event-type.ts';

const keptThings: Record<string, string> = {
  lookUps: 'opslag',
  deletedUsers: 'slettede brugeres kontaktoplysninger',
  requests: 'anmodninger om adgang',
  knownFiles: 'oplysninger om hentede rapporter',
  refusedSignIns: 'oplysninger om afviste login',
  mails: 'sendte mails',
  emailChanges: 'anmodninger om ny e-mailadresse',
  imports: 'indsættelser fra Excel',
  orders: 'store ændringer',
};

/** What happens to the log itself, and what is removed because its time is over. */
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
  'retention.carriedOut': eventType(
    z.object({ removed: z.record(text, z.int()), kept: z.record(text, z.int()) }),
    (d, t) =>
      `${t.actor} fjernede, hvad der var ældre end sin opbevaringstid: ${joinedWithAnd(
        Object.entries(d.removed).map(([name, count]) => `${formatNumber(count)} ${keptThings[name] ?? name}`),
      )}.`,
  ),
} as const;
