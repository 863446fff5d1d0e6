import { z } from 'zod';
import { eventType, text } from './event-type.ts';

const message = z.object({
  messageId: z.number(),
  title: text,
  kind: z.enum(['MESSAGE', 'WINDOW']),
  severity: z.enum(['GREEN', 'YELLOW', 'RED']),
  /** What it concerns and when, in words. */
  concerns: text,
  period: text,
});
type Detail = z.infer<typeof message>;

const what = ({ kind, title }: Detail): string =>
  `${kind === 'WINDOW' ? 'servicevinduet' : 'driftsmeddelelsen'} “${title}”`;
const terms = ({ severity, concerns, period }: Detail): string =>
  `${{ GREEN: 'grøn', YELLOW: 'gul', RED: 'rød' }[severity]}, ${concerns}, ${period}`;

/** Status messages and service windows; who subscribes to them is in no log. */
export const statusEvents = {
  'statusMessage.published': eventType(message, (d, t) => `${t.actor} offentliggjorde ${what(d)} (${terms(d)}).`),
  'statusMessage.updated': eventType(message, (d, t) => `${t.actor} opdaterede ${what(d)} (${terms(d)}).`),
  'statusMessage.ended': eventType(message, (d, t) => `${t.actor} afsluttede ${what(d)}.`),
  'statusMessage.cancelled': eventType(message, (d, t) => `${t.actor} aflyste ${what(d)}.`),
  'statusMessage.over': eventType(message, (d, t) => `${t.actor} meldte, at ${what(d)} er overstået.`),
} as const;
