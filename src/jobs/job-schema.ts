import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { jobSchema, queues } from './queues.ts';

/** Any number that no other lock of the system uses: it stands for "somebody prepares the job queues". */
const PREPARE_LOCK = 7_322_002;

/**
 * Makes or migrates pg-boss' tables and our queues as the owner, and lets seb_app work with them: rows only, no tables.
 * May be called again at every start, also by several processes at once; call it after the migrations.
 */
export async function prepareJobSchema(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [PREPARE_LOCK]);
    await prepareTablesAndQueues(ownerUrl);
    await client.query(grants);
  } finally {
    // The lock belongs to the connection and goes with it.
    await client.end();
  }
}

async function prepareTablesAndQueues(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema: jobSchema, max: 2, schedule: false, supervise: false });
  const faults: Error[] = [];
  boss.on('error', (error) => faults.push(error));
  try {
    await boss.start();
    for (const settings of queues) await prepareQueue(boss, settings);
  } finally {
    await boss.stop({ graceful: false });
  }
  if (faults[0]) throw faults[0];
}

async function prepareQueue(boss: PgBoss, settings: (typeof queues)[number]): Promise<void> {
  const { name, policy, ...rest } = settings;
  const { cron, ...options } = { cron: undefined, ...rest };
  await boss.createQueue(name, { policy, ...options });
  // Made by an earlier version: its settings follow the code (the policy of a queue cannot change).
  await boss.updateQueue(name, options);
  if (cron === undefined) await boss.unschedule(name);
  else await boss.schedule(name, cron);
}

const grants = `
  grant usage on schema ${jobSchema} to seb_app;
  grant select, update on ${jobSchema}.version, ${jobSchema}.schedule to seb_app;
  grant select, insert, update on ${jobSchema}.queue to seb_app;
  grant select, insert, update, delete on ${jobSchema}.job, ${jobSchema}.job_common, ${jobSchema}.job_dependency to seb_app`;
