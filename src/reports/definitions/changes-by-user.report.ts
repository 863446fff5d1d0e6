import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import type { EventCells } from '../event-columns.queries.ts';
import { changesWithin, eventColumns, eventOrders, eventSelect } from '../event-columns.queries.ts';
import { isInOrder, notInOrder, period, periodFields, requiredId } from '../filter-field.ts';
import { actorField } from '../person-fields.queries.ts';
import { defineReport } from '../report.ts';

const filter = z
  .object({ bruger: requiredId('Vælg en administrator eller en anden bruger'), ...period })
  .refine(isInOrder, notInOrder);

/** Ændringer udført af bruger, newest first. */
export const changesByUser = defineReport<EventCells, typeof filter>({
  id: 'aendringer-af-bruger',
  title: 'Ændringer udført af bruger',
  description: 'Alt, hvad én administrator har ændret i organisationen: oprettet, rettet, tildelt, fjernet og slettet.',
  group: 'Ændringer og historik',
  access: 'report.changesByUser',
  limitedAs: 'auditLog.view',
  reach: 'organisation',
  fields: [actorField, ...periodFields],
  filter,
  columns: eventColumns,
  orders: eventOrders,
  subject: ({ bruger }) => bruger,
  select: ({ bruger, fra, til }, within) => ({
    columns: eventSelect,
    from: sql`audit_event e`,
    where: sql`e.actor_user_id = ${bruger}::int and ${changesWithin({ fra, til }, within)}`,
  }),
});
