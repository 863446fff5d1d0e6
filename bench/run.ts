import { parseArgs } from 'node:util';
import { measureBulk } from './bulk.ts';
import { measureExports } from './exports.ts';
import { measureLargeChanges } from './large-changes.ts';
import { stopChildren } from './children.ts';
import { removeClusters, withClient } from './cluster.ts';
import type { Size } from './data.ts';
import { measureLogin } from './login.ts';
import { mailReport, measureMails } from './mails.ts';
import type { Cost, Subject } from './measure.ts';
import { measureSideBySide, medianCost, ratio } from './measure.ts';
import { findPages, type MeasuredPage } from './pages.ts';
import type { Figures } from './report.ts';
import { exportReport, loginReport, machine, report } from './report.ts';
import { sequentialScans } from './plans.ts';
import type { Stage } from './stage.ts';
import { openStage, prepare } from './stage.ts';

const usual: Size = { users: 100_000, organisations: 1000, largest: 20_000 };
const large: Size = { users: 1_000_000, organisations: 5000, largest: 50_000 };

const { values } = parseArgs({
  options: { large: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const stages: Stage[] = [];
process.once('SIGINT', () => void tidyUp().then(() => process.exit(130)));
process.once('SIGTERM', () => void tidyUp().then(() => process.exit(143)));

try {
  if (values.only === 'mails') console.log(mailReport(await measureMails(say)));
  else if (values.only === 'login') console.log(loginReport(await measureLogin()));
  else if (values.only === 'exports') await runExports();
  else if (values.only === 'pages') await runPages();
  else if (values.only === 'bulk') console.log(await measureBulk(await openStage(await prepare(usual, say))));
  else await run();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await tidyUp();
}

async function run(): Promise<void> {
  stages.push(await openStage(await prepare(usual, say)));
  if (values.large) stages.push(await openStage(await prepare(large, say)));
  const stage = stages.at(-1);
  if (stage === undefined) return;
  const figures = await measure(stage);
  console.log(`\n${machine(await versionOf(stage), stage.size)}\n\n${report(figures)}`);
}

/** The files of reports alone. */
async function runExports(): Promise<void> {
  const stage = await openStage(await prepare(values.large ? large : usual, say));
  const figures = await measureExports(stage, say);
  console.log(`\n${machine(await versionOf(stage), stage.size)}\n\n${exportReport(figures)}`);
}

/** The pages alone, each side's milliseconds of CPU in Node and in PostgreSQL. */
async function runPages(): Promise<void> {
  const stage = await openStage(await prepare(values.large ? large : usual, say));
  console.log(`\n${machine(await versionOf(stage), stage.size)}\n`);
  for (const { page, app, bare } of Object.values(await measurePages(stage, await findPages(stage)))) {
    const [own, least] = [medianCost(app), medianCost(bare)];
    const parts = [own, least].map(({ node, postgres }) => `${node.toFixed(2)} + ${postgres.toFixed(2)}`);
    console.log(`${page.name}: ${ratio(app, bare).toFixed(2)}× (${parts[0]} ms; bare ${parts[1]})`);
  }
}

async function versionOf({ cluster }: Stage): Promise<string> {
  const { rows } = await withClient(cluster.superUrl, (client) =>
    client.query<{ version: string }>("select current_setting('server_version') as version"),
  );
  return rows[0]?.version ?? '?';
}

async function measure(stage: Stage): Promise<Figures> {
  const pages = await findPages(stage);
  const costs = await measurePages(stage, pages);
  say('measuring: a deep page, the log, SOR …');
  const depth = await measureSideBySide({ deep: appSubject(stage, pages.deep), first: appSubject(stage, pages.list) });
  const others = await measureSideBySide({ log: appSubject(stage, pages.log), sor: appSubject(stage, pages.sor) });
  say('measuring: three roles to 1,000 users …');
  const bulk = await measureBulk(stage);
  say(`  ${bulk.ratio.toFixed(2)}×`);
  const largeChanges = await measureLargeChanges(stage, say);
  say('measuring: logins …');
  const login = await measureLogin();
  const mails = await measureMails(say);
  const growth = stages[0] === undefined || stages[0] === stage ? null : await measureGrowth(stages[0], stage);
  say('measuring: a large report as a file …');
  const exports = await measureExports(stage, say);
  const scans = await sequentialScans(stage, Object.values(pages));
  return { pages, costs, depth, others, bulk, largeChanges, growth, scans, sor: stage.sor, login, mails, exports };
}

async function measurePages(stage: Stage, pages: Awaited<ReturnType<typeof findPages>>): Promise<Figures['costs']> {
  const costs: Figures['costs'] = {};
  for (const name of ['list', 'rare', 'common', 'user'] as const) {
    say(`measuring: ${pages[name].name} …`);
    const { app, bare } = await measureSideBySide({
      app: appSubject(stage, pages[name]),
      bare: bareSubject(stage, pages[name]),
    });
    costs[name] = { page: pages[name], app, bare };
    say(`  ${ratio(app, bare).toFixed(2)}×`);
  }
  return costs;
}

async function measureGrowth(small: Stage, big: Stage): Promise<NonNullable<Figures['growth']>> {
  const [before, after] = [await findPages(small), await findPages(big)];
  const growth: Record<string, { small: Cost[]; big: Cost[] }> = {};
  for (const name of ['list', 'user', 'log'] as const) {
    say(`measuring growth: ${after[name].name} …`);
    growth[name] = await measureSideBySide({
      small: appSubject(small, before[name]),
      big: appSubject(big, after[name]),
    });
  }
  return growth;
}

function appSubject({ app, postmaster }: Stage, { path }: MeasuredPage): Subject {
  return { ...app, postmaster, path };
}

function bareSubject({ bare, postmaster }: Stage, { path }: MeasuredPage): Subject {
  return { ...bare, postmaster, path };
}

function say(line: string): void {
  console.error(line);
}

async function tidyUp(): Promise<void> {
  await stopChildren();
  await removeClusters();
}
