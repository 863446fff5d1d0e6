import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { faultOfUnit } from '../role-assignments/assign.queries.ts';
import { tellOversight } from '../role-assignments/grants.changes.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { isLikeOneself } from '../role-assignments/selection.ts';
import { FieldRefused } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Asked, Move } from './judgement.ts';
import { judgeMove } from './judgement.ts';

export type Repointing = Asked & { mark: string; reason: string; caseNumber: string | null };

/** Moves assignments from a unit that cannot be used to one that can: what the preview showed, all of it or nothing. */
export async function repointAssignments(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  organisation: AddressedOrganisation,
  { mark, reason, caseNumber, ...asked }: Repointing,
  mailing: MailSetting,
): Promise<Change<{ moved: number; users: number }>> {
  const as = ensureCan(actor, 'sor.repoint', { organisationId: organisation.id });
  const move = await judgeMove(tx, actor, organisation, asked);
  if (move === null || move.mark !== mark || move.movable.length === 0) throw new PreviewOutdated();
  const fault = faultOfUnit(move.target);
  if (fault !== null) throw new FieldRefused('sor', fault);
  const ids = move.movable.map(({ id }) => id);
  await tx.rows(sql`
    update role_assignment set sor_code = ${asked.to}::text, version = version + 1 where id = any (${ids}::int[])`);
  const users = new Map(move.movable.map(({ user }) => [user.id, user]));
  const likeOneself = [...users.values()].filter((user) => isLikeOneself(actor, user));
  const giving = { actor, onRecord, organisation, as, likeOneself, reason, caseNumber };
  return {
    outcome: { moved: ids.length, users: users.size },
    as,
    events: eventsOf(organisation, move, reason, caseNumber),
    mails: await tellOversight(tx, giving, [...new Set(move.movable.map(({ roleId }) => roleId))], mailing),
  };
}

function eventsOf(
  organisation: AddressedOrganisation,
  { unit, target, movable }: Move,
  reason: string,
  caseNumber: string | null,
) {
  return movable.map(({ id, user, roleCode, roleName, serviceCode, scope, startsOn, endsOn }) => {
    const terms = { scope, startsOn, endsOn };
    return event(
      'role.assignmentChanged',
      { organisation, target: { userId: user.id, name: fullName(user) } },
      {
        assignmentId: id,
        role: roleCode,
        roleName,
        service: serviceCode,
        from: { ...terms, sorCode: unit.code, unitName: unit.name },
        to: { ...terms, sorCode: target.code, unitName: target.unit?.name ?? null },
        reason,
        caseNumber,
      },
    );
  });
}
