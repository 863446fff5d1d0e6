import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { sql } from '../../src/db/sql.ts';
import { streamRows } from '../../src/db/stream.ts';
import type { Actor } from '../../src/permissions/actor.ts';
import type { Scope } from '../../src/permissions/scope.ts';
import type { CellValue, ReportDocument } from '../../src/reports/document.ts';
import type { ExportForm } from '../../src/report-exports/report-export.ts';
import { exportForms } from '../../src/report-exports/report-export.ts';
import { shownText } from '../../src/reports/cells.ts';
import { openReport } from '../../src/reports/open-report.ts';
import type { ReportOrder } from '../../src/reports/prepare-report.ts';
import { prepareReport } from '../../src/reports/prepare-report.ts';
import { recordReportMade } from '../../src/reports/record-made.ts';
import { reports } from '../../src/reports/registry.ts';
import type { Asked, Prepared, Report, ReportRow, Within } from '../../src/reports/report.ts';
import { askedOf } from '../../src/reports/report.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { readCsv, readDocx, readPdf, readXlsx } from '../support/report-files.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { cvrs, idOf, only, operate } from '../support/sector.ts';

let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Pool;
let region: { id: number; cvr: string; name: string };

const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row>(text, values)).rows;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.appUrl, 4);
  owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 2 });
  // Whoever sees one of them in a report of the region has looked through the wall.
  const foreign = `(select id from organisation where cvr <> '${cvrs.region}')`;
  await operate({ rows }, `update app_user set last_name = 'Kanarie' || id where organisation_id in ${foreign}`);
  region = only(await rows<typeof region>('select id, cvr, name from organisation where cvr = $1', [cvrs.region]));
});
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await testDatabase.drop();
});

async function actorOf(key: string): Promise<Actor> {
  const found = await rows<{ actor: Actor }>('select request_actor($1, null) as actor', [await idOf({ rows }, key)]);
  return only(found).actor;
}

const made = { at: new Date('2026-11-30T10:00:00Z'), reference: 'ABCD-1234-EFGH' };

function orderOf(reportId: string, more: Partial<ReportOrder> = {}): ReportOrder {
  return { reportId, organisation: region, filters: {}, columns: [], sort: null, isDescending: null, ...more };
}

async function allRows(document: { rows: AsyncIterable<CellValue[][]> }): Promise<CellValue[][]> {
  const all: CellValue[][] = [];
  for await (const batch of document.rows) all.push(...batch);
  return all;
}

describe('a report of an organisation', () => {
  it('has a row for each role of each user, with the words of its filter above', async () => {
    const order = orderOf('alle-brugere', {
      filters: { status: 'aktiv' },
      columns: ['efternavn', 'rid', 'rollekode', 'sor', 'fra'],
    });
    const document = await openReport(database, await actorOf('region-read-only'), order, made);
    expect(document.head).toMatchObject({
      title: 'Alle brugere i et CVR',
      organisation: { name: region.name, cvr: region.cvr },
      filters: [{ label: 'Status', value: 'Aktiv' }],
      madeAt: made.at,
      reference: made.reference,
    });
    expect(document.columns.map(({ label }) => label)).toEqual(['Efternavn', 'RID', 'Rollekode', 'SOR-kode', 'Fra']);
    const expected = await rows<{ line: string }>(
      `select concat_ws('|', u.last_name, u.rid, coalesce(r.code, '-'), coalesce(g.sor_code, '-')) as line from app_user u
       left join role_assignment g on g.user_id = u.id and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())
       left join role r on r.id = g.role_id
       where u.organisation_id = $1 and u.deleted_at is null and not (u.locked_from is not null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))
       order by u.last_name, u.first_name, u.id, coalesce(g.id, 0)`,
      [region.id],
    );
    const got = (await allRows(document)).map((row) =>
      row
        .slice(0, 4)
        .map((cell) => cell ?? '-')
        .join('|'),
    );
    expect(got.length).toBeGreaterThan(50);
    expect(got).toEqual(expected.map(({ line }) => line));
  });

  it('reads every field as it stands, whatever is in it, over batches', async () => {
    const odd = sql`select i as number, i % 2 = 0 as even, i::bigint * 10000000000 as large, array[i, null] as list, null::text as none,
      jsonb_build_object('a', ',"\') as object, chr(1 + i % 300) || (array['', ' ', ',', '"', '""', '\', '\\', '(),', 'æ "ø" \å', E'1\n2', E'\t', '🂡'])[1 + i % 12] as text
      from generate_series(1, 1700) i order by i`;
    const streamed: object[] = [];
    for await (const batch of streamRows<object>(database, 'all', odd)) streamed.push(...batch);
    expect(streamed).toHaveLength(1700);
    expect(streamed).toEqual(await readPage(database, 'all', (db) => db.rows(odd)));
    for await (const batch of streamRows(database, 'all', sql`select 1 as one where false`)) expect(batch).toBe('none');
  });

  it('tells of a fault while it is read once, though further batches were asked for', async () => {
    const faulty = sql`select 1 / (i - 700) as number from generate_series(1, 5000) i`;
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    process.on('unhandledRejection', hear);
    await expect(
      (async () => {
        for await (const batch of streamRows(database, 'all', faulty)) expect(batch).toHaveLength(500);
      })(),
    ).rejects.toThrow('division by zero');
    await new Promise(setImmediate);
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });

  it('leaves nothing behind when its reader stops half-way', async () => {
    const document = await openReport(database, await actorOf('region-org-admin'), orderOf('alle-brugere'), made);
    for await (const batch of document.rows) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    const open = await rows(
      `select from pg_stat_activity where datname = current_database() and usename <> current_user and state like 'idle in transaction%'`,
    );
    expect(open).toEqual([]);
  });

  it('is refused to whom it is not for, and is not there for strangers', async () => {
    const opened = async (who: string): Promise<unknown> =>
      openReport(database, await actorOf(who), orderOf('rettigheder-til-roller'), made).catch(
        (error: unknown) => (error as { status: number }).status,
      );
    expect(await opened('municipality-org-admin')).toBe(404);
    expect(await opened('region-user')).toBe(404);
    expect(await opened('servicedesk')).toMatchObject({ head: { title: 'Rettigheder til roller' } });
  });

  it('is an event of the log, with filter and count', async () => {
    const actor = await actorOf('region-user-admin');
    const where = { requestId: 'REPO-RTMA-DE01', networkAddress: '192.0.2.7' };
    const order = orderOf('alle-brugere', { filters: { status: 'spaerret' } });
    await recordReportMade(database, actor, order, { form: 'XLSX', rows: 12, hasMore: false }, where);
    expect(
      await rows(
        'select kind, organisation_id, actor_user_id, actor_role, detail from audit_event where request_id = $1',
        [where.requestId],
      ),
    ).toEqual([
      {
        kind: 'report.made',
        organisation_id: region.id,
        actor_user_id: actor.userId,
        actor_role: 'userAdministrator',
        detail: {
          report: 'alle-brugere',
          title: 'Alle brugere i et CVR',
          form: 'XLSX',
          filters: [{ label: 'Status', value: 'Spærret' }],
          rows: 12,
          hasMore: false,
        },
      },
    ]);
  });
});

/** A choice that finds something, for the reports that need one. */
async function filtersOf(report: Report): Promise<Record<string, string>> {
  const { role } = only(
    await rows<{ role: number }>(
      `select role_id as role from role_assignment where organisation_id = $1 and withdrawn_at is null group by 1 order by count(*) desc limit 1`,
      [region.id],
    ),
  );
  const most = async (column: string): Promise<string> =>
    only(
      await rows<{ id: string }>(
        `select ${column}::text as id from audit_event where organisation_id = $1 and ${column} is not null group by 1 order by count(*) desc limit 1`,
        [region.id],
      ),
    ).id;
  const chosen: Record<string, Record<string, string>> = {
    'enkelt-bruger': { bruger: await most('target_user_id'), vis: 'alle' },
    'brugere-med-rolle': { rolle: String(role) },
    'aendringer-af-bruger': { bruger: await most('actor_user_id') },
    'aendringer-paa-bruger': { bruger: await most('target_user_id') },
    'udloeber-snart': { dage: '700' },
    forskelle: { fra: '01-01-2021' },
    'aftaler-der-udloeber': { dage: '3650' },
  };
  return chosen[report.id] ?? {};
}

async function* inOneBatch(batch: CellValue[][]): AsyncGenerator<CellValue[][]> {
  yield batch;
}

/** The file of these rows in a form, whole. */
async function fileOf(form: ExportForm, document: ReportDocument, batch: CellValue[][]): Promise<Buffer> {
  const out = new PassThrough();
  const [file] = await Promise.all([
    buffer(out),
    exportForms[form].write({ ...document, rows: inOneBatch(batch) }, out),
  ]);
  return file;
}

/** A day or moment of a CSV file as the other forms show it; without the apostrophe that a formula's look gets there. */
function fromCsv(text: string): string {
  const [, year, month, day, hour, minute] = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):\d\d)?$/.exec(text) ?? [];
  if (year === undefined) return text.replace(/^'(?=[=+\-@])/, '');
  return `${day}-${month}-${year}${hour === undefined ? '' : ` ${hour}.${minute}`}`;
}

const all = reports.map((report) => ({ report, id: report.id }));
const withinOf = (report: Report) => (report.reach === 'organisation' ? region : null);
const everyColumn = (report: Report): string[] => report.columns.map(({ id }) => id);

it('has in each column that is asked for alone what it has among all', async () => {
  const order = { reportId: 'alle-brugere', organisation: region, filters: {} };
  const { report, prepared, within, scope } = prepareReport(await actorOf('system-owner'), order);
  const cellsOf = async (columns: string[]) => {
    const asked = askedOf(report, { columns, sort: null, isDescending: false });
    return allRows({ rows: prepared.stream({ database, scope }, within, asked) });
  };
  const whole = await cellsOf(everyColumn(report));
  for (const [index, column] of everyColumn(report).entries())
    expect(await cellsOf([column]), column).toEqual(whole.map((row) => [row[index]]));
});

describe.each(all)('$id', ({ report }) => {
  it('has the same rows page by page, forwards and backwards, in every order, as in one go', async () => {
    const order = { reportId: report.id, organisation: withinOf(report), filters: await filtersOf(report) };
    const { prepared, within, scope } = prepareReport(await actorOf('system-owner'), order);
    const orders = report.orders.map(({ id: sort }) => ({ sort, isDescending: false }));
    for (const { sort, isDescending } of [...orders, { sort: null, isDescending: true }]) {
      const asked = askedOf(report, { columns: everyColumn(report), sort, isDescending });
      const whole = await allRows({ rows: prepared.stream({ database, scope }, within, asked) });
      expect(whole.length).toBeGreaterThan(0);
      const opened = { prepared, within, asked, scope, most: Math.ceil(whole.length / 3) };
      const pages = await pagesOf(opened, 'after');
      expect(pages.map(({ cells }) => cells)).toEqual(whole);
      expect(new Set(pages.map(({ key }) => key.join('|'))).size).toBe(whole.length);
      expect(await pagesOf(opened, 'before', pages.at(-1)?.key ?? [])).toEqual(pages.slice(0, -1));
      expect(await readPage(database, scope, (db) => prepared.count(db, within, 100_000))).toBe(whole.length);
    }
  });

  it('comes back from every form of a file, cell by cell', async () => {
    const filters = await filtersOf(report);
    const order = orderOf(report.id, { organisation: withinOf(report), filters, columns: everyColumn(report) });
    const document = await openReport(database, await actorOf('system-owner'), order, made);
    const rows = (await allRows(document)).slice(0, 40);
    const heads = document.columns.map(({ label }) => label);
    const shown = rows.map((row) =>
      row.map((value, index) => shownText(value, document.columns[index]?.format ?? 'text')),
    );
    const read = {
      csv: readCsv(await fileOf('CSV', document, rows)),
      xlsx: await readXlsx(await fileOf('XLSX', document, rows)),
      docx: await readDocx(await fileOf('DOCX', document, rows)),
      pdf: await readPdf(await fileOf('PDF', document, rows)),
    };
    const unspaced = (table: string[][]): string[][] => table.map((row) => row.map((text) => text.replace(/\s/g, '')));
    expect(rows.length).toBeGreaterThan(0);
    expect(read.docx.rows).toEqual([heads, ...shown]);
    expect(unspaced(read.pdf.rows)).toEqual(unspaced([heads, ...shown]));
    // A number is a number in Excel and CSV, whatever it shows.
    const stored = rows.map((row, at) =>
      row.map((value, index) => (typeof value === 'number' ? String(value) : shown[at]?.[index])),
    );
    expect(read.xlsx.rows).toEqual([heads, ...stored]);
    expect(read.csv.rows.map((row) => row.map(fromCsv))).toEqual([heads, ...stored]);
    for (const { about } of [read.xlsx, read.docx, read.pdf]) expect(about.join(' ')).toContain(document.head.title);
  });

  it('is made for whom the permission table says, with nothing of another organisation', async () => {
    const order = orderOf(report.id, {
      organisation: withinOf(report),
      filters: await filtersOf(report),
      columns: everyColumn(report),
    });
    const got: Record<string, number> = {};
    for (const who of Object.keys(readers)) {
      const document = await openReport(database, await actorOf(who), order, made).catch((error: unknown) => error);
      if (document instanceof AppError) got[who] = document.status;
      else {
        const cells = JSON.stringify(await allRows(document as ReportDocument));
        got[who] = report.reach === 'organisation' && /Kanarie|kanarie/.test(cells) ? -1 : 200;
      }
    }
    expect(got).toEqual(
      Object.fromEntries(Object.entries(readers).map(([who, status]) => [who, statusOf(report, who, status)])),
    );
  });
});

const readers = {
  'system-owner': 200,
  servicedesk: 200,
  'region-org-admin': 200,
  'region-user-admin': 200,
  'region-read-only': 200,
  'region-user': 404,
  'municipality-org-admin': 404,
  'practice-doctor': 404,
};

function statusOf(report: Report, who: string, status: number): number {
  if (report.reach === 'everywhere') return who === 'system-owner' || who === 'servicedesk' ? 200 : 403;
  return who === 'region-read-only' && report.id.startsWith('aendringer-') ? 403 : status;
}

type Opened = { prepared: Prepared; within: Within; asked: Asked; scope: Scope; most: number };

async function pagesOf(
  { prepared, within, asked, scope, most }: Opened,
  direction: 'after' | 'before',
  start: string[] | null = null,
): Promise<ReportRow[]> {
  const all: ReportRow[] = [];
  for (let key = start; ;) {
    const from = key === null ? null : { direction, key };
    const found = await readPage(database, scope, (db) => prepared.page(db, within, asked, { from, rows: most }));
    if (found.length === 0) return all;
    if (direction === 'after') all.push(...found);
    else all.unshift(...found);
    key = (direction === 'after' ? found.at(-1) : found[0])?.key ?? [];
  }
}
