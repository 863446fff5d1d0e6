import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { event } from '../../audit/events.ts';
import type { ReadDb } from '../../db/access.ts';
import { daysKept } from '../../report-exports/report-export.ts';
import { getReport } from '../../reports/registry.ts';
import { askedOf } from '../../reports/report.ts';
import type { CellValue } from '../../reports/document.ts';
import type { ReportOrder } from '../../reports/prepare-report.ts';
import { toXlsx } from '../../reports/to-xlsx.ts';
import { demoOrganisations } from '../demo-people.ts';
import { ago } from './calendar.ts';
import type { Connection } from './rows.ts';
import { administratorBy, type Told } from './told.ts';
import type { OrganisationIds } from './write-organisations.ts';
import { userOf, type WrittenUser } from './write-users.ts';

const reference = 'SEB-DEM0-1RAP-P0RT';
const form = 'XLSX' as const;

/** A report as a file that a brugeradministrator made yesterday, so that the list of files, fetching and "Kontrollér" can be tried. */
export async function writeReportFile(
  db: Connection,
  organisations: OrganisationIds,
  users: ReadonlyMap<string, WrittenUser>,
): Promise<Told[]> {
  const person = userOf(users, 'region-user-admin');
  const organisation = { id: organisations.region, ...demoOrganisations.region };
  const choice = { columns: [], sort: null, isDescending: null };
  const order: ReportOrder = { reportId: 'uden-roller', organisation, filters: {}, ...choice, limit: null };
  const report = getReport(order.reportId);
  const asked = askedOf(report, choice);
  const read = report.read({});
  if (!read.ok) throw new Error('The report of the demo sector cannot be read');
  const within = { organisation, limit: null, readerId: person.id };
  const found = await read.value.page(readDb(db), within, asked, { from: null, rows: 1000 });
  const at = ago(1);
  const file = await made({
    head: {
      ...{ title: report.title, organisation, filters: [], reference },
      madeBy: `${person.name}, ${organisation.name}`,
      madeAt: await momentOf(db, at),
    },
    columns: report.columns.filter(({ id }) => asked.columns.includes(id)),
    rows: batch(found.map(({ cells }) => cells)),
  });
  await db.query(
    `with made as (
       insert into report_export (reference, organisation_id, ordered_by_id, ordered_by_name, report, title, form, terms, state, attempt, rows,
         bytes, sha256, request_id, created_at, started_at, ended_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'READY', 1, $9, octet_length($10::bytea), $11, 'DEMO', $12, $12, $12,
         $12::timestamptz + $13::int * interval '1 day') returning id)
     insert into report_export_piece (export_id, attempt, number, organisation_id, content) select id, 1, 0, $2, $10 from made`,
    [
      ...[reference, organisation.id, person.id, person.name, report.id, report.title, form, order],
      ...[found.length, file.content, file.sha256, at, daysKept],
    ],
  );
  const told = event(
    'report.made',
    { organisation, target: null },
    {
      ...{ report: report.id, title: report.title, filters: [] },
      ...{ form, rows: found.length, hasMore: false, reference, sha256: file.sha256 },
    },
  );
  return [{ ...told, at, by: administratorBy(person, 'USER') }];
}

function readDb(db: Connection): ReadDb {
  return {
    async rows<Row>({ text, values }: Parameters<ReadDb['rows']>[0]): Promise<Row[]> {
      return (await db.query(text, values)).rows as Row[];
    },
  };
}

async function made(document: Parameters<typeof toXlsx>[0]): Promise<{ content: Buffer; sha256: string }> {
  const out = new PassThrough();
  const [content, { sha256 }] = await Promise.all([buffer(out), toXlsx(document, out)]);
  return { content, sha256 };
}

async function momentOf(db: Connection, at: string): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>('select $1::timestamptz as at', [at]);
  return rows[0]?.at ?? new Date();
}

async function* batch(rows: CellValue[][]): AsyncGenerator<CellValue[][]> {
  yield rows;
}
