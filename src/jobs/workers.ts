import type { JobResult, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { findWaitingMails } from '../mail/outbox.changes.ts';
import { sendMail } from '../mail/send-mail.ts';
import type { MailTransport } from '../mail/transport.ts';
import { removeExpired } from './expired.changes.ts';
import { mailJob, outboxIdOf } from './mail-job.ts';
import type { QueueName } from './queues.ts';

/** What the work is done with. */
export type Workplace = { database: Database; transport: MailTransport; log: Pick<Logger, 'info' | 'warn'> };

type Job = { id: string; data: unknown };

/** Puts this process to work on every queue; other processes may do the same. */
export async function startWorkers(boss: PgBoss, workplace: Workplace): Promise<void> {
  const { name: send, ...sending } = mailWork;
  await boss.work(send, sending, (jobs) => sendMails(workplace, jobs));
  await boss.work('mail.sweep' satisfies QueueName, { pollingIntervalSeconds: 5 }, () => sweep(boss, workplace));
  await boss.work('cleanup.expired' satisfies QueueName, { pollingIntervalSeconds: 30 }, () => cleanUp(workplace));
}

const mailWork = {
  name: 'mail.send' satisfies QueueName,
  // Two at a time: a mail that a slow server holds up does not hold up all others.
  localConcurrency: 2,
  batchSize: 5,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 1,
  perJobResults: true,
} as const;

async function sendMails(workplace: Workplace, jobs: readonly Job[]): Promise<JobResult[]> {
  const results: JobResult[] = [];
  for (const job of jobs) results.push(await sendOne(workplace, job));
  return results;
}

async function sendOne({ database, transport, log }: Workplace, job: Job): Promise<JobResult> {
  const outboxId = outboxIdOf(job);
  try {
    const { status, error } = await sendMail(database, transport, outboxId);
    // The server's words may name the recipient, so they stay in the outbox (last_error).
    if (error !== null) log.warn({ outboxId, tryAgain: status === 'retry' }, 'A mail was not sent');
    return { id: job.id, status: status === 'done' ? 'completed' : 'failed' };
  } catch (error) {
    // One mail's fault must not send the others of the batch again.
    log.warn({ outboxId, err: error }, 'A mail could not be handled and is tried again');
    return { id: job.id, status: 'failed' };
  }
}

/** Finds mails that have no job: written while the queue was away, or whose job was lost. */
async function sweep(boss: PgBoss, { database }: Workplace): Promise<void> {
  const waiting = await findWaitingMails(database);
  if (waiting.length > 0) await boss.insert('mail.send' satisfies QueueName, waiting.map(mailJob));
}

async function cleanUp({ database, log }: Workplace): Promise<void> {
  log.info(await removeExpired(database), 'Removed what had run out');
}
