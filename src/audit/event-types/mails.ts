import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted, joinedWithAnd } from '../../shared/text.ts';
import { day, eventType, text } from './event-type.ts';

const mails = (count: number): string => counted(count, 'mail', 'mails');

/** The texts of mails, those that could not be delivered, and the half-yearly message. */
export const mailEvents = {
  'mailText.saved': eventType(
    z.object({ title: text, version: z.number(), fields: z.array(text) }),
    (d, t) =>
      `${t.actor} gemte teksten til mailen “${d.title}” (version ${d.version}): ${joinedWithAnd(d.fields)} er ændret.`,
  ),
  'mailText.restored': eventType(
    z.object({ title: text, version: z.number() }),
    (d, t) => `${t.actor} gendannede standardteksten til mailen “${d.title}” (version ${d.version}).`,
  ),
  'mailText.tried': eventType(
    z.object({ title: text }),
    (d, t) => `${t.actor} sendte en prøve på mailen “${d.title}” til sig selv.`,
  ),
  'mail.resent': eventType(
    z.object({ mails: z.number(), titles: z.array(text) }),
    (d, t) => `${t.actor} sendte ${mails(d.mails)} igen, som ikke var kommet frem: ${joinedWithAnd(d.titles)}.`,
  ),
  'mail.givenUp': eventType(
    z.object({ mails: z.number(), titles: z.array(text) }),
    (d, t) => `${t.actor} opgav ${mails(d.mails)}, som ikke var kommet frem: ${joinedWithAnd(d.titles)}.`,
  ),
  'halfYearly.started': eventType(
    z.object({ runId: z.number(), plannedFor: day.nullable(), recipients: z.number() }),
    (d, t) =>
      `${t.actor} begyndte at sende den halvårlige meddelelse${d.plannedFor === null ? '' : ` for ${danishDay(d.plannedFor)}`} til ${counted(d.recipients, 'administrator', 'administratorer')} (udsendelse ${d.runId}).`,
  ),
  'halfYearly.ended': eventType(
    z.object({ runId: z.number(), mails: z.number(), leftOut: z.number() }),
    (d, t) =>
      `${t.actor} har skrevet ${mails(d.mails)} med den halvårlige meddelelse (udsendelse ${d.runId})${d.leftOut === 0 ? '' : `; ${d.leftOut} var ikke længere administratorer`}.`,
  ),
} as const;
