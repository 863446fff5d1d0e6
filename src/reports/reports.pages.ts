import type { FieldErrors } from '../http/forms.ts';
import type { Cursor } from '../http/keyset.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { counted, formatNumber, searchWords } from '../shared/text.ts';
import { exportsPath, takeOut } from '../report-exports/report-exports.pages.ts';
import { errorList, organisationLine } from '../users/users.pages.ts';
import { shownText } from './cells.ts';
import { marked } from './marked.ts';
import type { Choice, FilterField } from './filter-field.ts';
import type { Found } from './find.ts';
import { holds } from './find.ts';
import type { ReportOrder } from './prepare-report.ts';
import type { ColumnHead, Report, ReportRow, Within } from './report.ts';
import type { Screen } from './screen.ts';
import { addressOf, choiceFields, placeText } from './screen.ts';

export const rowsPerPage = 50;
export const mostCounted = 10_000;

export function reportsPath(organisation: { cvr: string } | null, rest = ''): string {
  return organisation === null ? `/rapporter${rest}` : `/organisationer/${organisation.cvr}/rapporter${rest}`;
}

export function reportsCrumbs(organisation: { cvr: string } | null): Crumb[] {
  return [home, { label: 'Rapporter', href: reportsPath(organisation) }];
}

/** Where a report is shown: its own address, and where its files, views and the list of reports are. */
export type Place = {
  path: string;
  line: string;
  crumbs: Crumb[];
  all: { label: string; href: string };
  /** Null where no views are kept. */
  save: string | null;
  takeOut: { action: string; own: string | null };
};

/** In sebadmin: of an organisation, or of all. */
export function placeOf(report: Report, organisation: Within['organisation']): Place {
  const path = reportsPath(organisation, `/${report.id}`);
  return {
    path,
    line: organisation === null ? 'Alle organisationer' : organisationLine(organisation),
    crumbs: reportsCrumbs(organisation),
    all: { label: 'Alle rapporter', href: reportsPath(organisation) },
    save: `${path}/visninger`,
    takeOut: { action: `${path}/hent`, own: exportsPath },
  };
}

/** A field of the filter with what can be chosen, and whom a person's id names. */
export type ShownField = { field: FilterField; choices: Choice[]; personName: string | null };

/** The rows of one page; one more than is shown tells that there are more. */
export type Shown = { rows: ReportRow[]; count: number | null; found: Found | null; place: Cursor | null };

type Model = {
  report: Report;
  place: Place;
  organisation: Within['organisation'];
  screen: Screen;
  fields: ShownField[];
  errors: FieldErrors;
  /** Null until the filter is complete and right. */
  shown: Shown | null;
  /** That the log knows of this report already; carried by the links to its further pages. */
  proof: string;
};

export function reportPage({ report, place, organisation, screen, fields, errors, shown, proof }: Model): Page {
  const { path } = place;
  const heads = screen.asked.columns.flatMap((id) => report.columns.filter((column) => column.id === id));
  const model = {
    line: place.line,
    title: report.title,
    description: report.description,
    all: place.all,
    paths: { form: path, save: place.save },
    fields: fields.map((one) => fieldModel(one, screen, errors, path)),
    isComplete: fields.every(({ field, personName }) => field.kind !== 'person' || personName !== null),
    columns: report.columns.map(({ id, label }) => ({ id, label, isChosen: screen.asked.columns.includes(id) })),
    order: choiceFields(screen).filter(([name]) => name === 'sorter' || name === 'faldende'),
    onward: [...choiceFields(screen), ['vist', proof]],
    choice: new URLSearchParams(choiceFields(screen)).toString(),
    errors: errorList(errors),
    find: screen.find,
    takeOut: shown === null ? null : takeOut(orderOf({ report, organisation, screen }), place.takeOut),
    table: shown === null ? null : tableModel({ report, organisation, screen, heads, path, proof }, shown),
  };
  const made = page('reports/show', report.title, model, place.crumbs);
  return Object.keys(errors).length === 0 ? made : rejected(made);
}

/** What the screen shows, as it is ordered as a file. */
function orderOf({ report, organisation, screen }: Pick<Model, 'report' | 'organisation' | 'screen'>): ReportOrder {
  const { columns, order, isDescending } = screen.asked;
  const of = organisation === null ? null : { id: organisation.id, cvr: organisation.cvr, name: organisation.name };
  return {
    reportId: report.id,
    organisation: of,
    filters: screen.filters,
    columns,
    sort: order.id,
    isDescending,
  };
}

function fieldModel(
  { field, choices, personName }: ShownField,
  screen: Screen,
  errors: FieldErrors,
  path: string,
): object {
  const value = screen.filters[field.name] ?? '';
  return {
    name: field.name,
    kind: field.kind,
    label: field.label,
    hint: field.hint ?? null,
    isRequired: field.isRequired ?? false,
    error: errors[field.name] ?? null,
    value,
    any: field.kind === 'choice' ? (field.any ?? '') : '',
    choices: choices.map((choice) => ({
      ...choice,
      isChosen: choice.value === value,
      href: addressOf(path, { ...screen, filters: { ...screen.filters, [field.name]: choice.value } }),
    })),
    personName,
    change: addressOf(path, { ...screen, filters: { ...screen.filters, [field.name]: '' } }),
  };
}

type Table = {
  report: Report;
  organisation: Within['organisation'];
  screen: Screen;
  heads: ColumnHead[];
  path: string;
  proof: string;
};

function tableModel(table: Table, { rows, count, found, place }: Shown): object {
  const { screen, heads, organisation } = table;
  const words = searchWords(screen.find);
  const formats = heads.map(({ format }) => format);
  const onward = place?.direction !== 'before' && !screen.isLast;
  const page = onward ? rows.slice(0, rowsPerPage) : rows.slice(-rowsPerPage);
  const base = organisation === null ? '' : `/organisationer/${organisation.cvr}`;
  return {
    caption: table.report.title,
    headers: heads.map((head) => headerModel(table, head)),
    rows: page.map((row, index) => ({
      isFound: found?.result === 'found' && index === 0,
      cells: row.cells.map((value, column) => ({
        parts: marked(shownText(value, formats[column] ?? 'text'), holds(row, { formats, words }) ? words : []),
        href: row.paths[column] ? `${base}${row.paths[column]}` : null,
        look: lookOf(formats[column]),
      })),
    })),
    count:
      count === null
        ? null
        : count > mostCounted
          ? `mere end ${formatNumber(mostCounted)} rækker`
          : counted(count, 'række', 'rækker'),
    pager: pagerModel(table, place, page, rows.length > rowsPerPage),
    found: foundModel(table, found),
  };
}

function lookOf(format: string | undefined): string {
  if (format === 'number') return 'seb-number';
  return format === 'date' || format === 'dateTime' ? 'seb-date' : format === 'code' ? 'seb-code' : '';
}

function headerModel({ report, screen, path, proof }: Table, { id, label, format }: ColumnHead): object {
  const order = report.orders.find(({ column }) => column === id) ?? null;
  const isSorted = order !== null && order.id === screen.asked.order.id;
  const falls = isSorted ? !screen.asked.isDescending : false;
  return {
    label,
    look: lookOf(format),
    href:
      order === null ? null : addressOf(path, { ...screen, sort: order.id, isDescending: falls }, [['vist', proof]]),
    ariaSort: isSorted ? (screen.asked.isDescending ? 'descending' : 'ascending') : null,
    mark: isSorted ? (screen.asked.isDescending ? ' ↓' : ' ↑') : '',
    hint: falls ? 'sortér faldende' : 'sortér stigende',
  };
}

function pagerModel({ screen, path, proof }: Table, place: Cursor | null, page: ReportRow[], isMore: boolean): object {
  // Found by a search, or counted from the end: nobody knows which page it is.
  const number = screen.isLast ? 0 : (place?.page ?? 1);
  const [first, last] = [page[0], page.at(-1)];
  const isOnward = place?.direction !== 'before';
  const hasNext = !screen.isLast && last !== undefined && (isOnward ? isMore : true);
  const hasPrevious = first !== undefined && (isOnward && !screen.isLast ? place !== null : isMore);
  const onward: [string, string][] = [
    ['vist', proof],
    ...(screen.find === '' ? [] : [['find', screen.find] satisfies [string, string]]),
  ];
  const to = (direction: 'after' | 'before', row: ReportRow, at: number): string =>
    addressOf(path, screen, [['plads', placeText(direction, row.key, number === 0 ? 0 : Math.max(1, at))], ...onward]);
  return {
    text: screen.isLast ? 'Sidste side' : number === 0 ? 'Midt i rapporten' : `Side ${formatNumber(number)}`,
    first: place === null && !screen.isLast ? null : addressOf(path, screen, onward),
    last: hasNext ? addressOf(path, screen, [['sidste', '1'], ...onward]) : null,
    previous: hasPrevious && first !== undefined ? to('before', first, number - 1) : null,
    next: hasNext && last !== undefined ? to('after', last, number + 1) : null,
  };
}

function foundModel({ screen, path, proof }: Table, found: Found | null): object | null {
  if (found === null) return null;
  const again = (label: string, more: [string, string][]): { label: string; href: string } => ({
    label,
    href: addressOf(path, screen, [['vist', proof], ['find', screen.find], ['soeg-nu', '1'], ...more]),
  });
  const fromHere = (key: string[]): [string, string][] => [['efter', placeText('after', key, 1)]];
  if (found.result === 'found')
    return { text: `Fundet: “${screen.find}”. Rækken står øverst.`, link: again('Næste', fromHere(found.key)) };
  if (found.result === 'paused')
    return {
      text: `“${screen.find}” er ikke fundet i de ${formatNumber(found.rows)} rækker, der er gennemsøgt indtil nu.`,
      link: again('Søg videre', fromHere(found.key)),
    };
  return screen.after === null
    ? { text: `“${screen.find}” findes ikke i rapporten. Prøv færre bogstaver.`, link: null }
    : { text: `Der er ikke flere med “${screen.find}”.`, link: again('Søg forfra', []) };
}
