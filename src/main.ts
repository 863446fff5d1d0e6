import { createServer } from 'node:http';
import type { Server } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { createApplication, keptMailTexts, keptSettings, mailingOf, sealKeyOf, trustedKeysOf } from './application.ts';
import { createLookUps } from './audit/look-ups.changes.ts';
import type { Config } from './config.ts';
import { ConfigError, readConfig } from './config.ts';
import { openCvrRegister } from './cvr/register.ts';
import { assertOwnsNothing } from './db/app-role.ts';
import type { Database } from './db/client.ts';
import { openDatabase } from './db/client.ts';
import { SchemaStateError, assertSchemaIsCurrent } from './db/schema-state.ts';
import { answerBrokenRequest } from './http/broken-request.ts';
import { retentionFrom } from './retention/retention.ts';
import { openLog } from './http/log.ts';
import { startJobs } from './jobs/jobs.ts';
import { fillProviders } from './identity-providers/filling.changes.ts';
import { listTrusted } from './identity-providers/identity-providers.queries.ts';
import { KeyFault } from './sign-in/own-keys.ts';
import { startResponseWorkers } from './sign-in/saml/response-workers.ts';
import { readIdentityProviders } from './sign-in/identity-providers.ts';

const drainWithin = 8_000;

try {
  await start(readConfig());
} catch (error) {
  const isTold = error instanceof ConfigError || error instanceof SchemaStateError || error instanceof KeyFault;
  console.error(isTold ? error.message : error);
  process.exit(1);
}

/** Opens everything, serves both portals, and stops when told to: requests under way are answered, then the database closes. */
async function start(config: Config): Promise<void> {
  const log = openLog(config.logLevel);
  if (config.databaseUrl === null)
    throw new ConfigError(['DATABASE_URL is missing. In development use `npm start`, which brings a database along']);
  const database = openDatabase(config.databaseUrl, config.databasePoolSize);
  await judgeDatabase(config, database, log);
  const { smtpUrl, mailFrom, mailBounceAddress, databaseUrl: url } = config;
  const settings = keptSettings(config, database, log);
  const mailTexts = keptMailTexts(database, log);
  const jobs = await startJobs({
    url,
    database,
    smtpUrl,
    mailFrom,
    mailBounceAddress,
    log,
    mailing: mailingOf(config, { settings, mailTexts }),
    cvr: openCvrRegister(config.cvr),
    retention: () => retentionFrom(settings.current().retention),
    seal: { key: sealKeyOf(config), trusted: trustedKeysOf(config) },
    settings,
    metadataPolicy: config.identityProviders,
  });
  const workers = startResponseWorkers();
  const lookUps = createLookUps(database, log);
  const application = createApplication(config, {
    database,
    jobs,
    log,
    openResponse: workers.openResponse,
    settings,
    mailTexts,
    lookUps,
  });
  // Jobs send mails while nobody opens a page.
  const refreshing = setInterval(() => void Promise.all([settings.fresh(), mailTexts.fresh()]), 10_000);
  const servers = await Promise.all([
    listen(application.sebadmin, config.sebadminPort, config.listenHost),
    listen(application.sebanmod, config.sebanmodPort, config.listenHost),
  ]);
  log.info({ sebadmin: config.sebadminUrl.href, sebanmod: config.sebanmodUrl.href }, 'serving');
  warmUp(database, log);
  stopWhenTold(log, async () => {
    clearInterval(refreshing);
    await Promise.all(servers.map(close));
    await workers.close();
    await jobs.stop();
    await lookUps.flush();
    await database.close();
  });
}

/** A wrong schema or role stops the process; a database that is away does not, since it may come back and is judged then. */
async function judgeDatabase(config: Config, database: Database, log: Logger): Promise<void> {
  try {
    await assertSchemaIsCurrent(database.pool);
    await assertOwnsNothing(database.pool);
    await ensureProviders(config, database, log);
  } catch (error) {
    if (error instanceof SchemaStateError || error instanceof ConfigError) throw error;
    log.error({ err: error }, 'the database cannot be reached; serving 503 until it can');
    setTimeout(() => judgeAgain(config, database, log), 5_000).unref();
  }
}

function judgeAgain(config: Config, database: Database, log: Logger): void {
  judgeDatabase(config, database, log).catch((error: unknown) => {
    log.fatal({ err: error }, 'the database that came back is not ours to serve');
    process.exit(1);
  });
}

/** Takes over the providers of the setting where none is known yet; without any nobody could log in. */
async function ensureProviders(config: Config, database: Database, log: Logger): Promise<void> {
  const { identityProvidersFile: file } = config;
  if (file !== null) await noteFilling(fillProviders(database, await readIdentityProviders(file), 'file'), log);
  else if (config.demo.mode !== 'off')
    await noteFilling(fillProviders(database, await demoProviders(config), 'demo'), log);
  if ((await listTrusted(database)).length > 0) return;
  throw new ConfigError([
    'IDENTITY_PROVIDERS_FILE is missing: the database knows no identity provider yet, so nobody could log in',
  ]);
}

async function noteFilling(filling: Promise<{ filled: number }>, log: Logger): Promise<void> {
  const { filled } = await filling;
  if (filled > 0) log.info({ filled }, 'identity providers were taken over from the setting');
}

async function demoProviders(config: Config) {
  // The demo is loaded only where it is wanted; the configuration refuses it in production.
  const { demoIdentityProviders } = await import('./demo/identity-provider/providers.ts');
  return demoIdentityProviders(config.demo.idpUrl, path.join(config.dataDir, 'saml'));
}

function listen(app: Express, port: number, host: string): Promise<Server> {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, app);
  server.requestTimeout = 60_000;
  server.on('clientError', answerBrokenRequest);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

// The first query of Prisma compiles its query compiler (some 0.7 s): better now than in somebody's first change.
function warmUp({ prisma }: Database, log: Logger): void {
  prisma.appUser
    .findFirst({ select: { id: true }, where: { id: 0 } })
    .catch((error: unknown) => log.warn({ err: error }, 'warm-up failed'));
}

function stopWhenTold(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const end = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    void Promise.race([stop(), wait(drainWithin)]).then(() => process.exit(0));
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
}
