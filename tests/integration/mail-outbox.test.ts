import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fromPrisma, PgBoss } from 'pg-boss';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { prepareJobSchema } from '../../src/jobs/job-schema.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import { startJobs } from '../../src/jobs/jobs.ts';
import { mailJob } from '../../src/jobs/mail-job.ts';
import { asOwner, outboxRow, untilRow, writeMail } from '../support/outbox.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import type { TestSmtp } from '../support/smtp.ts';
import { startDrippingSmtp, startSmtp } from '../support/smtp.ts';

let server: TestDatabase;
let database: Database;
const cleanUps: (() => Promise<unknown>)[] = [];
const log = pino({ level: 'silent' });

beforeAll(async () => {
  server = await createTestDatabase('empty');
  await prepareJobSchema(server.ownerUrl);
  database = openDatabase(server.appUrl, 4);
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  await asOwner(
    server.ownerUrl,
    'truncate pgboss.job; delete from half_yearly_recipient; delete from mail_outbox; delete from undeliverable_address',
  );
});

afterAll(async () => {
  await database.close();
  await server.drop();
});

async function atWork(smtpUrl: string): Promise<Jobs> {
  const jobs = await startJobs({
    url: server.appUrl,
    database,
    log,
    smtpUrl,
    mailFrom: 'SEB <ingen-svar@seb.example>',
  });
  cleanUps.push(() => jobs.stop());
  return jobs;
}

async function mailServer(behaviour: Parameters<typeof startSmtp>[0] = {}): Promise<TestSmtp> {
  const smtp = await startSmtp(behaviour);
  cleanUps.push(() => smtp.close());
  return smtp;
}

const retryNow = () => asOwner(server.ownerUrl, `update pgboss.job set start_after = now() where state = 'retry'`);

it('sends a mail once its change is committed, to its one recipient and under its own Message-ID', async () => {
  const smtp = await mailServer();
  const jobs = await atWork(smtp.url);

  const id = await writeMail(database, jobs, { messageId: '<first@seb>' });

  const row = await untilRow(database, id, ({ sentAt }) => sentAt !== null);
  expect(row).toMatchObject({ attempts: 1, failedAt: null, lastError: null });
  expect(smtp.received).toHaveLength(1);
  expect(smtp.received[0]).toMatchObject({ from: 'ingen-svar@seb.example', recipients: ['aase@region.example'] });
  expect(smtp.received[0]?.mail).toMatchObject({
    messageId: '<first@seb>',
    subject: 'Din e-mailadresse er ændret på SEB',
    from: { name: 'SEB', address: 'ingen-svar@seb.example' },
    to: [{ name: 'Åse Østergård', address: 'aase@region.example' }],
    text: expect.stringMatching(/^Hej Åse\n\n\.\nBlåbærgrød\n+$/),
  });
});

it('sends nothing of a change that was rolled back', async () => {
  const smtp = await mailServer();
  const jobs = await atWork(smtp.url);

  await expect(writeMail(database, jobs, {}, true)).rejects.toThrow('after its mail');
  const kept = await writeMail(database, jobs, { messageId: '<kept@seb>' });

  await untilRow(database, kept, ({ sentAt }) => sentAt !== null);
  expect(smtp.received.map(({ mail }) => mail.messageId)).toEqual(['<kept@seb>']);
  expect(await asOwner(server.ownerUrl, `select 1 from pgboss.job where name = 'mail.send'`)).toHaveLength(1);
});

it('keeps a mail while the mail server is down and sends it when it is up again', async () => {
  const { port, close } = await startSmtp();
  await close();
  const jobs = await atWork(`smtp://127.0.0.1:${port}`);
  const id = await writeMail(database, jobs);
  const waiting = await untilRow(database, id, ({ lastError }) => lastError !== null);
  expect(waiting).toMatchObject({ sentAt: null, failedAt: null, attempts: 1 });

  const smtp = await mailServer({ port });
  await expect.poll(retryNowCount, { timeout: 5_000 }).toBe(1);
  await retryNow();

  expect(await untilRow(database, id, ({ sentAt }) => sentAt !== null)).toMatchObject({ attempts: 2, lastError: null });
  expect(smtp.received).toHaveLength(1);
});

it('gives up on a mail that could not be sent for two days', async () => {
  const smtp = await mailServer({ refuse: () => ({ code: 451, text: 'try later' }) });
  const jobs = await atWork(smtp.url);
  const id = await writeMail(database, jobs);
  expect(await untilRow(database, id, ({ lastError }) => lastError !== null)).toMatchObject({ failedAt: null });

  await asOwner(server.ownerUrl, `update mail_outbox set tried_since = now() - interval '49 hours'`);
  await expect.poll(retryNowCount, { timeout: 5_000 }).toBe(1);
  await retryNow();

  const row = await untilRow(database, id, ({ failedAt }) => failedAt !== null);
  expect(row.lastError).toContain('try later');
  expect(row.attempts).toBe(2);
});

it('marks a recipient that is refused for good as failed at once and sends the others', async () => {
  const smtp = await mailServer({
    refuse: (recipient) => (recipient === 'gone@region.example' ? { code: 550, text: 'no such user' } : undefined),
  });
  const jobs = await atWork(smtp.url);
  const refused = await writeMail(database, jobs, { toAddress: 'gone@region.example' });
  const unusable = await writeMail(database, jobs, { toAddress: 'a@region.example, b@region.example' });
  const other = await writeMail(database, jobs);

  await untilRow(database, other, ({ sentAt }) => sentAt !== null);
  const row = await untilRow(database, refused, ({ failedAt }) => failedAt !== null);
  expect(row).toMatchObject({ sentAt: null, attempts: 1 });
  expect(row.lastError).toContain('550');
  await untilRow(database, unusable, ({ failedAt }) => failedAt !== null);
  expect(smtp.received.map(({ recipients }) => recipients)).toEqual([['aase@region.example']]);
});

it('marks an address that is refused, and forgets the mark when a later mail is taken', async () => {
  let refuses = true;
  const smtp = await mailServer({
    refuse: () => (refuses ? { code: 550, text: '5.1.1 no such user' } : undefined),
  });
  const jobs = await atWork(smtp.url);
  const marks = () => asOwner(server.ownerUrl, 'select address, how, status from undeliverable_address');
  const refused = await writeMail(database, jobs, { toAddress: 'Gone@region.example' });
  await untilRow(database, refused, ({ failedAt }) => failedAt !== null);
  expect(await marks()).toEqual([{ address: 'gone@region.example', how: 'REFUSED', status: '5.1.1' }]);
  refuses = false;
  const taken = await writeMail(database, jobs, { toAddress: 'gone@region.example' });
  await untilRow(database, taken, ({ sentAt }) => sentAt !== null);
  expect(await marks()).toEqual([]);
});

it('loses nothing and repeats nothing while the mail server goes through all its faults', async () => {
  const { port, close } = await startSmtp();
  await close();
  const jobs = await atWork(`smtp://127.0.0.1:${port}`);
  const write = (name: string) =>
    writeMail(database, jobs, { toAddress: `${name}@region.example`, messageId: `<${name}@seb>` });
  const names = Array.from({ length: 12 }, (_, number) => `a${number}`);
  const ids: number[] = [];
  for (const name of names) ids.push(await write(name));
  // Down: all wait.
  await expect.poll(retryNowCount, { timeout: 15_000 }).toBe(names.length);
  // Says 4xx to every other one, and 5xx to the last, for good.
  let isBusy = true;
  const smtp = await mailServer({
    port,
    refuse: (recipient) =>
      recipient.startsWith('a11')
        ? { code: 550, text: '5.1.1 no such user' }
        : isBusy && /[13579]@/.test(recipient)
          ? { code: 451, text: '4.3.2 try later' }
          : undefined,
    // Slow: a while before each 250.
    beforeAccept: () => new Promise((resolve) => setTimeout(resolve, 50)),
  });
  await retryNow();
  await expect.poll(() => smtp.received.length, { timeout: 15_000 }).toBe(6);
  await expect.poll(retryNowCount, { timeout: 15_000 }).toBe(5);
  isBusy = false;
  await retryNow();
  for (const id of ids.slice(0, 11)) await untilRow(database, id, ({ sentAt }) => sentAt !== null);
  expect(await outboxRow(database, ids[11] ?? 0)).toMatchObject({ sentAt: null, failedAt: expect.any(Date) });
  expect(smtp.received.map(({ mail }) => mail.messageId).toSorted()).toEqual(
    names
      .slice(0, 11)
      .map((name) => `<${name}@seb>`)
      .toSorted(),
  );
});

it('repeats a mail once, under the same Message-ID, when the process dies between the 250 and the mark', async () => {
  const smtp = await mailServer({
    // Held still, the postman never hears the 250 that was said to it.
    beforeAccept: () => {
      if (smtp.received.length === 0) postman.kill('SIGSTOP');
    },
  });
  const script = path.join(import.meta.dirname, '../support/postman.ts');
  const postman = spawn(process.execPath, [script, server.appUrl, smtp.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUps.push(async () => postman.kill('SIGKILL'));
  await once(postman.stdout, 'data');

  const id = await writeMail(database, { queueMails: queueOnly }, { messageId: '<twice@seb>' });
  await expect.poll(() => smtp.received.length, { timeout: 10_000 }).toBe(1);
  postman.kill('SIGKILL');
  await once(postman, 'exit');
  expect(await outboxRow(database, id)).toMatchObject({ sentAt: null, attempts: 1 });

  await atWork(smtp.url);
  await findDeadProcesses();
  await retryNow();

  expect(await untilRow(database, id, ({ sentAt }) => sentAt !== null)).toMatchObject({ attempts: 2 });
  expect(smtp.received.map(({ mail }) => mail.messageId)).toEqual(['<twice@seb>', '<twice@seb>']);
});

it('finds a mail that has no job, and gives one that has a job no second one', async () => {
  const smtp = await mailServer();
  const lost = await writeMail(database, { queueMails: async () => undefined });
  const queued = await writeMail(database, { queueMails: queueOnly });
  await asOwner(server.ownerUrl, `update mail_outbox set created_at = now() - interval '5 minutes'`);
  await atApplication((boss) => boss.send('mail.sweep'));

  await atWork(smtp.url);

  for (const id of [lost, queued]) await untilRow(database, id, ({ sentAt }) => sentAt !== null);
  expect(smtp.received).toHaveLength(2);
  expect(await outboxRow(database, queued)).toMatchObject({ attempts: 1 });
});

it('holds up no change and no stop while a mail server drips', async () => {
  const dripping = await startDrippingSmtp();
  cleanUps.push(() => dripping.close());
  const jobs = await atWork(dripping.url);
  const first = await writeMail(database, jobs);
  await expect.poll(dripping.connections, { timeout: 5_000 }).toBeGreaterThan(0);

  const began = performance.now();
  await writeMail(database, jobs);
  expect(performance.now() - began).toBeLessThan(1_000);

  await cleanUps.pop()?.();
  expect(performance.now() - began).toBeLessThan(9_000);
  expect(await outboxRow(database, first)).toMatchObject({
    sentAt: null,
    failedAt: null,
    lastError: expect.any(String),
  });
  expect(await asOwner(server.ownerUrl, `select 1 from pgboss.job where state = 'active'`)).toEqual([]);
});

async function retryNowCount(): Promise<number> {
  return (await asOwner(server.ownerUrl, `select 1 from pgboss.job where state = 'retry'`)).length;
}

/** A part of the application that queues without sending. */
async function atApplication<Result>(work: (boss: PgBoss) => Promise<Result>): Promise<Result> {
  const boss = new PgBoss({
    connectionString: server.appUrl,
    migrate: false,
    createSchema: false,
    reindex: false,
    schedule: false,
    supervise: false,
  });
  await boss.start();
  try {
    return await work(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}

const queueOnly: Jobs['queueMails'] = async (tx, ids) => {
  await atApplication((boss) => boss.insert('mail.send', ids.map(mailJob), { db: fromPrisma(tx) }));
};

/** What half a minute without a heartbeat and the next round of upkeep bring about. */
async function findDeadProcesses(): Promise<void> {
  await asOwner(
    server.ownerUrl,
    `update pgboss.job set heartbeat_on = now() - interval '1 hour' where state = 'active'`,
  );
  await asOwner(server.ownerUrl, `update pgboss.queue set monitor_on = null`);
  await atApplication((boss) => boss.supervise());
}
