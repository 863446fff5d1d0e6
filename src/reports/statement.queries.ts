import type { Sql } from '../db/sql.ts';
import { joinSql, nameSql, noSql, sql } from '../db/sql.ts';
import type { Selection } from './report.ts';

type KeyType = 'text' | 'number' | 'day' | 'moment';

/** One of the values that rows are ordered by, never null. */
export type Key = { expression: Sql; type: KeyType };

/** Where in the order a page begins: beyond the row with these values, as text; `before` without values is the end. */
export type Position = { direction: 'after' | 'before'; key: readonly string[] | null };

type Arranged = { order: { keys: readonly Key[]; indexed?: number }; isDescending: boolean };

/** Rows of a selection in an order with their places in it, from a position on; at most `limit`. Backwards when they lie before it. */
export function statementOf(
  { columns, from, where }: Selection,
  { order: { keys, indexed = 0 }, isDescending }: Arranged,
  position: Position | null,
  limit: number,
): Sql {
  const falls = isDescending !== (position?.direction === 'before');
  const direction = falls ? sql`desc` : sql`asc`;
  const order = keys.map(({ expression }) => sql`${expression} ${direction}`);
  const key = keys.map(({ expression }) => sql`(${expression})::text`);
  return sql`select ${columns}, array[${joinSql(key, ', ')}] as key
    from ${from} where ${where} ${position?.key ? beyond(keys, indexed, position.key, falls) : noSql}
    order by ${joinSql(order, ', ')} limit ${limit}::int`;
}

/** All rows of a selection in an order, with those fields alone: what nobody reads is not even computed. */
export function wholeStatementOf(
  { columns, from, where }: Selection,
  { order: { keys }, isDescending }: Arranged,
  fields: readonly string[] | null,
): Sql {
  const direction = isDescending ? sql`desc` : sql`asc`;
  const order = keys.map(({ expression }) => sql`${expression} ${direction}`);
  const whole = sql`select ${columns} from ${from} where ${where} order by ${joinSql(order, ', ')}`;
  return fields === null ? whole : sql`select ${joinSql(fields.map(nameSql), ', ')} from (${whole}) whole`;
}

/** The number of a selection's rows, at most one more than `most`. */
export function countOf({ from, where }: Selection, most: number): Sql {
  return sql`select count(*)::int as count from (select from ${from} where ${where} limit ${most + 1}::int) counted`;
}

// The whole comparison mixes tables and finds no index; its first keys alone do.
function beyond(keys: readonly Key[], indexed: number, key: readonly string[], falls: boolean): Sql {
  const names = keys.map(({ expression }) => expression);
  const values = keys.map(({ type }, index) => valueOf(type, key[index] ?? ''));
  const list = (parts: readonly Sql[]): Sql => joinSql([...parts], ', ');
  const whole = falls ? sql`and (${list(names)}) < (${list(values)})` : sql`and (${list(names)}) > (${list(values)})`;
  if (indexed === 0) return whole;
  const [first, from] = [list(names.slice(0, indexed)), list(values.slice(0, indexed))];
  return falls ? sql`${whole} and (${first}) <= (${from})` : sql`${whole} and (${first}) >= (${from})`;
}

function valueOf(type: KeyType, value: string): Sql {
  if (type === 'number') return sql`${value}::text::bigint`;
  if (type === 'day') return sql`${value}::text::date`;
  return type === 'moment' ? sql`${value}::text::timestamptz` : sql`${value}::text`;
}

const shapes: Record<KeyType, RegExp> = {
  text: /^[^\0]{0,400}$/s,
  number: /^-?\d{1,18}$/,
  day: /^(\d{4}-\d\d-\d\d|-?infinity)$/,
  moment: /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00|-?infinity)$/,
};

/** Whether values out of an address can be compared with these keys. */
export function fitsKeys(keys: readonly Key[], key: readonly string[]): boolean {
  return key.length === keys.length && keys.every(({ type }, index) => shapes[type].test(key[index] ?? ''));
}
