import { administrators, systemRoles } from './administrators.ts';
import { usernameLetters } from '../../users/user.ts';
import { insertRows, nextIds, nextUsernameNumbers, type Connection } from './rows.ts';
import type { DemoUser } from './user.ts';
import type { OrganisationIds } from './write-organisations.ts';

export type WrittenUser = DemoUser & { id: number; organisationId: number; username: string; name: string };

/** In the order of their creation, so that ids and usernames rise with time. */
export async function writeUsers(
  db: Connection,
  users: DemoUser[],
  organisations: OrganisationIds,
): Promise<WrittenUser[]> {
  const ids = await nextIds(db, 'app_user', users.length);
  const numbers = await nextUsernameNumbers(db, users.length);
  const written = users
    .toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1))
    .map((user, place) => ({
      ...user,
      id: ids[place] ?? 0,
      organisationId: organisations[user.organisation],
      username: `${usernameLetters(user.firstName, user.lastName)}${numbers[place]}`,
      name: `${user.firstName} ${user.lastName}`,
    }));
  // A RID number may have changed hands: its former holder is written as deleted from the start.
  await insertRows(db, 'app_user', written.map(userRow));
  await insertRows(db, 'user_login', written.flatMap(loginRow));
  return written;
}

function userRow(user: WrittenUser) {
  return {
    id: user.id,
    organisation_id: user.organisationId,
    username: user.username,
    rid: user.rid,
    uuid: user.uuid,
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    address: user.street,
    postcode: user.postcode,
    city: user.city,
    phone: user.phone,
    remark: user.remark,
    deleted_at: user.deletedAt,
    session_epoch: 0,
    version: 1,
    created_at: user.createdAt,
  };
}

function loginRow({ id, organisationId, lastLogin }: WrittenUser) {
  if (lastLogin === null) return [];
  return [
    {
      user_id: id,
      organisation_id: organisationId,
      last_login_at: lastLogin.at,
      provider_id: lastLogin.provider,
      level: lastLogin.level,
      carried_cpr: lastLogin.carriedCpr,
    },
  ];
}

export async function lockUsers(db: Connection, users: WrittenUser[]): Promise<void> {
  const locks = users.flatMap(({ id, lock }) => (lock === null ? [] : [{ id, ...lock }]));
  await db.query(
    `update app_user set locked_from = l."from", locked_until = l.until, lock_reason = l.reason
     from jsonb_to_recordset($1::jsonb) as l (id int, "from" timestamptz, until timestamptz, reason text)
     where app_user.id = l.id`,
    [JSON.stringify(locks)],
  );
}

export async function writeAdministrators(
  db: Connection,
  users: ReadonlyMap<string, WrittenUser>,
  organisations: OrganisationIds,
): Promise<void> {
  const rows = administrators.map(({ user: key, organisation, kind, area, from, to }) => {
    const user = userOf(users, key);
    return {
      organisation_id: organisations[organisation],
      user_id: user.id,
      home_organisation_id: user.organisationId,
      kind,
      responsibility_area: area,
      valid_from: `${from} 16:30`,
      valid_to: to && `${to} 16:00`,
    };
  });
  const ids = await nextIds(db, 'administrator', rows.length);
  await insertRows(
    db,
    'administrator',
    rows.map((row, place) => ({ id: ids[place], ...row, version: 1 })),
  );
}

export async function writeSystemRoles(db: Connection, users: ReadonlyMap<string, WrittenUser>): Promise<void> {
  const ids = await nextIds(db, 'system_role', systemRoles.length);
  const rows = systemRoles.map(({ user, kind }, place) => ({ id: ids[place], user_id: userOf(users, user).id, kind }));
  await insertRows(db, 'system_role', rows);
}

export function userOf(users: ReadonlyMap<string, WrittenUser>, key: string): WrittenUser {
  const user = users.get(key);
  if (!user) throw new Error(`the demo sector has no user ${key}`);
  return user;
}
