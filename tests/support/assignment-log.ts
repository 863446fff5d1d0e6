import { expect } from 'vitest';
import { dayInDenmark } from '../../src/shared/dates.ts';
import type { Facts } from './sector.ts';
import { only } from './sector.ts';

export type Held = {
  roleId: number;
  userId: number;
  sorCode: string | null;
  scope: string;
  from: string | null;
  until: string | null;
};

/** What each user holds by the tables: the withdrawn left out, days as the log tells them. */
export async function heldBy({ rows }: Facts, users: number[]): Promise<Map<number, Held>> {
  const found = await rows<Held & { id: number }>(
    `select id, role_id as "roleId", user_id as "userId", sor_code as "sorCode", scope,
       to_char(valid_from at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as from,
       to_char((valid_to - interval '1 millisecond') at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as until
     from role_assignment where user_id = any ($1) and withdrawn_at is null order by id`,
    [users],
  );
  return new Map(found.map(({ id, ...row }) => [id, row]));
}

type Told = { sorCode: string | null; scope: string; startsOn?: string | null; endsOn?: string | null };
type Event = {
  kind: string;
  userId: number;
  roleId: number | null;
  detail: Told & { assignmentId: number; role: string; service: string; to: Told };
};

/** What the log says was there before and has happened since, up to an event of its own. */
export async function replayed(
  { rows }: Facts,
  users: number[],
  before: Map<number, Held>,
  since: string,
  until: string | null = null,
): Promise<Map<number, Held>> {
  const held = new Map(before);
  const events = await rows<Event>(
    `select e.kind, e.target_user_id as "userId", e.detail,
       (select r.id from role r join service s on s.id = r.service_id where r.code = e.detail ->> 'role' and s.code = e.detail ->> 'service') as "roleId"
     from audit_event e where e.id > $1::bigint and e.target_user_id = any ($2) and ($3::bigint is null or e.id <= $3::bigint) order by e.id`,
    [since, users, until],
  );
  for (const { kind, userId, roleId, detail } of events) {
    const placed = ({ sorCode, scope, startsOn, endsOn }: Told): Held => ({
      roleId: roleId ?? 0,
      userId,
      sorCode,
      scope,
      from: startsOn ?? dayInDenmark(),
      until: endsOn ?? null,
    });
    if (kind === 'role.assigned') {
      expect(held.has(detail.assignmentId)).toBe(false);
      held.set(detail.assignmentId, placed(detail));
    }
    if (kind === 'role.assignmentChanged') held.set(detail.assignmentId, placed(detail.to));
    if (kind === 'role.withdrawn') expect(held.delete(detail.assignmentId)).toBe(true);
  }
  return held;
}

export async function lastEventOf({ rows }: Facts): Promise<string> {
  return only(await rows<{ id: string }>('select coalesce(max(id), 0)::text as id from audit_event')).id;
}

/** Assignments that must not be: held twice at a time, ending before they begin, placed where they need none. */
export function brokenAssignments({ rows }: Facts, users: number[]): Promise<object[]> {
  return rows(
    `select g.id from role_assignment g where g.user_id = any ($1) and (
       exists (select from role_assignment o where o.id <> g.id and o.user_id = g.user_id and o.role_id = g.role_id
         and coalesce(o.sor_code, '0') = coalesce(g.sor_code, '0') and tstzrange(o.valid_from, o.valid_to) && tstzrange(g.valid_from, g.valid_to))
       or g.valid_to < g.valid_from
       or (g.sor_code is not null) <> (select needs_sor from role r where r.id = g.role_id)
       or (g.withdrawn_at is not null and g.valid_to is null))`,
    [users],
  );
}

/** Roles that the log says were given to somebody whom it says was locked or deleted by then. */
export function givenInVain({ rows }: Facts, since: string): Promise<object[]> {
  return rows(
    `select e.id::text, e.target_user_id, e.detail ->> 'role' as role, l.kind from audit_event e
     cross join lateral (
       select l.kind from audit_event l where l.target_user_id = e.target_user_id and l.id < e.id and l.id > $1::bigint
         and l.kind in ('user.locked', 'user.unlocked', 'user.deleted', 'user.departed') order by l.id desc limit 1) l
     where e.id > $1::bigint and e.kind = 'role.assigned' and l.kind <> 'user.unlocked'`,
    [since],
  );
}
