import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';

/** Judged rows with what the dry run tells beside them: whose address it also is, and that a namesake gets a role. */
export function notedRows(judged: Sql, organisationId: number): Sql {
  return sql`
    with judged as materialized (${judged}),
    -- The first users with each address of the file, found in one go: the wall keeps an index from being asked row by row.
    holders as materialized (
      select lower(email) as address, (array_agg(id order by id))[1:4] as ids, (array_agg(first_name || ' ' || last_name order by id))[1:4] as names
      from app_user where organisation_id = ${organisationId}::int and deleted_at is null
        and lower(email) in (select lower(person ->> 'email') from judged where is_leader)
      group by lower(email))
    select v.*, nullif(concat_ws(' ',
        case when v.is_leader and (v.kind = 'NEW' or v.changes ? 'email') then ${emailNote} end,
        case when v.gives_role and v.is_namesake
          then 'Brugeren har samme navn eller e-mailadresse som dig: tildelingen står for sig i loggen, og de andre administratorer får besked.' end), '') as note
    from judged v left join holders h on h.address = lower(v.person ->> 'email')`;
}

/** Others with the same e-mail address: allowed for shared mailboxes, and told by name. */
const emailNote = sql`coalesce(
    (select 'E-mailadressen bruges også af ' || string_agg(o.name, ', ') || '.' from (
      select name from unnest(h.ids, h.names) with ordinality as one (id, name, place)
      where id is distinct from v.user_id order by place limit 3) o),
    case when v.shares_in_file then 'Flere brugere i filen har samme e-mailadresse.' end)`;
