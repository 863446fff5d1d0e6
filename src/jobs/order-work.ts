import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { orderIdOf } from '../bulk-orders/order-job.ts';
import { runOrder } from '../bulk-orders/run-order.changes.ts';
import type { Database } from '../db/client.ts';
import { importIdOf } from '../user-import/import-job.ts';
import { runImport } from '../user-import/run-import.changes.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { queueMailsWith } from './mail-job.ts';

// What people order and a job carries out in portions.

export type Place = { database: Database; log: Pick<Logger, 'info' | 'warn'> };
type Job = { data: unknown };

export async function importUsers(
  boss: PgBoss,
  { database, log }: Place,
  mailing: MailSetting,
  jobs: readonly Job[],
): Promise<void> {
  for (const job of jobs) {
    const importId = importIdOf(job);
    await runImport({ database, queueMails: queueMailsWith(boss) }, mailing, importId);
    log.info({ importId }, 'An import of users was carried out');
  }
}

export async function carryOutOrders(
  boss: PgBoss,
  { database, log }: Place,
  mailing: MailSetting,
  jobs: readonly Job[],
): Promise<void> {
  for (const job of jobs) {
    const orderId = orderIdOf(job);
    const words = {
      done: 'A large change was carried out',
      failed: 'A large change was interrupted and is tried again',
    };
    await attempt(log, { orderId }, words, () =>
      runOrder({ database, queueMails: queueMailsWith(boss) }, mailing, orderId),
    );
  }
}

/** One try of a job, which the queue repeats where it fails; both ends are in the process's log. */
export async function attempt(
  log: Place['log'],
  about: Record<string, number>,
  words: { done: string; failed: string },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    log.info(about, words.done);
  } catch (error) {
    log.warn({ ...about, err: error }, words.failed);
    throw error;
  }
}
