import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { createApplication, mailingOf } from '../../src/application.ts';
import type { Config } from '../../src/config.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/client.ts';
import { fillProviders } from '../../src/identity-providers/filling.changes.ts';
import { demoIdentityProviders } from '../../src/demo/identity-provider/providers.ts';
import { identityProviderSite } from '../../src/demo/identity-provider/site.ts';
import { answerBrokenRequest } from '../../src/http/broken-request.ts';
import { startJobs } from '../../src/jobs/jobs.ts';
import type { PortalName } from '../../src/pages/services.ts';
import type { DevKeys } from '../../src/sign-in/dev-keys.ts';
import { ACS_PATH } from '../../src/sign-in/saml/service-provider.ts';
import { keptDevKeys } from './kept-dev-keys.ts';
import { createTestDatabase } from './postgres.ts';
import { startSmtp } from './smtp.ts';

export type BrowserApp = Awaited<ReturnType<typeof startBrowserApp>>;

const cookieNames = { sebadmin: '__Host-sebadmin', sebanmod: '__Host-sebanmod' } as const;

/** What a request to a portal brought along, as the server saw it. */
export type Arrival = { portal: PortalName; method: string; path: string; cookies: string[]; origin: string | null };

type Options = {
  env?: Record<string, string>;
  /** Whether the jobs only send mails, or also carry out what was ordered or has come due. */
  workers?: 'mails' | 'all';
};

/** The whole system for browsers: both portals, the test identity provider, jobs that send, and a mail server that keeps. */
export async function startBrowserApp({ env = {}, workers = 'mails' }: Options = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'seb-e2e-'));
  const [keys, testDatabase, smtp, servers] = await Promise.all([
    keptDevKeys(path.join(folder, 'saml')),
    createTestDatabase(),
    startSmtp(),
    listenForAll(),
  ]);
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: testDatabase.appUrl,
    DATABASE_MIGRATION_URL: testDatabase.ownerUrl,
    DATA_DIR: folder,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SMTP_URL: smtp.url,
    SEBADMIN_URL: addressOf('sebadmin', servers.sebadmin),
    SEBANMOD_URL: addressOf('sebanmod', servers.sebanmod),
    IDP_URL: addressOf('idp', servers.idp),
    ...env,
  });
  const log: string[] = [];
  const logger = pino({ level: 'info', base: null }, { write: (line: string) => void log.push(line) });
  const database = openDatabase(testDatabase.appUrl, config.databasePoolSize);
  const { smtpUrl, mailFrom } = config;
  const mailing = workers === 'all' ? { mailing: mailingOf(config) } : {};
  const jobs = await startJobs({ url: testDatabase.appUrl, database, smtpUrl, mailFrom, log: logger, ...mailing });
  const identityProviders = demoIdentityProviders(config.demo.idpUrl, path.join(folder, 'saml'));
  await fillProviders(database, identityProviders, 'demo');
  const application = createApplication(config, { database, jobs, log: logger });
  const arrivals: Arrival[] = [];
  for (const portal of ['sebadmin', 'sebanmod'] as const) {
    servers[portal].on('request', (request) => {
      const cookies = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')[0] ?? '');
      const { method = '', url = '', headers } = request;
      arrivals.push({ portal, method, path: url, cookies: cookies.filter(Boolean), origin: headers.origin ?? null });
    });
    servers[portal].on('request', application[portal]);
  }
  servers.idp.on(
    'request',
    identityProviderSite({ idpUrl: config.demo.idpUrl, keys, services: services(config, keys) }),
  );
  const owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 2 });
  owner.on('error', () => undefined);

  return {
    origins: {
      sebadmin: config.sebadminUrl.origin,
      sebanmod: config.sebanmodUrl.origin,
      idp: config.demo.idpUrl.origin,
    },
    cookieNames,
    /** Where requests without a browser go to. */
    addresses: {
      sebadmin: { port: portOf(servers.sebadmin), url: config.sebadminUrl },
      sebanmod: { port: portOf(servers.sebanmod), url: config.sebanmodUrl },
      idp: { port: portOf(servers.idp), url: config.demo.idpUrl },
    },
    arrivals,
    log,
    /** What the system's own jobs work with, for a test that does not wait for their hour. */
    changes: { database, queueMails: jobs.queueMails },
    mailing: mailingOf(config),
    mails: smtp.received,
    /** Reads and writes as the owner, whom no wall stops. */
    rows: async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
      (await owner.query<Row>(text, values)).rows,
    async close() {
      await Promise.all(Object.values(servers).map(stop));
      await jobs.stop();
      await Promise.all([database.close(), owner.end(), smtp.close()]);
      await testDatabase.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function services({ saml, sebadminUrl, sebanmodUrl }: Config, { signing, encryption }: DevKeys) {
  const certificates = { signingCertificate: signing.certificate, encryptionCertificate: encryption.certificate };
  return [
    { name: 'SEB Brugeradministration', url: sebadminUrl, entityId: saml.entityIdSebadmin },
    { name: 'SEB Anmodning', url: sebanmodUrl, entityId: saml.entityIdSebanmod },
  ].map(({ url, ...service }) => ({ ...service, ...certificates, acsUrl: new URL(ACS_PATH, url).href }));
}

async function listenForAll(): Promise<Record<'sebadmin' | 'sebanmod' | 'idp', Server>> {
  const [sebadmin, sebanmod, idp] = await Promise.all([listen(), listen(), listen()]);
  return { sebadmin, sebanmod, idp };
}

/** As main.ts serves. */
async function listen(): Promise<Server> {
  const server = createServer({ maxHeaderSize: 64 * 1024 });
  server.on('clientError', answerBrokenRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function addressOf(host: string, server: Server): string {
  return `http://${host}.localhost:${portOf(server)}`;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
