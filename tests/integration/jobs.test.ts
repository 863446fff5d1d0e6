import { once } from 'node:events';
import net from 'node:net';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { removeExpired } from '../../src/jobs/expired.changes.ts';
import { prepareJobSchema } from '../../src/jobs/job-schema.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import { startJobs } from '../../src/jobs/jobs.ts';
import { queues } from '../../src/jobs/queues.ts';
import { asOwner } from '../support/outbox.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';

let server: TestDatabase;
let database: Database;
const started: Jobs[] = [];
const warnings: unknown[] = [];

const log = { info: () => undefined, warn: (...told: unknown[]) => void warnings.push(told) } as unknown as Pick<
  Logger,
  'info' | 'warn'
>;
const mailSettings = { smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'SEB <ingen-svar@seb.example>' };

beforeAll(async () => {
  server = await createTestDatabase('empty');
  await prepareJobSchema(server.ownerUrl);
  database = openDatabase(server.appUrl, 3);
});

afterEach(async () => {
  for (const jobs of started.splice(0)) await jobs.stop();
  warnings.length = 0;
});

afterAll(async () => {
  await database.close();
  await server.drop();
});

const bossOfApplication = () =>
  new PgBoss({
    connectionString: server.appUrl,
    schema: 'pgboss',
    migrate: false,
    createSchema: false,
    reindex: false,
    supervise: false,
  });

it('makes the queues once, whether prepared once, again or by two processes at a time', async () => {
  await Promise.all([prepareJobSchema(server.ownerUrl), prepareJobSchema(server.ownerUrl)]);
  const rows = await asOwner(
    server.ownerUrl,
    `select name from pgboss.queue where name not like '\\_\\_%' order by name`,
  );
  expect(rows.map(({ name }) => name)).toEqual(queues.map(({ name }) => name).toSorted());
  const schedules = await asOwner(server.ownerUrl, 'select name, cron from pgboss.schedule order by name');
  expect(schedules).toEqual([
    { name: 'agreements.remind', cron: '40 5 * * *' },
    { name: 'audit.seal', cron: '* * * * *' },
    { name: 'audit.verify', cron: '* * * * *' },
    { name: 'auditPackage.make', cron: '* * * * *' },
    { name: 'cleanup.expired', cron: '17 * * * *' },
    { name: 'departures.carryOut', cron: '*/15 * * * *' },
    { name: 'emergencyLocks.close', cron: '*/5 * * * *' },
    { name: 'halfYearly.run', cron: '* * * * *' },
    { name: 'identityProviders.refresh', cron: '11 2 * * *' },
    { name: 'mail.sweep', cron: '* * * * *' },
    { name: 'organisations.refresh', cron: '23 2 * * *' },
    { name: 'reports.count', cron: '41 * * * *' },
    { name: 'requests.escalate', cron: '10 5-15 * * *' },
    { name: 'retention.carryOut', cron: '37 1 * * *' },
    { name: 'services.retire', cron: '*/15 * * * *' },
    { name: 'status.tellEnded', cron: '*/5 * * * *' },
  ]);
});

it('lets the application work with the queues but not change or empty their tables', async () => {
  const { pool } = database;
  for (const statement of [
    'alter table pgboss.job add column x int',
    'truncate pgboss.job',
    'drop table pgboss.queue',
    'create table pgboss.mine (id int)',
    'delete from pgboss.schedule',
    'delete from pgboss.queue',
  ]) {
    await expect(pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
  }
});

it('has every right that pg-boss needs for its own upkeep', async () => {
  const faults: unknown[] = [];
  const boss = bossOfApplication();
  boss.on('error', (error) => faults.push(error));
  await boss.start();
  try {
    await boss.send('mail.send', { outboxId: 0 });
    await asOwner(server.ownerUrl, `update pgboss.queue set monitor_on = null, maintain_on = null`);
    await boss.supervise();
    await boss.resolveFlow();
    const [job] = await boss.fetch('mail.send');
    await boss.fail('mail.send', job?.id ?? '');
    await boss.deleteJob('mail.send', job?.id ?? '');
  } finally {
    await boss.stop({ graceful: false });
  }
  expect(faults).toEqual([]);
});

it('starts although the database is away, says so once and works when it is back', async () => {
  const gate = await startGate(new URL(server.appUrl));
  const url = Object.assign(new URL(server.appUrl), { port: String(gate.port) }).href;
  const jobs = await startJobs({ url, database, log, ...mailSettings });
  started.push(jobs);
  expect(warnings).toHaveLength(1);
  await database.prisma.$transaction((tx) => jobs.queueMails(tx, [1]));

  gate.open();
  await expect.poll(() => workersAtWork(), { timeout: 12_000, interval: 200 }).toBeGreaterThan(0);
  gate.close();
});

it('removes what has run out and keeps the rest', async () => {
  const { ownerUrl } = server;
  await asOwner(
    ownerUrl,
    `insert into pending_login (id, request_id, provider_id, portal, return_to, created_at) values
    ('old', 'r1', 'p', 'sebadmin', '/', now() - interval '2 hours'), ('new', 'r2', 'p', 'sebadmin', '/', now())`,
  );
  await asOwner(
    ownerUrl,
    `insert into used_assertion values ('p', 'old', now() - interval '1 minute'), ('p', 'new', now() + interval '1 minute')`,
  );
  await asOwner(
    ownerUrl,
    `insert into rate_limit (key, points, expire) values ('old', 1, 1000), ('new', 1, $1), ('forever', 1, null)`,
    [Date.now() + 60_000],
  );

  await asOwner(
    ownerUrl,
    `insert into status_subscription (email, confirm_digest, unsubscribe_token, concerns_all, created_at, confirmed_at) values
    ('aldrig@bekraeftet.example', 'a', repeat('a', 43), true, now() - interval '49 hours', null),
    ('endnu-ikke@bekraeftet.example', 'b', repeat('b', 43), true, now() - interval '47 hours', null),
    ('for-laengst@bekraeftet.example', 'c', repeat('c', 43), true, now() - interval '900 days', now() - interval '900 days')`,
  );
  await asOwner(
    ownerUrl,
    `insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html, created_at, sent_at) values
    ('<1@seb>', 'status.confirm', '', 'aldrig@bekraeftet.example', 's', 't', 'h', now() - interval '49 hours', now() - interval '49 hours')`,
  );

  const removed = await removeExpired(database);

  const nothing = {
    formDrafts: 0,
    idempotencyKeys: 0,
    mails: 0,
    emailChanges: 0,
    refusedSignIns: 0,
    loginEvidence: 0,
    userImports: 0,
    bulkOrders: 0,
    reportFiles: 0,
  };
  expect(removed).toEqual({ ...nothing, pendingLogins: 1, usedAssertions: 1, rateLimits: 1, subscriptions: 1 });
  expect(await asOwner(ownerUrl, 'select email from status_subscription order by email')).toEqual([
    { email: 'endnu-ikke@bekraeftet.example' },
    { email: 'for-laengst@bekraeftet.example' },
  ]);
  expect(await asOwner(ownerUrl, 'select from mail_outbox')).toEqual([]);
  expect(await asOwner(ownerUrl, 'select key from rate_limit order by key')).toEqual([
    { key: 'forever' },
    { key: 'new' },
  ]);
});

async function workersAtWork(): Promise<number> {
  const rows = await asOwner(
    server.ownerUrl,
    `select 1 from pg_stat_activity where application_name = 'seb-jobs' and datname = current_database()`,
  );
  return rows.length;
}

/** A way to PostgreSQL that is shut at first. */
async function startGate(to: URL): Promise<{ port: number; open(): void; close(): void }> {
  let isOpen = false;
  const gate = net.createServer((socket) => {
    socket.on('error', () => undefined);
    if (!isOpen) return void socket.destroy();
    const onward = net.connect(Number(to.port), to.hostname);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  return {
    port: (gate.address() as net.AddressInfo).port,
    open: () => void (isOpen = true),
    close: () => void gate.close(),
  };
}
