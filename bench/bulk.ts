import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { connected } from './cluster.ts';
import { median, serverCpu } from './cpu.ts';
import { readings } from './measure.ts';
import type { Stage } from './stage.ts';
import type { Statement } from './statements.ts';

const rounds = 24;
// As with the pages: what a server needs that has run for a while.
const warmUp = 8;

export type BulkFigures = {
  bare: number;
  app: number;
  ratio: number;
  appCpu: number;
  postgresCpu: number;
  /** PostgreSQL's CPU for the bare statement; its client's own is not worth counting. */
  bareCpu: number;
  grants: number;
};

/** Three roles to 1,000 users: the whole form through the application, and its one statement from a bare client. */
export async function measureBulk(stage: Stage): Promise<BulkFigures> {
  const bare = await connected(stage.cluster.ownerUrl);
  const cleaner = await connected(stage.cluster.superUrl);
  try {
    await cleaner.query('set session_replication_role = replica');
    const statement = await hearStatement(stage);
    const runs: { bare: number; app: number; node: number; postgres: number; bareCpu: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await takeBack(cleaner);
      const cpuBefore = serverCpu(stage.postmaster);
      const bareTime = await timed(() => runBare(bare, statement));
      const bareCpu = serverCpu(stage.postmaster) - cpuBefore;
      await takeBack(cleaner);
      const before = await readings({ child: stage.app.child, postmaster: stage.postmaster });
      await postForm(stage);
      const after = await readings({ child: stage.app.child, postmaster: stage.postmaster });
      runs.push({
        bareCpu,
        bare: bareTime,
        app: after.at - before.at,
        node: after.node - before.node,
        postgres: after.postgres - before.postgres,
      });
    }
    const { rows } = await cleaner.query<{ count: number }>(
      `select count(*)::int as count from role_assignment where ${isNew}`,
    );
    if (rows[0]?.count === 0) throw new Error('the form was answered, but no role was given');
    await takeBack(cleaner);
    const of = (pick: (run: (typeof runs)[number]) => number): number => median(runs.slice(warmUp).map(pick));
    return {
      bare: of((run) => run.bare),
      app: of((run) => run.app),
      ratio: of((run) => run.app / run.bare),
      appCpu: of((run) => run.node),
      bareCpu: of((run) => run.bareCpu),
      postgresCpu: of((run) => run.postgres),
      grants: rows[0]?.count ?? 0,
    };
  } finally {
    await bare.end();
    await cleaner.end();
  }
}

/** The statement as the application sends it, with its values. */
async function hearStatement(stage: Stage): Promise<Statement> {
  await stage.app.child.ask({ ask: 'record' });
  await postForm(stage);
  const heard = await stage.app.child.ask<Statement[]>({ ask: 'statements' });
  const statement = heard.find(({ text }) => text.includes('insert into role_assignment'));
  if (statement === undefined) throw new Error('the application sent no bulk statement');
  return statement;
}

async function postForm({ app, data, session }: Stage): Promise<void> {
  const { serviceId, roleIds, sorCode, search } = data.bulk;
  const path = `/organisationer/${data.cvr}/tildel-roller?${new URLSearchParams({ alle: '1', soeg: search }).toString()}`;
  const form = new URLSearchParams([
    ['_csrf', session.csrf],
    ['_key', randomUUID()],
    ['tildelservice', String(serviceId)],
    ...roleIds.map((id): [string, string] => ['rolle', String(id)]),
    ['sor', sorCode],
    ['omfang', 'UNIT_AND_SUBUNITS'],
    ['antal', '1000'],
  ]);
  const { status, body } = await app.client.post(path, form);
  if (status !== 303)
    throw new Error(`giving roles answered ${status}: ${/<main[\s\S]*?<\/main>/.exec(body)?.[0] ?? ''}`);
}

async function runBare(client: pg.Client, { text, values }: Statement): Promise<void> {
  await client.query('begin');
  await client.query({ name: 'bulk', text, values });
  await client.query('commit');
}

const isNew =
  "created_at > now() - interval '1 hour' and role_id in (select r.id from role r join service s on s.id = r.service_id where s.code = 'fut')";

async function takeBack(client: pg.Client): Promise<void> {
  await client.query(`delete from role_assignment where ${isNew}`);
  await client.query("delete from audit_event where transaction_id <> '3' and kind = 'role.assigned'");
  await client.query('delete from idempotency_key');
  for (const table of ['role_assignment', 'audit_event', 'idempotency_key']) await client.query(`vacuum ${table}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
