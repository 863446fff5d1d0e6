import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { whoOrdered } from '../src/audit/who-ordered.ts';
import { openDatabase } from '../src/db/client.ts';
import type { MakeFile } from '../src/report-exports/export-processes.ts';
import { inProcesses } from '../src/report-exports/export-processes.ts';
import type { ExportForm } from '../src/report-exports/report-export.ts';
import { newReference } from '../src/report-exports/report-export.ts';
import { openReport } from '../src/reports/open-report.ts';
import type { ReportOrder } from '../src/reports/prepare-report.ts';
import { connected } from './cluster.ts';
import type { Waits } from './colleague.ts';
import { openPages } from './colleague.ts';
import { cpuOfEndedChildren, median, peakMemory, serverCpu } from './cpu.ts';
import { copyOut } from './copy-out.ts';
import type { Stage } from './stage.ts';
import { recordStatements } from './statements.ts';

/** How long it took and what it cost (Node + PostgreSQL), in milliseconds. */
export type Taken = { wall: number; cpu: number };

/** One form of file, made as the job makes it. */
export type FormFigures = {
  form: ExportForm;
  /** To the plain COPY of the same round: medians over the rounds. */
  ratio: Taken;
  taken: Taken;
  /** The most memory that the process which makes it held, in megabytes. */
  memory: number;
  bytes: number;
} & Beside;

/** Somebody's list page, from another process, before and meanwhile. */
type Beside = { before: Waits; meanwhile: Waits };

export type ExportFigures = {
  rows: number;
  copy: Taken & { bytes: number };
  /** Until the first batch of rows was there, and its share of the time that the COPY took. */
  firstRows: { milliseconds: number; share: number };
  forms: FormFigures[];
};

export const formsMeasured = ['CSV', 'XLSX', 'DOCX', 'PDF'] as const satisfies readonly ExportForm[];
const rounds = 3;

/** All users of the largest organisation with every role, in every form, beside a plain COPY of the same statement. */
export async function measureExports(stage: Stage, say: (line: string) => void): Promise<ExportFigures> {
  const owner = await connected(stage.cluster.superUrl);
  try {
    await owner.query('set session_replication_role = replica'); // orders without their events
    const order = await orderOf(owner);
    const { text, firstRows } = await readFirst(stage, order);
    // The first file of a server compiles what the next ones need not (some 25 MB and half a second more).
    const make = inProcesses(stage.cluster.appUrl);
    for (const form of formsMeasured) await makeOne(stage, owner, { order, form, make });
    const copies: (Taken & { bytes: number })[] = [];
    // Pages are opened beside it in a round of their own: they would count as work of the export.
    const made: Record<ExportForm, Made[]> = { CSV: [], XLSX: [], DOCX: [], PDF: [] };
    for (let round = 0; round < rounds; round += 1) {
      const copy = await costOf(stage, () => copyOut(stage.cluster.appUrl, text));
      copies.push({ ...copy.taken, bytes: copy.result });
      for (const form of formsMeasured) made[form].push(await makeOne(stage, owner, { order, form, make }));
      say(`  round ${round + 1} of ${rounds}: ${spoken(copy.taken, made, round)}`);
    }
    const forms: FormFigures[] = [];
    for (const form of formsMeasured) {
      const beside = await makeBesideOthers(stage, owner, { order, form, make });
      forms.push(figuresOf(form, { made: made[form], copies, beside }));
    }
    const copy = { ...medianTaken(copies), bytes: copies[0]?.bytes ?? 0 };
    return {
      rows: made.CSV[0]?.rows ?? 0,
      copy,
      firstRows: { milliseconds: firstRows, share: firstRows / copy.wall },
      forms,
    };
  } finally {
    await owner.end();
  }
}

async function orderOf(owner: pg.Client): Promise<ReportOrder> {
  const { rows } = await owner.query<{ id: number; cvr: string; name: string }>(
    'select id, cvr, name from organisation where id = 1',
  );
  const [organisation] = rows;
  if (organisation === undefined) throw new Error('the measured organisation is not there');
  return { reportId: 'alle-brugere', organisation, filters: {}, columns: [], sort: null, isDescending: null };
}

/** How soon the first rows are there, and the statement that they come from. */
async function readFirst({ cluster, data }: Stage, order: ReportOrder): Promise<{ text: string; firstRows: number }> {
  const database = openDatabase(cluster.appUrl, 2);
  try {
    const { actor } = await whoOrdered(database, { orderedById: data.actorId, cvr: data.cvr });
    const times: number[] = [];
    const recording = recordStatements();
    for (let turn = 0; turn < 5; turn += 1) {
      const { rows } = await openReport(database, actor, order, { at: new Date(), reference: newReference() });
      const begun = performance.now();
      for await (const batch of rows) {
        times.push(performance.now() - begun);
        if (batch.length > 0) break;
      }
    }
    const declared = recording.stop().find(({ text }) => text.startsWith('declare rows_of_report'));
    if (declared === undefined) throw new Error('the report read no rows by a cursor');
    const statement = declared.text.slice(declared.text.indexOf(' for ') + 5);
    return { text: withValues(statement, declared.values), firstRows: median(times) };
  } finally {
    await database.close();
  }
}

/** COPY takes no parameters. */
function withValues(text: string, values: readonly unknown[]): string {
  return text.replace(/\$(\d+)/g, (_, number: string) => {
    const value = values[Number(number) - 1];
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
    throw new Error('a parameter of the report is neither text nor number');
  });
}

type Made = { taken: Taken; memory: number; bytes: number; rows: number };
type Wanted = { order: ReportOrder; form: ExportForm; make: MakeFile };

async function makeOne(stage: Stage, owner: pg.Client, wanted: Wanted): Promise<Made> {
  const id = await place(stage, owner, wanted);
  const memory = watchMemory();
  const { taken, result } = await costOf(stage, async () => {
    const made = await wanted.make(id);
    await memory.ended(); // only then its work is counted
    return made;
  });
  if (result === null) throw new Error(`the file ${id} was not made`);
  await owner.query('delete from report_export_piece where export_id = $1', [id]);
  await owner.query(
    `update report_export set state = 'STOPPED', ended_at = now(), stop_reason = 'bench' where id = $1`,
    [id],
  );
  return { taken, memory: memory.stop(), bytes: result.bytes, rows: result.rows };
}

/** The list page that somebody opens in another process, before and while a file is made. */
async function makeBesideOthers(stage: Stage, owner: pg.Client, wanted: Wanted): Promise<Beside> {
  const list = `/organisationer/${stage.data.cvr}/brugere`;
  const quiet = openPages(stage.app.client, list);
  await wait(5000);
  const before = await quiet.stop();
  const busy = openPages(stage.app.client, list);
  await makeOne(stage, owner, wanted);
  return { before, meanwhile: await busy.stop() };
}

async function place(
  { data }: Stage,
  owner: pg.Client,
  { order, form }: Pick<Wanted, 'order' | 'form'>,
): Promise<number> {
  const { rows } = await owner.query<{ id: number }>(
    `insert into report_export (reference, organisation_id, ordered_by_id, ordered_by_name, report, title, form, terms, request_id)
     values ($1, $2, $3, 'Måle Administrator', $4, 'Alle brugere i et CVR', $5, $6, $7) returning id`,
    [newReference(), order.organisation?.id, data.actorId, order.reportId, form, JSON.stringify(order), randomUUID()],
  );
  return rows[0]?.id ?? 0;
}

/** CPU of our ended children, of the server and of ourselves. */
async function costOf<T>(stage: Stage, work: () => Promise<T>): Promise<{ taken: Taken; result: T }> {
  const server = (): number => serverCpu(stage.postmaster);
  const own = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
  const from = { at: performance.now(), server: server(), own: own(), children: cpuOfEndedChildren(process.pid) };
  const result = await work();
  const wall = performance.now() - from.at;
  const cpu = server() - from.server + own() - from.own + cpuOfEndedChildren(process.pid) - from.children;
  return { taken: { wall, cpu }, result };
}

const program = 'export-process.ts';

/** The most memory of the child that makes the file. */
function watchMemory(): { ended(): Promise<void>; stop(): number } {
  let most = 0;
  let pid: number | null = null;
  const timer = setInterval(() => {
    try {
      pid ??= childRunning();
      if (pid !== null) most = Math.max(most, peakMemory(pid));
    } catch {
      // It has ended.
    }
  }, 20);
  return {
    async ended() {
      while (pid !== null && existsSync(`/proc/${pid}`)) await wait(10);
    },
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

function childRunning(): number | null {
  const isTheOne = (child: string): boolean => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(program);
    } catch {
      return false; // it has ended
    }
  };
  const found = readdirSync(`/proc/${process.pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8').trim().split(' '))
    .filter((child) => child !== '' && isTheOne(child));
  return found[0] === undefined ? null : Number(found[0]);
}

function figuresOf(
  form: ExportForm,
  { made, copies, beside }: { made: readonly Made[]; copies: readonly Taken[]; beside: Beside },
): FormFigures {
  const to = (of: (taken: Taken) => number): number =>
    median(made.map(({ taken }, round) => of(taken) / of(copies[round] ?? taken)));
  return {
    ...beside,
    form,
    ratio: { wall: to(({ wall }) => wall), cpu: to(({ cpu }) => cpu) },
    taken: medianTaken(made.map(({ taken }) => taken)),
    memory: Math.max(...made.map(({ memory }) => memory)),
    bytes: made[0]?.bytes ?? 0,
  };
}

function medianTaken(all: readonly Taken[]): Taken {
  return { wall: median(all.map(({ wall }) => wall)), cpu: median(all.map(({ cpu }) => cpu)) };
}

function spoken(copy: Taken, made: Record<ExportForm, Made[]>, round: number): string {
  const seconds = ({ wall }: Taken): string => `${(wall / 1000).toFixed(1)} s`;
  const forms = formsMeasured.map((form) => `${form} ${seconds(made[form][round]?.taken ?? copy)}`);
  return [`COPY ${seconds(copy)}`, ...forms].join(', ');
}
