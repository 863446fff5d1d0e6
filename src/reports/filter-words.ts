import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import type { Posted } from '../http/forms.ts';
import { NotFound } from '../shared/errors.ts';
import type { FilterField } from './filter-field.ts';
import type { Report, Within } from './report.ts';
import { withStarts } from './report.ts';

/** What was asked for in the words of the page, for the head of a document and for the log; empty fields are left out. */
export async function describeFilter(
  db: ReadDb,
  report: Pick<Report, 'fields'>,
  within: Within,
  filters: Posted,
): Promise<{ label: string; value: string }[]> {
  const told: { label: string; value: string }[] = [];
  const asked = withStarts(report.fields, filters);
  for (const field of report.fields) {
    const value = await wordsOf(db, field, within, typed(asked, field.name));
    if (value !== null) told.push({ label: field.label, value });
  }
  return told;
}

async function wordsOf(db: ReadDb, field: FilterField, within: Within, value: string): Promise<string | null> {
  if (value === '') return null;
  if (field.kind === 'choice')
    return (await field.choices(db, within)).find((choice) => choice.value === value)?.label ?? null;
  if (field.kind !== 'person') return value;
  const name = await field.find(db, within, Number(value));
  if (name === null) throw new NotFound('Personen findes ikke i organisationen. Vælg en anden.');
  return name;
}
