import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Client } from './client.ts';
import { connected } from './cluster.ts';
import type { Waits } from './colleague.ts';
import { openPages } from './colleague.ts';
import type { Copied } from './copy.ts';
import { copyAgain, lastRows } from './copy.ts';
import type { BenchSession } from './sign-in.ts';
import type { Stage } from './stage.ts';
import { startWorkingApplication } from './stage.ts';

/** One large change: from the press of the button until all is done, beside a bare COPY of the rows that it wrote. */
export type LargeChange = {
  name: string;
  /** The page before the button (for an import: reading and judging the rows). */
  previewMs: number;
  /** Until the press of the button is answered. */
  answeredMs: number;
  doneMs: number;
  copy: Copied;
  /** Another administrator's list page, in the same organisation and the same process. */
  before: Waits;
  meanwhile: Waits;
};

type Bench = {
  stage: Stage;
  session: BenchSession;
  client: Client;
  colleague: Client;
  owner: pg.Client;
  cleaner: pg.Client;
};

/** 10,000 users × 3 roles, a clone to 1,000 and an import, by an application that also does its jobs, as in production. */
export async function measureLargeChanges(stage: Stage, say: (line: string) => void): Promise<LargeChange[]> {
  const { child, session, client, colleague } = await startWorkingApplication(stage);
  const owner = await connected(stage.cluster.ownerUrl);
  const cleaner = await connected(stage.cluster.superUrl);
  try {
    await cleaner.query('set session_replication_role = replica');
    const bench: Bench = { stage, session, client, colleague, owner, cleaner };
    const rows = stage.size.users > 500_000 ? 20_000 : 5000;
    const measured: LargeChange[] = [];
    for (const work of [assigning(bench), await cloning(bench), await importing(bench, rows)]) {
      say(`measuring: ${work.name} …`);
      measured.push(await measure(bench, work));
    }
    return measured;
  } finally {
    await owner.end();
    await cleaner.end();
    await child.stop();
  }
}

type Work = { name: string; preview(): Promise<string>; submit(preview: string): Promise<string>; table: string };

async function measure({ stage, colleague, owner, cleaner }: Bench, work: Work): Promise<LargeChange> {
  const list = `/organisationer/${stage.data.cvr}/brugere`;
  const quiet = openPages(colleague, list);
  await wait(4000);
  const before = await quiet.stop();
  const since = await lastRows(cleaner);
  const begun = performance.now();
  const preview = await work.preview();
  const pressed = performance.now();
  const busy = openPages(colleague, list);
  const id = await work.submit(preview);
  const answered = performance.now();
  await doneIn(cleaner, work.table, id);
  const done = performance.now();
  const meanwhile = await busy.stop();
  const copy = await copyAgain(owner, cleaner, since);
  return {
    name: work.name,
    previewMs: pressed - begun,
    answeredMs: answered - pressed,
    doneMs: done - pressed,
    copy,
    before,
    meanwhile,
  };
}

async function doneIn(client: pg.Client, table: string, id: string): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ state: string }>(`select state from ${table} where id = $1`, [id]);
    if (rows[0]?.state === 'DONE') return;
    if (rows[0]?.state !== 'QUEUED') throw new Error(`${table} ${id} is ${rows[0]?.state ?? 'missing'}`);
    await wait(25);
  }
}

function assigning({ stage: { data }, client }: Bench): Work {
  const path = `/organisationer/${data.cvr}/tildel-roller`;
  const { serviceId, roleIds, sorCode } = data.bulk;
  const query = new URLSearchParams([
    ['alle', '1'],
    ['soeg', '@afd0'],
    ['tildelservice', String(serviceId)],
    ...roleIds.map((id): [string, string] => ['rolle', String(id)]),
    ['sor', sorCode],
    ['omfang', 'UNIT_AND_SUBUNITS'],
  ]);
  return {
    name: '3 roles to 10,000 users (a job)',
    table: 'bulk_order',
    preview: () => bodyOf(client, `${path}/gennemse?${query.toString()}`),
    submit: (preview) => press(client, path, preview),
  };
}

/** A source with ten roles at a unit where hardly anybody holds them, and 1,000 receivers. */
async function cloning({ stage: { data }, client, cleaner }: Bench): Promise<Work> {
  await cleaner.query(
    `insert into role_assignment (organisation_id, user_id, role_id, sor_code, created_by_id)
     select 1, ${data.userId}, id, '${data.bulk.sorCode}', ${data.actorId} from role where needs_sor and retired_at is null order by id desc limit 10`,
  );
  const held = await idsOf(
    cleaner,
    `select id from role_assignment where user_id = ${data.userId} and sor_code = '${data.bulk.sorCode}' order by id desc limit 10`,
  );
  const receivers = await idsOf(
    cleaner,
    `select id from app_user where organisation_id = 1 and email like '%@afd00.%' and id not in (${data.userId}, ${data.actorId}) order by id limit 1000`,
  );
  const path = `/organisationer/${data.cvr}/brugere/${data.userId}/klon`;
  const query = new URLSearchParams([
    ['valgt', '1'],
    ...held.map((id): [string, string] => ['tildeling', id]),
    ...receivers.map((id): [string, string] => ['modtager', id]),
  ]);
  return {
    name: '10 roles cloned to 1,000 users (a job)',
    table: 'bulk_order',
    preview: () => bodyOf(client, `${path}/gennemse?${query.toString()}`),
    submit: (preview) => press(client, path, preview),
  };
}

async function importing({ stage: { data }, session, client, cleaner }: Bench, count: number): Promise<Work> {
  const path = `/organisationer/${data.cvr}/brugere/indsaet`;
  const { rows } = await cleaner.query<{ text: string }>(
    `select s.code || '/' || r.code as text from role r join service s on s.id = r.service_id where r.id = $1`,
    [data.bulk.roleIds[0]],
  );
  const role = rows[0]?.text ?? '';
  const lines = Array.from(
    { length: count },
    (_, at) => `Ny;Måling${at};ny${at}@eksempel.dk;MAAL-${at};${role};${data.bulk.sorCode};Denne enhed`,
  );
  const tekst = ['Fornavn;Efternavn;E-mail;RID;Rolle;SOR-kode;Omfang', ...lines].join('\n');
  return {
    name: `import of ${count.toLocaleString('en')} new users with a role (a job)`,
    table: 'user_import',
    async preview() {
      const form = new URLSearchParams({ _csrf: session.csrf, _key: randomUUID(), tekst });
      const { status, headers, body } = await client.post(path, form);
      if (status !== 303) throw new Error(`reading rows answered ${status}: ${mainOf(body)}`);
      return bodyOf(client, String(headers.location));
    },
    submit: (preview) => press(client, path, preview),
  };
}

async function idsOf(client: pg.Client, text: string): Promise<string[]> {
  const { rows } = await client.query<{ id: number }>(text);
  return rows.map(({ id }) => String(id));
}

async function bodyOf(client: Client, path: string): Promise<string> {
  const { status, body } = await client.get(path);
  if (status !== 200) throw new Error(`${path.slice(0, 80)} answered ${status}: ${mainOf(body)}`);
  return body;
}

/** Sends the form whose address begins so, as its page holds it; what came of it is the number at the end of the address it leads to. */
async function press(client: Client, path: string, page: string): Promise<string> {
  const found = new RegExp(`<form method="post" action="(${path}[^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page);
  if (found === null) throw new Error(`no form to send: ${mainOf(page)}`);
  const [, action = '', inside = ''] = found;
  const fields = [...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']): [string, string] => [unescaped(name), unescaped(value)],
  );
  const { status, headers, body } = await client.post(unescaped(action), new URLSearchParams(fields));
  const id = /\/(\d+)$/.exec(String(headers.location))?.[1];
  if (status !== 303 || id === undefined) throw new Error(`the form answered ${status}: ${mainOf(body)}`);
  return id;
}

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

function mainOf(body: string): string {
  return (/<main[\s\S]*?<\/main>/.exec(body)?.[0] ?? body).replaceAll(/<[^>]+>|\s+/g, ' ').slice(0, 600);
}
