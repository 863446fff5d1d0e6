import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { ReportOrder } from '../reports/prepare-report.ts';
import type { KnownPackage } from '../audit-package/audit-package.queries.ts';
import { danishDay, formatDate, formatDateTime } from '../shared/dates.ts';
import { counted, formatCvr } from '../shared/text.ts';
import { exportForms, formNames } from './report-export.ts';
import type { ReportExport } from './report-exports.queries.ts';
import { exportsPerPage } from './report-exports.queries.ts';

export const exportsPath = '/rapporter/filer';
export const checkPath = '/rapporter/kontroller';

const exportPath = ({ reference }: { reference: string }): string => `${exportsPath}/${reference}`;
const filePath = (found: { reference: string }): string => `${exportPath(found)}/hent`;
const ownCrumb = { label: 'Mine rapporter', href: exportsPath };

/** "Hent som Excel, Word, PDF, CSV" for the page of a report (partial report-exports/take-out). */
export function takeOut(order: ReportOrder, { action, own }: { action: string; own: string | null }) {
  const { filters, columns, sort, isDescending } = order;
  return {
    action,
    choice: JSON.stringify({ filters, columns, sort, isDescending }),
    forms: formNames.map((name) => ({ name, label: exportForms[name].label })),
    own,
  };
}

/** Mine rapporter: the files that one has ordered, the latest first. */
export function exportsPage(found: ReportExport[]): Page {
  const shown = found.slice(0, exportsPerPage);
  const isAnyUnderWay = shown.some(({ state }) => state === 'QUEUED');
  const last = shown.at(-1);
  const built = page(
    'report-exports/index',
    'Mine rapporter',
    {
      exports: shown.map((one) => ({
        ...factsOf(one),
        href: exportPath(one),
        file: one.isThere ? filePath(one) : null,
      })),
      next: found.length > exportsPerPage && last !== undefined ? `${exportsPath}?foer=${last.id}` : null,
      check: checkPath,
    },
    [home],
  );
  return isAnyUnderWay ? { ...built, refresh: 10 } : built;
}

/** How far a file is, and where to fetch it. */
export function exportPage(found: ReportExport): Page {
  const isUnderWay = found.state === 'QUEUED';
  const built = page(
    'report-exports/show',
    found.title,
    {
      ...factsOf(found),
      organisation: organisationText(found),
      isUnderWay,
      progress: found.isStarted
        ? `${counted(found.rows, 'række', 'rækker')} er skrevet.`
        : 'Rapporten venter på sin tur.',
      stopReason: found.stopReason,
      file: found.isThere ? { href: filePath(found), size: sizeText(found.bytes ?? 0) } : null,
      isGone: found.state === 'READY' && !found.isThere,
      sha256: found.sha256,
      until: found.expiresAt === null ? null : formatDateTime(found.expiresAt),
      paths: { own: exportsPath, check: checkPath },
    },
    [home, ownCrumb],
  );
  return isUnderWay ? { ...built, refresh: 5 } : built;
}

function factsOf(found: ReportExport) {
  return {
    title: found.title,
    reference: found.reference,
    formLabel: exportForms[found.form].label,
    orderedAt: formatDateTime(found.createdAt),
    rows: found.state === 'READY' ? counted(found.rows, 'række', 'rækker') : null,
    state: stateText(found),
    organisation: organisationText(found),
  };
}

function stateText({ state, isStarted, rows, isThere, expiresAt }: ReportExport): string {
  if (state === 'STOPPED') return 'Blev ikke lavet';
  if (state === 'QUEUED') return isStarted ? `Laves: ${counted(rows, 'række', 'rækker')} indtil nu` : 'Venter';
  return isThere && expiresAt !== null ? `Klar til ${formatDate(expiresAt)}` : 'Filen er slettet';
}

function organisationText({ order: { organisation } }: ReportExport): string {
  return organisation === null ? 'Alle organisationer' : `${organisation.name} (CVR ${formatCvr(organisation.cvr)})`;
}

function sizeText(bytes: number): string {
  const size = bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  return size.replace('.', ',');
}

type Fact = { label: string; value: string };

/** What "Kontrollér" found of a file or a number. */
export type Checked =
  | { found: 'unchanged'; facts: Fact[] }
  /** The number of a report stands in the file, but its bytes are others. */
  | { found: 'changed'; facts: Fact[]; sha256: string }
  | { found: 'unknown'; sha256: string };

export function checkPage(
  { typed, error, checked }: { typed: string; error: string | null; checked: Checked | null },
  mostMegabytes: number,
): Page {
  const shown = page(
    'report-exports/check',
    'Kontrollér en rapport',
    {
      path: checkPath,
      typed,
      error,
      most: `Højst ${mostMegabytes} MB.`,
      result: checked === null ? null : resultOf(checked),
    },
    [home, ownCrumb],
  );
  return error === null ? shown : { ...shown, status: 422 };
}

function resultOf(checked: Checked) {
  if (checked.found === 'unknown')
    return {
      tone: 'warning',
      title: 'SEB kender ikke filen',
      text: `Enten er den ikke lavet i SEB, eller også er den ændret, siden den blev hentet, eller den handler om en organisation, du ikke kan se. Filens SHA-256: ${checked.sha256}`,
      facts: [],
    };
  const { facts } = checked;
  if (checked.found === 'unchanged')
    return {
      tone: 'success',
      title: 'Filen er lavet i SEB og er uændret',
      text: 'Hver eneste byte er, som SEB skrev den.',
      facts,
    };
  return {
    tone: 'error',
    title: 'Filen er ændret',
    text: `Den bærer nummeret på en rapport fra SEB, men indholdet er et andet end det, SEB skrev. Filens SHA-256: ${checked.sha256}`,
    facts,
  };
}

/** What is told of a report that a file was known as. */
export function factsOfExport(file: ReportExport): Fact[] {
  return [
    { label: 'Rapport', value: file.title },
    { label: 'Organisation', value: organisationText(file) },
    { label: 'Form', value: exportForms[file.form].label },
    { label: 'Bestilt af', value: file.orderedByName },
    { label: 'Lavet', value: file.endedAt === null ? '' : formatDateTime(file.endedAt) },
    { label: 'Antal rækker', value: counted(file.rows, 'række', 'rækker') },
    { label: 'Rapportnummer', value: file.reference },
    { label: 'SHA-256', value: file.sha256 ?? '' },
  ];
}

/** … and of a Revisionspakke; `sha256` is the one that was asked for, null where the file is another than SEB wrote. */
export function factsOfPackage(known: KnownPackage, sha256: string | null): Fact[] {
  const isPart = sha256 !== null && sha256 !== known.sha256;
  return [
    { label: 'Rapport', value: isPart ? 'En fil i en revisionspakke' : 'Revisionspakke' },
    { label: 'Organisation', value: `${known.organisationName} (CVR ${formatCvr(known.cvr)})` },
    { label: 'Periode', value: `${danishDay(known.from)} til ${danishDay(known.to)}` },
    { label: 'Bestilt af', value: known.orderedByName ?? 'Ukendt' },
    { label: 'Lavet', value: known.endedAt === null ? '' : formatDateTime(known.endedAt) },
    { label: 'Rapportnummer', value: known.reference ?? '' },
    { label: isPart ? 'Hele pakkens SHA-256' : 'SHA-256', value: known.sha256 ?? '' },
  ];
}
