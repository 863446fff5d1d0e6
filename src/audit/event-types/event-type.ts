import { z } from 'zod';
import { joinedWithAnd } from '../../shared/text.ts';

// What every kind of event is made of, and the words that several share.

/** What a sentence may draw on besides the event's own detail. */
export type Told = { actor: string; target: string };

export type EventType<Detail extends z.ZodType> = {
  detail: Detail;
  /** One Danish sentence without the time, for administrators and auditors. */
  sentence(detail: z.output<Detail>, told: Told): string;
};

export const eventType = <Detail extends z.ZodType>(
  detail: Detail,
  sentence: EventType<Detail>['sentence'],
): EventType<Detail> => ({
  detail,
  sentence,
});

export const text = z.string();
/** yyyy-mm-dd, a day in Denmark */
export const day = z.iso.date();
export const changedFields = z.record(text, z.object({ from: text.nullable(), to: text.nullable() }));

export const changedFieldNames: Record<string, string> = {
  firstName: 'fornavn',
  lastName: 'efternavn',
  email: 'e-mailadresse',
  rid: 'RID-nummer',
  address: 'adresse',
  postcode: 'postnr.',
  city: 'by',
  phone: 'telefon',
  remark: 'bemærkning',
};

/** “fornavn fra “A” til “B” og by fra tomt til “Aarhus””; further nouns give the words for their own fields. */
export function fieldList(
  changes: z.infer<typeof changedFields>,
  names: Record<string, string> = changedFieldNames,
): string {
  return joinedWithAnd(
    Object.entries(changes).map(
      ([field, { from, to }]) => `${names[field] ?? field} fra ${quoted(from)} til ${quoted(to)}`,
    ),
  );
}

function quoted(value: string | null): string {
  return value === null || value === '' ? 'tomt' : `“${value}”`;
}
