import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'pg';
import { inject } from 'vitest';
import type { PostgresUrls } from '../../src/demo/embedded-postgres.ts';
import { templates, urlsOf, withServer } from './test-databases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresUrls;
  }
}

export type TestDatabase = PostgresUrls & { name: string; drop: () => Promise<void> };

/** A database of one's own, copied from a template; drop it in afterAll. */
export async function createTestDatabase(template: keyof typeof templates = 'demo'): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `seb_${randomBytes(6).toString('hex')}`;
  await withServer(server, async (client) => {
    await client.query(`create database ${name} owner seb_owner template ${templates[template]} strategy file_copy`);
    await client.query(`revoke all on database ${name} from public`);
    await client.query(`grant connect on database ${name} to seb_app`);
  });
  const drop = async () => {
    await withServer(server, async (client) => {
      await untilLeft(client, name);
      await client.query(`drop database if exists ${name} with (force)`);
    });
  };
  return { name, ...urlsOf(server, name), drop };
}

/** A connection that is just being closed would take its end by force for a fault. */
async function untilLeft(client: Client, name: string): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    const { rowCount } = await client.query('select from pg_stat_activity where datname = $1', [name]);
    if (rowCount === 0) return;
    await wait(25);
  }
}
