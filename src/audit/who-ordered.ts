import { lookUp } from '../db/access.ts';
import type { Connections } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { Conflict, Forbidden, NotFound } from '../shared/errors.ts';

// Work that a person ordered and a job carries out goes on in the person's name, with the rights of each moment.

export type Ordered = { orderedById: number; cvr: string };

/** The one who ordered it and the organisation it is about, as they are now. */
export async function whoOrdered(
  database: Connections,
  { orderedById, cvr }: Ordered,
): Promise<{ actor: Actor; organisation: AddressedOrganisation | null }> {
  const [row] = await lookUp<{ found: Actor & { addressed: AddressedOrganisation | null } }>(
    database,
    sql`select request_actor(${orderedById}::int, ${cvr}::text) as found`,
  );
  if (row === undefined) throw new Error('the one who ordered the work is not there');
  const { addressed, ...actor } = row.found;
  return { actor, organisation: addressed };
}

/** Refused for good: the right is gone, or the person is locked or deleted. Anything else may be tried again. */
export async function mayNoLonger(database: Connections, ordered: Ordered, error: unknown): Promise<boolean> {
  if (error instanceof Forbidden || error instanceof NotFound) return true;
  if (!(error instanceof Conflict)) return false;
  const { actor } = await whoOrdered(database, ordered);
  return !actor.isActive;
}
