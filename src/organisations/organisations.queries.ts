import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import type { AdministratorKind } from '../permissions/actor.ts';
import type { Scope } from '../permissions/scope.ts';
import { atUnusableUnits } from '../repointing/repointing.queries.ts';
import { endsWithin } from '../role-assignments/period.queries.ts';
import { NotFound } from '../shared/errors.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import { holdsNoRole, isLockedNow } from '../users/users.queries.ts';
import type { OrganisationFilter, OrganisationListQuery } from './organisation-list.ts';
import type { Contact, Organisation } from './organisation.ts';

export type OrganisationRow = {
  id: number;
  cvr: string;
  name: string;
  isClosed: boolean;
  isCeased: boolean;
  hasAgreement: boolean;
  users: number;
  administrators: number;
};

export const organisationsPerPage = 50;

// An agreement that applies today.
const hasAgreement: Sql = sql`exists (select from agreement g where g.organisation_id = o.id and g.valid_from <= danish_today()
  and coalesce(g.valid_to, 'infinity') >= danish_today() and coalesce(g.ended_on, 'infinity') >= danish_today())`;
const administratorCount: Sql = sql`count_organisation_administrators(o.id)`;
const agreementRunsOut: Sql = sql`exists (select from agreement g where g.organisation_id = o.id and g.ended_on is null
  and g.valid_to between danish_today() and danish_today() + 90
  and not exists (select from agreement r where r.renews_id = g.id and r.ended_on is null))`;
const isCeased: Sql = sql`exists (select from organisation_register c where c.organisation_id = o.id and c.is_ceased)`;
const awaitsLogin: Sql = sql`exists (select from awaited_login w where w.organisation_id = o.id and w.fulfilled_at is null)`;

const conditions: Record<OrganisationFilter, Sql | null> = {
  alle: null,
  lukkede: sql`o.closed_at is not null`,
  'uden-aftale': sql`o.closed_at is null and not ${hasAgreement}`,
  'aftale-udloeber': sql`o.closed_at is null and ${agreementRunsOut}`,
  'faa-administratorer': sql`o.closed_at is null and ${administratorCount} < 2`,
  ophoert: sql`o.closed_at is null and ${isCeased}`,
  'venter-paa-login': sql`o.closed_at is null and ${awaitsLogin}`,
};

/** Organisations within the actor's reach by name; one more than a page. */
export function listOrganisations(
  db: ReadDb,
  scope: Scope,
  { search, filter, after }: OrganisationListQuery,
): Promise<OrganisationRow[]> {
  const wanted = conditions[filter];
  const all = [
    ...(scope === 'all' ? [] : [sql`o.id = any (${[...scope]}::int[])`]),
    ...(wanted === null ? [] : [wanted]),
    ...searchWords(search.replace(/(?<=\d) (?=\d)/g, '')).map((word) => sql`o.search like ${likeAnywhere(word)}`),
    ...(after === null ? [] : [sql`(o.name, o.id) > (${after.name}::text, ${after.id}::int)`]),
  ];
  const where = all.length === 0 ? noSql : sql`where ${joinSql(all, ' and ')}`;
  return db.rows<OrganisationRow>(sql`
    select o.id, o.cvr, o.name, o.closed_at is not null as "isClosed", t.user_count as users, ${administratorCount} as administrators,
      ${hasAgreement} as "hasAgreement", ${isCeased} as "isCeased"
    from organisation o join organisation_state t on t.organisation_id = o.id
    ${where} order by o.name, o.id limit ${organisationsPerPage + 1}::int`);
}

/** How many open organisations stand in each filter that asks something of the system owner. */
export type OrganisationsToSee = Record<Exclude<OrganisationFilter, 'alle' | 'lukkede'>, number>;

export async function countOrganisationsToSee(db: ReadDb): Promise<OrganisationsToSee> {
  const count = (filter: keyof OrganisationsToSee): Sql =>
    sql`count(*) filter (where ${conditions[filter] ?? noSql})::int`;
  const [counts] = await db.rows<OrganisationsToSee>(sql`
    select ${count('uden-aftale')} as "uden-aftale", ${count('aftale-udloeber')} as "aftale-udloeber",
      ${count('faa-administratorer')} as "faa-administratorer", ${count('ophoert')} as ophoert,
      ${count('venter-paa-login')} as "venter-paa-login"
    from organisation o where o.closed_at is null`);
  if (counts === undefined) throw new Error('a count gives one row');
  return counts;
}

/** The organisation as its own page tells it. */
export async function getOrganisation(db: ReadDb, id: number): Promise<Organisation> {
  const [found] = await db.rows<Organisation>(sql`
    select o.id, o.cvr, o.name, ${danishDayOf(sql`o.created_at`)} as "createdOn", ${danishDayOf(sql`o.closed_at`)} as "closedOn",
      o.closed_reason as "closedReason", o.self_assignment_allowed as "selfAssignmentAllowed", o.version, t.user_count as users,
      (select count(*)::int from role_assignment g where g.organisation_id = o.id and g.withdrawn_at is null
        and (g.valid_to is null or g.valid_to > now())) as "activeAssignments",
      case when c.organisation_id is not null then jsonb_build_object('status', c.status, 'isCeased', c.is_ceased,
        'ceasedOn', to_char(c.ceased_on, 'DD-MM-YYYY'), 'checkedOn', ${danishDayOf(sql`c.checked_at`)}) end as register
    from organisation o join organisation_state t on t.organisation_id = o.id
      left join organisation_register c on c.organisation_id = o.id
    where o.id = ${id}::int`);
  if (found === undefined) throw new NotFound();
  return found;
}

function danishDayOf(moment: Sql): Sql {
  return sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY')`;
}

export function listContacts(db: ReadDb, organisationId: number): Promise<Contact[]> {
  return db.rows<Contact>(sql`
    select kind, position, name, title, email, phone from organisation_contact
    where organisation_id = ${organisationId}::int order by kind desc, position`);
}

export type AdministratorOnPage = {
  firstName: string;
  lastName: string;
  kind: AdministratorKind;
  responsibilityArea: string | null;
  isLocked: boolean;
};

/** The administrators in force, also those who are users of another organisation; at most two hundred. */
export function listAdministratorsOnPage(db: ReadDb, organisationId: number): Promise<AdministratorOnPage[]> {
  return db.rows<AdministratorOnPage>(sql`
    select first_name as "firstName", last_name as "lastName", kind, responsibility_area as "responsibilityArea", is_locked as "isLocked"
    from present_administrators(${organisationId}::int) limit 200`);
}

/** "Rettigheder til roller" in figures: each service with how many of its roles the organisation may give. */
export function listRights(db: ReadDb, organisationId: number): Promise<{ service: string; roles: number }[]> {
  return db.rows<{ service: string; roles: number }>(sql`
    select s.name as service, count(*)::int as roles
    from organisation_role g join role r on r.id = g.role_id join service s on s.id = r.service_id
    where g.organisation_id = ${organisationId}::int and g.withdrawn_at is null and r.retired_at is null and s.retired_at is null
    group by s.id, s.name order by s.name, s.id`);
}

/** So many days ahead the front page tells of assignments that end. */
export const soon = 30;

/** What the front page tells of one organisation. Each figure counts what the page that it leads to lists. */
export type OrganisationSummary = {
  id: number;
  cvr: string;
  name: string;
  users: number;
  locked: number;
  withoutRoles: number;
  organisationAdministrators: number;
  expiringSoon: number;
  onClosedUnits: number;
};

/** The figures of the actor's own organisations, one row each; counted for at most twenty organisations. */
export function summariseOrganisations(db: ReadDb, organisationIds: readonly number[]): Promise<OrganisationSummary[]> {
  return db.rows<OrganisationSummary>(sql`
    select o.id, o.cvr, o.name, t.user_count as users,
      (select count(*)::int from app_user u where u.organisation_id = o.id and u.deleted_at is null and ${isLockedNow}) as locked,
      (select count(*)::int from app_user u where u.organisation_id = o.id and u.deleted_at is null and ${holdsNoRole}) as "withoutRoles",
      count_organisation_administrators(o.id) as "organisationAdministrators",
      (select count(*)::int from role_assignment g where g.organisation_id = o.id and ${endsWithin(soon)}) as "expiringSoon",
      ${atUnusableUnits} as "onClosedUnits"
    from organisation o join organisation_state t on t.organisation_id = o.id
    where o.id = any (${organisationIds.slice(0, 20)}::int[]) order by o.name, o.id`);
}

export async function findByCvr(db: ReadDb, cvr: string): Promise<{ cvr: string; name: string } | null> {
  const [found] = await db.rows<{ cvr: string; name: string }>(
    sql`select cvr, name from organisation where cvr = ${cvr}::text`,
  );
  return found ?? null;
}
