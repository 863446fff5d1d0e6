import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SystemChange } from '../../src/audit/record-system-change.ts';
import { event } from '../../src/audit/events.ts';
import { recordSystemChange } from '../../src/audit/record-system-change.ts';
import type { Tx } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { sql } from '../../src/db/sql.ts';
import { asOwner } from '../support/outbox.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';

let server: TestDatabase;
let database: Database;
let user: { id: number; organisation: { id: number; name: string } };
let foreign: number;

beforeAll(async () => {
  server = await createTestDatabase('demo');
  database = openDatabase(server.appUrl, 3);
  const found = await asOwner(
    server.ownerUrl,
    `select min(u.id) as id, o.id as "organisationId", o.name from app_user u join organisation o on o.id = u.organisation_id
     where u.deleted_at is null and not exists (select from administrator a where a.user_id = u.id)
     group by o.id, o.name order by count(*) desc limit 2`,
  );
  const [first, second] = found as { id: number; organisationId: number; name: string }[];
  if (first === undefined || second === undefined) throw new Error('the demo sector has two organisations');
  user = { id: first.id, organisation: { id: first.organisationId, name: first.name } };
  foreign = second.id;
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const queued: number[][] = [];
const changes = () => ({ database, queueMails: async (_tx: unknown, ids: number[]) => void queued.push(ids) });
const phoneOf = async (id: number): Promise<unknown> =>
  (await asOwner(server.ownerUrl, 'select phone from app_user where id = $1', [id]))[0]?.phone;

const setPhone = async (tx: Tx, id: number, phone: string): Promise<void> => {
  await tx.rows(sql`update app_user set phone = ${phone} where id = ${id}::int`);
};
const departed = (): SystemChange<string> => ({
  outcome: 'done',
  events: [
    event(
      'user.departed',
      { organisation: user.organisation, target: { userId: user.id, name: 'Åse' } },
      { lastDay: '2026-11-20', roles: 0 },
    ),
  ],
  mails: [{ kind: 'test', to: { name: 'Å', address: 'aa@region.example' }, subject: 'S', text: 'T', html: '<p>T</p>' }],
});

it('commits the change, its events by the system and its mails together', async () => {
  const outcome = await recordSystemChange(changes(), user.organisation.id, async (tx) => {
    await setPhone(tx, user.id, '11111111');
    return departed();
  });
  expect(outcome).toBe('done');
  expect(await phoneOf(user.id)).toBe('11111111');
  const [written] = await asOwner(
    server.ownerUrl,
    `select actor_kind, actor_user_id, actor_name, actor_role, kind from audit_event order by id desc limit 1`,
  );
  expect(written).toEqual({
    actor_kind: 'SYSTEM',
    actor_user_id: null,
    actor_name: 'SEB',
    actor_role: 'system',
    kind: 'user.departed',
  });
  const mails = await asOwner(server.ownerUrl, `select id from mail_outbox where kind = 'test'`);
  expect(queued.at(-1)).toEqual(mails.map(({ id }) => id));
});

it('without an event is refused by the database', async () => {
  const silent = recordSystemChange(changes(), user.organisation.id, async (tx) => {
    await setPhone(tx, user.id, '22222222');
    return { outcome: null, events: [] };
  });
  await expect(silent).rejects.toThrow('without an audit event');
  expect(await phoneOf(user.id)).toBe('11111111');
});

it('that fails after its work leaves nothing behind', async () => {
  const failing = recordSystemChange(
    { database, queueMails: () => Promise.reject(new Error('the queue is away')) },
    user.organisation.id,
    async (tx) => {
      await setPhone(tx, user.id, '33333333');
      return departed();
    },
  );
  await expect(failing).rejects.toThrow('the queue is away');
  expect(await phoneOf(user.id)).toBe('11111111');
});

it('sees and changes its own organisation only', async () => {
  const before = await phoneOf(foreign);
  await recordSystemChange(changes(), user.organisation.id, async (tx) => {
    await setPhone(tx, foreign, '44444444');
    return departed();
  });
  expect(await phoneOf(foreign)).toBe(before);
  await expect(recordSystemChange(changes(), 2_000_000_000, () => Promise.resolve(departed()))).rejects.toThrow(
    'Siden findes ikke',
  );
});

it('waits for another change of the organisation, and loses none of the two', async () => {
  const raise = () =>
    recordSystemChange(changes(), user.organisation.id, async (tx) => {
      const [row] = await tx.rows<{ version: number }>(sql`select version from app_user where id = ${user.id}::int`);
      await tx.rows(sql`update app_user set version = ${(row?.version ?? 0) + 1}::int where id = ${user.id}::int`);
      return departed();
    });
  const read = async (): Promise<number> =>
    Number((await asOwner(server.ownerUrl, 'select version from app_user where id = $1', [user.id]))[0]?.version);
  const before = await read();
  await Promise.all([raise(), raise(), raise()]);
  expect(await read()).toBe(before + 3);
});
