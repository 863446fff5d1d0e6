import type { JobInsert } from 'pg-boss';
import { z } from 'zod';

const mailJobData = z.object({ outboxId: z.int() });

/** The job of one mail; its key makes a second one for the same mail impossible while the first lives. */
export function mailJob(outboxId: number): JobInsert<z.infer<typeof mailJobData>> {
  return { data: { outboxId }, singletonKey: String(outboxId) };
}

export function outboxIdOf(job: { data: unknown }): number {
  return mailJobData.parse(job.data).outboxId;
}
