import { createHash } from 'node:crypto';
import type { ReadDb } from '../db/access.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { isWithin, outsideArea, serviceLimit } from '../permissions/service-limit.ts';
import type { ChosenUnit } from '../role-assignments/assign.queries.ts';
import { findChosenUnits } from '../role-assignments/assign.queries.ts';
import { reasonAgainst } from '../role-assignments/selection.ts';
import type { AssignmentAt, UnusableUnit } from './repointing.queries.ts';
import { findUnusableUnit, listAssignmentsAt } from './repointing.queries.ts';

/** More than any unit has; a change must be done within a minute. */
export const mostMoved = 5000;

/** What is asked for; `chosen` null means all assignments at the unit. */
export type Asked = { from: string; to: string; chosen: readonly number[] | null };

export type Move = {
  unit: UnusableUnit;
  target: ChosenUnit;
  movable: AssignmentAt[];
  /** Which stay where they are, each with the reason in words. */
  staying: { assignment: AssignmentAt; reason: string }[];
  /** Of what was shown: with another mark, something came or went since. */
  mark: string;
};

/** What "Flyt til" would do now; null when nothing points at the unit any longer, or it can be used again. */
export async function judgeMove(
  db: ReadDb,
  actor: Actor,
  organisation: AddressedOrganisation,
  { from, to, chosen }: Asked,
): Promise<Move | null> {
  const unit = await findUnusableUnit(db, organisation.id, from);
  if (unit === null) return null;
  const [target = { code: to, unit: null }] = await findChosenUnits(db, organisation, [to]);
  const all = await listAssignmentsAt(db, organisation.id, from, to, mostMoved);
  const asked = chosen === null ? all : all.filter(({ id }) => chosen.includes(id));
  const movable: AssignmentAt[] = [];
  const staying: Move['staying'] = [];
  for (const assignment of asked) {
    const reason = hindrance(actor, organisation, assignment);
    if (reason === null) movable.push(assignment);
    else staying.push({ assignment, reason });
  }
  return { unit, target, movable, staying, mark: markOf(to, movable) };
}

/** Moving is giving at another place: under the same conditions. */
function hindrance(actor: Actor, organisation: AddressedOrganisation, assignment: AssignmentAt): string | null {
  if (!assignment.isGivable) return 'Organisationen kan ikke længere tildele rollen. Fjern den i stedet.';
  if (!isWithin(serviceLimit(actor, organisation.id), assignment.serviceId)) return outsideArea;
  if (assignment.isThere) return 'Brugeren har allerede rollen ved den nye enhed. Fjern den ved den gamle.';
  return reasonAgainst(actor, organisation, assignment.user, 'role.assign');
}

function markOf(to: string, movable: readonly AssignmentAt[]): string {
  const seen = movable.map(({ id, version }) => [id, version]).toSorted(([a = 0], [b = 0]) => a - b);
  return createHash('sha256')
    .update(JSON.stringify([to, seen]))
    .digest('base64url')
    .slice(0, 16);
}
