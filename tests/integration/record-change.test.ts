import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { event } from '../../src/audit/events.ts';
import type { Change, ChangeRequest } from '../../src/audit/record-change.ts';
import { recordChange } from '../../src/audit/record-change.ts';
import type { Tx } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { sql } from '../../src/db/sql.ts';
import type { Actor } from '../../src/permissions/actor.ts';
import { ensureCan } from '../../src/permissions/can.ts';
import { Conflict, Forbidden, Unavailable } from '../../src/shared/errors.ts';
import { getActor } from '../../src/sign-in/sign-in.queries.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { checksums, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Pool;
let actor: Actor;
let target: number;
const organisation = { id: 0, cvr: cvrs.region, name: 'Region Eksempel' };
const rows = async <Row extends object>(query: string | pg.QueryConfig, values?: unknown[]): Promise<Row[]> =>
  (await owner.query<Row>(query, values)).rows;

beforeAll(async () => {
  testDatabase = await createTestDatabase('demo');
  database = openDatabase(testDatabase.appUrl, 10);
  owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 3 });
  organisation.id = only(await rows<{ id: number }>('select id from organisation where cvr = $1', [cvrs.region])).id;
  actor = await getActor(database, await idOf({ rows }, 'region-user-admin'));
  target = only(await ordinaryUsers({ rows }, cvrs.region, 1));
});
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await testDatabase.drop();
});

const request = (once: Partial<ChangeRequest['once']> = {}): ChangeRequest => ({
  actor,
  organisation,
  requestId: 'TEST-TEST-TEST',
  networkAddress: '127.0.0.1',
  once: { key: randomUUID(), action: 'user.edit', bodyDigest: 'digest', ...once },
});

let city = 0;
/** Writes a new city each time, so that what was saved can be told apart. */
async function moveTarget(tx: Tx): Promise<Change<{ city: string }>> {
  const name = `By ${(city += 1)}`;
  await tx.appUser.update({ where: { id: target }, data: { city: name }, select: { id: true } });
  const about = { organisation, target: { userId: target, name: 'Prøve' } };
  return {
    outcome: { city: name },
    as: 'userAdministrator',
    events: [event('user.edited', about, { changes: { city: { from: null, to: name } } })],
  };
}

const changes = () => ({ database, queueMails: async () => undefined });
const state = async () => ({
  ...only(await rows<{ city: string }>('select city from app_user where id = $1', [target])),
  events: await countEvents(),
});
const countEvents = async () =>
  only(
    await rows<{ count: number }>(`select count(*)::int as count from audit_event where target_user_id = $1`, [target]),
  ).count;

/** Fails as PostgreSQL does, when asked to. */
const raise = (tx: Tx, code: string) => tx.rows(sql`select raise_for_test(${code}::text)`);
beforeAll(() =>
  rows(
    `create function raise_for_test(code text) returns void language plpgsql as $$ begin raise exception 'on purpose' using errcode = code; end $$`,
  ),
);

describe('a change', () => {
  it('leaves its row, its event with who and where, and its key, all in one transaction', async () => {
    const asked = request();
    const { city: now } = await recordChange(changes(), asked, moveTarget);
    expect((await state()).city).toBe(now);
    const logged = only(
      await rows<object>(
        `select kind, organisation_id, organisation_name, actor_user_id, actor_name, actor_role, on_behalf, target_user_id, request_id, network_address,
         transaction_id::text = (select xmin::text from app_user where id = $1) as together from audit_event where target_user_id = $1 order by id desc limit 1`,
        [target],
      ),
    );
    expect(logged).toEqual({
      kind: 'user.edited',
      organisation_id: organisation.id,
      organisation_name: 'Region Eksempel',
      actor_user_id: actor.userId,
      actor_name: `${actor.firstName} ${actor.lastName}`,
      actor_role: 'userAdministrator',
      on_behalf: false,
      target_user_id: target,
      request_id: 'TEST-TEST-TEST',
      network_address: '127.0.0.1',
      together: true,
    });
    expect(await rows('select from idempotency_key where key = $1', [asked.once.key])).toHaveLength(1);
  });

  it('judges by a time after every change that was done before it, also where that one began later', async () => {
    const read = async (tx: Tx) => {
      const change = await moveTarget(tx);
      const clock = await tx.rows<{ isLater: boolean }>(
        sql`select now() >= changed_at as "isLater" from organisation_state where organisation_id = ${organisation.id}::int`,
      );
      return { ...change, outcome: { city: change.outcome.city, isLater: only(clock).isLater } };
    };
    // As if a change that began in a moment had been done already.
    const [later] = await rows<{ changed_at: string }>(
      `update organisation_state set changed_at = clock_timestamp() + interval '25 milliseconds' where organisation_id = $1 returning changed_at::text`,
      [organisation.id],
    );
    const before = await countEvents();
    expect(await recordChange(changes(), request(), read)).toMatchObject({ isLater: true });
    expect((await countEvents()) - before).toBe(1);
    const [after] = await rows<{ grew: boolean }>(
      'select changed_at > $2::timestamptz as grew from organisation_state where organisation_id = $1',
      [organisation.id, later?.changed_at],
    );
    expect(after).toEqual({ grew: true });

    await rows(`update organisation_state set changed_at = now() + interval '1 minute' where organisation_id = $1`, [
      organisation.id,
    ]);
    await expect(recordChange(changes(), request(), moveTarget)).rejects.toThrow(Conflict);
    await rows(`update organisation_state set changed_at = now() where organisation_id = $1`, [organisation.id]);
  });

  it.each<[string, (tx: Tx) => Promise<Change<{ city: string }>>]>([
    [
      'fails after its writing',
      async (tx) => {
        await moveTarget(tx);
        throw new Error('on purpose');
      },
    ],
    ['forgets its event', async (tx) => ({ ...(await moveTarget(tx)), events: [] })],
    [
      'tells an event of another organisation',
      async (tx) => {
        const done = await moveTarget(tx);
        return { ...done, events: [event('user.edited', { organisation: null, target: null }, { changes: {} })] };
      },
    ],
    [
      'breaks a constraint',
      async (tx) => {
        await moveTarget(tx);
        await tx.rows(sql`update app_user set postcode = 'x' where id = ${target}`);
        return moveTarget(tx);
      },
    ],
  ])('that %s leaves nothing at all', async (_what, work) => {
    const before = await checksums({ rows });
    await expect(recordChange(changes(), request(), work)).rejects.toBeInstanceOf(Error);
    expect(await checksums({ rows })).toEqual(before);
  });

  it('whose mails cannot be queued leaves nothing at all', async () => {
    const before = await checksums({ rows });
    const queueMails = () => Promise.reject(new Error('on purpose'));
    const work = async (tx: Tx) => ({
      ...(await moveTarget(tx)),
      mails: [{ kind: 'x', to: { name: 'A', address: 'a@b.dk' }, subject: 's', text: 't', html: 'h' }],
    });
    await expect(recordChange({ database, queueMails }, request(), work as typeof moveTarget)).rejects.toThrow(
      'on purpose',
    );
    expect(await checksums({ rows })).toEqual(before);
  });

  it.each(['40001', '40P01'])(
    'that PostgreSQL ends with %s is tried again from the start, and is there once',
    async (code) => {
      const before = await countEvents();
      let tries = 0;
      await recordChange(changes(), request(), async (tx) => {
        tries += 1;
        const done = await moveTarget(tx);
        if (tries < 3) await raise(tx, code);
        return done;
      });
      expect([tries, (await countEvents()) - before]).toEqual([3, 1]);
    },
  );

  it('that meets others again and again gives up in words', async () => {
    const before = await checksums({ rows });
    let tries = 0;
    const stubborn = recordChange(changes(), request(), async (tx) => {
      tries += 1;
      await raise(tx, '40001');
      return moveTarget(tx);
    });
    await expect(stubborn).rejects.toBeInstanceOf(Conflict);
    expect(tries).toBe(4);
    expect(await checksums({ rows })).toEqual(before);
  });

  it('whose connection is cut leaves nothing, says so, and the next one works', async () => {
    const before = await checksums({ rows });
    const cut = recordChange(changes(), request(), async (tx) => {
      const done = await moveTarget(tx);
      const backend = only(await tx.rows<{ pid: number }>(sql`select pg_backend_pid() as pid`));
      const server = new pg.Client({ connectionString: testDatabase.superUrl });
      await server.connect();
      await server.query('select pg_terminate_backend($1)', [backend.pid]);
      await server.end();
      await tx.rows(sql`select 1`);
      return done;
    });
    await expect(cut).rejects.toBeInstanceOf(Unavailable);
    expect(await checksums({ rows })).toEqual(before);
    await expect(recordChange(changes(), request(), moveTarget)).resolves.toBeDefined();
  });
});

describe('the same form', () => {
  it('sent six times at once is carried out once, and all six are answered alike', async () => {
    const before = await countEvents();
    const asked = request();
    let ran = 0;
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () =>
        recordChange(changes(), asked, (tx) => {
          ran += 1;
          return moveTarget(tx);
        }),
      ),
    );
    expect(new Set(outcomes.map(({ city: name }) => name)).size).toBe(1);
    expect([ran, (await countEvents()) - before]).toEqual([1, 1]);
  });

  it('with other content, or for another action, is refused', async () => {
    const key = randomUUID();
    await recordChange(changes(), request({ key }), moveTarget);
    const before = await checksums({ rows });
    await expect(recordChange(changes(), request({ key, bodyDigest: 'other' }), moveTarget)).rejects.toThrow(
      /allerede sendt én gang/,
    );
    await expect(recordChange(changes(), request({ key, action: 'role.assign' }), moveTarget)).rejects.toBeInstanceOf(
      Conflict,
    );
    expect(await checksums({ rows })).toEqual(before);
  });

  it('of another person has nothing to do with it', async () => {
    const key = randomUUID();
    await recordChange(changes(), request({ key }), moveTarget);
    const colleague = await getActor(database, await idOf({ rows }, 'region-org-admin'));
    await expect(recordChange(changes(), { ...request({ key }), actor: colleague }, moveTarget)).resolves.toBeDefined();
  });

  it('that failed may be sent again', async () => {
    const asked = request();
    await expect(recordChange(changes(), asked, () => Promise.reject(new Error('on purpose')))).rejects.toThrow(
      'on purpose',
    );
    await expect(recordChange(changes(), asked, moveTarget)).resolves.toBeDefined();
  });
});

describe('an actor', () => {
  it.each([
    ['locked', 'locked_from = now()', 'locked_from = null'],
    ['deleted', 'deleted_at = now()', 'deleted_at = null'],
    ['given a new RID', 'session_epoch = session_epoch + 1', 'session_epoch = session_epoch - 1'],
  ])('%s since the page was asked for changes nothing', async (_what, change, back) => {
    await operate({ rows }, `update app_user set ${change} where id = ${actor.userId}`);
    const before = await checksums({ rows });
    await expect(recordChange(changes(), request(), moveTarget)).rejects.toBeInstanceOf(Conflict);
    expect(await checksums({ rows })).toEqual(before);
    await operate({ rows }, `update app_user set ${back} where id = ${actor.userId}`);
  });

  it('who lost the role meanwhile is judged by today’s rights, under the lock', async () => {
    await operate({ rows }, `delete from administrator where user_id = ${actor.userId}`);
    const before = await checksums({ rows });
    const work = (tx: Tx, now: Actor) => {
      ensureCan(now, 'user.create', { organisationId: organisation.id });
      return moveTarget(tx);
    };
    await expect(recordChange(changes(), request(), work)).rejects.toSatisfy(
      (error) => error instanceof Forbidden || (error as { status: number }).status === 404,
    );
    expect(await checksums({ rows })).toEqual(before);
    await operate(
      { rows },
      `insert into administrator (organisation_id, user_id, home_organisation_id, kind) values (${organisation.id}, ${actor.userId}, ${organisation.id}, 'USER')`,
    );
  });

  it('waits for another’s change of the organisation, and then sees what it did', async () => {
    const order: string[] = [];
    const slow = recordChange(changes(), request(), async (tx) => {
      const done = await moveTarget(tx);
      await tx.rows(sql`select pg_sleep(0.4)::text`);
      order.push('slow');
      return done;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const quick = recordChange(changes(), request(), (tx) => {
      order.push('quick');
      return moveTarget(tx);
    });
    const [, last] = await Promise.all([slow, quick]);
    expect([order, (await state()).city]).toEqual([['slow', 'quick'], last.city]);
  });
});
