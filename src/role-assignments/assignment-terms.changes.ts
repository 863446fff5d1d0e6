import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict, FieldRefused, NotFound, StaleForm } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { listChosenUsers } from '../users/users.queries.ts';
import type { Terms } from './assignment-terms.forms.ts';
import { isSame, isWider } from './assignment-terms.forms.ts';
import type { Assignment } from './assignment-terms.queries.ts';
import { findAssignment, hasOverlap } from './assignment-terms.queries.ts';
import { faultOfUnit, findChosenUnits } from './assign.queries.ts';
import { tellOversight } from './grants.changes.ts';
import { endOf, startOf } from './period.queries.ts';
import { isLikeOneself, reasonAgainst } from './selection.ts';
import { ensureWithinServices } from './service-limit.queries.ts';

export type Editing = {
  userId: number;
  assignmentId: number;
  version: number;
  terms: Terms;
  reason: string | null;
  caseNumber: string | null;
};

/** Edits an assignment in place, under the rules by which a new one with these terms could be given. */
export async function editAssignment(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  organisation: AddressedOrganisation,
  { userId, assignmentId, version, terms, reason, caseNumber }: Editing,
  mailing: MailSetting,
): Promise<Change<{ changed: boolean }>> {
  const [user] = await listChosenUsers(tx, organisation.id, [userId]);
  const before = await findAssignment(tx, organisation.id, userId, assignmentId);
  if (user === undefined || before === null) throw new NotFound();
  const { id: organisationId, selfAssignmentAllowed } = organisation;
  const as = ensureCan(actor, 'role.assign', { organisationId, selfAssignmentAllowed, user });
  await ensureWithinServices(tx, actor, 'role.assign', organisationId, [before.roleId]);
  if (before.version !== version) throw new StaleForm();
  if (before.isOver) throw new Conflict(isOverText);
  if (isSame(before, terms)) return { outcome: { changed: false }, as, events: [] };
  const against = reasonAgainst(actor, organisation, user, 'role.assign');
  if (against !== null && isWider(before, terms)) throw new FieldRefused('form', against);
  await refuseTerms(tx, organisation, before, terms);
  await updateTerms(tx, before, terms);
  const likeOneself = isLikeOneself(actor, user) ? [user] : [];
  const giving = { actor, onRecord, organisation, as, likeOneself, reason, caseNumber };
  return {
    outcome: { changed: true },
    as,
    events: [
      event(
        'role.assignmentChanged',
        { organisation, target: { userId, name: fullName(user) } },
        {
          assignmentId,
          role: before.roleCode,
          roleName: before.roleName,
          service: before.serviceCode,
          from: { ...(await told(tx, organisation, before)) },
          to: { ...(await told(tx, organisation, terms)) },
          reason,
          caseNumber,
        },
      ),
    ],
    mails: isWider(before, terms) ? await tellOversight(tx, giving, [before.roleId], mailing) : [],
  };
}

export const isOverText = 'Tildelingen er udløbet eller fjernet og kan ikke rettes. Tildel rollen igen i stedet.';

async function refuseTerms(
  tx: Tx,
  organisation: AddressedOrganisation,
  before: Assignment,
  terms: Terms,
): Promise<void> {
  if (!before.isGivable && isWider(before, terms))
    throw new FieldRefused(
      'form',
      'Organisationen kan ikke længere tildele rollen. Du kan kun korte perioden af, indsnævre omfanget eller fjerne rollen.',
    );
  if (terms.sorCode !== null && terms.sorCode !== before.sorCode) {
    const [unit] = await findChosenUnits(tx, organisation, [terms.sorCode]);
    const fault = unit === undefined ? null : faultOfUnit(unit);
    if (fault !== null) throw new FieldRefused('sor', fault);
  }
  const period = { start: terms.startsOn, stop: terms.endsOn };
  if (await hasOverlap(tx, before, { ...period, sorCode: terms.sorCode }))
    throw new FieldRefused(
      'form',
      'Brugeren har allerede rollen samme sted i en del af perioden. Ret datoerne eller enheden, eller ret den anden tildeling.',
    );
}

// The start of one that has begun and an end that was not touched keep their moment, which may lie within a day.
async function updateTerms(tx: Tx, before: Assignment, terms: Terms): Promise<void> {
  const period = { start: terms.startsOn, stop: terms.endsOn };
  const keepsStop = terms.endsOn === before.endsOn;
  await tx.rows(sql`
    update role_assignment set sor_code = ${terms.sorCode}::text, scope = ${terms.scope}::assignment_scope,
      valid_from = ${terms.startsOn === before.startsOn ? sql`valid_from` : startOf(period)},
      valid_to = ${keepsStop ? sql`valid_to` : endOf(period)}, version = version + 1
    where id = ${before.id}::int`);
}

async function told(tx: Tx, organisation: AddressedOrganisation, { sorCode, scope, startsOn, endsOn }: Terms) {
  const [unit] = sorCode === null ? [] : await findChosenUnits(tx, organisation, [sorCode]);
  return { sorCode, unitName: unit?.unit?.name ?? null, scope, startsOn, endsOn };
}
