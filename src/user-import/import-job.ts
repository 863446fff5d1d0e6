import type { JobInsert } from 'pg-boss';
import { z } from 'zod';

const jobData = z.object({ importId: z.int() });

/** The job of one import; its key makes a second one impossible while the first lives. */
export function importJob(importId: number): JobInsert<z.infer<typeof jobData>> {
  return { data: { importId }, singletonKey: String(importId) };
}

export function importIdOf(job: { data: unknown }): number {
  return jobData.parse(job.data).importId;
}
