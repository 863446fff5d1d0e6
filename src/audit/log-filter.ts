import type { FieldErrors, Posted } from '../http/forms.ts';
import { danishDate, typed, typedSearch } from '../http/forms.ts';
import { kindsOfGroup } from './event-groups.ts';

/** What somebody looks for in the log, as typed. */
export type LogSearch = {
  actor: string;
  target: string;
  group: string;
  /** yyyy-mm-dd, both included; null = open. */
  from: string | null;
  to: string | null;
  /** On the page of all organisations: 8 digits, or null for all of them. */
  cvr: string | null;
  /** The number of the event that the page before ended with. */
  before: string | null;
};

/** What is in a log's address; days that are none are told as faults of their fields. */
export function readLogSearch(query: Posted): { search: LogSearch; errors: FieldErrors } {
  const errors: FieldErrors = {};
  const day = (name: string, label: string): string | null => {
    const read = danishDate(label).safeParse(typed(query, name));
    if (!read.success) errors[name] = read.error.issues[0]?.message ?? '';
    return read.success ? read.data : null;
  };
  const group = typed(query, 'slags');
  const search: LogSearch = {
    actor: typedSearch(query, 'hvem'),
    target: typedSearch(query, 'paa'),
    group: kindsOfGroup(group) === null ? '' : group,
    from: day('fra', 'datoen'),
    to: day('til', 'datoen'),
    cvr: cvrIn(query, errors),
    before: /^\d{1,18}$/.exec(typed(query, 'foer'))?.[0] ?? null,
  };
  if (search.from !== null && search.to !== null && search.to < search.from)
    errors.til = 'Til-datoen ligger før fra-datoen. Ret en af dem';
  return { search, errors };
}

function cvrIn(query: Posted, errors: FieldErrors): string | null {
  const text = typedSearch(query, 'cvr').replaceAll(' ', '');
  if (text === '') return null;
  if (/^\d{8}$/.test(text)) return text;
  errors.cvr = 'Skriv CVR-nummeret med 8 cifre';
  return null;
}

/** The search as the address of a page, without where the page begins. */
export function addressOfSearch(query: Posted): [string, string][] {
  return ['hvem', 'paa', 'slags', 'fra', 'til', 'cvr']
    .map((name): [string, string] => [name, typed(query, name)])
    .filter(([, value]) => value !== '');
}
