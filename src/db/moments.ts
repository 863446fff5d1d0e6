import type { Sql } from './sql.ts';
import { sql } from './sql.ts';

/** A moment as the day it is in Denmark, yyyy-mm-dd. */
export const isoDay = (moment: Sql): Sql => sql`((${moment}) at time zone 'Europe/Copenhagen')::date::text`;

/** The last day before a moment that something ends at: one that ends at midnight does not count the new day. */
export const lastIsoDay = (end: Sql): Sql => isoDay(sql`(${end}) - interval '1 millisecond'`);

/** A moment as ISO text with time and Z. */
export const isoMoment = (moment: Sql): Sql =>
  sql`to_char((${moment}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** The end of a Danish day (yyyy-mm-dd); of one that is not over: now. */
export const endOfDay = (day: string): Sql =>
  sql`least((${day}::text::date + 1)::timestamp at time zone 'Europe/Copenhagen', now())`;

/** A moment in seconds since 1970, for cells of long lists: to make a day of it costs the database two microseconds. */
export const secondsOf = (moment: Sql): Sql => sql`date_part('epoch', ${moment})`;
