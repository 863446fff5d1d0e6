import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import pg from 'pg';
import pino from 'pino';
import type { Parts } from '../../src/application.ts';
import { createApplication } from '../../src/application.ts';
import { eventTypes, sentenceOf } from '../../src/audit/events.ts';
import type { Config } from '../../src/config.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/client.ts';
import { fillProviders } from '../../src/identity-providers/filling.changes.ts';
import type { IdentityProvider } from '../../src/sign-in/identity-providers.ts';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { answerBrokenRequest } from '../../src/http/broken-request.ts';
import type { PortalName } from '../../src/pages/services.ts';
import { Browser } from './browser.ts';
import type { Reply } from './browser.ts';
import { claimsOfPerson } from './people.ts';
import { plainAnswers } from './plain-answers.ts';
import type { TestDatabase } from './postgres.ts';
import { createTestDatabase } from './postgres.ts';
import type { Forgery } from './saml.ts';
import { keys, localProvider, makeResponse, nemlogIn, serviceProviderOptions } from './saml.ts';

type Options = {
  env?: Record<string, string>;
  template?: 'demo' | 'empty';
  queueMails?: Parts['jobs']['queueMails'];
  queueOrder?: Parts['jobs']['queueOrder'];
  queueExport?: Parts['jobs']['queueExport'];
  identityProviders?: readonly IdentityProvider[];
};

export type App = Awaited<ReturnType<typeof startApp>>;

/** A whole SEB on a database of its own and free ports: real pages, sessions, logins and permissions. */
export async function startApp({
  env = {},
  template = 'demo',
  queueMails = queuesNothing,
  queueOrder = queuesNothing,
  queueExport = queuesNothing,
  identityProviders = [nemlogIn, localProvider],
}: Options = {}) {
  const testDatabase = await createTestDatabase(template);
  const folder = mkdtempSync(path.join(tmpdir(), 'seb-app-'));
  const servers = { sebadmin: await listen(), sebanmod: await listen() };
  const config = configOf(testDatabase, folder, servers, env);
  const database = openDatabase(testDatabase.appUrl, config.databasePoolSize);
  const owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 4 });
  owner.on('error', () => undefined);
  const log: string[] = [];
  await fillProviders(database, identityProviders, 'file');
  const answers = plainAnswers();
  const application = createApplication(config, {
    database,
    jobs: { queueMails, queueOrder, queueExport },
    openResponse: answers.openResponse,
    log: pino({ level: 'info', base: null }, { write: (line: string) => void log.push(line) }),
  });
  servers.sebadmin.on('request', application.sebadmin);
  servers.sebanmod.on('request', application.sebanmod);
  const portals = {
    sebadmin: { port: portOf(servers.sebadmin), url: config.sebadminUrl },
    sebanmod: { port: portOf(servers.sebanmod), url: config.sebanmodUrl },
  };
  const rows = async <Row extends object>(query: string | pg.QueryConfig, values?: unknown[]): Promise<Row[]> =>
    (await owner.query<Row>(query, values)).rows;
  return {
    config,
    database,
    testDatabase,
    log,
    portals,
    /** Reads and writes as the owner, whom no wall stops. */
    rows,
    browser: () => new Browser(portals),
    signIn: (browser: Browser, portal: PortalName, who: string | Partial<LoginClaims>, login?: Login) =>
      signIn(config, browser, portal, who, login),
    /** A browser of somebody who is signed in, by a login without signature and encryption: no test of the login itself. */
    async signedIn(who: string, portal: PortalName = 'sebadmin'): Promise<Browser> {
      const browser = new Browser(portals);
      const plainly = (requestId: string) => answers.to(requestId, claimsOfPerson(who));
      const reply = await signIn(config, browser, portal, who, { plainly });
      if (reply.status !== 303) throw new Error(`${who} could not sign in to ${portal}: ${reply.status} ${reply.text}`);
      return browser;
    },
    /** Also reads the whole log: every event that this application wrote must be of the catalogue. */
    async close() {
      await Promise.all([stop(servers.sebadmin), stop(servers.sebanmod)]);
      try {
        const faults = await faultsOfLog(rows);
        if (faults.length > 0) throw new Error(`The log holds what the catalogue does not say: ${faults.join('; ')}`);
      } finally {
        await Promise.all([database.close(), owner.end()]);
        await testDatabase.drop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** As before the workers have started: the sweep finds the mails. */
const queuesNothing = async (): Promise<void> => undefined;

function configOf(
  { appUrl, ownerUrl }: TestDatabase,
  folder: string,
  servers: Record<PortalName, Server>,
  env: Record<string, string>,
): Config {
  const pem = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: appUrl,
    DATABASE_MIGRATION_URL: ownerUrl,
    DATA_DIR: folder,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SEBADMIN_URL: `http://sebadmin.localhost:${portOf(servers.sebadmin)}`,
    SEBANMOD_URL: `http://sebanmod.localhost:${portOf(servers.sebanmod)}`,
    SAML_SIGNING_KEY_FILE: pem('signing.key.pem', keys.service.key),
    SAML_SIGNING_CERT_FILE: pem('signing.cert.pem', keys.service.certificate),
    SAML_ENCRYPTION_KEY_FILE: pem('encryption.key.pem', keys.encryption.key),
    SAML_ENCRYPTION_CERT_FILE: pem('encryption.cert.pem', keys.encryption.certificate),
    ...env,
  });
}

/** As main.ts serves. */
async function listen(): Promise<Server> {
  const server = createServer({ maxHeaderSize: 64 * 1024 });
  server.on('clientError', answerBrokenRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
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

type Rows = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;
type Login = {
  returnTo?: string;
  forgery?: Forgery;
  provider?: 'nemlog-in' | 'local-region';
  plainly?: (requestId: string) => Forgery;
};

/** Through the real login: away with a signed request, and back with a signed and encrypted answer from another site. */
async function signIn(
  config: Config,
  browser: Browser,
  portal: PortalName,
  who: string | Partial<LoginClaims>,
  { returnTo = '/', forgery: given = {}, provider = 'nemlog-in', plainly }: Login = {},
): Promise<Reply> {
  const query = new URLSearchParams({ idp: provider, til: returnTo });
  const started = await browser.get(portal, `/login/start?${query.toString()}`);
  const { requestId, relayState } = requestIn(started);
  const forgery = plainly?.(requestId) ?? given;
  const claims = typeof who === 'string' ? claimsOfPerson(who) : who;
  const options = serviceProviderOptions({
    entityId: portal === 'sebadmin' ? config.saml.entityIdSebadmin : config.saml.entityIdSebanmod,
    acsUrl: new URL('/saml/acs', portal === 'sebadmin' ? config.sebadminUrl : config.sebanmodUrl).href,
    portal,
  });
  const SAMLResponse = makeResponse(options, requestId, { ...forgery, claims: { ...claims, ...forgery.claims } });
  return browser.postFromOtherSite(portal, '/saml/acs', { SAMLResponse, RelayState: relayState });
}

/** The id of the request that a browser was sent away with, as the provider reads it. */
export function requestIn(started: Reply): { requestId: string; relayState: string } {
  const address = new URL(started.location ?? 'missing:');
  const xml = inflateRawSync(Buffer.from(address.searchParams.get('SAMLRequest') ?? '', 'base64')).toString('utf8');
  const requestId = /\bID="([^"]+)"/.exec(xml)?.[1] ?? '';
  return { requestId, relayState: address.searchParams.get('RelayState') ?? '' };
}

async function faultsOfLog(rows: Rows): Promise<string[]> {
  const events = await rows<{ kind: string; detail: unknown; actor_name: string; target_name: string | null }>(
    'select kind, detail, actor_name, target_name from audit_event',
  );
  const faults = new Set<string>();
  for (const { kind, detail, actor_name: actor, target_name: target } of events) {
    const type = Object.hasOwn(eventTypes, kind) ? eventTypes[kind as keyof typeof eventTypes] : undefined;
    if (type === undefined || !type.detail.safeParse(detail).success) faults.add(`${kind} ${JSON.stringify(detail)}`);
    const sentence = sentenceOf(kind, detail, { actor, target: target ?? 'ukendt' });
    if (/undefined|null|NaN|\[object/.test(sentence) || !/[.!?]$/.test(sentence)) faults.add(sentence);
  }
  return [...faults].slice(0, 10);
}
