import { event } from '../audit/events.ts';
import { recordReading } from '../audit/record-reading.ts';
import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import type { UploadLimit } from '../http/upload.ts';
import type { Answer, FileInPieces } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readReach, readWithin } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { organisationOfPerson, ownerOf } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import type { Scope } from '../permissions/scope.ts';
import type { ReportOrder } from '../reports/prepare-report.ts';
import { prepareReport } from '../reports/prepare-report.ts';
import { getReport } from '../reports/registry.ts';
import { ownReportsPath } from '../reports/own-reports.routes.ts';
import { madeEvent } from '../reports/record-made.ts';
import { BadRequest, NotFound } from '../shared/errors.ts';
import { checkFingerprint, fingerprintOf } from './check-file.ts';
import type { Fingerprint } from './check-file.ts';
import { makeAtOnce } from './make-at-once.ts';
import type { ExportForm } from './report-export.ts';
import { choiceShape, exportForms, fileNameOf, formNames, newReference } from './report-export.ts';
import type { NewExport } from './report-exports.changes.ts';
import { keepFile, placeExport } from './report-exports.changes.ts';
import { checkPage, checkPath, exportPage, exportsPage, exportsPath } from './report-exports.pages.ts';
import type { ReportExport } from './report-exports.queries.ts';
import { findOwnExport, listOwnExports, piecesOf } from './report-exports.queries.ts';

const ownFilesPath = `${ownReportsPath}/filer`;

// A PDF of 250,000 rows fills some 100 MB.
const checkedFile: UploadLimit = { fields: 60, kilobytes: 20, megabytes: 250 };

export const reportExportRoutes: Route[] = [
  // Every reader of some report comes this far; the report's own right is asked when it is known which one.
  post('/organisationer/:cvr/rapporter/:rapport/hent', 'report.other', order),
  post('/rapporter/:rapport/hent', 'report.organisations', order),
  get(exportsPath, 'report.download', showExports),
  get(`${exportsPath}/:reference`, 'report.download', showExport),
  get(`${exportsPath}/:reference/hent`, 'report.download', download),
  get(checkPath, 'report.other', showCheck),
  post(checkPath, 'report.other', check, checkedFile),
];

/** In sebanmod: of oneself. */
export const ownReportExportRoutes: Route[] = [
  post(`${ownReportsPath}/:rapport/hent`, 'report.singleUser', takeOwn),
  get(`${ownFilesPath}/:reference/hent`, 'report.download', download),
];

/** Makes a small report at once, and leads to its file; orders a large one, and leads to the page that follows it. */
async function order(visit: Visit): Promise<Answer> {
  const { services } = visit;
  const form = formIn(visit);
  const { as, asked } = await admit(visit, form, orderIn(visit));
  const kept = await keepAtOnce(visit, { as, asked }, services.reportRowsAtOnce);
  // Sent twice, the first one may have been too large for the request.
  if (kept !== null) return seeOther(`${exportsPath}/${kept.reference}${kept.isReady ? '/hent' : ''}`);
  const placed = await change(visit, asked.order.organisation, (tx, _, onRecord) =>
    placeExport(tx, { onRecord, as }, asked),
  );
  await services.queueExport(placed.exportId);
  return seeOther(`${exportsPath}/${placed.reference}`);
}

type Admitted = { as: ActorKind; asked: NewExport };

/** Whether the actor has the report, and has not fetched too many: the order with the limit that it was given under. */
async function admit({ services, actor }: Visit, form: ExportForm, wish: ReportOrder): Promise<Admitted> {
  const { as, report, limit } = prepareReport(actor, wish);
  await services.limiter.count('reportFile', ownerOf(actor));
  return { as, asked: { reference: newReference(), title: report.title, form, order: { ...wish, limit } } };
}

/** Null when the report has more rows than are made while somebody waits. */
async function keepAtOnce(
  visit: Visit,
  { as, asked }: Admitted,
  mostRows: number,
): Promise<{ reference: string; isReady: boolean } | null> {
  const { services, actor } = visit;
  const { order: wanted, form, reference } = asked;
  const { file } = await makeAtOnce(services.database, actor, { order: wanted, form, reference, mostRows });
  if (file === null) return null;
  const made = { form, rows: file.rows, hasMore: false, reference, sha256: file.sha256 };
  const { told } = await madeEvent(services.database, actor, wanted, made);
  return change(visit, wanted.organisation, (tx, current, onRecord) => {
    prepareReport(current, wanted);
    return keepFile(tx, { onRecord, as }, asked, file, told);
  });
}

/** What the page of the report asked for; the report itself judges filters and columns. @throws BadRequest */
function orderIn({ params, posted, addressed }: Visit): ReportOrder {
  const choice = choiceShape.safeParse(readJson(typed(posted, 'valg')));
  if (!choice.success) throw new BadRequest('Formularen er ikke hel. Åbn rapporten igen, og hent den derfra.', 422);
  const organisation = addressed === null ? null : { id: addressed.id, cvr: addressed.cvr, name: addressed.name };
  return { ...choice.data, reportId: params.rapport ?? '', organisation };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function formIn({ posted }: Visit): ExportForm {
  const form = formNames.find((name) => name === typed(posted, 'form'));
  if (form === undefined)
    throw new BadRequest('Vælg Excel, Word, PDF eller CSV. Åbn rapporten igen, og hent den derfra.', 422);
  return form;
}

/** Reports of every organisation that the actor has to do with, and of all where they see all. */
function ownReach({ systemRoles, organisationId, administrations }: Actor): Scope {
  return systemRoles.length > 0 ? 'all' : [organisationId, ...administrations.map((held) => held.organisationId)];
}

function readOwn<T>(visit: Visit, work: (db: ReadDb) => Promise<T>): Promise<T> {
  return readWithin(visit, ownReach(visit.actor), work);
}

/** In sebanmod: a report about oneself, which is small. */
async function takeOwn(visit: Visit): Promise<Answer> {
  const form = formIn(visit);
  const wish = { ...orderIn(visit), organisation: organisationOfPerson(visit.actor) };
  if (getReport(wish.reportId).isOwn !== true) throw new NotFound();
  const kept = await keepAtOnce(visit, await admit(visit, form, wish), Number.POSITIVE_INFINITY);
  return seeOther(`${ownFilesPath}/${kept?.reference ?? ''}/hent`);
}

async function showExports(visit: Visit): Promise<Answer> {
  const before = Number(/^\d{1,9}$/.exec(typed(visit.query, 'foer'))?.[0] ?? 2_147_483_647);
  return exportsPage(await readOwn(visit, (db) => listOwnExports(db, visit.actor.userId, before)));
}

async function showExport(visit: Visit): Promise<Answer> {
  return exportPage(await getOwnExport(visit));
}

/** The file, if the one who ordered it may have the report today as well; each time it is fetched is in the log. */
async function download(visit: Visit): Promise<FileInPieces> {
  const { services, actor, reference: requestId, networkAddress } = visit;
  const found = await getOwnExport(visit);
  const { as } = prepareReport(actor, found.order);
  if (!found.isThere) throw new NotFound('Filen er slettet eller ikke lavet endnu. Hent rapporten igen fra dens side.');
  const { report, title, form, reference, sha256, bytes, order: asked } = found;
  const told = event(
    'report.downloaded',
    { organisation: asked.organisation, target: null },
    { report, title, form, reference },
  );
  await recordReading(services.database, { actor, as }, told, { requestId, networkAddress });
  return {
    answer: 'fileInPieces',
    fileName: fileNameOf(found),
    type: exportForms[form].type,
    bytes: bytes ?? 0,
    sha256: sha256 ?? '',
    pieces: piecesOf(services.database, found),
  };
}

/** Only the one who ordered it sees it: for everybody else there is no such page. */
async function getOwnExport(visit: Visit): Promise<ReportExport> {
  const found = await readOwn(visit, (db) => findOwnExport(db, visit.actor.userId, visit.params.reference ?? ''));
  if (found === null)
    throw new NotFound('Rapporten findes ikke her. Kun den, der har bestilt en rapport, kan se og hente den.');
  return found;
}

async function showCheck(): Promise<Answer> {
  return checkPage({ typed: '', error: null, checked: null }, checkedFile.megabytes);
}

/** Says of a file, or of its SHA-256, whether SEB made it; nothing of the file is kept. */
async function check(visit: Visit): Promise<Answer> {
  if (visit.upload !== null) await visit.services.limiter.count('checkedFile', ownerOf(visit.actor));
  const text = typed(visit.posted, 'sha256').trim();
  const print = await fingerprintIn(visit, text);
  if (print === null) {
    const error = 'Vælg en fil, eller skriv en SHA-256: 64 tegn, 0 til 9 og a til f';
    return checkPage({ typed: text, error, checked: null }, checkedFile.megabytes);
  }
  const checked = await readReach(visit, (db) => checkFingerprint(db, print));
  return checkPage({ typed: text, error: null, checked }, checkedFile.megabytes);
}

async function fingerprintIn({ upload }: Visit, text: string): Promise<Fingerprint | null> {
  if (upload !== null) return upload.use((file) => fingerprintOf(file, upload.fileName));
  const sha256 = text.replace(/[\s:]/g, '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(sha256) ? { sha256, reference: null } : null;
}
