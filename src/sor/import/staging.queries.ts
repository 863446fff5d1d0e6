import type pg from 'pg';
import { SorFileRefused, type SorFault } from './refusal.ts';

/** The tree as it will be: what the file tells, and below it what the table keeps of units that are gone. */
const treeToBe = `
  tree as (
    select code, kind, parent_code from sor_incoming
    union all
    select code, kind, parent_code from sor_unit u where not exists (select from sor_incoming i where i.code = u.code))`;

const duplicates = `
  faults as (
    select line, format('SOR code %s stands already on line %s', code, first_line) as message
    from (select line, code, min(line) over same as first_line, row_number() over (same order by line) as place
          from sor_incoming window same as (partition by code)) d
    where place > 1)`;

const misplaced = `
  ${treeToBe},
  faults as (
    select i.line, case
        when i.kind = 'OWNER' then format('owner %s stands below %s', i.code, i.parent_code)
        when i.parent_code is null then format('unit %s has no parent', i.code)
        when p.code is null then format('the parent %s of unit %s is unknown', i.parent_code, i.code)
        else format('unit %s (%s) cannot stand below %s (%s)', i.code, i.kind, p.code, p.kind)
      end as message
    from sor_incoming i left join tree p on p.code = i.parent_code
    where case i.kind
        when 'OWNER' then i.parent_code is not null
        when 'INSTITUTION' then i.parent_code is not null and p.kind is distinct from 'OWNER'
        else coalesce(p.kind, 'OWNER') = 'OWNER'
      end
    union all
    select i.line, format('the institution %s of unit %s is unknown', coalesce(i.institution_code, '(none)'), i.code)
    from sor_incoming i left join tree s on s.code = i.institution_code and s.kind = 'INSTITUTION'
    where i.kind = 'UNIT' and s.code is null)`;

const circular = `
  recursive ${treeToBe},
  reached as (
    select code from tree where parent_code is null
    union all
    select t.code from tree t join reached r on t.parent_code = r.code),
  faults as (
    select line, format('unit %s stands below itself', code) as message
    from sor_incoming i where not exists (select from reached r where r.code = i.code))`;

/** Refuses the staged file where its units do not make one tree; each check relies on the ones before it. */
export async function assertOneTree(client: pg.ClientBase): Promise<void> {
  for (const check of [duplicates, misplaced, circular]) await assertNone(client, check);
}

async function assertNone(client: pg.ClientBase, check: string): Promise<void> {
  const { rows } = await client.query<SorFault & { total: string }>(
    `with ${check} select line, message, count(*) over () as total from faults order by line, message limit 20`,
  );
  const [first] = rows;
  if (first)
    throw new SorFileRefused(
      rows.map(({ line, message }) => ({ line, message })),
      Number(first.total),
    );
}

/** Refuses a file that is much smaller than the last one, which a cut-off file is. */
export async function assertNotShrunk(client: pg.ClientBase, rows: number): Promise<void> {
  const { rows: imports } = await client.query<{ rows: number }>(
    'select rows from sor_import order by id desc limit 1',
  );
  const before = imports[0]?.rows ?? 0;
  if (rows >= before * 0.9) return;
  const message =
    `the file has ${rows} units, the last import had ${before}: more than a tenth are missing; is the file cut off? ` +
    'If it is right, import it with --accept-shrink';
  throw new SorFileRefused([{ line: null, message }]);
}

/** How many units have no owner's CVR number; refuses a file in which none has. */
export async function countWithoutCvr(client: pg.ClientBase, rows: number): Promise<number> {
  const { rows: counts } = await client.query<{ count: number }>(
    'select count(*)::int as count from sor_incoming where owner_cvr is null',
  );
  const count = counts[0]?.count ?? 0;
  if (count === rows) throw new SorFileRefused([{ line: null, message: "no unit has its owner's CVR number" }]);
  return count;
}
