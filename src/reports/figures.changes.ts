import type { Database } from '../db/client.ts';

/** Counts the figures of today for the reports' front pages, once a day; how many were counted. No change: no event. */
export async function countFigures({ prisma }: Database): Promise<number> {
  const [, [row]] = await prisma.$transaction([
    prisma.$queryRaw`select set_config('statement_timeout', '1500000', true)`,
    prisma.$queryRaw<{ counted: number }[]>`select count_report_figures() as counted`,
  ]);
  return row?.counted ?? 0;
}
