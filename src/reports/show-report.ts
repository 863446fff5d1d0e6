import { readPage } from '../db/access.ts';
import type { ReadDb } from '../db/access.ts';
import { typed, typedSearch } from '../http/forms.ts';
import type { FieldErrors } from '../http/forms.ts';
import type { Cursor } from '../http/keyset.ts';
import type { Answer } from '../pages/page.ts';
import type { Visit } from '../pages/visit.ts';
import type { Scope } from '../permissions/scope.ts';
import { searchWords } from '../shared/text.ts';
import type { Found } from './find.ts';
import { findNext } from './find.ts';
import { ensureReport } from './prepare-report.ts';
import { recordReportMade } from './record-made.ts';
import type { Prepared, Report, Within } from './report.ts';
import type { Place, Shown, ShownField } from './reports.pages.ts';
import { mostCounted, reportPage, rowsPerPage } from './reports.pages.ts';
import type { Screen } from './screen.ts';
import { positionOf, readScreen } from './screen.ts';
import type { Position } from './statement.queries.ts';

type ReportVisit = { report: Report; organisation: Within['organisation']; place: Place };

/** A report on the screen: rights first, then its page behind the wall, then the log, before anything is sent. */
export async function showReport(visit: Visit, { report, organisation, place }: ReportVisit): Promise<Answer> {
  const screen = readScreen(report, visit.query);
  const form = report.read(screen.filters);
  const subject = form.ok ? form.value.subject : null;
  const { limit } = ensureReport(visit.actor, report, organisation, subject);
  const within: Within = { organisation, limit, readerId: visit.actor.userId };
  const wall: Scope = organisation === null ? 'all' : [organisation.id];
  const proof = visit.services.keys.sign(proofPurpose, proofOf(visit, { report, organisation }, screen));
  const made = await readPage(visit.services.database, wall, async (db) => {
    const fields = await readFields(db, report, within, screen, visit);
    const isWhole = fields.every(({ field, personName }) => field.kind !== 'person' || personName !== null);
    const shown =
      form.ok && isWhole ? await readRows(db, { report, screen, within, prepared: form.value }, visit) : null;
    // Before anything was chosen nothing is at fault.
    const errors = form.ok || !wasSent(report, visit) ? {} : withoutPersons(fields, form.errors);
    return { page: reportPage({ report, place, organisation, screen, fields, errors, shown, proof }), shown };
  });
  if (made.shown !== null) await recordOnce(visit, { report, organisation }, screen, made.shown);
  return made.page;
}

async function readFields(
  db: ReadDb,
  report: Report,
  within: Within,
  screen: Screen,
  visit: Visit,
): Promise<ShownField[]> {
  const fields: ShownField[] = [];
  for (const field of report.fields) {
    const value = screen.filters[field.name] ?? '';
    if (field.kind === 'choice') fields.push({ field, choices: await field.choices(db, within), personName: null });
    else if (field.kind !== 'person') fields.push({ field, choices: [], personName: null });
    else {
      const personName = /^\d{1,9}$/.test(value) ? await field.find(db, within, Number(value)) : null;
      const text = typedSearch(visit.query, 'person');
      const choices = personName === null ? await field.search(db, within, text) : [];
      fields.push({ field, choices, personName });
    }
  }
  return fields;
}

type Opened = { report: Report; screen: Screen; within: Within; prepared: Prepared };

async function readRows(db: ReadDb, { report, screen, within, prepared }: Opened, visit: Visit): Promise<Shown> {
  const { asked } = screen;
  const formats = asked.columns.flatMap((id) =>
    report.columns.filter((column) => column.id === id).map(({ format }) => format),
  );
  const words = searchWords(screen.find);
  const isSearching = words.length > 0 && typed(visit.query, 'soeg-nu') === '1';
  const found = isSearching
    ? await findNext(db, { prepared, within, asked, formats, words }, positionOf(screen.after))
    : null;
  const place = startOf(screen, found);
  const from = screen.isLast ? theEnd : positionOf(place);
  const rows = await prepared.page(db, within, asked, { from, rows: rowsPerPage + 1 });
  const count = place === null ? await prepared.count(db, within, mostCounted) : null;
  return { rows, count, found, place };
}

const theEnd: Position = { direction: 'before', key: null };

/** What was found stands first, wherever in the report that is. */
function startOf(screen: Screen, found: Found | null): Cursor | null {
  if (found?.result !== 'found') return screen.place;
  return found.before === null ? null : { direction: 'after', values: found.before, id: 0, page: 0 };
}

function wasSent(report: Report, { query }: Visit): boolean {
  return report.fields.some(({ name, kind }) => kind !== 'person' && name in query);
}

// Who is not chosen yet is asked for by the page itself.
function withoutPersons(fields: ShownField[], errors: FieldErrors): FieldErrors {
  return Object.fromEntries(
    Object.entries(errors).filter(([name]) =>
      fields.some(({ field }) => field.name === name && field.kind !== 'person'),
    ),
  );
}

/** One event for a report, however many of its pages are looked at: the first one's links carry a proof of it. */
async function recordOnce(
  visit: Visit,
  { report, organisation }: Seen,
  screen: Screen,
  { rows, count }: Shown,
): Promise<void> {
  const { services, actor, reference, networkAddress } = visit;
  if (
    services.keys.isSigned(proofPurpose, proofOf(visit, { report, organisation }, screen), typed(visit.query, 'vist'))
  )
    return;
  const order = { reportId: report.id, organisation, filters: screen.filters };
  // Somebody who begins in the middle is told of by the rows of that page.
  const total = count ?? rows.length;
  const told = {
    form: 'SCREEN' as const,
    rows: Math.min(total, mostCounted),
    hasMore: count === null || total > mostCounted,
  };
  await recordReportMade(services.database, actor, order, told, { requestId: reference, networkAddress });
}

const proofPurpose = 'report-seen';

/** Who saw which report with which filter: all that the event tells, so that nothing else is covered by it. */
type Seen = Omit<ReportVisit, 'place'>;

function proofOf({ actor, sessionRow }: Visit, { report, organisation }: Seen, { filters }: Screen): string {
  return JSON.stringify([actor.userId, sessionRow, organisation?.id ?? null, report.id, filters]);
}
