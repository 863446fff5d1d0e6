import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import type { Action } from '../permissions/rules.ts';
import type { ServiceLimit } from '../permissions/service-limit.ts';
import { outsideArea, serviceLimit } from '../permissions/service-limit.ts';
import { Forbidden } from '../shared/errors.ts';

/** The condition that a service is one of the limit's; `service` is its id in the statement. */
export function isOfServices(limit: ServiceLimit, service: Sql): Sql {
  return limit === null ? sql`true` : sql`${service} = any (${[...limit]}::int[])`;
}

/**
 * For every change that gives, edits or takes roles: all of them belong to services that the actor answers for. The triggers
 * check_area_of_giver and check_area_of_changer hold the same. @throws Forbidden
 */
export async function ensureWithinServices(
  db: ReadDb,
  actor: Actor,
  action: Action,
  organisationId: number,
  roleIds: readonly number[],
): Promise<void> {
  const limit = serviceLimit(actor, organisationId);
  if (limit === null) return;
  const outside = await db.rows(
    sql`select from role r where r.id = any (${[...roleIds]}::int[]) and not ${isOfServices(limit, sql`r.service_id`)} limit 1`,
  );
  if (outside.length > 0) throw new Forbidden(outsideArea, action);
}
