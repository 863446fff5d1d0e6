import { demoOrganisations } from '../demo-people.ts';
import { organisationFacts, organisationKeys, type OrganisationKey } from './organisations.ts';
import { organisationRights, withdrawnRights } from './rights.ts';
import { insertRows, nextIds, type Connection } from './rows.ts';
import type { DemoUnit } from './sor-units.ts';

export type OrganisationIds = Record<OrganisationKey, number>;
export type KnownRole = {
  id: number;
  code: string;
  name: string;
  service: string;
  serviceName: string;
  needsSor: boolean;
};

export async function writeOrganisations(db: Connection): Promise<OrganisationIds> {
  const ids = await nextIds(db, 'organisation', organisationKeys.length);
  const rows = organisationKeys.map((key, place) => ({
    id: ids[place],
    ...demoOrganisations[key],
    self_assignment_allowed: organisationFacts[key].selfAssignmentAllowed ?? false,
    created_at: `${organisationFacts[key].since} 09:00`,
  }));
  await insertRows(db, 'organisation', rows);
  return Object.fromEntries(organisationKeys.map((key, place) => [key, ids[place]])) as OrganisationIds;
}

/** The organisations whose agreement has ended are closed last, when all that happened in them is written. */
export async function closeOrganisations(db: Connection, ids: OrganisationIds): Promise<void> {
  for (const key of organisationKeys) {
    const { closedOn } = organisationFacts[key];
    if (closedOn)
      await db.query('update organisation set closed_at = $1 where id = $2', [`${closedOn} 16:00`, ids[key]]);
  }
}

/** Every role of the catalogue by "service/role". */
export async function readRoles(db: Connection): Promise<Map<string, KnownRole>> {
  const { rows } = await db.query<KnownRole>(
    `select r.id, r.code, r.name, s.code as service, s.name as "serviceName", r.needs_sor as "needsSor"
     from role r join service s on s.id = r.service_id order by r.id`,
  );
  return new Map(rows.map((role) => [`${role.service}/${role.code}`, role]));
}

export async function writeRights(db: Connection, ids: OrganisationIds, roles: Map<string, KnownRole>): Promise<void> {
  const rows = organisationKeys.flatMap((key) =>
    [...roles.values()]
      .filter(({ service, code }) => includesRole(organisationRights[key][service], code))
      .map(({ id }) => ({
        organisation_id: ids[key],
        role_id: id,
        granted_at: `${organisationFacts[key].since} 09:00`,
      })),
  );
  await insertRows(db, 'organisation_role', rows);
}

export async function withdrawRights(db: Connection, ids: OrganisationIds): Promise<void> {
  for (const { organisation, service, on } of withdrawnRights) {
    await db.query(
      `update organisation_role g set withdrawn_at = $1 from role r join service s on s.id = r.service_id
       where g.role_id = r.id and s.code = $2 and g.organisation_id = $3`,
      [`${on} 12:00`, service, ids[organisation]],
    );
  }
}

function includesRole(right: '*' | string[] | undefined, code: string): boolean {
  return right === '*' || (right?.includes(code) ?? false);
}

/** Closed units are still open here, so that what was given there can be written: see closeUnits. */
export async function writeUnits(db: Connection, units: DemoUnit[]): Promise<void> {
  const rows = units.map((unit) => ({
    code: unit.code,
    kind: unit.kind,
    name: unit.name,
    entity_type: unit.entityType,
    parent_code: unit.parentCode,
    owner_cvr: unit.ownerCvr,
    institution_code: unit.institutionCode,
    shak_code: unit.shakCode,
    street: unit.street,
    postcode: unit.postcode,
    city: unit.city,
    valid_from: unit.validFrom,
  }));
  await insertRows(db, 'sor_unit', rows);
}

export async function closeUnits(db: Connection, units: DemoUnit[]): Promise<void> {
  const closed = units.filter(({ closedOn }) => closedOn !== null).map(({ code, closedOn }) => ({ code, closedOn }));
  await db.query(
    `update sor_unit set closed_on = c."closedOn"
     from jsonb_to_recordset($1::jsonb) as c (code text, "closedOn" date) where sor_unit.code = c.code`,
    [JSON.stringify(closed)],
  );
}
