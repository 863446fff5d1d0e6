import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { Period } from './period.ts';

/** The first moment of a period. Today begins now: what is given is there from the moment it is given. */
export function startOf({ start }: Period): Sql {
  return sql`(case when ${start}::text::date > danish_today() then ${start}::text::date::timestamp at time zone 'Europe/Copenhagen' else now() end)::timestamptz(3)`;
}

/** The moment after a period: the midnight that ends its last day. */
export function endOf({ stop }: Period): Sql {
  return sql`((${stop}::text::date + 1)::timestamp at time zone 'Europe/Copenhagen')::timestamptz(3)`;
}

/** Of an assignment `g` that begins now or later: its last day is today or one of the next `days`. */
export function endsWithin(days: number): Sql {
  return sql`(g.withdrawn_at is null and g.valid_to > now()
    and g.valid_to <= (danish_today() + ${days}::int + 1)::timestamp at time zone 'Europe/Copenhagen')`;
}

/** A column's moment as the day it is in Denmark, dd-mm-åååå. */
export function dayOf(moment: Sql): Sql {
  return sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY')`;
}

/** The last day before a moment that something ends at, dd-mm-åååå: one that ends at midnight does not count the new day. */
export function lastDayOf(end: Sql): Sql {
  return sql`to_char((${end} - interval '1 millisecond') at time zone 'Europe/Copenhagen', 'DD-MM-YYYY')`;
}
