import type { ActorOnRecord } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import { selfAssignedMail } from '../mail/messages.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { listOversight } from '../users/users.queries.ts';

export type Giving = {
  actor: Actor;
  onRecord: ActorOnRecord;
  organisation: AddressedOrganisation;
  as: ActorKind;
  /** Receivers whose grants are kinds of their own in the log. */
  likeOneself: ChosenUser[];
  reason: string | null;
  caseNumber: string | null;
};

/**
 * Gives all that is wanted in one statement that writes its log lines too: at 3.000 grants a statement for each would take
 * some forty times as long. What stands there already is left as it is.
 */
export async function giveWanted(tx: Tx, wanted: Sql, giving: Giving): Promise<{ wanted: number; added: number }> {
  const { actor, onRecord, organisation, as, likeOneself, reason, caseNumber } = giving;
  const [counts] = await tx.rows<{ wanted: number; added: number }>(sql`
    with wanted as (${wanted}),
    added as (
      insert into role_assignment (organisation_id, user_id, role_id, sor_code, scope, valid_from, valid_to, reason, case_number, created_by_id)
      select ${organisation.id}::int, user_id, role_id, sor_code, scope, valid_from, valid_to, ${reason}::text, ${caseNumber}::text, ${actor.userId}::int
      from wanted
      on conflict do nothing returning id, user_id, role_id, coalesce(sor_code, '0') as placement, valid_from),
    logged as (
      insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
        target_user_id, target_name, detail, request_id, network_address)
      select case when w.user_id = ${actor.userId}::int then 'role.selfAssigned'
          when w.user_id = any (${likeOneself.map((user) => user.id)}::int[]) then 'role.namesakeAssigned' else 'role.assigned' end,
        ${organisation.id}::int, ${organisation.name}::text, 'PERSON', ${onRecord.userId}::int, ${onRecord.name}::text, ${as}::text,
        w.user_id, w.user_name,
        jsonb_build_object('assignmentId', w.id, 'role', w.role, 'roleName', w.role_name, 'service', w.service, 'sorCode', w.sor_code,
          'unitName', su.name, 'scope', w.scope, 'startsOn', w.starts_on, 'endsOn', w.ends_on,
          'reason', ${reason}::text, 'caseNumber', ${caseNumber}::text),
        ${onRecord.requestId}::text, ${onRecord.networkAddress}::text
      -- PostgreSQL expects a handful of rows here and would compare each with each; a full join is always carried out by hashes.
      from (select added.id, w.* from added full join wanted w on w.user_id = added.user_id and w.role_id = added.role_id
          and coalesce(w.sor_code, '0') = added.placement and w.valid_from = added.valid_from
        where coalesce(added.id, 0) <> 0) w
        left join sor_unit su on su.code = w.sor_code)
    select (select count(*)::int from wanted) as wanted, (select count(*)::int from added) as added`);
  return counts ?? { wanted: 0, added: 0 };
}

/** Roles given to oneself, or to a second user of one's own name or e-mail, are told to everybody who watches over it. */
export async function tellOversight(
  tx: Tx,
  { actor, organisation, likeOneself, reason }: Giving,
  roleIds: number[],
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  if (likeOneself.length === 0 || roleIds.length === 0) return [];
  const told = (await listOversight(tx, organisation.id)).filter((person) => person.userId !== actor.userId);
  const roles = await tx.rows<{ name: string }>(
    sql`select name from role where id = any (${roleIds}::int[]) order by name`,
  );
  return likeOneself.flatMap((receiver) =>
    told.map((person) =>
      selfAssignedMail(mailing, {
        to: { name: fullName(person), address: person.email },
        organisationName: organisation.name,
        changedBy: fullName(actor),
        receiver:
          receiver.id === actor.userId ? 'sig selv' : `${fullName(receiver)}, som har samme navn eller e-mailadresse`,
        roles: roles.map((role) => role.name),
        reason,
        baseUrl: mailing.sebadminOrigin,
        path: `/organisationer/${organisation.cvr}/brugere/${receiver.id}/log`,
      }),
    ),
  );
}
