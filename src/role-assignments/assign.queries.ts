import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { FieldErrors } from '../http/forms.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { isSorCode } from '../shared/danish-numbers.ts';
import { countSubunits, findUnit } from '../sor/sor.queries.ts';
import type { SorUnit } from '../sor/sor-unit.ts';
import type { AssignmentScope } from './assignment.ts';
import type { Grants } from './grants.queries.ts';
import { isInTheWay, wantedRows } from './grants.queries.ts';
import { dayOf, lastDayOf } from './period.queries.ts';

/** A code that was chosen or typed; `unit` is null when the organisation has none of that code. */
export type ChosenUnit = { code: string; unit: SorUnit | null };
/** With how many units "og underenheder" covers today besides the unit itself. */
export type CountedUnit = ChosenUnit & { subunits: number };

/** The units behind the codes, in the order of choosing. */
export async function findChosenUnits(
  db: ReadDb,
  { cvr }: Pick<AddressedOrganisation, 'cvr'>,
  codes: readonly string[],
): Promise<ChosenUnit[]> {
  const chosen: ChosenUnit[] = [];
  for (const code of codes) chosen.push({ code, unit: /^\d{6,18}$/.test(code) ? await findUnit(db, cvr, code) : null });
  return chosen;
}

export async function withSubunits(
  db: ReadDb,
  { cvr }: AddressedOrganisation,
  units: readonly ChosenUnit[],
): Promise<CountedUnit[]> {
  const counted: CountedUnit[] = [];
  for (const one of units)
    counted.push({ ...one, subunits: one.unit === null ? 0 : await countSubunits(db, cvr, one.unit.code) });
  return counted;
}

/** What is wrong with a unit that a role is to be given at; null when it can be used. */
export function faultOfUnit({ code, unit }: ChosenUnit): string | null {
  if (!isSorCode(code))
    return `SOR-koden ${code} er ikke rigtig. Se efter, om alle cifre er med, eller find enheden på listen`;
  if (unit === null)
    return `SOR-enheden ${code} hører ikke til organisationen. Find en af organisationens egne enheder`;
  return unit.isClosed ? `SOR-enheden ${unit.name} er lukket. Vælg en åben enhed` : null;
}

/** Said as soon as a unit was typed, not first when all is sent. */
export function faultsOfTyped(units: readonly ChosenUnit[], isAsked: boolean): FieldErrors {
  const fault = isAsked ? units.map(faultOfUnit).find((one) => one !== null) : null;
  return fault ? { sor: fault } : {};
}

/** What giving a role at a place would do to the chosen users. */
export type PreviewRow = {
  roleName: string;
  roleCode: string;
  sorCode: string | null;
  unitName: string | null;
  added: number;
  alreadyThere: number;
};

/** An assignment that stands in a wanted one's way, so that it counts as already there. */
export type InTheWay = {
  assignmentId: number;
  userId: number;
  userName: string;
  roleName: string;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope;
  validFrom: string;
  validTo: string | null;
};

/** Role by role and unit by unit: how many are new and how many are there already. */
export function previewGrants(db: ReadDb, organisationId: number, grants: Grants): Promise<PreviewRow[]> {
  return db.rows<PreviewRow>(sql`
    with w as materialized (${wantedRows(organisationId, grants)}),
    judged as (select w.*, exists (select from role_assignment g where ${isInTheWay}) as is_there from w)
    select j.role_name as "roleName", j.role as "roleCode", j.sor_code as "sorCode", su.name as "unitName",
      count(*) filter (where not is_there)::int as added, count(*) filter (where is_there)::int as "alreadyThere"
    from judged j left join sor_unit su on su.code = j.sor_code
    group by j.role_id, j.role_name, j.role, j.sor_code, su.name
    order by j.role_name, j.role, su.name, j.sor_code`);
}

/** The first assignments that are there already, by user. */
export function listInTheWay(db: ReadDb, organisationId: number, grants: Grants, most: number): Promise<InTheWay[]> {
  return db.rows<InTheWay>(sql`
    with w as materialized (${wantedRows(organisationId, grants)})
    select g.id as "assignmentId", w.user_id as "userId", w.user_name as "userName", w.role_name as "roleName",
      w.sor_code as "sorCode", su.name as "unitName", g.scope, ${dayOf(sql`g.valid_from`)} as "validFrom", ${lastDayOf(sql`g.valid_to`)} as "validTo"
    from w join role_assignment g on ${isInTheWay} left join sor_unit su on su.code = w.sor_code
    order by w.user_name, w.user_id, w.role_name, g.id limit ${most}::int`);
}

export type WithoutCpr = { count: number; names: string[] };

/** Of these users, those whose latest login carried no CPR number: roles that need it will not work for them. */
export async function findWithoutCpr(
  db: ReadDb,
  organisationId: number,
  userIds: readonly number[],
  most: number,
): Promise<WithoutCpr> {
  const rows = await db.rows<{ name: string; total: number }>(sql`
    select u.first_name || ' ' || u.last_name as name, (count(*) over ())::int as total
    from user_login l join app_user u on u.id = l.user_id
    where l.organisation_id = ${organisationId}::int and l.user_id = any (${[...userIds]}::int[]) and not l.carried_cpr
    order by u.last_name, u.first_name, u.id limit ${most}::int`);
  return { count: rows[0]?.total ?? 0, names: rows.map((row) => row.name) };
}
