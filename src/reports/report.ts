import type { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import type { Connections } from '../db/pool.ts';
import type { Sql } from '../db/sql.ts';
import { streamRows } from '../db/stream.ts';
import type { FormResult, Posted } from '../http/forms.ts';
import { parseForm, typed } from '../http/forms.ts';
import type { Action, Limit } from '../permissions/rules.ts';
import type { Scope } from '../permissions/scope.ts';
import type { CellFormat, CellValue } from './document.ts';
import type { FilterField } from './filter-field.ts';
import type { Key, Position } from './statement.queries.ts';
import { countOf, statementOf, wholeStatementOf } from './statement.queries.ts';

/** What a report is made of an organisation, or of all (null), and what its reader does not get to see. */
export type Within = {
  organisation: { id: number; cvr: string; name: string } | null;
  limit: Limit | null;
  readerId: number;
};

export type Column<Row> = {
  /** In addresses and saved views. */
  id: string;
  label: string;
  /** In characters: what is usual. */
  width: number;
  format: CellFormat;
  value(row: Row): CellValue;
  /** The fields of the row that `value` reads (`field`, `reading`); without it a file reads all of them. */
  reads?: readonly string[];
  /** Shown when nothing else was chosen. */
  isShown: boolean;
  /** Where the cell leads on the screen, below the organisation's own address. */
  path?(row: Row): string | null;
};

/** A cell that shows a field of its row as it is. */
export function field<Name extends string>(name: Name) {
  return { reads: [name], value: (row: Record<Name, CellValue>): CellValue => row[name] };
}

/** A cell that is made of some fields of its row, and cannot see others. */
export function reading<Row extends object>(reads: Record<keyof Row & string, true>, value: (row: Row) => CellValue) {
  return { reads: Object.keys(reads), value };
}

/**
 * An order that an index carries, or of rows that are few; its last key is unique. `indexed`: how many of the first keys are
 * columns of that index, so that a page far in is gone to at once.
 */
export type Order = {
  id: string;
  label: string;
  column: string;
  keys: readonly Key[];
  indexed?: number;
  isDescending?: boolean;
};

/** The rows of a report as SQL: what is selected becomes `Row`. */
export type Selection = { columns: Sql; from: Sql; where: Sql };

export type Definition<Row extends object, Filter extends z.ZodType> = {
  /** In the address. */
  id: string;
  title: string;
  description: string;
  group: ReportGroup;
  access: Action;
  /** Of one organisation, or for those who see all. */
  reach: 'organisation' | 'everywhere';
  /** About its reader alone, in sebanmod. */
  isOwn?: true;
  /** How the filter is typed and shown; `filter` reads the same names. */
  fields: readonly FilterField[];
  filter: Filter;
  columns: readonly Column<Row>[];
  /** The first one counts unless another is chosen. */
  orders: readonly [Order, ...Order[]];
  /** What the reader's right to this action withholds, no row of the report tells. */
  limitedAs?: Action;
  /** The user whom the report is about. */
  subject?(filter: z.output<Filter>): number | null;
  select(filter: z.output<Filter>, within: Within & { organisationId: number }): Selection;
};

export const reportGroups = ['Brugere og roller', 'Ændringer og historik', 'Oprydning', 'For hele SEB'] as const;
export type ReportGroup = (typeof reportGroups)[number];

export type ColumnHead = Pick<Column<never>, 'id' | 'label' | 'width' | 'format' | 'isShown'>;
/** A row with its place in the order; `cells` and `paths` have one entry for each column that was asked for. */
export type ReportRow = { key: string[]; cells: CellValue[]; paths: (string | null)[] };
export type Asked = { columns: readonly string[]; order: Order; isDescending: boolean };

/** A definition without its types, as the registry keeps it. */
export type Report = Pick<
  Definition<never, z.ZodType>,
  'id' | 'title' | 'description' | 'group' | 'access' | 'reach' | 'isOwn' | 'fields' | 'orders' | 'limitedAs'
> & {
  columns: readonly ColumnHead[];
  /** Reads the filter as it stands in an address or an order; what is not there counts as the field's own start. */
  read(filters: Posted): FormResult<Prepared>;
  /** The name of the person whom the report is about; null where it is about nobody. */
  nameOf(db: ReadDb, within: Within, subject: number): Promise<string | null>;
};

/** A report with its filter, ready to be asked for its rows. */
export type Prepared = {
  subject: number | null;
  page(db: ReadDb, within: Within, asked: Asked, place: { from: Position | null; rows: number }): Promise<ReportRow[]>;
  /** How many rows there are, counted no further than `most` + 1. */
  count(db: ReadDb, within: Within, most: number): Promise<number>;
  /** The cells of all rows; keeps a connection of its own. */
  stream(source: Source, within: Within, asked: Asked): AsyncIterable<CellValue[][]>;
};
export type Source = { database: Connections; scope: Scope };

/** Makes one definition usable for screen, files and jobs alike. */
export function defineReport<Row extends object, Filter extends z.ZodType>(
  definition: Definition<Row, Filter>,
): Report {
  const { id, title, description, group, access, reach, isOwn, fields, orders, limitedAs } = definition;
  const heads = definition.columns.map(({ id, label, width, format, isShown }) => ({
    id,
    label,
    width,
    format,
    isShown,
  }));
  return {
    ...{ id, title, description, group, access, reach, fields, orders },
    ...(limitedAs === undefined ? {} : { limitedAs }),
    ...(isOwn === undefined ? {} : { isOwn }),
    columns: heads,
    async nameOf(db, within, subject) {
      const field = fields.find(({ kind }) => kind === 'person');
      return field?.kind === 'person' ? field.find(db, within, subject) : null;
    },
    read(filters) {
      const form = parseForm(definition.filter, withStarts(fields, filters));
      return form.ok ? { ok: true, value: prepare(definition, form.value) } : form;
    },
  };
}

type Keyed = { key: string[] };

function prepare<Row extends object, Filter extends z.ZodType>(
  definition: Definition<Row, Filter>,
  filter: z.output<Filter>,
): Prepared {
  const select = (within: Within): Selection =>
    definition.select(filter, { ...within, organisationId: within.organisation?.id ?? 0 });
  const columnsOf = (asked: Asked): Column<Row>[] =>
    asked.columns.flatMap((name) => definition.columns.filter(({ id }) => id === name));
  const read = (asked: Asked): ((row: Row & Keyed) => ReportRow) => {
    const columns = columnsOf(asked);
    return (row) => ({
      key: row.key,
      cells: columns.map((column) => column.value(row)),
      paths: columns.map((column) => column.path?.(row) ?? null),
    });
  };
  return {
    subject: definition.subject?.(filter) ?? null,
    async page(db, within, asked, { from, rows }) {
      const found = await db.rows<Row & Keyed>(statementOf(select(within), asked, from, rows));
      const shown = found.map(read(asked));
      return from?.direction === 'before' ? shown.toReversed() : shown;
    },
    async count(db, within, most) {
      const [row] = await db.rows<{ count: number }>(countOf(select(within), most));
      return row?.count ?? 0;
    },
    async *stream({ database, scope }, within, asked) {
      const columns = columnsOf(asked);
      const statement = wholeStatementOf(select(within), asked, readBy(columns));
      for await (const rows of streamRows<Row>(database, scope, statement))
        yield rows.map((row) => columns.map((column) => column.value(row)));
    },
  };
}

/** The fields that columns read between them; null for all that there are. */
function readBy(columns: readonly Pick<Column<never>, 'reads'>[]): string[] | null {
  const fields = columns.flatMap(({ reads }) => reads ?? []);
  return columns.some(({ reads }) => reads === undefined) ? null : [...new Set(fields)];
}

/** Without control characters and halves of pairs: the log and the file tell what was asked for. */
export function plainChoice(text: string): string {
  return text.normalize('NFC').replace(/\p{C}/gu, ' ');
}

/** The filter with each field's start where nothing was typed. */
export function withStarts(fields: readonly FilterField[], filters: Posted): Posted {
  return Object.fromEntries(
    fields.map((field) => {
      const text = plainChoice(typed(filters, field.name)).trim();
      return [field.name, text === '' && !(field.name in filters) ? (field.start?.() ?? '') : text];
    }),
  );
}

/** What is asked of a report: its own columns and order where the choice names none that it has. */
export function askedOf(
  report: Report,
  choice: { columns: readonly string[]; sort: string | null; isDescending: boolean | null },
): Asked {
  const chosen = report.columns.filter(({ id }) => choice.columns.includes(id));
  const columns = chosen.length > 0 ? chosen : report.columns.filter(({ isShown }) => isShown);
  const order = report.orders.find(({ id }) => id === choice.sort) ?? report.orders[0];
  return {
    columns: columns.map(({ id }) => id),
    order,
    isDescending: choice.isDescending ?? order.isDescending ?? false,
  };
}
