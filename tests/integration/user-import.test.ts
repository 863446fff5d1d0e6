import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { deliveredTexts } from '../../src/mail/templates.ts';
import type { Changes } from '../../src/audit/record-change.ts';
import { recordChange } from '../../src/audit/record-change.ts';
import type { mailingOf } from '../../src/application.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { removeExpired } from '../../src/jobs/expired.changes.ts';
import { startJobs } from '../../src/jobs/jobs.ts';
import type { AddressedOrganisation } from '../../src/pages/visit.ts';
import type { Actor } from '../../src/permissions/actor.ts';
import { runImport } from '../../src/user-import/run-import.changes.ts';
import { listWaitingImports } from '../../src/user-import/user-import.queries.ts';
import { readTextSource } from '../../src/user-import/read-source.ts';
import { keepImport } from '../../src/user-import/staging.changes.ts';
import { confirmImport } from '../../src/user-import/user-import.changes.ts';
import { loadViews } from '../../src/http/views.ts';
import { personOf } from '../support/people.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { cvrs, givableRoles, only } from '../support/sector.ts';

let server: TestDatabase;
let database: Database;
let owner: pg.Pool;
let changes: Changes;
let actor: Actor;
let organisation: AddressedOrganisation;
let roleCode: string;

const mailing: ReturnType<typeof mailingOf> = {
  views: loadViews('views', { globals: { designSystem: '/x', own: '/y' } }),
  contact: { email: 'hjælp@eksempel.dk', phone: '1', hours: '8-16' },
  texts: deliveredTexts,
  sebadminOrigin: 'http://sebadmin.localhost',
};
const header = 'Fornavn;Efternavn;E-mail;RID;Telefon;Rolle';
const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row>(text, values)).rows;

beforeAll(async () => {
  server = await createTestDatabase('demo');
  database = openDatabase(server.appUrl, 4);
  owner = new pg.Pool({ connectionString: server.ownerUrl, max: 2 });
  changes = { database, queueMails: async () => undefined };
  ({ actor, organisation } = await personAt('region-org-admin'));
  const role = only(await givableRoles({ rows }, cvrs.region, false));
  roleCode = only(
    await rows<{ text: string }>(
      `select s.code || '/' || r.code as text from role r join service s on s.id = r.service_id where r.id = $1`,
      [role.id],
    ),
  ).text;
});
beforeEach(() =>
  rows(`update user_import set state = 'STOPPED', stop_reason = 'x', ended_at = now() where state = 'QUEUED'`),
);
afterAll(async () => {
  await database.close();
  await owner.end();
  await server.drop();
});

async function personAt(key: string): Promise<{ actor: Actor; organisation: AddressedOrganisation }> {
  const { rid } = personOf(key);
  const [found] = await rows<{ found: Actor & { addressed: AddressedOrganisation } }>(
    `select request_actor(u.id, $1) as found from app_user u join organisation o on o.id = u.organisation_id where o.cvr = $1 and u.rid = $2`,
    [cvrs.region, rid],
  );
  const { addressed, ...person } = only(found === undefined ? [] : [found]).found;
  return { actor: person, organisation: addressed };
}

async function dryRun(text: string, by = actor): Promise<number> {
  return keepImport(database, by, organisation, randomUUID(), await readTextSource(text, 'brugere.csv'));
}

async function confirm(importId: number, by = actor): Promise<unknown> {
  const once = { key: randomUUID(), action: 'user.import', bodyDigest: String(importId) };
  const request = { actor: by, organisation, requestId: `test-${importId}`, networkAddress: '127.0.0.1', once };
  return recordChange(changes, request, (tx, current, onRecord) =>
    confirmImport(tx, { actor: current, onRecord, organisation, mailing }, { importId, judgement: 1 }),
  );
}

const people = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, at) => `Ny;Bruger${at};${prefix}${at}@eksempel.dk;${prefix}-${at};;${roleCode}`);
const created = async (prefix: string): Promise<number> =>
  only(await rows<{ n: number }>(`select count(*)::int as n from app_user where rid like $1 || '-%'`, [prefix])).n;
const stateOf = async (id: number): Promise<object> =>
  only(
    await rows<object>(
      `select state, created_users as created, assigned_roles as assigned from user_import where id = $1`,
      [id],
    ),
  );

it('survives a kill between and inside batches, and does nothing twice', async () => {
  const id = await dryRun([header, ...people(1000, 'KILL')].join('\n'));
  await confirm(id);
  expect(await stateOf(id)).toEqual({ state: 'QUEUED', created: 0, assigned: 0 });
  let batches = 0;
  // The second batch's connection is cut before it can commit: as if the process were killed.
  const cut: Changes = {
    database,
    queueMails: async (tx) => {
      batches += 1;
      if (batches === 2) await tx.$queryRaw`select pg_terminate_backend(pg_backend_pid())`;
    },
  };
  await expect(runImport(cut, mailing, id)).rejects.toThrow(/./);
  expect(await created('KILL')).toBe(400);
  await Promise.all([runImport(changes, mailing, id), runImport(changes, mailing, id)]);
  await runImport(changes, mailing, id);
  expect(await created('KILL')).toBe(1000);
  expect(await stateOf(id)).toEqual({ state: 'DONE', created: 1000, assigned: 1000 });
  const events = await rows<{ kind: string; n: number }>(
    `select kind, count(*)::int as n from audit_event where request_id = $1 and actor_kind = 'PERSON' group by kind order by kind`,
    [`test-${id}`],
  );
  expect(events).toEqual([
    { kind: 'role.assigned', n: 1000 },
    { kind: 'user.created', n: 1000 },
    { kind: 'user.imported', n: 1 },
  ]);
});

it('stops with what is done when the one who ordered it loses the right, and the log says so', async () => {
  const { actor: helper } = await personAt('region-user-admin');
  const id = await dryRun([header, ...people(900, 'STOP')].join('\n'), helper);
  await confirm(id, helper);
  let batches = 0;
  const killed = async (): Promise<void> => {
    batches += 1;
    if (batches === 2) throw new Error('killed');
  };
  await expect(runImport({ database, queueMails: killed }, mailing, id)).rejects.toThrow('killed');
  expect(await created('STOP')).toBe(400);
  await rows(`do $$ begin
    update administrator set valid_to = now() where user_id = ${helper.userId};
    insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
    select 'demo.seeded', id, name, 'OPERATOR', 'Prøven', 'Drift', '{"users": 0, "assignments": 0}' from organisation where cvr = '${cvrs.region}';
  end $$`);
  await runImport(changes, mailing, id);
  expect(await created('STOP')).toBe(400);
  expect(await stateOf(id)).toMatchObject({ state: 'STOPPED', created: 400 });
  const [told] = await rows<{ actor_kind: string; detail: object }>(
    `select actor_kind, detail from audit_event where kind = 'user.imported' and (detail ->> 'importId')::int = $1`,
    [id],
  );
  expect(told).toMatchObject({ actor_kind: 'SYSTEM', detail: { created: 400, leftOut: 500 } });
});

it('leaves out what changed after the confirmation, and tells it row by row', async () => {
  const id = await dryRun([header, ...people(501, 'RACE')].join('\n'));
  await confirm(id);
  const taken = await dryRun(`${header}\nEn;Anden;en.anden@eksempel.dk;RACE-7;;`);
  await confirm(taken);
  await runImport(changes, mailing, id);
  expect(await stateOf(id)).toMatchObject({ state: 'DONE', created: 500 });
  const left = await rows<{ line: number; kind: string; reason: string }>(
    `select line, kind, reason from user_import_row where import_id = $1 and done_at is null`,
    [id],
  );
  expect(left).toEqual([{ line: 9, kind: 'ERROR', reason: 'changedMeanwhile' }]);
  expect(await rows(`select from app_user where rid = 'RACE-7' and first_name = 'En'`)).toHaveLength(1);
});

it('is carried out by the workers, also when its job was lost', async () => {
  const id = await dryRun([header, ...people(501, 'WORK')].join('\n'));
  await confirm(id);
  const log = pino({ level: 'silent' });
  const smtp = { smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'SEB <ingen-svar@seb.example>' };
  const jobs = await startJobs({ url: server.appUrl, database, log, ...smtp, mailing });
  try {
    await jobs.queueImport(id);
    await jobs.queueImport(id);
    for (let tries = 0; tries < 60 && (await created('WORK')) < 501; tries += 1) await wait(200);
  } finally {
    await jobs.stop();
  }
  expect(await created('WORK')).toBe(501);
  expect(await listWaitingImports(database)).toEqual([]);
}, 40_000);

it('is all or nothing where it runs in the request', async () => {
  const id = await dryRun([header, ...people(3, 'ALT')].join('\n'));
  const failing: Changes = { database, queueMails: async () => Promise.reject(new Error('no queue')) };
  const once = { key: randomUUID(), action: 'user.import', bodyDigest: 'x' };
  await expect(
    recordChange(
      failing,
      { actor, organisation, requestId: 'x', networkAddress: null, once },
      (tx, current, onRecord) =>
        confirmImport(tx, { actor: current, onRecord, organisation, mailing }, { importId: id, judgement: 1 }),
    ),
  ).rejects.toThrow('no queue');
  expect(await created('ALT')).toBe(0);
  expect(await stateOf(id)).toMatchObject({ state: 'READY' });
});

it('gives several periods of one role once each', async () => {
  const dated = `${header};Startdato;Slutdato`;
  const line = (start: string, stop: string) => `To;Perioder;to@eksempel.dk;PERIODE-1;;${roleCode};${start};${stop}`;
  const text = [
    dated,
    line('01-01-2040', '31-01-2040'),
    line('01-03-2040', '31-03-2040'),
    line('15-01-2040', '15-02-2040'),
  ].join('\n');
  const id = await dryRun(text);
  const kinds = await rows<{ kind: string }>('select kind from user_import_row where import_id = $1 order by line', [
    id,
  ]);
  expect(kinds.map(({ kind }) => kind)).toEqual(['NEW', 'NEW', 'ERROR']);
  await confirm(id);
  const events = await rows(
    `select detail ->> 'startsOn' as day from audit_event where request_id = $1 and kind = 'role.assigned' order by 1`,
    [`test-${id}`],
  );
  expect(events).toEqual([{ day: '2040-01-01' }, { day: '2040-03-01' }]);
  const again = await dryRun(text);
  const after = await rows<{ kind: string; reason: string }>(
    'select kind, reason from user_import_row where import_id = $1 order by line',
    [again],
  );
  expect(after).toEqual([
    { kind: 'SAME', reason: 'there' },
    { kind: 'SAME', reason: 'there' },
    { kind: 'SAME', reason: 'thereOtherwise' },
  ]);
});

it('is gone after seven days, unless it is under way', async () => {
  const id = await dryRun(`${header}\nGammel;Fil;gammel@eksempel.dk;OLD-1;;`);
  await rows(`update user_import set created_at = now() - interval '8 days' where id = $1`, [id]);
  expect(await removeExpired(database)).toMatchObject({ userImports: 1 });
  expect(await rows('select from user_import_row where import_id = $1', [id])).toEqual([]);
});

it('is behind the wall', async () => {
  const id = await dryRun(`${header}\nBag;Mur;mur@eksempel.dk;MUR-1;;`);
  const seen = await database.pool.query('select from user_import_row where import_id = $1', [id]);
  expect(seen.rowCount).toBe(0);
  await expect(
    database.pool.query(
      `insert into user_import_row (import_id, organisation_id, line, cells) values (${id}, ${organisation.id}, 99, '{}')`,
    ),
  ).rejects.toThrow(/row-level security/);
});

it('takes some thousand rows in many batches', async () => {
  const begun = performance.now();
  const text = [header, ...people(2_500, 'STOR')].join('\n');
  const source = await readTextSource(text, 'stor.csv');
  const read = performance.now();
  const id = await keepImport(database, actor, organisation, randomUUID(), source);
  const judged = performance.now();
  await confirm(id);
  const confirmed = performance.now();
  await runImport(changes, mailing, id);
  const done = performance.now();
  const again = await keepImport(database, actor, organisation, randomUUID(), source);
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`;
  console.log(
    `2,500 users with a role: read ${seconds(begun, read)}, dry run ${seconds(read, judged)}, confirm ${seconds(judged, confirmed)}, carry out ${seconds(confirmed, done)}, the same again ${seconds(done, performance.now())}`,
  );
  expect(await created('STOR')).toBe(2_500);
  expect(await stateOf(id)).toEqual({ state: 'DONE', created: 2_500, assigned: 2_500 });
  expect(await rows(`select distinct kind from user_import_row where import_id = $1`, [again])).toEqual([
    { kind: 'SAME' },
  ]);
}, 120_000);
