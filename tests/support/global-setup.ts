import type { TestProject } from 'vitest/node';
import { ensurePrismaClient } from '../../src/db/generate-client.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import type { PostgresUrls } from '../../src/demo/embedded-postgres.ts';
import { prepareJobSchema } from '../../src/jobs/job-schema.ts';
import { templates, urlsOf, withServer } from './test-databases.ts';
import { makeKeys } from './test-keys.ts';
import { startThrowAwayCluster } from './throw-away-cluster.ts';

/** Starts the throw-away PostgreSQL of this test run with its template databases, and removes it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { superUrl, ownerUrl, appUrl, remove } = await prepareCluster();
  project.provide('postgres', { superUrl, ownerUrl, appUrl });
  project.provide('keys', makeKeys());
  return remove;
}

async function prepareCluster() {
  const [cluster] = await Promise.all([startThrowAwayCluster(), ensurePrismaClient()]);
  try {
    await makeTemplates(cluster);
    return cluster;
  } catch (error) {
    await cluster.remove();
    throw error;
  }
}

async function makeTemplates(server: PostgresUrls): Promise<void> {
  const quietly = () => undefined;
  await withServer(server, (client) => client.query(`create database ${templates.empty} owner seb_owner`));
  await migrateDatabase(urlsOf(server, templates.empty).ownerUrl, quietly);
  await prepareJobSchema(urlsOf(server, templates.empty).ownerUrl);

  await withServer(server, (client) =>
    client.query(`create database ${templates.demo} owner seb_owner template ${templates.empty} strategy file_copy`),
  );
  // Not before now: it needs the Prisma client, which may have been made a moment ago.
  const { seedDemoSector } = await import('../../src/demo/demo-sector.ts');
  await seedDemoSector(urlsOf(server, templates.demo).ownerUrl, quietly);

  for (const name of [templates.empty, templates.demo]) await closeToVisitors(server, name);
}

/** A database that somebody is connected to cannot be copied. */
async function closeToVisitors(server: PostgresUrls, name: string): Promise<void> {
  await withServer(server, async (client) => {
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    await client.query(`alter database ${name} is_template true allow_connections false`);
  });
}
