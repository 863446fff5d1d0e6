import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, sql } from '../db/sql.ts';

export const lookUpsPerPage = 50;

/** Where a page begins: after the look-up with this time and number. */
export type Place = { at: string; id: string };

export type LookUpRow = {
  id: string;
  /** To the millisecond, for the next page. */
  exactly: string;
  at: Date;
  actorName: string;
  actorRole: string;
  targetUserId: number | null;
  targetName: string | null;
  organisationName: string | null;
  search: string | null;
  page: string;
};

export type LookUpFilter = {
  /** Null: all organisations that the transaction sees. */
  organisationId: number | null;
  actorIds: number[] | null;
  targetIds: number[] | null;
  /** yyyy-mm-dd in Denmark, both included. */
  from: string | null;
  to: string | null;
  withoutAdministrators: boolean;
  after: Place | null;
};

/** Who saw whose information, the latest first; one more than a page. Each filter that can stand alone has its index. */
export function listLookUps(db: ReadDb, filter: LookUpFilter): Promise<LookUpRow[]> {
  const { source, conditions } = walked(filter);
  return db.rows<LookUpRow>(sql`
    select l.id::text, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as exactly, l.at, l.actor_name as "actorName",
      l.actor_role as "actorRole", l.target_user_id as "targetUserId", u.first_name || ' ' || u.last_name as "targetName",
      o.name as "organisationName", l.search, l.page
    from (select l.* from ${source} cross join lateral (
        select * from lookup_event l where ${joinSql([...conditions, ...common(filter)], ' and ')}
        order by l.at desc, l.id desc limit ${lookUpsPerPage + 1}::int) l
      order by l.at desc, l.id desc limit ${lookUpsPerPage + 1}::int) l
      left join app_user u on u.id = l.target_user_id
      left join organisation o on o.id = l.organisation_id
    order by l.at desc, l.id desc`);
}

function walked({ actorIds, targetIds }: LookUpFilter): { source: Sql; conditions: Sql[] } {
  if (targetIds !== null)
    return {
      source: sql`unnest(${targetIds}::int[]) as one (key)`,
      conditions: [
        sql`l.target_user_id = one.key`,
        ...(actorIds === null ? [] : [sql`l.actor_user_id = any (${actorIds}::int[])`]),
      ],
    };
  if (actorIds !== null)
    return { source: sql`unnest(${actorIds}::int[]) as one (key)`, conditions: [sql`l.actor_user_id = one.key`] };
  return { source: sql`(select) one`, conditions: [] };
}

function common({ organisationId, from, to, withoutAdministrators, after }: LookUpFilter): Sql[] {
  return [
    organisationId === null ? sql`true` : sql`l.organisation_id = ${organisationId}::int`,
    ...(from === null ? [] : [sql`l.at >= danish_midnight(${from}::date)`]),
    ...(to === null ? [] : [sql`l.at < danish_midnight(${to}::date + 1)`]),
    ...(withoutAdministrators
      ? [
          sql`not exists (select from administrator a where a.user_id = l.target_user_id)
          and not exists (select from administrator_substitute s where s.user_id = l.target_user_id)
          and not exists (select from system_role s where s.user_id = l.target_user_id)`,
        ]
      : []),
    ...(after === null ? [] : [sql`(l.at, l.id) < (${after.at}::timestamptz, ${after.id}::bigint)`]),
  ];
}

/** Who saw one's own information, the latest first. */
export function listLookUpsOfOneself(
  db: ReadDb,
  own: { organisationId: number; userId: number },
  after: Place | null,
): Promise<LookUpRow[]> {
  return listLookUps(db, {
    organisationId: own.organisationId,
    actorIds: null,
    targetIds: [own.userId],
    from: null,
    to: null,
    withoutAdministrators: false,
    after,
  });
}
