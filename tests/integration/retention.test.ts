import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryOutRetention, removedAddress } from '../../src/retention/carry-out.changes.ts';
import { retentionFrom, usualRetention } from '../../src/retention/retention.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { asOwner } from '../support/outbox.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { only } from '../support/sector.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase('demo');
  database = openDatabase(testDatabase.appUrl, 3);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const rows = (text: string) => asOwner(testDatabase.ownerUrl, text);
const run = (retention = usualRetention) =>
  carryOutRetention({ database, queueMails: async () => undefined }, retention);

it('takes the contact data of users who were deleted long ago, and leaves name, RID and log', async () => {
  const deleted = await rows(
    `select id from app_user u where deleted_at is null and phone is not null and not exists (select from administrator a where a.user_id = u.id)
       and not exists (select from system_role s where s.user_id = u.id) order by id limit 3`,
  );
  expect(deleted).toHaveLength(3);
  const ids = deleted.map(({ id }) => Number(id));
  const [old, older, recent] = ids;
  await rows(`do $$ begin
    update app_user set deleted_at = now() - case when id = ${recent} then interval '23 months' else interval '25 months' end where id in (${ids.join()});
    insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
      select 'demo.seeded', id, name, 'OPERATOR', 'x', 'x', '{"users": 1, "assignments": 0}' from organisation; end $$`);
  const emptied = `select count(*)::int as count from app_user where email = '${removedAddress}' and phone is null and address is null and remark is null`;
  const before = await rows(emptied);
  const { deletedUsers = 0 } = await run();
  expect(deletedUsers).toBeGreaterThanOrEqual(2);
  expect(await rows(emptied)).toEqual([{ count: Number(only(before).count) + deletedUsers }]);
  const left = await rows(`select id from app_user where id in (${ids.join()}) and email <> '${removedAddress}'`);
  expect(left.map(({ id }) => id)).toEqual([recent]);
  const told = await rows(
    `select target_user_id as id from audit_event where kind = 'user.contactDataRemoved' and target_user_id in (${old}, ${older}) order by 1`,
  );
  expect(told.map(({ id }) => id)).toEqual([old, older]);
  const sum = await rows(`select detail from audit_event where kind = 'retention.carriedOut'`);
  expect(sum).toEqual([{ detail: { removed: { deletedUsers }, kept: { deletedUsers: 24 } } }]);
  expect(await run()).toEqual({ lookUps: 0, deletedUsers: 0, requests: 0, knownFiles: 0 });
  expect(await rows(`select id from audit_event where kind = 'retention.carriedOut'`)).toHaveLength(1);
});

it('drops whole months of look-ups that are over their time, never of the last half year', async () => {
  await rows(`
    create table lookup_event_2019_05 partition of lookup_event for values from ('2019-05-01 00:00Z') to ('2019-06-01 00:00Z');
    create table lookup_event_2019_06 partition of lookup_event for values from ('2019-06-01 00:00Z') to ('2019-07-01 00:00Z');
    insert into lookup_event (at, actor_user_id, actor_name, actor_role, target_user_id, page, request_id)
      select at, 1, 'x', 'x', 1, '', 'x' from (values ('2019-05-02'::timestamptz), ('2019-06-02'), (now())) v (at)`);
  const tables = async () =>
    (await rows(`select relname as name from pg_class where relname like 'lookup\\_event\\_20%' and relkind = 'r'`))
      .length;
  const before = await tables();
  expect((await run()).lookUps).toBe(2);
  expect(await tables()).toBe(before - 2);
  // Whoever has the application's role cannot have more than that removed.
  await database.pool.query('select remove_old_lookups(0)');
  expect(await rows('select count(*)::int as count from lookup_event')).toEqual([{ count: 1 }]);
});

it('removes requests that were over long ago with all that belongs to them, and keeps what waits', async () => {
  const count = async (table: string) => Number(only(await rows(`select count(*) as count from ${table}`)).count);
  const age = (state: string, months: number) =>
    rows(`do $$ begin
      alter table access_request disable trigger keep_decision;
      update access_request set decided_at = decided_at - interval '${months} months', withdrawn_at = withdrawn_at - interval '${months} months',
        created_at = created_at - interval '${months} months' where state = '${state}';
      alter table access_request enable trigger keep_decision;
      insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
        select 'demo.seeded', id, name, 'OPERATOR', 'x', 'x', '{"users": 1, "assignments": 0}' from organisation; end $$`);
  // Whoever has the application's role cannot have more than that removed.
  for (const state of ['open', 'rejected', 'withdrawn'])
    await expect(
      database.prisma.$transaction(async (tx) => {
        await tx.$queryRaw`select set_config('seb.organisations', '*', true)`;
        await tx.$executeRawUnsafe(`delete from access_request where state = '${state}'`);
      }),
    ).rejects.toThrow(/is_kept/);
  await age('rejected', 25);
  await age('withdrawn', 22);
  await age('open', 60);
  await rows(`do $$ begin
    insert into access_request_comment (request_id, organisation_id, author_name, body) select id, organisation_id, 'x', 'x' from access_request;
    insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
      select 'demo.seeded', id, name, 'OPERATOR', 'x', 'x', '{"users": 1, "assignments": 0}' from organisation; end $$`);
  const [requests, comments] = [await count('access_request'), await count('access_request_comment')];
  const rejected = await count(`access_request where state = 'rejected'`);
  expect(rejected).toBeGreaterThan(0);
  expect((await run()).requests).toBe(rejected);
  expect(await count('access_request')).toBe(requests - rejected);
  expect(await count('access_request_comment')).toBe(comments - rejected);
  expect(await rows(`select detail from audit_event where kind = 'request.removed'`)).toEqual([
    { detail: { requests: rejected, months: 24 } },
  ]);
});

it('forgets which files were made when their time is over, and never within a year', async () => {
  await rows(`do $$ begin
    insert into report_export (reference, ordered_by_id, ordered_by_name, report, title, form, terms, request_id, state, sha256, bytes, ended_at, expires_at, removed_at)
      select 'SEB-0000-0000-000' || n, 1, 'x', 'x', 'x', 'CSV', '{}', 'x', 'READY', repeat('0', 64), 1, at, at, at
      from (values (1, now() - interval '61 months'), (2, now() - interval '59 months'), (3, now() - interval '13 months'), (4, now())) v (n, at);
    insert into audit_package (organisation_id, ordered_by_id, from_day, to_day, request_id, sha256, bytes, ended_at, removed_at)
      select 1, 1, '2020-01-01', '2020-01-01', 'x', repeat('0', 64), 1, at, at
      from (values (now() - interval '61 months'), (now() - interval '13 months'), (now() - interval '1 day')) v (at);
    insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
      values ('demo.seeded', null, null, 'OPERATOR', 'x', 'x', '{"users": 1, "assignments": 0}'); end $$`);
  const left = async () => [
    await rows(`select reference from report_export where sha256 = repeat('0', 64)`),
    await rows(`select id from audit_package where sha256 = repeat('0', 64)`),
  ];
  expect((await run()).knownFiles).toBe(2);
  expect((await left()).map((kept) => kept.length)).toEqual([3, 2]);
  expect((await run({ ...usualRetention, knownFiles: 12 })).knownFiles).toBe(3);
  expect((await left()).map((kept) => kept.length)).toEqual([1, 1]);
  for (const table of ['report_export', 'audit_package'])
    await expect(rows(`delete from ${table} where sha256 = repeat('0', 64)`)).rejects.toThrow('kept a year');
});

it('a setting that is no number within its limits removes nothing more', () => {
  expect(retentionFrom({ mails: '10', lookUps: '5', imports: 'x', orders: '-1' })).toEqual({
    ...usualRetention,
    mails: 10,
  });
});
