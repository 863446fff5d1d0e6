import { z } from 'zod';
import { joinSql, sql } from '../../db/sql.ts';
import { likeAnywhere, searchWords } from '../../shared/text.ts';
import { isLockedNow } from '../../users/users.queries.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import {
  assignmentColumns,
  assignmentJoins,
  assignmentKey,
  assignmentSelect,
  isInForce,
} from '../assignment-columns.queries.ts';
import { ofService, serviceField } from '../filter-choices.queries.ts';
import { chosenId, chosenWord, fixed, searchField, searchText } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import type { StateCells, UserCells } from '../user-columns.queries.ts';
import { stateColumns, stateJoins, stateSelect, userColumns, userOrders, userSelect } from '../user-columns.queries.ts';

const filter = z.object({ soeg: searchText, status: chosenWord(['aktiv', 'spaerret']), service: chosenId });

/** Everybody with every role: a row for each, one without a role for who has none. */
export const usersOfOrganisation = defineReport<UserCells & StateCells & AssignmentCells, typeof filter>({
  id: 'alle-brugere',
  title: 'Alle brugere i et CVR',
  description: 'Alle organisationens brugere med de roller, de har nu. Til gennemgang og kontrol af adgange.',
  group: 'Brugere og roller',
  access: 'report.usersOfOrganisation',
  reach: 'organisation',
  fields: [
    searchField,
    {
      kind: 'choice',
      name: 'status',
      label: 'Status',
      any: 'Alle',
      choices: fixed(['aktiv', 'Aktiv'], ['spaerret', 'Spærret']),
    },
    serviceField,
  ],
  filter,
  columns: [...userColumns, ...stateColumns, ...assignmentColumns],
  orders: userOrders(assignmentKey),
  select: ({ soeg, status, service }, { organisationId }) => ({
    columns: sql`${userSelect}, ${stateSelect}, ${assignmentSelect}`,
    from: sql`visible_user u ${stateJoins}
      left join role_assignment g on g.user_id = u.id and g.organisation_id = u.organisation_id and ${isInForce} ${assignmentJoins}`,
    where: joinSql(
      [
        sql`u.organisation_id = ${organisationId}::int and u.deleted_at is null and ${ofService(service)}`,
        ...searchWords(soeg).map((word) => sql`u.search like ${likeAnywhere(word)}`),
        ...(status === null ? [] : [status === 'spaerret' ? isLockedNow : sql`not ${isLockedNow}`]),
      ],
      ' and ',
    ),
  }),
});
