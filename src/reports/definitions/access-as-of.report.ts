import { z } from 'zod';
import { dayInDenmark, danishDay } from '../../shared/dates.ts';
import { endOfDay } from '../../db/moments.ts';
import { joinSql, sql } from '../../db/sql.ts';
import { likeAnywhere, searchWords } from '../../shared/text.ts';
import type { AccessCells, Span } from '../access-columns.queries.ts';
import { accessColumns, accessKeys, accessSelect, accessSource, hadAccess } from '../access-columns.queries.ts';
import { atUnit, ofRole, ofService, roleField, serviceField, unitField } from '../filter-choices.queries.ts';
import { placeColumns, roleColumns } from '../assignment-columns.queries.ts';
import type { FilterField } from '../filter-field.ts';
import { chosenId, optionalUnit, pastDay, searchField, searchText } from '../filter-field.ts';
import type { Order } from '../report.ts';
import { defineReport } from '../report.ts';

const filter = z.object({
  dag: pastDay('dagen'),
  soeg: searchText,
  service: chosenId,
  rolle: chosenId,
  enhed: optionalUnit,
});

const ownFilter = z.object({ dag: pastDay('dagen') });

const dayField: FilterField = {
  kind: 'day',
  name: 'dag',
  label: 'Dag',
  hint: 'I dag eller tidligere. Vises den, der havde adgang på et tidspunkt af dagen.',
  isRequired: true,
  start: () => danishDay(dayInDenmark()),
};

const orders: [Order] = [{ id: 'efternavn', label: 'Efternavn', column: 'efternavn', keys: accessKeys, indexed: 3 }];

/** What a report of one person shows by itself: not the person. */
const ofRoles = new Set([...roleColumns, ...placeColumns].filter(({ isShown }) => isShown).map(({ id }) => id));

const spanOf = (day: string): Span => ({
  from: sql`(${day}::text::date)::timestamp at time zone 'Europe/Copenhagen'`,
  to: endOfDay(day),
});

/** Who could use which role at some time of a day: by user, role, unit, or in the whole organisation. */
export const accessAsOf = defineReport<AccessCells, typeof filter>({
  id: 'adgang-paa-dato',
  title: 'Hvem havde adgang den …',
  description: 'Hvem der på en bestemt dag havde hvilke roller og ikke var spærret, med navne som de var dengang.',
  group: 'Ændringer og historik',
  access: 'report.asOf',
  reach: 'organisation',
  fields: [dayField, { ...searchField, label: 'Bruger' }, serviceField, roleField, unitField],
  filter,
  columns: accessColumns,
  orders,
  select: ({ dag, soeg, service, rolle, enhed }, { organisationId }) => ({
    columns: accessSelect(spanOf(dag)),
    from: accessSource,
    where: joinSql(
      [
        sql`p.organisation_id = ${organisationId}::int and ${hadAccess(spanOf(dag))}`,
        ...searchWords(soeg).map(
          (word) =>
            sql`search_fold(concat_ws(' ', p.first_name, p.last_name, p.email, p.rid, u.username)) like ${likeAnywhere(word)}`,
        ),
        ofService(service),
        ofRole(rolle),
        atUnit(enhed),
      ],
      ' and ',
    ),
  }),
});

/** The same of oneself, in sebanmod. */
export const ownAccessAsOf = defineReport<AccessCells, typeof ownFilter>({
  id: 'min-adgang-paa-dato',
  title: 'Hvad havde jeg adgang til den …',
  description: 'Hvilke roller du kunne bruge på en bestemt dag, med navne som de var dengang.',
  group: 'Ændringer og historik',
  access: 'report.asOf',
  reach: 'organisation',
  isOwn: true,
  fields: [{ ...dayField, hint: 'I dag eller tidligere. Vises det, du havde adgang til på et tidspunkt af dagen.' }],
  filter: ownFilter,
  // One's own page of a user is in sebadmin.
  columns: accessColumns.map((column) => ({ ...column, isShown: ofRoles.has(column.id), path: () => null })),
  orders,
  select: ({ dag }, { organisationId, readerId }) => ({
    columns: accessSelect(spanOf(dag)),
    from: accessSource,
    where: sql`p.user_id = ${readerId}::int and p.organisation_id = ${organisationId}::int and ${hadAccess(spanOf(dag))}`,
  }),
});
