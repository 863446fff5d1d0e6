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

type Place = { database: Database; log: Pick<Logger, 'info' | 'warn'> };
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
    try {
      await runOrder({ database, queueMails: queueMailsWith(boss) }, mailing, orderId);
      log.info({ orderId }, 'A large change was carried out');
    } catch (error) {
      log.warn({ orderId, err: error }, 'A large change was interrupted and is tried again');
      throw error;
    }
  }
}
