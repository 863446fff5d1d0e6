import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeAdministrator } from '../../src/administrators/administrator-terms.changes.ts';
import { termsOf } from '../../src/administrators/administrator.ts';
import type { Terms } from '../../src/administrators/administrator.ts';
import { findAdministrator } from '../../src/administrators/administrators.queries.ts';
import { removeAdministrators } from '../../src/administrators/removal.changes.ts';
import { mailingOf } from '../../src/application.ts';
import type { Change } from '../../src/audit/record-change.ts';
import { recordChange } from '../../src/audit/record-change.ts';
import { readConfig } from '../../src/config.ts';
import type { Tx } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import type { Prisma } from '../../src/db/generated/client.ts';
import { planDeparture } from '../../src/departures/departures.changes.ts';
import type { Actor } from '../../src/permissions/actor.ts';
import { AppError } from '../../src/shared/errors.ts';
import { getActor } from '../../src/sign-in/sign-in.queries.ts';
import { markOfAccess } from '../../src/users/user-deletion.ts';
import { deleteUser } from '../../src/users/user-deletion.changes.ts';
import { readAccess } from '../../src/users/user-deletion.queries.ts';
import { lockUser } from '../../src/users/user-lock.changes.ts';
import { getUser } from '../../src/users/users.queries.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { cvrs, idOf, only, operate } from '../support/sector.ts';

/** Two organisationsadministratorer of the clinic: one a user of it, the other of the region, whose own changes lock another row. */
let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Pool;
let camilla: number;
let local: number;
let clinic: Organisation;
let region: Organisation;
type Organisation = { id: number; cvr: string; name: string };

const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row>(text, values)).rows;
const mailing = mailingOf(readConfig({ NODE_ENV: 'test' }));

beforeAll(async () => {
  testDatabase = await createTestDatabase('demo');
  database = openDatabase(testDatabase.appUrl, 10);
  owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 4 });
  const organisation = async (cvr: string) =>
    only(await rows<Organisation>('select id, cvr, name from organisation where cvr = $1', [cvr]));
  [clinic, region] = [await organisation(cvrs.clinic), await organisation(cvrs.region)];
  camilla = await idOf({ rows }, 'two-organisations');
  local = only(
    await rows<{ id: number }>(
      `select user_id as id from administrator where organisation_id = $1 and kind = 'ORGANISATION' and user_id <> $2`,
      [clinic.id, camilla],
    ),
  ).id;
});
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await testDatabase.drop();
});

/** Both last, whatever the try before did to them. */
beforeEach(reset);
async function reset(): Promise<void> {
  await operate(
    { rows },
    `update departure set cancelled_at = now() where user_id in (${camilla}, ${local}) and cancelled_at is null;
     update app_user set locked_from = null, locked_until = null, deleted_at = null where id in (${camilla}, ${local});
     update administrator set kind = 'ORGANISATION', valid_to = null, valid_from = now() - interval '1 day'
     where organisation_id = ${clinic.id} and user_id in (${camilla}, ${local})`,
  );
}

type Work = (tx: Tx, actor: Actor) => Promise<Change<Prisma.InputJsonValue>>;
type Doing = { by: number; where: Organisation; work: Work };

async function regionAdmin(): Promise<number> {
  return idOf({ rows }, 'region-org-admin');
}
const doAs = async ({ by, where, work }: Doing): Promise<unknown> =>
  recordChange(
    { database, queueMails: async () => undefined },
    {
      actor: await getActor(database, by),
      organisation: where,
      requestId: 'LAST-LAST-LAST',
      networkAddress: null,
      once: { key: randomUUID(), action: 'administrator.remove', bodyDigest: 'x' },
    },
    work,
  );

async function administratorId(userId: number): Promise<number> {
  const found = await rows<{ id: number }>('select id from administrator where organisation_id = $1 and user_id = $2', [
    clinic.id,
    userId,
  ]);
  return only(found).id;
}
async function remove(whom: number, by: number): Promise<Doing> {
  const id = await administratorId(whom);
  return { by, where: clinic, work: (tx, actor) => removeAdministrators(tx, actor, clinic, [id], mailing) };
}
async function change(whom: number, by: number, terms: Partial<Terms>): Promise<Doing> {
  const id = await administratorId(whom);
  return {
    by,
    where: clinic,
    work: async (tx, actor) => {
      const found = await findAdministrator(tx, clinic.id, id);
      if (found === null) throw new Error('not there');
      const changing = { administratorId: id, version: found.version, terms: { ...termsOf(found), ...terms } };
      return changeAdministrator(tx, actor, clinic, changing, mailing);
    },
  };
}
async function lockCamilla(): Promise<Doing> {
  const work: Work = async (tx, actor) => {
    const { version } = await getUser(tx, region.id, camilla);
    return lockUser(tx, actor, region, {
      userId: camilla,
      version,
      lock: { start: 'nu', from: null, until: null, reason: 'x' },
    });
  };
  return { by: await regionAdmin(), where: region, work };
}
async function deleteCamilla(): Promise<Doing> {
  const work: Work = async (tx, actor) => {
    const { version } = await getUser(tx, region.id, camilla);
    const seen = markOfAccess(await readAccess(tx, region.id, camilla));
    return deleteUser(tx, actor, region, { userId: camilla, version, seen, reason: null }, mailing);
  };
  return { by: await regionAdmin(), where: region, work };
}
async function letCamillaGo(): Promise<Doing> {
  const planning = { userId: camilla, version: 0, lastDay: '2030-12-31', reason: 'x' };
  return { by: await regionAdmin(), where: region, work: (tx, actor) => planDeparture(tx, actor, region, planning) };
}

const lasting = async (): Promise<number> =>
  (await rows('select from lasting_organisation_administrator where organisation_id = $1', [clinic.id])).length;

describe('the last organisationsadministrator stays, whoever is quicker, of two at the same moment', () => {
  it.each<[string, number, () => Promise<[Doing, Doing]>]>([
    ['who remove each other', 60, async () => [await remove(local, camilla), await remove(camilla, local)]],
    ['one who removes the other, and a lock', 35, async () => [await remove(local, camilla), await lockCamilla()]],
    [
      'one who changes the other’s kind, and a deletion',
      35,
      async () => [await change(local, camilla, { kind: 'USER' }), await deleteCamilla()],
    ],
    [
      'one who gives the other an end date, and a departure',
      35,
      async () => [await change(local, camilla, { endsOn: '2030-12-31' }), await letCamillaGo()],
    ],
    [
      'who move each other to another kind',
      35,
      async () => [
        await change(local, camilla, { kind: 'READ_ONLY' }),
        await change(camilla, local, { kind: 'USER', serviceIds: null }),
      ],
    ],
  ])('%s: %d tries', { timeout: 300_000 }, async (_what, tries, both) => {
    let done = 0;
    for (let round = 0; round < tries; round += 1) {
      await reset();
      const [first, second] = await both();
      const results = await Promise.allSettled(
        round % 2 === 0 ? [doAs(first), doAs(second)] : [doAs(second), doAs(first)],
      );
      expect(await lasting()).toBeGreaterThanOrEqual(1);
      const refused = results.filter((one) => one.status === 'rejected');
      for (const { reason } of refused) expect(reason).toBeInstanceOf(AppError);
      expect(refused.length).toBeLessThanOrEqual(1);
      done += results.length - refused.length;
    }
    // One of the two goes through each time; were it none, nothing would have been tried.
    expect(done).toBeGreaterThanOrEqual(tries);
  });
});

it('each of these goes through where another stays', async () => {
  const ways = [
    () => remove(local, camilla),
    () => remove(camilla, local),
    () => change(local, camilla, { kind: 'USER' }),
    () => change(local, camilla, { endsOn: '2030-12-31' }),
    () => change(camilla, local, { kind: 'USER', serviceIds: null }),
    lockCamilla,
    deleteCamilla,
    letCamillaGo,
  ];
  for (const way of ways) {
    await reset();
    await doAs(await way());
    expect(await lasting()).toBe(1);
  }
});

describe('alone, it cannot go by any way', () => {
  const alone = async (): Promise<void> => {
    await operate(
      { rows },
      `update administrator set kind = 'USER' where organisation_id = ${clinic.id} and user_id = ${local}`,
    );
  };
  it.each<[string, string]>([
    ['another kind', `kind = 'USER'`],
    ['an end date, however late', `valid_to = now() + interval '10 years'`],
    ['a start that lies ahead', `valid_from = now() + interval '1 day'`],
    ['its end', 'valid_to = now()'],
  ])('%s', async (_what, set) => {
    await alone();
    const statement = `update administrator set ${set} where organisation_id = ${clinic.id} and user_id = ${camilla}`;
    await expect(operate({ rows }, statement)).rejects.toThrow('last organisation administrator');
  });

  it.each<[string, string]>([
    ['a lock', 'locked_from = now()'],
    ['a lock that is planned', `locked_from = now() + interval '30 days'`],
    ['deletion', 'deleted_at = now()'],
  ])('%s, by the organisation that the person is a user of', async (_what, set) => {
    await alone();
    await expect(operate({ rows }, `update app_user set ${set} where id = ${camilla}`)).rejects.toThrow('last');
  });

  it('deletion of the row, or leaving', async () => {
    await alone();
    const where = `organisation_id = ${clinic.id} and user_id = ${camilla}`;
    await expect(operate({ rows }, `delete from administrator where ${where}`)).rejects.toThrow('last');
    const leaves = `insert into departure (organisation_id, user_id, last_day, reason, created_by_id)
      values (${region.id}, ${camilla}, '2030-12-31', 'x', ${camilla})`;
    await expect(operate({ rows }, leaves)).rejects.toThrow('last');
  });

  it('a substitute does not stand in for that', async () => {
    await operate(
      { rows },
      `insert into administrator_substitute (organisation_id, administrator_id, user_id, valid_to)
       select organisation_id, id, ${local}, now() + interval '1 year' from administrator
       where organisation_id = ${clinic.id} and user_id = ${camilla}`,
    );
    await alone();
    const statement = `update administrator set valid_to = now() where organisation_id = ${clinic.id} and user_id = ${camilla}`;
    await expect(operate({ rows }, statement)).rejects.toThrow('last organisation administrator');
  });
});
