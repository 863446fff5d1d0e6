import type { JobInsert, PgBoss } from 'pg-boss';
import { fromPrisma } from 'pg-boss';
import { z } from 'zod';
import type { Changes } from '../audit/record-change.ts';
import type { QueueName } from './queues.ts';

const mailJobData = z.object({ outboxId: z.int() });

/** The job of one mail; its key makes a second one for the same mail impossible while the first lives. */
export function mailJob(outboxId: number): JobInsert<z.infer<typeof mailJobData>> {
  return { data: { outboxId }, singletonKey: String(outboxId) };
}

export function outboxIdOf(job: { data: unknown }): number {
  return mailJobData.parse(job.data).outboxId;
}

/** Queues the mails of a change in its own transaction: sent if and only if it commits. */
export function queueMailsWith(boss: PgBoss): Changes['queueMails'] {
  return async (tx, outboxIds) => {
    if (outboxIds.length === 0) return;
    await boss.insert('mail.send' satisfies QueueName, outboxIds.map(mailJob), { db: fromPrisma(tx) });
  };
}
