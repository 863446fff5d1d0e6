import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadSealKey, trustedKeysIn } from '../src/audit-seal/seal-key.ts';
import { sealLog } from '../src/audit-seal/seal.changes.ts';
import { verifyLog } from '../src/audit-seal/verify-log.ts';
import type { Changes } from '../src/audit/record-change.ts';
import { readPage } from '../src/db/access.ts';
import type { Database } from '../src/db/client.ts';
import { openDatabase } from '../src/db/client.ts';
import { stopChildren } from './children.ts';
import { removeClusters, withClient } from './cluster.ts';
import { median } from './cpu.ts';
import { machine, table } from './report.ts';
import { measureSealer } from './sealing.ts';
import type { Stage } from './stage.ts';
import { openStage, prepare } from './stage.ts';

// The log by itself: its pages with each filter, sealing, checking, and changes with the sealer running.

const { values } = parseArgs({ options: { events: { type: 'string', default: '10000000' } } });
const size = { users: 100_000, organisations: 1000, largest: 20_000 };
const folder = mkdtempSync(path.join(tmpdir(), 'seb-bench-log-'));
const say = (line: string): void => console.error(line);
const changesOf = (database: Database): Changes => ({ database, queueMails: async () => undefined });
const key = loadSealKey({ file: path.join(folder, 'seal.key.pem'), mayMake: true });
process.once('SIGINT', () => void tidyUp().then(() => process.exit(130)));

try {
  await run();
} finally {
  await tidyUp();
}

async function run(): Promise<void> {
  const stage = await openStage(await prepare(size, say));
  const events = await multiplyEvents(stage, Number(values.events));
  say(`the log has ${events.toLocaleString('en')} events`);
  const pages = await measurePages(stage);
  const database = openDatabase(stage.cluster.appUrl, 3);
  try {
    const seal = await measureSeal(database, events);
    const bulk = await measureWithSealer(stage, database);
    console.log(`\n${machine('18', stage.size)}, ${events.toLocaleString('en')} events\n`);
    console.log(table(['page of the log', 'p50', 'longest of 20'], pages));
    console.log(`\n${table(['sealing and checking', 'figure'], [...seal, ...bulk])}`);
  } finally {
    await database.close();
  }
}

/** As if the same had been done again and again, earlier and earlier. */
function multiplyEvents({ cluster }: Stage, wanted: number): Promise<number> {
  return withClient(cluster.superUrl, async (client) => {
    await client.query(
      "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB'",
    );
    const { rows: indexes } = await client.query<{ drop: string; make: string }>(
      `select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as make from pg_index
       where indrelid = 'audit_event'::regclass and not indisprimary`,
    );
    for (const { drop } of indexes) await client.query(drop);
    const columns =
      'at, transaction_id, kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, target_user_id, target_name, detail, request_id, network_address';
    // In the order of time, with other kinds among the grants.
    await client.query(
      `create temporary table one_round as select ${columns.replace('kind,', "case id % 7 when 0 then 'role.withdrawn' when 1 then 'user.unlocked' else kind end as kind,")} from audit_event order by at`,
    );
    await client.query('truncate audit_event restart identity');
    const { rows: sizes } = await client.query<{ count: number }>('select count(*)::int as count from one_round');
    const rounds = Math.ceil(wanted / (sizes[0]?.count ?? 1));
    for (let round = rounds; round > 0; round -= 1) {
      await client.query(
        `insert into audit_event (${columns}) select ${columns.replace('at,', `at - ${round} * interval '900 days',`)} from one_round`,
      );
      say(`  round ${rounds - round + 1} of ${rounds}`);
    }
    for (const { make } of indexes) await client.query(make);
    await client.query('vacuum analyze audit_event');
    const { rows } = await client.query<{ count: number }>('select count(*)::int as count from audit_event');
    return rows[0]?.count ?? 0;
  });
}

async function measurePages({ app, data, cluster }: Stage): Promise<string[][]> {
  const names = await withClient(cluster.superUrl, async (client) => {
    const { rows } = await client.query<{ actor: string; target: string; day: string }>(
      `select (select username from app_user where id = $1) as actor, (select username from app_user where id = $2) as target,
         (select to_char(at, 'DD-MM-YYYY') from audit_event where organisation_id = 1 order by id offset 100000 limit 1) as day`,
      [data.actorId, data.userId],
    );
    return rows[0];
  });
  const log = `/organisationer/${data.cvr}/log`;
  const { actor = '', target = '', day = '' } = names ?? {};
  const paths: Record<string, string> = {
    'without a filter': log,
    'by whom': `${log}?hvem=${actor}`,
    'on whom': `${log}?paa=${target}`,
    'a frequent kind': `${log}?slags=roller`,
    'a rare kind': `${log}?slags=administratorer`,
    'one day years ago': `${log}?fra=${day}&til=${day}`,
    'by whom, of a rare kind': `${log}?hvem=${actor}&slags=administratorer`,
    'by whom, on whom, when': `${log}?hvem=${actor}&paa=${target}&fra=${day}`,
  };
  const rows: string[][] = [];
  for (const [name, address] of Object.entries(paths)) {
    const times: number[] = [];
    for (let turn = 0; turn < 21; turn += 1) {
      const begun = performance.now();
      const { status } = await app.client.get(address);
      if (status !== 200) throw new Error(`${address} answered ${status}`);
      times.push(performance.now() - begun);
    }
    times.shift(); // the first one plans
    rows.push([name, `${median(times).toFixed(1)} ms`, `${Math.max(...times).toFixed(1)} ms`]);
    say(`  ${name}: ${median(times).toFixed(1)} ms`);
  }
  return rows;
}

async function measureSeal(database: Database, events: number): Promise<string[][]> {
  say('sealing …');
  let begun = performance.now();
  const sealed = await sealLog(changesOf(database), key, null);
  const sealing = (performance.now() - begun) / 1000;
  say(`sealed ${sealed.events} in ${sealing.toFixed(0)} s; checking …`);
  begun = performance.now();
  const before = process.memoryUsage.rss();
  let peak = before;
  const onProgress = async (): Promise<void> => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const keys = trustedKeysIn(key.publicKey);
  const checked = await readPage(database, 'all', (db) => verifyLog(db, { keys, outside: [], onProgress }));
  const checking = (performance.now() - begun) / 1000;
  if (checked.faults.length > 0) throw new Error(`the check found ${JSON.stringify(checked.faults[0])}`);
  const rate = (seconds: number): string => Math.round(events / seconds).toLocaleString('en');
  return [
    ['sealing', `${rate(sealing)} events/s (${sealing.toFixed(0)} s for all)`],
    ['checking', `${rate(checking)} events/s (${checking.toFixed(0)} s for all)`],
    ['memory while checking', `${Math.round(before / 1e6)} MB before, ${Math.round(peak / 1e6)} MB at most`],
  ];
}

async function measureWithSealer(stage: Stage, database: Database): Promise<string[][]> {
  say('changes without and with the sealer running …');
  const { without, each } = await measureSealer(stage, changesOf(database), () =>
    sealLog(changesOf(database), key, null),
  );
  return [
    ['changes of four organisations at once, without the sealer', `${without.toFixed(0)} a second`],
    ...each.map(({ seconds, perSecond, ratio }) => [
      seconds === 60 ? 'the same while the minute is sealed' : `the same while it seals every ${seconds} s`,
      `${perSecond.toFixed(0)} a second, ${ratio.toFixed(2)}×`,
    ]),
  ];
}

async function tidyUp(): Promise<void> {
  await stopChildren();
  await removeClusters();
  rmSync(folder, { recursive: true, force: true });
}
