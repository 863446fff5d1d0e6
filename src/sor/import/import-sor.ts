import path from 'node:path';
import { userInfo } from 'node:os';
import pg from 'pg';
import type { CvrCheck } from '../../shared/danish-numbers.ts';
import { checkRow } from './check-row.ts';
import { inspectFile, readText, type InspectedFile } from './inspect-file.ts';
import { mergeStaged, nextImportId, noteDifferences, recordImport, type MergeCounts } from './merge.changes.ts';
import { readCsvRows } from './read-csv.ts';
import { readXmlRows } from './read-xml.ts';
import { FaultList, refuse } from './refusal.ts';
import type { ReadNotes, SorRow } from './sor-row.ts';
import { fillIn, stageRows } from './staging.changes.ts';
import { assertNotShrunk, assertOneTree, countWithoutCvr } from './staging.queries.ts';

export type SorImportProgress = { stage: 'reading' | 'checking' | 'merging'; rows: number; share: number };

export type SorImportOptions = {
  /** Takes a file with more than a tenth fewer units than the last one. */
  acceptShrink?: boolean;
  cvrCheck?: CvrCheck;
  /** Who is named in the log; the user of the operating system otherwise. */
  actorName?: string;
  /** The day on which units that are gone are closed, åååå-mm-dd; today in Denmark otherwise. */
  today?: string;
};

type SorImport = {
  ownerUrl: string;
  file: string;
  progress?: (progress: SorImportProgress) => void;
  options?: SorImportOptions;
};

/** `changed` leaves out `reopened`; `closed` counts those that are gone from the file. */
export type SorImportReport = MergeCounts &
  Pick<InspectedFile, 'format' | 'encoding' | 'sha256'> & {
    fileName: string;
    rows: number;
    unknownColumns: string[];
    /** Units that name a successor, which is not stored. */
    replaced: number;
    /** Units whose owner has no CVR number: in the table, but of no organisation. */
    withoutCvr: number;
    seconds: number;
  };

/**
 * Brings sor_unit to what the file says, in one transaction of the owner's role; throws SorFileRefused, and changes
 * nothing, when any part of the file cannot be trusted.
 */
export async function importSor({
  ownerUrl,
  file,
  progress = () => {},
  options = {},
}: SorImport): Promise<SorImportReport> {
  const started = performance.now();
  const inspected = await inspectFile(file);
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const outcome = await inTransaction(client, () => importInto(client, inspected, progress, options));
    return { ...outcome, seconds: (performance.now() - started) / 1000 };
  } finally {
    await client.end();
  }
}

async function inTransaction<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // A broken connection has rolled back already; its own error is the one to tell.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function importInto(
  client: pg.Client,
  file: InspectedFile,
  progress: (progress: SorImportProgress) => void,
  options: SorImportOptions,
): Promise<Omit<SorImportReport, 'seconds'>> {
  await takeTurn(client);
  const notes: ReadNotes = { unknownColumns: [], untold: [], replaced: 0 };
  let rows = 0;
  await stageRows(
    client,
    checkedRows(file, notes, options.cvrCheck ?? 'strict', (read, share) => {
      rows = read;
      progress({ stage: 'reading', rows, share });
    }),
  );

  progress({ stage: 'checking', rows, share: 1 });
  if (!options.acceptShrink) await assertNotShrunk(client, rows);
  await fillIn(client, notes.untold);
  const withoutCvr = await countWithoutCvr(client, rows);
  await assertOneTree(client);

  progress({ stage: 'merging', rows, share: 1 });
  const today = options.today ?? (await todayInDenmark(client));
  const id = await nextImportId(client);
  await noteDifferences(client, id, today);
  const counts = await mergeStaged(client, today);
  const { sha256, format, encoding } = file;
  const run = { ...counts, fileName: path.basename(file.path), sha256, rows };
  await recordImport(client, { ...run, id }, options.actorName ?? operatingSystemUser());
  const { unknownColumns, replaced } = notes;
  return { ...run, format, encoding, unknownColumns, replaced, withoutCvr };
}

/** The rows of the file, each sound by itself; after the last one it throws when any was not. */
async function* checkedRows(
  file: InspectedFile,
  notes: ReadNotes,
  cvrCheck: CvrCheck,
  seen: (rows: number, share: number) => void,
): AsyncGenerator<SorRow> {
  const faults = new FaultList();
  let [rows, bytes] = [0, 0];
  const text = readText(file, (read) => seen(rows, Math.min(0.99, (bytes += read) / file.bytes)));
  for await (const row of file.format === 'xml' ? readXmlRows(text, notes) : readCsvRows(text, notes, faults)) {
    rows += 1;
    const checked = checkRow(row, cvrCheck, faults);
    if (faults.count === 0) yield checked;
  }
  faults.refuseIfAny();
  if (rows === 0) refuse(null, 'the file holds no units');
  seen(rows, 1);
}

/** Two imports at once would each compare with a table that the other is changing. */
async function takeTurn(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ mine: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('sor.import')) as mine`,
  );
  if (!rows[0]?.mine) refuse(null, 'another SOR import is running: wait for it to end');
  await client.query(`set local work_mem = '64MB'`);
}

async function todayInDenmark(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ today: string }>(
    `select (now() at time zone 'Europe/Copenhagen')::date::text as today`,
  );
  return rows[0]?.today ?? '';
}

function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
