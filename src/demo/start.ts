import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig, type Config } from '../config.ts';
import { ensurePrismaClient } from '../db/generate-client.ts';
import { ensureDevKeys } from '../sign-in/dev-keys.ts';
import { lastWords, startProgram, stopProgram, waitUntilReady, type Program, type RunningProgram } from './children.ts';
import { openDevelopmentDatabase } from './development-database.ts';
import { isPortFree } from './ports.ts';
import { takeRunLock } from './run-lock.ts';
import { welcome } from './welcome.ts';

/** `npm start`: everything that SEB needs on one machine, for development and demonstration. */
const READY_WITHIN_MS = 90_000;
const GRACE_MS = 4_000;

type Undo = () => Promise<void> | void;
const undo: Undo[] = [];
let stopping: Promise<void> | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
if (process.env.npm_lifecycle_event) stopWithParent(process.ppid);

try {
  await start();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  await stop(1);
}

async function start(): Promise<void> {
  const config = readConfig();
  if (config.environment === 'production') {
    throw new Error('`npm start` is for development and demonstration: in production run `node src/main.ts`.');
  }
  const lock = await takeRunLock(config.dataDir, 'seb');
  undo.push(() => lock.release());
  await refuseTakenPorts(config);

  await ensurePrismaClient();
  await ensureDevKeys(path.join(config.dataDir, 'saml'));
  const opening = openDevelopmentDatabase(config, console.log);
  // A stop in the middle waits for what has begun, within reason: the next start ends what is left over.
  undo.push(() => Promise.race([opening.then((database) => database.stop(), noDatabase), pause(8_000)]));
  const database = await opening;
  if (stopping) return;

  const logFolder = path.join(config.dataDir, 'logs');
  const running = programsOf(config, database).map((program) => startProgram(program, logFolder));
  for (const { process: child } of running) if (child.pid) lock.addChild(child.pid);
  undo.push(async () => {
    await Promise.all(running.map((program) => stopProgram(program, GRACE_MS)));
  });
  for (const program of running) void program.ended.then((how) => stopBecause(program, how));

  await Promise.all(running.map((program) => waitUntilReady(program, READY_WITHIN_MS)));
  if (!stopping) console.log(welcome(config, database.where, logFolder));
}

function programsOf(config: Config, database: { ownerUrl: string; appUrl: string }): Program[] {
  const environment = environmentFor(config, database);
  const application: Program = {
    name: 'application',
    entry: 'main.ts',
    environment,
    addresses: [config.sebadminUrl, config.sebanmodUrl],
  };
  if (config.demo.mode !== 'on') return [application];
  return [
    {
      name: 'identity-provider',
      entry: 'demo/identity-provider/main.ts',
      environment,
      addresses: [config.demo.idpUrl],
    },
    { name: 'mailbox', entry: 'demo/mailbox/main.ts', environment, addresses: [config.demo.mailUrl] },
    application,
  ];
}

/** The programs read their configuration as they would alone; what was found out here is made explicit. */
function environmentFor(config: Config, database: { ownerUrl: string; appUrl: string }): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'development',
    DATABASE_URL: database.appUrl,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    DATA_DIR: config.dataDir,
    SESSION_SECRET: config.sessionSecret,
    SEBADMIN_PORT: String(config.sebadminPort),
    SEBANMOD_PORT: String(config.sebanmodPort),
    SMTP_URL: config.smtpUrl,
  };
}

/** It did not open, which whoever waits for it reports. */
function noDatabase(): void {}

async function refuseTakenPorts(config: Config): Promise<void> {
  const { demo } = config;
  const wanted: [string, number][] = [
    ['SEBADMIN_URL', config.sebadminPort],
    ['SEBANMOD_URL', config.sebanmodPort],
    ...(demo.mode === 'on'
      ? ([
          ['IDP_URL', demo.idpPort],
          ['MAIL_URL', demo.mailPort],
          ['DEMO_SMTP_PORT', demo.smtpPort],
        ] satisfies [string, number][])
      : []),
  ];
  const taken: string[] = [];
  for (const [name, port] of wanted) {
    if (!(await isPortFree(port))) taken.push(`Port ${port} is taken by another program: end it, or set ${name}.`);
  }
  if (taken.length > 0) throw new Error(taken.join('\n'));
}

async function stopBecause(program: RunningProgram, how: string): Promise<void> {
  if (stopping) return;
  console.error(`\nThe ${program.name} ${how}, so everything is stopped.${lastWords(program)}`);
  await stop(1);
}

/** npm ends its shell when it is asked to end, and the shell tells nobody: what we see of it is another parent. */
function stopWithParent(parent: number): void {
  const timer = setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, 500);
  timer.unref();
}

/** Takes everything down in the opposite order, once, and ends the process. */
async function stop(exitCode: number): Promise<void> {
  if (exitCode === 0 && !stopping) console.log('\nStopping …');
  stopping ??= undoAll().then((clean) => process.exit(clean ? exitCode : 1));
  return stopping;
}

async function undoAll(): Promise<boolean> {
  const results: PromiseSettledResult<void>[] = [];
  for (const step of undo.toReversed()) results.push(...(await Promise.allSettled([step()])));
  const failures = results.filter((result) => result.status === 'rejected');
  for (const { reason } of failures) console.error(reason);
  return failures.length === 0;
}
