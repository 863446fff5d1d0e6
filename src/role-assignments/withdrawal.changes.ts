import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import { writtenByStatement } from '../audit/record-change.ts';
import type { MaybeOrdered } from '../bulk-orders/bulk-order.ts';
import { placeOrder } from '../bulk-orders/place-order.changes.ts';
import type { Tx } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict } from '../shared/errors.ts';
import { counted, joinedWithAnd } from '../shared/text.ts';
import { PreviewOutdated } from './preview.ts';
import { listRolesNow } from './role-assignments.queries.ts';
import type { Selection } from './selection.ts';
import { findChosen } from './selection.ts';
import { ensureWithinServices } from './service-limit.queries.ts';
import type { WithdrawalPreview } from './withdrawal.queries.ts';
import { previewWithdrawal, roleIdsIn, withdrawnPlacements } from './withdrawal.queries.ts';

export type Withdrawing = {
  selection: Selection;
  /** Roles and places as ticked: "12_0" or "12_90000031000016005". */
  keys: string[];
  /** What the preview showed; null when the form came without one. */
  expected: number | null;
  /** More than this is ordered instead, for the job to carry out. */
  mostAtOnce?: number;
};

/** Takes roles at places away from all chosen users that the actor may take them from: what the preview showed, or nothing. */
export async function withdrawFromChosen(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  organisation: AddressedOrganisation,
  { selection, keys, expected, mostAtOnce = Number.POSITIVE_INFINITY }: Withdrawing,
): Promise<Change<{ withdrawn: number; users: number } & MaybeOrdered>> {
  const { receivers: holders } = await findChosen(tx, actor, organisation, selection, 'role.withdraw');
  if (holders.length === 0)
    throw new Conflict('Du kan ikke fjerne roller fra nogen af de valgte brugere. Åbn siden igen, og se hvorfor.');
  const as = ensureCan(actor, 'role.withdraw', { organisationId: organisation.id });
  await ensureWithinServices(tx, actor, 'role.withdraw', organisation.id, roleIdsIn(keys));
  const userIds = holders.map((user) => user.id);
  const foreseen = await previewWithdrawal(tx, organisation.id, userIds, keys);
  if (expected !== null && expected !== foreseen.assignments) throw new PreviewOutdated();
  if (foreseen.assignments > mostAtOnce) return orderWithdrawal(tx, { onRecord, organisation, as }, keys, foreseen);
  const done = await withdrawWhere(tx, withdrawnPlacements(userIds, keys), { onRecord, organisation, as });
  return { outcome: { ...done, orderId: null }, as, events: done.withdrawn === 0 ? [] : writtenByStatement };
}

async function orderWithdrawal(
  tx: Tx,
  whose: OnWhose,
  keys: string[],
  { assignments, holderIds }: WithdrawalPreview,
): Promise<Change<{ withdrawn: number; users: number } & MaybeOrdered>> {
  const roles = await listRolesNow(tx, whose.organisation.id, [...new Set(roleIdsIn(keys))]);
  const users = holderIds.length;
  const placed = await placeOrder(tx, whose, {
    kind: 'WITHDRAW',
    terms: { keys },
    userIds: holderIds,
    perUser: keys.length,
    assignments,
    summary: `${counted(roles.length, 'rolle', 'roller')} fjernes fra ${counted(users, 'bruger', 'brugere')}: ${joinedWithAnd(roles.map((role) => role.name))}.`,
    sourceOrganisationId: null,
  });
  return { ...placed, outcome: { withdrawn: 0, users, ...placed.outcome } };
}

type OnWhose = {
  onRecord: ActorOnRecord;
  organisation: AddressedOrganisation;
  as: ActorKind;
  reason?: string;
};

/** Ends the assignments `g` of the organisation that the condition means, in one statement that writes its log lines too. */
export async function withdrawWhere(
  tx: Tx,
  condition: Sql,
  { onRecord, organisation, as, reason }: OnWhose,
): Promise<{ withdrawn: number; users: number }> {
  const [counts] = await tx.rows<{ withdrawn: number; users: number }>(sql`
    with ended as (
      update role_assignment g set valid_to = greatest(g.valid_from, now()), withdrawn_at = now(), version = g.version + 1
      where g.organisation_id = ${organisation.id}::int and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())
        and ${condition}
      returning g.id, g.user_id, g.role_id, g.sor_code, g.scope),
    logged as (
      insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
        target_user_id, target_name, detail, request_id, network_address)
      select 'role.withdrawn', ${organisation.id}::int, ${organisation.name}::text, 'PERSON', ${onRecord.userId}::int,
        ${onRecord.name}::text, ${as}::text, u.id, u.first_name || ' ' || u.last_name,
        jsonb_build_object('assignmentId', e.id, 'role', r.code, 'roleName', r.name, 'service', s.code, 'sorCode', e.sor_code,
          'unitName', su.name, 'scope', e.scope, 'reason', ${reason ?? null}::text),
        ${onRecord.requestId}::text, ${onRecord.networkAddress}::text
      from ended e join app_user u on u.id = e.user_id join role r on r.id = e.role_id join service s on s.id = r.service_id
        left join sor_unit su on su.code = e.sor_code)
    select count(*)::int as withdrawn, count(distinct user_id)::int as users from ended`);
  return counts ?? { withdrawn: 0, users: 0 };
}
