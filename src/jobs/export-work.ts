import type { PgBoss } from 'pg-boss';
import type { Database } from '../db/client.ts';
import { exportIdOf, exportJob } from '../report-exports/export-job.ts';
import type { MakeFile } from '../report-exports/export-processes.ts';
import { listWaitingExports } from '../report-exports/report-exports.queries.ts';
import { runExport } from '../report-exports/run-export.changes.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { queueMailsWith } from './mail-job.ts';
import type { Place } from './order-work.ts';
import { attempt } from './order-work.ts';
import type { QueueName } from './queues.ts';

/** Orders of files that have no job get one. */
export async function sweepExports(boss: PgBoss, database: Database): Promise<void> {
  const waiting = await listWaitingExports(database);
  if (waiting.length === 0) return;
  await boss.insert(
    'report.export' satisfies QueueName,
    waiting.map(({ id }) => exportJob(id)),
  );
}

export async function makeFiles(
  boss: PgBoss,
  { database, log }: Place,
  { mailing, makeFile }: { mailing: MailSetting; makeFile: MakeFile },
  jobs: readonly { data: unknown }[],
): Promise<void> {
  for (const job of jobs) {
    const exportId = exportIdOf(job);
    const words = {
      done: 'The file of a report was made',
      failed: 'The file of a report was not made and is tried again',
    };
    await attempt(log, { exportId }, words, () =>
      runExport({ database, queueMails: queueMailsWith(boss) }, mailing, makeFile, exportId),
    );
  }
}
