import { createServer } from 'node:http';
import path from 'node:path';
import { createApplication, mailingOf } from '../src/application.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { fillProviders } from '../src/identity-providers/filling.changes.ts';
import { openLog } from '../src/http/log.ts';
import { startJobs } from '../src/jobs/jobs.ts';
import { demoIdentityProviders } from '../src/demo/identity-provider/providers.ts';
import { peakMemory } from './cpu.ts';
import { recordStatements } from './statements.ts';

export type AppStart = {
  env: Record<string, string>;
  port: number;
  databaseUrl: string;
  work: 'pages' | 'pages and jobs';
};
type Question = { ask: 'cpu' } | { ask: 'record' } | { ask: 'statements' } | { ask: 'memory' };

// A client that rests between two measurements finds its connection again.
const keepAliveTimeout = 300_000;
let recording: ReturnType<typeof recordStatements> | null = null;

process.once('message', (start: AppStart) => {
  void serve(start);
  process.on('message', (question: Question) => process.send?.(answer(question)));
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));

/** The application as it is: both portals, session, permissions, headers, compression and the log (to nowhere). */
async function serve({ env, port, databaseUrl, work }: AppStart): Promise<void> {
  const config = readConfig(env);
  const database = openDatabase(databaseUrl, config.databasePoolSize);
  const log = openLog('info', '/dev/null');
  const { smtpUrl, mailFrom } = config;
  const jobs =
    work === 'pages'
      ? { queueMails: async (): Promise<void> => {} } // none of the measured changes sends mail
      : await startJobs({ url: databaseUrl, database, smtpUrl, mailFrom, log, mailing: mailingOf(config) });
  const identityProviders = demoIdentityProviders(config.demo.idpUrl, path.join(config.dataDir, 'saml'));
  await fillProviders(database, identityProviders, 'demo');
  const { sebadmin } = createApplication(config, { database, jobs, log });
  createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout }, sebadmin).listen(port, '127.0.0.1', () =>
    process.send?.('ready'),
  );
}

function answer(question: Question): unknown {
  if (question.ask === 'cpu') return process.cpuUsage();
  if (question.ask === 'memory') return peakMemory(process.pid);
  if (question.ask === 'record') {
    recording = recordStatements();
    return 'recording';
  }
  return recording?.stop() ?? [];
}
