import os from 'node:os';
import type { ExportForm } from '../src/report-exports/report-export.ts';
import type { BulkFigures } from './bulk.ts';
import type { Waits } from './colleague.ts';
import type { Size } from './data.ts';
import type { ExportFigures, FormFigures } from './exports.ts';
import type { LargeChange } from './large-changes.ts';
import type { LoginFigures } from './login.ts';
import type { MailFigures } from './mails.ts';
import { mailReport } from './mails.ts';
import type { Cost } from './measure.ts';
import { cpuOf, medianCost, ratio } from './measure.ts';
import type { MeasuredPage } from './pages.ts';
import type { SorFigures } from './sor.ts';

export type Figures = {
  pages: Record<string, MeasuredPage>;
  costs: Record<string, { page: MeasuredPage; app: Cost[]; bare: Cost[] }>;
  depth: { deep: Cost[]; first: Cost[] };
  others: { log: Cost[]; sor: Cost[] };
  bulk: BulkFigures;
  largeChanges: LargeChange[];
  growth: Record<string, { small: Cost[]; big: Cost[] }> | null;
  scans: string[];
  sor: SorFigures;
  login: LoginFigures;
  mails: MailFigures;
  exports: ExportFigures;
};

const aims: Record<string, number> = { list: 2, rare: 1.5, common: 1.5, user: 2.4 };

/** The figures as Markdown, each with its aim; nothing here fails a build. */
export function report(figures: Figures): string {
  const { bulk, sor, login } = figures;
  return [
    table(
      ['what', 'aim', 'measured', 'application', 'compared with'],
      [
        ...Object.entries(figures.costs).map(([name, { page, app, bare }]) =>
          costRow(page.name, aims[name] ?? 1, app, bare),
        ),
        costRow('list, page 300, to own first page', 1.1, figures.depth.deep, figures.depth.first),
        [
          '3 roles to 1,000 users, wall',
          '≤ 1.3×',
          `**${times(bulk.ratio)}**`,
          `${ms(bulk.app)} (CPU ${ms(bulk.appCpu)} Node + ${ms(bulk.postgresCpu)} PostgreSQL, ${bulk.grants} grants)`,
          `${ms(bulk.bare)} (CPU ${ms(bulk.bareCpu)})`,
        ],
        ...Object.entries(figures.growth ?? {}).map(([name, { small, big }]) =>
          costRow(`growth of ${name}, 100,000 → 1,000,000 users`, 1.25, big, small),
        ),
      ],
    ),
    table(
      [
        'in one go',
        'rows written',
        'preview; until answered',
        'until done',
        'bare COPY of the same rows',
        'ratio',
        'others’ list page before, p50 / p99',
        'meanwhile',
      ],
      figures.largeChanges.map(changeRow),
    ),
    table(
      ['page', 'queries (aim ≤ 6)', 'kB', 'CPU of the application'],
      Object.entries(figures.pages).map(([name, page]) => [
        page.name,
        String(page.statements.length),
        (page.bytes / 1000).toFixed(1),
        costOfPage(figures, name),
      ]),
    ),
    table(
      ['SOR, 120,000 units', 'time', 'peak memory'],
      [
        ['import', `${sor.first.seconds.toFixed(1)} s`, `${sor.first.megabytes} MB`],
        [
          `again (${sor.again.added + sor.again.changed} changes)`,
          `${sor.again.seconds.toFixed(1)} s`,
          `${sor.again.megabytes} MB`,
        ],
      ],
    ),
    loginReport(login),
    exportReport(figures.exports),
    mailReport(figures.mails),
    ...(figures.scans.length === 0 ? ['No statement reads a growing table from end to end.'] : figures.scans),
  ].join('\n\n');
}

export function loginReport(login: LoginFigures): string {
  return table(
    ['one login', 'aim', 'measured', 'compared with'],
    [
      [
        `CPU, response of ${login.kilobytes.toFixed(0)} kB`,
        '≤ 1.3×',
        `**${times(login.ratio)}** (${ms(login.ours)})`,
        `node-saml alone ${ms(login.bare)}`,
      ],
      ['of it on the thread that makes the pages', '≤ 5 ms', ms(login.blocking), ''],
      ['what a page waits for it, 99 of 100 times', '≤ 5 ms', ms(login.pause), ''],
      ['logins a second, one worker thread', '', login.perSecond.toFixed(0), ''],
    ],
  );
}

const fileAims: Record<ExportForm, { times: number; memory: number }> = {
  CSV: { times: 1.5, memory: 120 },
  XLSX: { times: 4, memory: 280 },
  DOCX: { times: 3, memory: 200 },
  PDF: { times: 12, memory: 250 },
};

/** A large report as a file, in every form. */
export function exportReport({ rows, copy, firstRows, forms }: ExportFigures): string {
  const plain = `COPY … TO csv of the same statement: ${seconds(copy.wall)} (CPU ${seconds(copy.cpu)}), ${megabytes(copy.bytes)}`;
  return [
    table(
      [
        `a report of ${rows.toLocaleString('en')} rows as`,
        'aim',
        'wall / COPY',
        'CPU / COPY',
        'wall (CPU)',
        'file',
        'peak memory (aim)',
        'others’ list page before, p50 / p99',
        'meanwhile (aim: p99 ≤ 2×)',
      ],
      forms.map(formRow),
    ),
    `${plain}. First rows after ${ms(firstRows.milliseconds)}: ${(firstRows.share * 100).toFixed(1)} % of that (aim ≤ 10 %).`,
  ].join('\n\n');
}

function formRow({ form, ratio, taken, memory, bytes, before, meanwhile }: FormFigures): string[] {
  const aim = fileAims[form];
  return [
    form,
    `≤ ${aim.times}×`,
    `**${times(ratio.wall)}**`,
    times(ratio.cpu),
    `${seconds(taken.wall)} (${seconds(taken.cpu)})`,
    megabytes(bytes),
    `**${memory} MB** (≤ ${aim.memory})`,
    waits(before),
    `${waits(meanwhile)}, **${times(meanwhile.p99 / before.p99)}**`,
  ];
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function changeRow({ name, previewMs, answeredMs, doneMs, copy, before, meanwhile }: LargeChange): string[] {
  const { app_user: users, role_assignment: assignments, audit_event: events } = copy.rows;
  const count = (rows: number, what: string): string => `${rows.toLocaleString('en')} ${what}`;
  return [
    name,
    [...(users > 0 ? [count(users, 'users')] : []), count(assignments, 'assignments'), count(events, 'events')].join(
      ', ',
    ),
    `${seconds(previewMs)}; ${seconds(answeredMs)}`,
    seconds(doneMs),
    seconds(copy.milliseconds),
    `**${times(doneMs / copy.milliseconds)}**`,
    waits(before),
    waits(meanwhile),
  ];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
const waits = ({ p50, p99, pages }: Waits): string => `${ms(p50)} / ${ms(p99)} (${pages} pages)`;

function costOfPage(figures: Figures, name: string): string {
  const costs =
    figures.costs[name]?.app ??
    (figures.others as Record<string, Cost[]>)[name] ??
    (name === 'deep' ? figures.depth.deep : []);
  return costs.length === 0 ? '' : parts(medianCost(costs));
}

function costRow(name: string, aim: number, costs: Cost[], to: Cost[]): string[] {
  return [name, `≤ ${String(aim)}×`, `**${times(ratio(costs, to))}**`, parts(medianCost(costs)), parts(medianCost(to))];
}

const times = (value: number): string => `${value.toFixed(2)}×`;
const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

function parts(cost: Cost): string {
  return `${ms(cpuOf(cost))} (Node ${cost.node.toFixed(2)} + PostgreSQL ${cost.postgres.toFixed(2)})`;
}

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function machine(postgres: string, { users, organisations, largest }: Size): string {
  const [cpu] = os.cpus();
  const count = (value: number): string => value.toLocaleString('en');
  return [
    `${cpu?.model.trim() ?? 'unknown CPU'}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, PostgreSQL ${postgres}.`,
    `${count(users)} users in ${count(organisations)} organisations, the measured one with ${count(largest)}; about 5 roles a user.`,
    `Load average at the end ${os.loadavg()[0]?.toFixed(1) ?? '?'} (the bench alone needs about 1; above 2 the times, and wall times most of all, are those of a machine with other work).`,
    'CPU for each request (Node + PostgreSQL), one connection, medians of rounds in which both were asked in turn, uncompressed.',
  ].join('\n');
}
