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

function listRoles(db: ReadDb, { organisation }: Within): Promise<Choice[]> {
  return db.rows<Choice>(sql`
    select r.id::text as value, s.name || ': ' || r.name as label from organisation_role g
      join role r on r.id = g.role_id join service s on s.id = r.service_id
    where g.organisation_id = ${organisation?.id ?? 0}::int order by s.name, r.name, r.id`);
}

/** A role that the organisation gives or gave. */
export const roleField: FilterField = {
  kind: 'choice',
  name: 'rolle',
  label: 'Rolle',
  any: 'Alle roller',
  choices: listRoles,
};

export function ofRole(roleId: number | null): Sql {
  return roleId === null ? sql`true` : sql`r.id = ${roleId}::int`;
}

export const unitField: FilterField = {
  kind: 'unit',
  name: 'enhed',
  label: 'SOR-kode',
  hint: 'Også dem, der har rollen ved en overordnet enhed med underenheder.',
};

/** The assignments `g` that reach a unit: at it, or above it with all units below. */
export function atUnit(code: string | null): Sql {
  return code === null
    ? sql`true`
    : sql`(g.sor_code = ${code}::text or (g.scope = 'UNIT_AND_SUBUNITS' and g.sor_code = any (array(
        with recursive above as (
          select x.parent_code as code from sor_unit x where x.code = ${code}::text
          union select x.parent_code from sor_unit x join above on above.code = x.code)
        select code from above where code is not null))))`;
}
