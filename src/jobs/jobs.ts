import { setTimeout as wait } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { Prisma } from '../db/generated/client.ts';
import type { MailSettings } from '../mail/transport.ts';
import { createMailTransport } from '../mail/transport.ts';
import { orderJob } from '../bulk-orders/order-job.ts';
import { exportJob } from '../report-exports/export-job.ts';
import { inProcesses } from '../report-exports/export-processes.ts';
import { importJob } from '../user-import/import-job.ts';
import { queueMailsWith } from './mail-job.ts';
import { jobSchema, queues } from './queues.ts';
import type { Workplace } from './workers.ts';
import { startWorkers } from './workers.ts';

export type JobsOptions = MailSettings & {
  /** The application's address of the database: pg-boss has a small pool of its own, so that jobs and pages do not wait for each other. */
  url: string;
  database: Database;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Wanted by the changes that the system makes by itself (departures); a process without it only sends and cleans up. */
  mailing?: Workplace['mailing'];
  cvr?: Workplace['cvr'];
  seal?: Workplace['seal'];
  retention?: Workplace['retention'];
  settings?: Workplace['settings'];
  metadataPolicy?: Workplace['metadataPolicy'];
};

export type Jobs = {
  /** Queues mails of the outbox in the transaction that wrote them: sent if and only if it commits. */
  queueMails(tx: Prisma.TransactionClient, outboxIds: number[]): Promise<void>;
  /** Puts a confirmed import of users into the queue; what is lost on the way is found by the sweep. */
  queueImport(importId: number): Promise<void>;
  /** The same for a large change of role assignments. */
  queueOrder(orderId: number): Promise<void>;
  /** The same for the file of a large report. */
  queueExport(exportId: number): Promise<void>;
  /** Ends the workers; what they have not finished within seconds goes back to the queue. */
  stop(): Promise<void>;
};

const retryStartMs = 5_000;

/** Starts the workers of this process; without a database it goes on trying in the background. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { mailing, cvr, seal, retention, settings, metadataPolicy, ...rest } = options;
  const transport = createMailTransport(options);
  const workplace: Workplace = {
    ...rest,
    transport,
    makeFile: inProcesses(options.url),
    ...(mailing === undefined ? {} : { mailing }),
    ...(cvr === undefined ? {} : { cvr }),
    ...(seal === undefined ? {} : { seal }),
    ...(retention === undefined ? {} : { retention }),
    ...(settings === undefined ? {} : { settings }),
    ...(metadataPolicy === undefined ? {} : { metadataPolicy }),
  };
  const report = quietReport(options.log);
  const stopping = new AbortController();
  let running = await tryStart(options.url, workplace, report);

  const keepTrying = async (): Promise<void> => {
    while (running === null && (await pauseUnless(stopping.signal))) {
      running = await tryStart(options.url, workplace, report);
    }
  };
  const trying = keepTrying();
  return {
    async queueMails(tx, outboxIds) {
      // Not started yet: the sweep finds the rows, so no change has to fail for a mail.
      if (running !== null) await queueMailsWith(running)(tx, outboxIds);
    },
    async queueImport(importId) {
      await running?.insert('user.import', [importJob(importId)]);
    },
    async queueOrder(orderId) {
      await running?.insert('bulk.order', [orderJob(orderId)]);
    },
    async queueExport(exportId) {
      await running?.insert('report.export', [exportJob(exportId)]);
    },
    async stop() {
      stopping.abort();
      await trying;
      await stopWork(running, workplace);
    },
  };
}

/** Null when it did not work this time. */
async function tryStart(url: string, workplace: Workplace, report: Report): Promise<PgBoss | null> {
  const boss = newBoss(url, report);
  try {
    await boss.start();
    await startWorkers(boss, workplace);
    return boss;
  } catch (error) {
    report(error);
    await boss.stop({ graceful: false });
    return null;
  }
}

/** Whether to go on after the pause. */
async function pauseUnless(signal: AbortSignal): Promise<boolean> {
  await wait(retryStartMs, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

const finishMs = 6_000;

/**
 * What is under way may finish for some seconds. A mail that hangs is cut off a moment before its worker is, so that it can
 * still give itself back. The library itself would look every half second only whether its workers are done.
 */
async function stopWork(boss: PgBoss | null, { transport }: Workplace): Promise<void> {
  const cutOff = setTimeout(() => transport.close(), 4_000);
  if (boss !== null) {
    const idle = Promise.all(queues.map(({ name }) => boss.offWork(name)));
    await Promise.race([idle, wait(finishMs, undefined, { ref: false })]);
    await boss.stop({ graceful: false });
  }
  clearTimeout(cutOff);
  transport.close();
}

function newBoss(url: string, report: Report): PgBoss {
  const boss = new PgBoss({
    connectionString: url,
    schema: jobSchema,
    application_name: 'seb-jobs',
    max: 4,
    connectionTimeoutMillis: 5_000,
    // Tables and indexes are the owner's (job-schema.ts).
    migrate: false,
    createSchema: false,
    reindex: false,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
  });
  return boss.on('error', report);
}

type Report = (error: unknown) => void;

/** A database that is away makes every worker complain every other second: one line a minute says as much. */
function quietReport(log: JobsOptions['log']): Report {
  let last = 0;
  return (error) => {
    if (Date.now() - last < 60_000) return;
    last = Date.now();
    log.warn({ err: error }, 'Background jobs are disturbed and go on trying');
  };
}
