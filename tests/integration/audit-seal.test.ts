import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultLine } from '../../src/audit-seal/fault.ts';
import { rootsIn, rootWithSignature } from '../../src/audit-seal/root-statement.ts';
import type { SealKey, TrustedKeys } from '../../src/audit-seal/seal-key.ts';
import { loadSealKey, trustedKeysIn } from '../../src/audit-seal/seal-key.ts';
import { sealLog } from '../../src/audit-seal/seal.changes.ts';
import type { StoredRoot } from '../../src/audit-seal/verification.queries.ts';
import { listRoots } from '../../src/audit-seal/verification.queries.ts';
import { verifyLog } from '../../src/audit-seal/verify-log.ts';
import { readPage } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { only } from '../support/sector.ts';

let testDatabase: TestDatabase;
let database: Database;
/** Whom no trigger and no right stops. */
let superuser: pg.Client;
let key: SealKey;
let trusted: TrustedKeys;
let hole: string;
const folder = mkdtempSync(path.join(tmpdir(), 'seb-seal-'));

beforeAll(async () => {
  testDatabase = await createTestDatabase('demo');
  database = openDatabase(testDatabase.appUrl, 4);
  superuser = new pg.Client({ connectionString: testDatabase.superUrl });
  await superuser.connect();
  key = loadSealKey({ file: path.join(folder, 'seal.key.pem'), mayMake: true });
  trusted = trustedKeysIn(key.publicKey);
  // A number that a change drew which was never committed.
  await superuser.query('begin');
  hole = await value<string>(event());
  await superuser.query('rollback');
});
afterAll(async () => {
  await database.close();
  await superuser.end();
  await testDatabase.drop();
  rmSync(folder, { recursive: true });
});

const seal = () => sealLog({ database, queueMails: async () => undefined }, key, null);

/** Runs the sealer, as the minutes do, until it has nothing left to do. */
async function sealUntil(isDone: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    await seal();
    if (await isDone()) return;
    await wait(50);
  }
  throw new Error('the sealer does not come to an end');
}

async function value<T>(text: string, values: unknown[] = []): Promise<T> {
  const { rows } = await superuser.query<{ value: T }>({ text, values });
  return only(rows).value;
}

const unsealed = () =>
  value<string>(
    'select count(*) as value from audit_event e where not exists (select from audit_chain c where c.event_id = e.id)',
  );
const roots = (): Promise<StoredRoot[]> => readPage(database, 'all', listRoots);
const event = (kind = 'demo.seeded') =>
  `insert into audit_event (kind, actor_kind, actor_name, actor_role, detail) values ('${kind}', 'OPERATOR', 'Prøven', 'Drift', '{"users": 1, "assignments": 0}') returning id::text as value`;

async function faults(outside = '') {
  const checked = await readPage(database, 'all', (db) => verifyLog(db, { keys: trusted, outside: rootsIn(outside) }));
  return checked.faults.map(faultLine);
}

/** Does it with all triggers off, looks, and takes it back. */
async function tampered(statement: string, outside = ''): Promise<string[]> {
  await superuser.query(`create temporary table kept_event as select * from audit_event; create temporary table kept_chain as select * from audit_chain;
    create temporary table kept_root as select * from audit_root; create temporary table kept_state as select * from audit_seal_state`);
  try {
    await superuser.query(
      `set session_replication_role = replica; ${statement}; set session_replication_role = origin`,
    );
    return await faults(outside);
  } finally {
    await superuser.query(`set session_replication_role = replica;
      delete from audit_event; insert into audit_event overriding system value select * from kept_event;
      delete from audit_chain; insert into audit_chain select * from kept_chain;
      delete from audit_root; insert into audit_root select * from kept_root;
      delete from audit_seal_state; insert into audit_seal_state select * from kept_state;
      drop table kept_event, kept_chain, kept_root, kept_state; set session_replication_role = origin`);
  }
}

describe('the sealer', () => {
  it('closes what was before today with one signed root, and then seals today', async () => {
    await sealUntil(async () => (await roots()).length === 1);
    await superuser.query(event());
    await sealUntil(async () => (await unsealed()) === '0');
    const [root] = await roots();
    expect(root?.day).toBe(await value<string>(`select (danish_today() - 1)::text as value`));
    expect(rootsIn(root?.statement ?? '')[0]?.root.events).toBe(
      BigInt(
        await value<string>('select count(*) as value from audit_event where at < danish_midnight(danish_today())'),
      ),
    );
    expect(await value<boolean>('select max(seq) = count(*) and min(seq) = 1 as value from audit_chain')).toBe(true);
    expect(await faults()).toEqual([]);
  });

  it('never misses what commits later than its neighbours, and waits for nobody', async () => {
    const slow = new pg.Client({ connectionString: testDatabase.superUrl });
    await slow.connect();
    await slow.query('begin');
    const early = only((await slow.query<{ value: string }>(event())).rows).value;
    const late = await value<string>(event());
    for (let run = 0; run < 4; run += 1) {
      await seal();
      await wait(210);
    }
    const isSealed = (id: string) =>
      value<boolean>('select exists (select from audit_chain where event_id = $1) as value', [id]);
    expect(await isSealed(late)).toBe(true);
    // The mark stays below what is not committed yet.
    expect(await value<boolean>('select mark_id < $1 as value from audit_seal_state', [early])).toBe(true);
    await slow.query('commit');
    await slow.end();
    await seal();
    expect(await isSealed(early)).toBe(true);
    await sealUntil(() => value<boolean>('select mark_id >= $1 as value from audit_seal_state', [late]));
    expect(await faults()).toEqual([]);
  });

  it('two at once leave one chain without gaps', async () => {
    await superuser.query(
      `insert into audit_event (kind, actor_kind, actor_name, actor_role, detail) select 'demo.seeded', 'OPERATOR', 'x', 'Drift', '{"users": 1, "assignments": 0}' from generate_series(1, 500)`,
    );
    await Promise.all([seal(), seal(), seal()]);
    expect(await unsealed()).toBe('0');
    expect(await faults()).toEqual([]);
  });

  it('closes the next day, and a day missed, when nothing of them can come any longer', async () => {
    const before = (await roots()).length;
    // As if everything until now had happened two days ago, and the sealer had slept since.
    await superuser.query(`set session_replication_role = replica; update audit_root set day = day - 2;
      update audit_seal_state set mark_at = mark_at - interval '2 days', pending_id = null, pending_xid = null; set session_replication_role = origin`);
    await sealUntil(async () => (await roots()).length === before + 2);
    const [first, , last] = await roots();
    expect(last?.day).toBe(await value<string>(`select (danish_today() - 1)::text as value`));
    // The first one was moved by hand, which its statement tells.
    expect(await faults()).toEqual([`day ${first?.day}: the root does not say what was signed`]);
    await superuser.query(`set session_replication_role = replica; delete from audit_root; delete from audit_chain; update audit_seal_state set mark_id = 0, mark_at = '-infinity', pending_id = null;
      set session_replication_role = origin`);
    await sealUntil(async () => (await roots()).length === 1 && (await unsealed()) === '0');
    expect(await faults()).toEqual([]);
  });

  it('is all that the application may do to the chain', async () => {
    const app = new pg.Client({ connectionString: testDatabase.appUrl });
    await app.connect();
    for (const statement of [
      `insert into audit_chain values (1000000, 1000000, sha256(''))`,
      `update audit_chain set hash = sha256('')`,
      'delete from audit_chain',
      'truncate audit_chain',
      `update audit_root set day = day + 1`,
      'delete from audit_root',
      'update audit_seal_state set mark_id = 0',
      `insert into audit_root (day, last_seq, last_event_id, hash, statement, signature, key_id, public_key) select day + 1, last_seq, last_event_id, hash, statement, signature, key_id, public_key from audit_root`,
    ])
      await expect(app.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    await app.end();
    await expect(superuser.query('delete from audit_chain')).rejects.toMatchObject({ code: '42501' });
  });

  it('may look through much for longer than a page may take', async () => {
    await superuser.query(`create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(0.6); return null; end $$;
      create trigger slowly after insert on audit_chain for each statement execute function slowly()`);
    const hurried = openDatabase(`${testDatabase.appUrl}?options=${encodeURIComponent('-c statement_timeout=300')}`, 2);
    try {
      await superuser.query(event());
      await sealLog({ database: hurried, queueMails: async () => undefined }, key, null);
      expect(await unsealed()).toBe('0');
    } finally {
      await hurried.close();
      await superuser.query('drop trigger slowly on audit_chain; drop function slowly');
    }
  });
});

/** As an operator runs it. */
async function command(...options: string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ['src/audit-seal/cli.ts', ...options], {
    env: { ...process.env, NODE_ENV: 'test', DATABASE_MIGRATION_URL: testDatabase.superUrl },
  });
  const pieces: string[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  child.stderr.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, text: pieces.join('') };
}

describe('a check names the first that does not fit', () => {
  it('by the command too, with the mailed roots in a file', async () => {
    const root = only(await roots());
    const [mails, publicKey] = [path.join(folder, 'mails.txt'), path.join(folder, 'seal.pub.pem')];
    writeFileSync(mails, `Kære systemejer\n${rootWithSignature(root.statement, root.signature)}\n`);
    writeFileSync(publicKey, key.publicKey);
    const fine = await command('--key', publicKey, '--root', mails);
    expect(fine).toMatchObject({ code: 0, text: expect.stringContaining('Everything fits.') as string });
    await superuser.query(`set session_replication_role = replica; update audit_event set actor_name = actor_name || ' X' where id = ${third};
      set session_replication_role = origin`);
    const found = await command('--key', publicKey);
    await superuser.query(`set session_replication_role = replica; update audit_event set actor_name = left(actor_name, -2) where id = ${third};
      set session_replication_role = origin`);
    expect(found.code).toBe(1);
    expect(found.text).toContain(`event ${await id()}, number 3: the event is not as it was sealed`);
    expect((await command('--root', publicKey)).code).toBe(2);
  }, 60_000);

  const third = `(select event_id from audit_chain where seq = 3)`;
  const id = () => value<string>('select event_id::text as value from audit_chain where seq = 3');

  it('when an event was changed', async () => {
    expect(await tampered(`update audit_event set detail = detail || '{"users": 7}' where id = ${third}`)).toEqual([
      `event ${await id()}, number 3: the event is not as it was sealed`,
    ]);
    for (const column of [
      `at = at + interval '1 microsecond'`,
      `actor_name = 'X'`,
      `network_address = '10.0.0.1'`,
      'on_behalf = not on_behalf',
    ])
      expect(await tampered(`update audit_event set ${column} where id = ${third}`)).toHaveLength(1);
  });

  it('when an event was deleted, or its place in the chain, or both', async () => {
    const event3 = await id();
    expect(await tampered(`delete from audit_event where id = ${third}`)).toEqual([
      `event ${event3}, number 3: the event is sealed, but no longer there`,
    ]);
    expect((await tampered('delete from audit_chain where seq = 3'))[0]).toBe(
      'number 3: the number is missing in the chain',
    );
    expect(
      (await tampered(`delete from audit_event where id = ${third}; delete from audit_chain where seq = 3`))[0],
    ).toBe('number 3: the number is missing in the chain');
  });

  it('when one was slipped in between, or behind with an older time', async () => {
    const slip = (number: string, at: string) =>
      `insert into audit_event (id, at, kind, actor_kind, actor_name, actor_role, detail) overriding system value
       values (${number}, ${at}, 'demo.seeded', 'OPERATOR', 'x', 'Drift', '{}')`;
    for (const number of [hole, '-5'])
      expect(await tampered(slip(number, `'2020-01-01'`))).toEqual([
        `event ${number}: the event was slipped in after its time was sealed`,
      ]);
    const next = await value<string>('select (max(id) + 1)::text as value from audit_event');
    expect(await tampered(slip(next, `danish_midnight(danish_today()) - interval '1 hour'`))).toEqual([
      `event ${next}: the event was slipped in after its time was sealed`,
    ]);
  });

  it('when somebody mended the chain after it: the signed root does not fit', async () => {
    const found = await tampered(`update audit_event set actor_name = 'X' where id = ${third};
      delete from audit_chain; insert into audit_chain select k.seq, k.event_id, audit_link(sha256(''), audit_content(e)) over (order by k.seq rows unbounded preceding)
      from kept_chain k join audit_event e on e.id = k.event_id`);
    const [root] = await roots();
    expect(found).toEqual([`number ${root?.lastSeq}, day ${root?.day}: the chain does not fit the root`]);
  });

  it('when the end was cut off with its root: only a root from outside tells', async () => {
    const root = only(await roots());
    const mailed = `Kære systemejer\n${rootWithSignature(root.statement, root.signature)}\n`;
    const cut = `delete from audit_event where id in (select event_id from audit_chain where seq > ${root.lastSeq}::bigint - 5);
      delete from audit_chain where seq > ${root.lastSeq}::bigint - 5`;
    expect(await tampered(cut, mailed)).toContain(
      `number ${root.lastSeq}, day ${root.day}: the log was cut: the root reaches a number that is not there`,
    );
    const withRoot = `${cut}; delete from audit_root; update audit_seal_state set mark_id = 0, mark_at = '-infinity'`;
    expect(await tampered(withRoot)).toEqual([]);
    expect(await tampered(withRoot, mailed)).toEqual([
      `number ${root.lastSeq}, day ${root.day}: the log was cut: the root reaches a number that is not there`,
    ]);
    expect(await faults(mailed)).toEqual([]);
  });

  it('when a root was forged, signed by a stranger, or taken away', async () => {
    const { day } = only(await roots());
    expect(await tampered(`update audit_root set signature = sha512('')`)).toEqual([
      `day ${day}: the signature of the root is not genuine`,
    ]);
    expect(await tampered(`update audit_root set key_id = 'stranger-stranger'`)).toContain(
      `day ${day}, stranger-stranger: the root is signed by a key that is not trusted`,
    );
    const stranger = loadSealKey({ file: path.join(folder, 'stranger.pem'), mayMake: true });
    const { statement } = only(await roots());
    expect(await faults(rootWithSignature(statement, stranger.sign(statement)))).toEqual([
      `day ${day}: the signature of the root is not genuine`,
    ]);
  });

  it('when the database no longer guards the log', async () => {
    await superuser.query(
      'alter table audit_event disable trigger audit_event_append_only; grant update (detail) on audit_event to seb_app',
    );
    expect(await faults()).toEqual([
      'UPDATE audit_event: the application has a right that it must not have',
      'audit_event_append_only: a guard of the database is off or missing',
    ]);
    await superuser.query(
      'alter table audit_event enable trigger audit_event_append_only; revoke update (detail) on audit_event from seb_app',
    );
    await superuser.query('alter table app_user disable trigger audit_update');
    expect(await faults()).toEqual(['app_user.audit_update: a guard of the database is off or missing']);
    await superuser.query('alter table app_user enable trigger audit_update');
    expect(await faults()).toEqual([]);
  });
});
