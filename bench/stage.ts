import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { prepareJobSchema } from '../src/jobs/job-schema.ts';
import { freePort } from '../src/demo/ports.ts';
import { ensureDevKeys } from '../src/sign-in/dev-keys.ts';
import type { AppStart } from './app-server.ts';
import type { BareStart } from './bare-server.ts';
import type { Child } from './children.ts';
import { startChild } from './children.ts';
import type { Client } from './client.ts';
import { openClient } from './client.ts';
import type { BenchCluster } from './cluster.ts';
import { postmasterOf, startBenchCluster } from './cluster.ts';
import type { BenchData, Size } from './data.ts';
import { makeData } from './data.ts';
import type { BenchSession } from './sign-in.ts';
import { signIn } from './sign-in.ts';
import type { SorFigures } from './sor.ts';
import { measureSorImports } from './sor.ts';

/** A cluster filled with one size of data. */
export type Prepared = { size: Size; cluster: BenchCluster; data: BenchData; sor: SorFigures };

type Server = { child: Child; client: Client };

/** The data with the two servers that answer from it. */
export type Stage = Prepared & {
  postmaster: number;
  secret: string;
  session: BenchSession;
  app: Server;
  bare: Server;
};

export async function prepare(size: Size, say: (line: string) => void): Promise<Prepared> {
  const cluster = await startBenchCluster();
  say(`PostgreSQL on port ${cluster.port}; importing SOR units twice …`);
  await prepareJobSchema(cluster.ownerUrl);
  const sor = await measureSorImports(cluster);
  say(`making ${size.users.toLocaleString('en')} users in ${size.organisations.toLocaleString('en')} organisations …`);
  const begun = performance.now();
  const data = await makeData(cluster, size);
  say(`made in ${Math.round((performance.now() - begun) / 1000)} s`);
  return { size, cluster, data, sor };
}

export async function openStage(prepared: Prepared): Promise<Stage> {
  const { cluster, data } = prepared;
  const secret = randomBytes(32).toString('hex');
  const session = await signIn(cluster.ownerUrl, data.actorId, secret);
  const postmaster = postmasterOf(cluster);
  // One process for pages only, in which also large changes are carried out in the request.
  const { child, clientOf } = await startApplication(cluster, secret, { limit: '60000', work: 'pages' });
  const app = { child, client: clientOf(session) };
  return { ...prepared, postmaster, secret, session, app, bare: await startBare(cluster) };
}

/** As in production: pages and jobs in one process, large changes as jobs; with a second administrator at work. */
export async function startWorkingApplication({
  cluster,
  data,
  secret,
}: Stage): Promise<Server & { session: BenchSession; colleague: Client }> {
  const { child, clientOf } = await startApplication(cluster, secret, { limit: '500', work: 'pages and jobs' });
  // A session of its own: the stage's goes on under a new id at its first page.
  const session = await signIn(cluster.ownerUrl, data.actorId, secret);
  const other = await signIn(cluster.ownerUrl, data.colleagueId, secret);
  return { child, session, client: clientOf(session), colleague: clientOf(other) };
}

type Mode = { limit: string; work: AppStart['work'] };
type Started = { child: Child; clientOf: (session: BenchSession) => Client };

async function startApplication(cluster: BenchCluster, secret: string, { limit, work }: Mode): Promise<Started> {
  const port = await freePort();
  const host = `sebadmin.localhost:${port}`;
  await ensureDevKeys(path.join(cluster.folder, 'saml'));
  const env = {
    NODE_ENV: 'development',
    DATA_DIR: cluster.folder,
    SEBADMIN_URL: `http://${host}`,
    DATABASE_URL: cluster.appUrl,
    DATABASE_MIGRATION_URL: cluster.ownerUrl,
    SESSION_SECRET: secret,
    BULK_ASSIGNMENTS_IN_REQUEST: limit,
    STEP_UP_MINUTES: String(24 * 60),
  };
  const start: AppStart = { env, port, databaseUrl: cluster.appUrl, work };
  const child = await startChild('app-server.ts', start);
  return { child, clientOf: ({ cookie }) => openClient(port, { Host: host, Cookie: cookie }) };
}

/** As the owner of the tables, for whom there is no row-level security. */
async function startBare(cluster: BenchCluster): Promise<Server> {
  const port = await freePort();
  const start: BareStart = { port, databaseUrl: cluster.ownerUrl };
  return { child: await startChild('bare-server.ts', start), client: openClient(port, {}) };
}
