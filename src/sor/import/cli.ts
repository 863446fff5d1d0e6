import { parseArgs } from 'node:util';
import { readMigrationConfig } from '../../config.ts';
import { ownerUrl } from '../../db/owner-url.ts';
import { importSor, type SorImportOptions, type SorImportProgress, type SorImportReport } from './import-sor.ts';

const usage = 'Usage: npm run sor:import -- <SorEntity_daily.csv or Sor.xml> [--accept-shrink] [--actor <name>]';

try {
  await run();
} catch (error) {
  endLine();
  // A connection that fails on every address of a host has no message of its own.
  console.error(error instanceof Error && error.message ? error.message : error);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'accept-shrink': { type: 'boolean', default: false }, actor: { type: 'string' } },
  });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Error(usage);

  const config = readMigrationConfig();
  const options: SorImportOptions = {
    acceptShrink: values['accept-shrink'],
    cvrCheck: config.relaxedCvr ? 'relaxed' : 'strict',
    ...(values.actor === undefined ? {} : { actorName: values.actor }),
  };
  const report = await importSor({ ownerUrl: await ownerUrl(), file, progress: showProgress, options });
  endLine();
  console.log(describe(report));
}

function showProgress({ stage, rows, share }: SorImportProgress): void {
  const line =
    stage === 'reading' ? `Reading: ${rows} units (${Math.floor(share * 100)} %)` : `${stage} ${rows} units …`;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (stage !== 'reading' || share === 1) process.stderr.write(`${line}\n`);
}

function endLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}

function describe(report: SorImportReport): string {
  const lines = [
    `${report.fileName}: ${report.rows} units read (${report.format}, ${report.encoding}) in ${report.seconds.toFixed(1)} s`,
    `  added ${report.added}, changed ${report.changed}, closed ${report.closed}, reopened ${report.reopened}`,
    `  sha256 ${report.sha256}`,
  ];
  if (report.unknownColumns.length > 0)
    lines.push(`  not known here and left out: ${report.unknownColumns.join(', ')}`);
  if (report.replaced > 0) lines.push(`  ${report.replaced} units name a successor, which is not stored`);
  if (report.withoutCvr > 0)
    lines.push(`  ${report.withoutCvr} units have no owner's CVR number: no organisation can use them`);
  return lines.join('\n');
}
