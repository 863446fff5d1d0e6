import { z } from 'zod';
import { danishDate, ids, oneOf, optionalLine, optionalText, requiredLine, wholeNumber } from '../http/forms.ts';
import { momentInDenmark } from '../shared/dates.ts';
import { severities } from './status-message.ts';
import type { Kind, Severity } from './status-message.ts';

/** What is published: everything but the clock's part. */
export type MessageInput = {
  kind: Kind;
  title: string;
  body: string;
  severity: Severity;
  concernsAll: boolean;
  serviceIds: number[];
  /** Null = now. */
  startsAt: Date | null;
  /** Null = until further notice. */
  endsAt: Date | null;
};

const body = optionalText('teksten', 4000).transform((value, context) => {
  if (value !== null) return value;
  context.addIssue({ code: 'custom', message: 'Skriv, hvad der sker' });
  return z.NEVER;
});

/** A time of day as tt.mm; null when left empty. */
const clock = (label: string) =>
  optionalLine(label, 5).transform((value, context) => {
    if (value === null) return null;
    const [, hour = '', minute = ''] = /^(\d{1,2})[.:](\d{2})$/.exec(value) ?? [];
    if (hour !== '' && Number(hour) < 24 && Number(minute) < 60) return { hour: Number(hour), minute: Number(minute) };
    context.addIssue({ code: 'custom', message: `Skriv ${label} som tt.mm, fx 13.00` });
    return z.NEVER;
  });

const fields = z.object({
  type: oneOf(['MESSAGE', 'WINDOW'], 'Vælg, om det er en driftsmeddelelse eller et servicevindue'),
  titel: requiredLine('en overskrift', 150),
  tekst: body,
  alvor: oneOf(severities, 'Vælg grøn, gul eller rød'),
  omfang: oneOf(['alt', 'services'], 'Vælg, om det gælder hele SEB eller nogle services'),
  service: ids('Vælg services på listen', 500),
  fradato: danishDate('startdatoen'),
  fratid: clock('starttidspunktet'),
  tildato: danishDate('slutdatoen'),
  tiltid: clock('sluttidspunktet'),
});
type Typed = z.output<typeof fields>;
type Clock = Typed['fratid'];

/** Opret driftsmeddelelse eller servicevindue. */
export const publishForm = fields.transform((typed, context) => inputOf(typed, context));

/** The same for one that is there, and which version of it was read. */
export const updateForm = fields
  .extend({ version: wholeNumber('Siden er for gammel. Åbn den igen, og skriv der') })
  .transform(({ version, ...typed }, context) => ({ version, input: inputOf(typed, context) }));

export const endForm = z.object({
  sluttekst: body,
  version: wholeNumber('Siden er for gammel. Åbn den igen, og skriv der'),
});

/** A tick that is dropped without a word would tell everybody of what concerns few. */
export function bothChosen(all: string): string {
  return `Du har valgt ${all} og sat flueben ved services. Vælg services i stedet, eller fjern fluebenene`;
}

function inputOf(typed: Typed, context: z.RefinementCtx): MessageInput {
  const fault = (field: keyof Typed, message: string): void =>
    context.addIssue({ code: 'custom', path: [field], message });
  const concernsAll = typed.omfang === 'alt';
  if (!concernsAll && typed.service.length === 0) fault('service', 'Vælg mindst én service, eller vælg hele SEB');
  if (concernsAll && typed.service.length > 0) fault('omfang', bothChosen('hele SEB'));
  const startsAt = momentOf(typed.fradato, typed.fratid);
  const endsAt = momentOf(typed.tildato, typed.tiltid);
  if (startsAt === undefined) fault(typed.fradato === null ? 'fradato' : 'fratid', 'Skriv både dato og klokkeslæt');
  if (endsAt === undefined) fault(typed.tildato === null ? 'tildato' : 'tiltid', 'Skriv både dato og klokkeslæt');
  if (typed.type === 'WINDOW' && endsAt === null) fault('tildato', 'Et servicevindue skal have et sluttidspunkt');
  if (endsAt && endsAt <= (startsAt ?? new Date())) fault('tildato', 'Sluttidspunktet skal ligge efter starten');
  else if (endsAt && endsAt <= new Date()) fault('tildato', 'Sluttidspunktet er passeret');
  return {
    kind: typed.type,
    title: typed.titel,
    body: typed.tekst,
    severity: typed.alvor,
    concernsAll,
    serviceIds: concernsAll ? [] : typed.service,
    startsAt: startsAt ?? null,
    endsAt: endsAt ?? null,
  };
}

/** Null when nothing was typed, undefined when only one of the two was. */
function momentOf(day: string | null, time: Clock): Date | null | undefined {
  if (day === null && time === null) return null;
  return day === null || time === null ? undefined : momentInDenmark(day, time.hour, time.minute);
}
