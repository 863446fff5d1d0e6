import type { JobInsert } from 'pg-boss';
import { z } from 'zod';

const jobData = z.object({ orderId: z.int() });

/** The job of one order; its key makes a second one impossible while the first lives. */
export function orderJob(orderId: number): JobInsert<z.infer<typeof jobData>> {
  return { data: { orderId }, singletonKey: String(orderId) };
}

export function orderIdOf(job: { data: unknown }): number {
  return jobData.parse(job.data).orderId;
}
