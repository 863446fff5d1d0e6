import { createHash } from 'node:crypto';
import type { AssignmentRow } from '../role-assignments/assignment.ts';
import type { Administration } from './administrations.queries.ts';

/** Everything that goes with a user. */
export type AccessOfUser = { assignments: AssignmentRow[]; administrations: Administration[] };

/** A short mark of what a page showed of a user's access: with another mark, something came or went since. */
export function markOfAccess({ assignments, administrations }: AccessOfUser): string {
  const ids = [assignments.map(({ id }) => id), administrations.map(({ id }) => id)];
  const sorted = ids.map((list) => list.toSorted((a, b) => a - b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 16);
}
