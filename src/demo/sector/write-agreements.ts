import { createHash } from 'node:crypto';
import { blankForm } from '../../agreements/blank-form.ts';
import { agreementText, contacts, makeAgreements } from './agreements.ts';
import type { DemoAgreement } from './agreements.ts';
import { organisationFacts, organisationKeys } from './organisations.ts';
import { insertRows, nextIds, type Connection } from './rows.ts';
import type { OrganisationIds } from './write-organisations.ts';
import { userOf, type WrittenUser } from './write-users.ts';

type Users = ReadonlyMap<string, WrittenUser>;

/** The organisations' agreements with their files, contacts, what CVR says, and the text that most have accepted. */
export async function writeAgreements(
  db: Connection,
  users: Users,
  ids: OrganisationIds,
  today: string,
): Promise<void> {
  const agreements = makeAgreements(today);
  const agreementIds = await nextIds(db, 'agreement', agreements.length);
  const registeredBy = userOf(users, 'systemOwner-1').id;
  await insertRows(
    db,
    'agreement',
    agreements.map((one, place) => agreementRow(one, agreementIds[place] ?? 0, ids[one.organisation], registeredBy)),
  );
  for (const [place, one] of agreements.entries())
    await writeParts(db, one, { agreementId: agreementIds[place] ?? 0, organisationId: ids[one.organisation] }, users);
  await writeContacts(db, ids);
  await writeRegister(db, ids);
  await writeText(db, users, ids, registeredBy);
}

function agreementRow(
  one: DemoAgreement,
  id: number,
  organisationId: number,
  registeredBy: number,
): object & Record<string, unknown> {
  return {
    id,
    organisation_id: organisationId,
    signer_name: one.signer,
    signer_title: one.title,
    signed_on: one.from,
    valid_from: one.from,
    valid_to: one.to,
    security_policy: one.policy,
    security_policy_name: one.policyName,
    registered_by_id: registeredBy,
    registered_at: `${one.from} 10:00`,
    ended_on: one.endedOn,
    end_reason: one.endedOn === null ? null : 'Klinikken er lukket',
    version: 1,
  };
}

type Ids = { agreementId: number; organisationId: number };

/** Nobody signed in a made-up sector: the blank form stands for the signed one. */
async function writeParts(
  db: Connection,
  one: DemoAgreement,
  { agreementId, organisationId }: Ids,
  users: Users,
): Promise<void> {
  const content = await blankForm();
  const sha256 = createHash('sha256').update(content).digest('hex');
  await db.query(
    'insert into agreement_file (agreement_id, organisation_id, file_name, sha256, content) values ($1, $2, $3, $4, $5)',
    [agreementId, organisationId, `autorisationsblanket-${one.from}.pdf`, sha256, content],
  );
  await db.query(
    `insert into agreement_service (agreement_id, organisation_id, service_id)
     select $1, $2, s.id from service s where exists (
       select from organisation_role g join role r on r.id = g.role_id where g.organisation_id = $2 and r.service_id = s.id)`,
    [agreementId, organisationId],
  );
  const named = userOf(users, one.names);
  await db.query(
    `insert into agreement_administrator (agreement_id, organisation_id, position, first_name, last_name, email, rid, appointed_user_id, appointed_at)
     select $1, $2, 1, u.first_name, u.last_name, u.email, u.rid, u.id, $4 from app_user u where u.id = $3`,
    [agreementId, organisationId, named.id, `${one.from} 11:00`],
  );
  await db.query(
    `insert into agreement_contact (agreement_id, organisation_id, position, name, email)
     select $1, $2, 1, $3, u.email from app_user u where u.id = $4`,
    [agreementId, organisationId, one.signer, named.id],
  );
}

async function writeContacts(db: Connection, ids: OrganisationIds): Promise<void> {
  await insertRows(
    db,
    'organisation_contact',
    await withIds(
      db,
      contacts.map(({ organisation, ...contact }) => ({ ...contact, organisation_id: ids[organisation], position: 1 })),
    ),
  );
}

async function withIds(db: Connection, rows: object[]): Promise<Record<string, unknown>[]> {
  const ids = await nextIds(db, 'organisation_contact', rows.length);
  return rows.map((row, place) => ({ id: ids[place], ...row }));
}

async function writeRegister(db: Connection, ids: OrganisationIds): Promise<void> {
  for (const key of organisationKeys) {
    const ceasedOn = organisationFacts[key].closedOn ?? null;
    await db.query(
      'insert into organisation_register (organisation_id, status, is_ceased, ceased_on) values ($1, $2, $3, $4)',
      [ids[key], ceasedOn === null ? 'Aktiv' : 'Ophørt', ceasedOn !== null, ceasedOn],
    );
  }
}

async function writeText(db: Connection, users: Users, ids: OrganisationIds, writtenBy: number): Promise<void> {
  const { body, changes, publishedOn, acceptedBy } = agreementText;
  const { rows } = await db.query<{ id: number }>(
    `insert into agreement_text (number, body, changes, written_by_id, written_at, published_at)
     values (1, $1, $2, $3, $4, $4) returning id`,
    [body, changes, writtenBy, `${publishedOn} 09:00`],
  );
  for (const { organisation, user } of acceptedBy) {
    const { id, name } = userOf(users, user);
    await db.query(
      `insert into agreement_acceptance (organisation_id, text_id, accepted_by_id, accepted_by_name, accepted_at)
       values ($1, $2, $3, $4, $5)`,
      [ids[organisation], rows[0]?.id, id, name, `${publishedOn} 14:00`],
    );
  }
}
