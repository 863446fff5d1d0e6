import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { Choice, FilterField } from './filter-field.ts';
import type { Within } from './report.ts';

/** Services of which the organisation gives or gave a role, retired ones too: what it holds of them is still there. */
function listServices(db: ReadDb, { organisation }: Within): Promise<Choice[]> {
  return db.rows<Choice>(sql`
    select s.id::text as value, s.name || case when s.retired_at is null then '' else ' (udfaset)' end as label from service s
    where exists (select from organisation_role g join role r on r.id = g.role_id
      where r.service_id = s.id and g.organisation_id = ${organisation?.id ?? 0}::int)
    order by s.name, s.id`);
}

export const serviceField: FilterField = {
  kind: 'choice',
  name: 'service',
  label: 'Service',
  any: 'Alle services',
  choices: listServices,
};

/** The condition that a choice of service adds, none for null. */
export function ofService(serviceId: number | null): Sql {
  return serviceId === null ? sql`true` : sql`s.id = ${serviceId}::int`;
}
