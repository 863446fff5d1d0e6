import { foldForSearch } from '../shared/text.ts';
import { UnreadableFile } from './unreadable-file.ts';

/** The columns of the template, in its order. */
export const columns = [
  { name: 'firstName', label: 'Fornavn', also: ['first name', 'given name', 'givenname'] },
  { name: 'lastName', label: 'Efternavn', also: ['last name', 'surname', 'family name'] },
  { name: 'email', label: 'E-mail', also: ['e-mailadresse', 'mail', 'mailadresse', 'email address', 'e-post'] },
  { name: 'rid', label: 'RID', also: ['rid-nummer', 'rid nr', 'rid number', 'medarbejdernummer', 'employee number'] },
  { name: 'address', label: 'Adresse', also: ['address', 'vej', 'street'] },
  { name: 'postcode', label: 'Postnr.', also: ['postnummer', 'postcode', 'postal code', 'zip', 'zip code'] },
  { name: 'city', label: 'By', also: ['city', 'town'] },
  { name: 'phone', label: 'Telefon', also: ['telefonnummer', 'tlf', 'mobil', 'phone', 'phone number', 'mobile'] },
  { name: 'remark', label: 'Bemærkning', also: ['note', 'remark', 'comment', 'kommentar'] },
  { name: 'role', label: 'Rolle', also: ['rollekode', 'role', 'role code'] },
  { name: 'sor', label: 'SOR-kode', also: ['sor', 'sor code', 'placering', 'unit'] },
  { name: 'scope', label: 'Omfang', also: ['scope'] },
  { name: 'start', label: 'Startdato', also: ['start', 'fra', 'start date', 'from', 'valid from'] },
  { name: 'stop', label: 'Slutdato', also: ['slut', 'stop', 'til', 'end date', 'to', 'valid to', 'stopdato'] },
] as const;

export type Column = (typeof columns)[number]['name'];

/** A row as it was read: its number in the file and its cells from left to right. */
export type RawRow = { line: number; cells: string[] };

/** Where each known column stands; the others are told to the person. */
export type Layout = { places: Map<Column, number>; ignored: string[]; hasHeader: boolean };

/** What the file of rows with faults adds, which comes back with the corrected rows. */
export const ownColumns = { line: 'Række', fault: 'Fejl' } as const;

const known = new Map<string, Column>(
  columns.flatMap(({ name, label, also }) =>
    [name, label, ...also].map((word): [string, Column] => [plain(word), name]),
  ),
);

/** Finds the columns by the first row, by their names in Danish or English, or in the template's order without a header row. */
export function layoutOf(first: readonly string[]): Layout {
  const names = first.map((cell) => known.get(plain(cell)) ?? null);
  if (names.filter((name) => name !== null).length < 2) return withoutHeader(first);
  const places = new Map<Column, number>();
  for (const [place, name] of names.entries()) {
    if (name === null) continue;
    if (places.has(name))
      throw new UnreadableFile(`Kolonnen ${labelOfColumn(name)} står to gange. Slet den ene, og prøv igen.`);
    places.set(name, place);
  }
  if (!places.has('rid'))
    throw new UnreadableFile(
      'Der mangler en kolonne med overskriften RID. Den viser, hvilken bruger rækken handler om.',
    );
  const own = Object.values(ownColumns).map(plain);
  const ignored = first.filter(
    (cell, place) => names[place] === null && cell.trim() !== '' && !own.includes(plain(cell)),
  );
  return { places, ignored: ignored.map((name) => name.trim().slice(0, 60)).slice(0, 30), hasHeader: true };
}

function withoutHeader(first: readonly string[]): Layout {
  if (first.length < 4)
    throw new UnreadableFile(
      'SEB kan ikke genkende kolonnerne. Skriv overskrifterne i første række (Fornavn, Efternavn, E-mail, RID …), eller brug skabelonen.',
    );
  return { places: new Map(columns.map(({ name }, place) => [name, place])), ignored: [], hasHeader: false };
}

export function labelOfColumn(name: Column): string {
  return columns.find((column) => column.name === name)?.label ?? name;
}

/** "E-mail", "email" and "e mail " are one word. */
function plain(text: string): string {
  return foldForSearch(text.normalize('NFC')).replace(/[^\p{L}\p{N}]/gu, '');
}
