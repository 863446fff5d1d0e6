import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import { NotFound } from '../shared/errors.ts';
import type { Agreement, AgreementDetails, NamedAdministrator, NamedContact } from './agreement.ts';

const columns: Sql = sql`g.id, g.renews_id as "renewsId",
  exists (select from agreement r where r.renews_id = g.id and r.ended_on is null) as "isRenewed",
  g.signer_name as "signerName", g.signer_title as "signerTitle", g.signed_on::text as "signedOn", g.valid_from::text as "validFrom",
  g.valid_to::text as "validTo", g.security_policy as "securityPolicy", g.security_policy_name as "securityPolicyName",
  g.ended_on::text as "endedOn", g.end_reason as "endReason", g.version`;

/** The organisation's agreements, latest first. */
export function listAgreements(db: ReadDb, organisationId: number): Promise<Agreement[]> {
  return db.rows<Agreement>(sql`
    select ${columns} from agreement g where g.organisation_id = ${organisationId}::int
    order by g.valid_from desc, g.id desc limit 100`);
}

export async function getAgreement(db: ReadDb, organisationId: number, id: number): Promise<Agreement> {
  const [found] = await db.rows<Agreement>(sql`
    select ${columns} from agreement g where g.organisation_id = ${organisationId}::int and g.id = ${id}::int`);
  if (found === undefined) throw new NotFound('Aftalen findes ikke. Se organisationens aftaler på dens side.');
  return found;
}

/** With all that was registered, but the file's content. */
export async function getAgreementDetails(db: ReadDb, organisationId: number, id: number): Promise<AgreementDetails> {
  const [found] = await db.rows<AgreementDetails>(sql`
    select ${columns}, to_char(g.registered_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "registeredOn",
      array(select s.name from agreement_service c join service s on s.id = c.service_id where c.agreement_id = g.id order by s.name, s.id) as services,
      (select coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'email', c.email) order by c.position), '[]')
        from agreement_contact c where c.agreement_id = g.id) as contacts,
      (select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'firstName', n.first_name, 'lastName', n.last_name, 'email', n.email,
          'rid', n.rid, 'uuid', n.uuid, 'appointedUserId', n.appointed_user_id,
          'appointedOn', to_char(n.appointed_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY')) order by n.position), '[]')
        from agreement_administrator n where n.agreement_id = g.id) as administrators,
      (select jsonb_build_object('fileName', f.file_name, 'sha256', f.sha256, 'kilobytes', ceil(octet_length(f.content) / 1024.0)::int)
        from agreement_file f where f.agreement_id = g.id) as file
    from agreement g
    where g.organisation_id = ${organisationId}::int and g.id = ${id}::int`);
  if (found === undefined) throw new NotFound('Aftalen findes ikke. Se organisationens aftaler på dens side.');
  return found;
}

export async function getAgreementFile(
  db: ReadDb,
  organisationId: number,
  id: number,
): Promise<{ content: Buffer; validFrom: string }> {
  const [file] = await db.rows<{ content: Buffer; validFrom: string }>(sql`
    select f.content, g.valid_from::text as "validFrom" from agreement_file f join agreement g on g.id = f.agreement_id
    where f.organisation_id = ${organisationId}::int and f.agreement_id = ${id}::int`);
  if (file === undefined) throw new NotFound('Filen findes ikke. Se organisationens aftaler på dens side.');
  return file;
}

export async function findNamedAdministrator(
  db: ReadDb,
  organisationId: number,
  agreementId: number,
  id: number,
): Promise<NamedAdministrator | null> {
  const [found] = await db.rows<NamedAdministrator>(sql`
    select n.id, n.first_name as "firstName", n.last_name as "lastName", n.email, n.rid, n.uuid, n.appointed_user_id as "appointedUserId",
      to_char(n.appointed_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "appointedOn"
    from agreement_administrator n
    where n.organisation_id = ${organisationId}::int and n.agreement_id = ${agreementId}::int and n.id = ${id}::int`);
  return found ?? null;
}

export function listAgreementContacts(db: ReadDb, agreementId: number): Promise<NamedContact[]> {
  return db.rows<NamedContact>(sql`
    select name, email from agreement_contact where agreement_id = ${agreementId}::int order by position`);
}

export type ServiceChoice = { id: number; name: string };

/** The services that an agreement can cover. */
export function listOpenServices(db: ReadDb): Promise<ServiceChoice[]> {
  return db.rows<ServiceChoice>(sql`select id, name from service where retired_at is null order by name, id`);
}

export async function listServiceIds(db: ReadDb, agreementId: number): Promise<number[]> {
  const rows = await db.rows<{ id: number }>(sql`
    select c.service_id as id from agreement_service c join service s on s.id = c.service_id
    where c.agreement_id = ${agreementId}::int and s.retired_at is null order by 1`);
  return rows.map(({ id }) => id);
}
