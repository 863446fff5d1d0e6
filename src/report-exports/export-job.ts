import type { JobInsert } from 'pg-boss';
import { z } from 'zod';

const jobData = z.object({ exportId: z.int() });

/** The job of one file; its key makes a second one impossible while the first lives. */
export function exportJob(exportId: number): JobInsert<z.infer<typeof jobData>> {
  return { data: { exportId }, singletonKey: String(exportId) };
}

export function exportIdOf(job: { data: unknown }): number {
  return jobData.parse(job.data).exportId;
}
