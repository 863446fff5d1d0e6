import { event } from '../../audit/events.ts';
import { demoOrganisations } from '../demo-people.ts';
import type { Connection } from './rows.ts';
import type { OrganisationIds } from './write-organisations.ts';
import type { WrittenUser } from './write-users.ts';

/** Henvisningsformidlingen has support of its own (the guide, 7.3 and 7.4); that of Forskermaskinen is made up. */
export async function writeSupport(db: Connection): Promise<void> {
  const links = [
    'Adgang til DNHF: https://dnhf.dk',
    'Vejledninger: http://www.dnhf-info.dk/wm496649',
    'Driftsstatus: https://dnhf.dk/#/operating-status',
  ];
  await db.query(
    `update service set support_name = 'DNHF Support', support_phone = '+45 4482 7964', support_email = 'dk.dnhf-support@cgi.com',
       support_links = $1 where code = 'dnhf'`,
    [links],
  );
  await db.query(
    `update service set support_name = 'Forskermaskinens support', support_email = 'forskermaskinen@support.example',
       support_links = '{"Vejledninger: https://forskermaskinen.example/vejledning"}' where code = 'forskermaskinen'`,
  );
}

const asked = {
  service: 'genoptraening',
  role: 'gopStatistik',
  purpose:
    'Regionens planlæggere følger, hvor længe patienter venter på genoptræning efter indlæggelse, i samlede tal.',
  legalBasis: 'Sundhedsloven § 140 og regionens opgaver efter sundhedsloven § 119',
};

/** A request that waits for the system owner: the region asks for figures that only municipalities see so far. */
export async function writeAccessRequest(
  db: Connection,
  organisations: OrganisationIds,
  by: Pick<WrittenUser, 'id' | 'firstName' | 'lastName' | 'email'>,
): Promise<void> {
  const name = `${by.firstName} ${by.lastName}`;
  const { rows } = await db.query<{ requestId: number; role: string; roleName: string }>(
    `with request as (
       insert into service_access_request (organisation_id, service_id, purpose, legal_basis, contact_name, contact_email,
         created_by_id, created_by_name)
       select $1, s.id, $2, $3, $4, $5, $6, $4 from service s where s.code = $7
       returning id, organisation_id, service_id),
     roles as (
       insert into service_access_request_role (request_id, organisation_id, role_id)
       select q.id, q.organisation_id, r.id from request q join role r on r.service_id = q.service_id and r.code = $8 returning role_id)
     select q.id as "requestId", r.code as role, r.name as "roleName"
     from request q, roles x join role r on r.id = x.role_id order by r.name`,
    [organisations.region, asked.purpose, asked.legalBasis, name, by.email, by.id, asked.service, asked.role],
  );
  const [first] = rows;
  if (first === undefined) throw new Error(`there is no ${asked.service}/${asked.role} to ask for`);
  const { kind, detail } = event(
    'serviceAccess.requested',
    { organisation: null, target: null },
    {
      requestId: first.requestId,
      service: asked.service,
      purpose: asked.purpose,
      legalBasis: asked.legalBasis,
      roles: rows.map(({ role, roleName }) => ({ role, roleName, service: asked.service })),
    },
  );
  await db.query(
    `insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, detail)
     values ($1, $2, $3, 'PERSON', $4, $5, 'organisationAdministrator', $6)`,
    [kind, organisations.region, demoOrganisations.region.name, by.id, name, detail],
  );
}
