import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import type { Connections } from './pool.ts';
import { openPool } from './pool.ts';
import { statementNames } from './sql.ts';

export type Database = Connections & { prisma: PrismaClient; close(): Promise<void> };

/** Opens the one pool that pages (pg) and changes (Prisma) share. */
export function openDatabase(url: string, poolSize: number): Database {
  const pool = openPool(url, poolSize);
  const nameOf = statementNames();
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => `x${nameOf(sql)}` });
  const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 2500, timeout: 120_000 } });
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
