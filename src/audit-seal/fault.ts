import { z } from 'zod';
import { danishDay } from '../shared/dates.ts';

/** One thing that does not fit. `seq` is the sealed number, `eventId` the event's own. */
export const faultSchema = z.object({
  kind: z.enum([
    'changed',
    'missing',
    'gap',
    'slippedIn',
    'tail',
    'root',
    'rootMissing',
    'statement',
    'signature',
    'key',
    'outside',
    'right',
    'trigger',
  ]),
  seq: z.string().nullable(),
  eventId: z.string().nullable(),
  day: z.string().nullable(),
  about: z.string().nullable(),
});
export type Fault = z.infer<typeof faultSchema>;

export function fault(kind: Fault['kind'], more: Partial<Omit<Fault, 'kind'>>): Fault {
  return { kind, seq: null, eventId: null, day: null, about: null, ...more };
}

const sentences: Record<Fault['kind'], (fault: Fault) => string> = {
  changed: (f) => `Hændelse ${f.eventId} (nr. ${f.seq}) er ikke længere, som den blev forseglet.`,
  missing: (f) => `Hændelse ${f.eventId} (nr. ${f.seq}) er forseglet, men findes ikke længere.`,
  gap: (f) => `Nr. ${f.seq} mangler i kæden.`,
  slippedIn: (f) => `Hændelse ${f.eventId} er skudt ind i loggen, efter at den tid, den hører til, var forseglet.`,
  tail: (f) => `Loggen er skåret af: roden for ${dayOf(f)} går til nr. ${f.seq}, som ikke findes.`,
  root: (f) => `Kæden passer ikke med roden for ${dayOf(f)} ved nr. ${f.seq}.`,
  rootMissing: (f) => `Roden for ${dayOf(f)} mangler.`,
  statement: (f) => `Roden for ${dayOf(f)} siger ikke det samme, som der blev skrevet under på.`,
  signature: (f) => `Underskriften på roden for ${dayOf(f)} er ikke ægte.`,
  key: (f) => `Roden for ${dayOf(f)} er underskrevet med nøglen ${f.about}, som ikke kendes.`,
  outside: (f) => `Roden for ${dayOf(f)}, som er gemt uden for SEB, er en anden end den i SEB.`,
  right: (f) => `Databasens rettigheder er ændret: seb_app må ${f.about}.`,
  trigger: (f) => `Databasens værn er slået fra eller mangler: ${f.about}.`,
};

const englishWords: Record<Fault['kind'], string> = {
  changed: 'the event is not as it was sealed',
  missing: 'the event is sealed, but no longer there',
  gap: 'the number is missing in the chain',
  slippedIn: 'the event was slipped in after its time was sealed',
  tail: 'the log was cut: the root reaches a number that is not there',
  root: 'the chain does not fit the root',
  rootMissing: 'the root of the day is missing',
  statement: 'the root does not say what was signed',
  signature: 'the signature of the root is not genuine',
  key: 'the root is signed by a key that is not trusted',
  outside: 'the root that was kept outside is another than the one in the database',
  right: 'the application has a right that it must not have',
  trigger: 'a guard of the database is off or missing',
};

function dayOf({ day }: Fault): string {
  return day === null ? 'en dag' : danishDay(day);
}

/** For people on a page or in a mail. */
export function faultText(found: Fault): string {
  return sentences[found.kind](found);
}

/** For operators at a terminal. */
export function faultLine({ kind, seq, eventId, day, about }: Fault): string {
  const where = [
    ...(eventId === null ? [] : [`event ${eventId}`]),
    ...(seq === null ? [] : [`number ${seq}`]),
    ...(day === null ? [] : [`day ${day}`]),
    ...(about === null ? [] : [about]),
  ];
  return `${where.join(', ')}: ${englishWords[kind]}`;
}
