import { z } from 'zod';
import type { Posted } from '../http/forms.ts';
import { ids, oneOf, typed, typedList } from '../http/forms.ts';
import { reasonFields } from '../role-assignments/role-assignments.forms.ts';

export const mostReceivers = 1000;

/** Klon: which roles, to whom, and whether theirs are taken away; the receiver's organisation stands in the URL. */
export const cloneForm = z.object({
  tildeling: ids('Vælg roller på listen', 500).refine(
    (list) => list.length > 0,
    'Vælg mindst én rolle, der skal klones',
  ),
  modtager: ids('Vælg brugere på listen', mostReceivers).refine((list) => list.length > 0, 'Vælg mindst én modtager'),
  slet: oneOf(['1'], 'Sæt kryds igen').optional(),
  ...reasonFields,
});

const unitField = /^enhed-(\d{6,18})$/;

/** The units chosen in place of the source's: the source's code and the one typed; empty ones are left out. */
export function unitChoicesIn(posted: Posted): [from: string, to: string][] {
  return Object.keys(posted)
    .map((name): [string, string] => [unitField.exec(name)?.[1] ?? '', typed(posted, name).trim()])
    .filter(([from, to]) => from !== '' && to !== '')
    .slice(0, 200);
}

/** What is chosen and typed, as fields of a URL or hidden ones. */
export function cloneFields(posted: Posted): [name: string, value: string][] {
  const fields: [string, string][] = [
    ['brugerorganisation', typed(posted, 'brugerorganisation')],
    ['valgt', '1'],
    ...typedList(posted, 'tildeling').map((value): [string, string] => ['tildeling', value]),
    ...typedList(posted, 'modtager').map((value): [string, string] => ['modtager', value]),
    ...unitChoicesIn(posted).map(([from, to]): [string, string] => [`enhed-${from}`, to]),
    ...['slet', 'begrundelse', 'sagsnummer'].map((name): [string, string] => [name, typed(posted, name)]),
  ];
  return fields.filter(([, value]) => value !== '');
}
