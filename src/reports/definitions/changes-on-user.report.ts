import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import type { EventCells } from '../event-columns.queries.ts';
import { changesWithin, eventColumns, eventOrders, eventSelect } from '../event-columns.queries.ts';
import { isInOrder, notInOrder, period, periodFields, requiredId } from '../filter-field.ts';
import { userField } from '../person-fields.queries.ts';
import { defineReport } from '../report.ts';

const filter = z.object({ bruger: requiredId('Vælg en bruger'), ...period }).refine(isInOrder, notInOrder);

/** Ændringer udført på bruger, newest first. */
export const changesOnUser = defineReport<EventCells, typeof filter>({
  id: 'aendringer-paa-bruger',
  title: 'Ændringer udført på bruger',
  description: 'Alt, hvad der er ændret for én bruger, fx roller, spærringer og oplysninger.',
  group: 'Ændringer og historik',
  access: 'report.changesOnUser',
  limitedAs: 'auditLog.view',
  reach: 'organisation',
  fields: [userField, ...periodFields],
  filter,
  columns: eventColumns,
  orders: eventOrders,
  subject: ({ bruger }) => bruger,
  select: ({ bruger, fra, til }, within) => ({
    columns: eventSelect,
    from: sql`audit_event e`,
    where: sql`e.target_user_id = ${bruger}::int and ${changesWithin({ fra, til }, within)}`,
  }),
});
