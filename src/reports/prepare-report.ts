import type { Actor } from '../permissions/actor.ts';
import type { Decision } from '../permissions/can.ts';
import { decide, ensureCan, ensureEverywhere } from '../permissions/can.ts';
import type { ActorKind, Limit } from '../permissions/rules.ts';
import type { Scope } from '../permissions/scope.ts';
import { BadRequest, Forbidden, NotFound } from '../shared/errors.ts';
import { getReport } from './registry.ts';
import type { Prepared, Report, Within } from './report.ts';

/** A report as it was ordered: plain texts, as they stand in an address and can be stored. */
export type ReportOrder = {
  reportId: string;
  /** Null for a report of all organisations. */
  organisation: { id: number; cvr: string; name: string } | null;
  filters: Record<string, string>;
  /** Ids of columns; none = those that the report shows by itself. */
  columns: readonly string[];
  sort: string | null;
  isDescending: boolean | null;
  /** What was withheld when it was ordered; the file holds no less. */
  limit?: Limit | null | undefined;
};

/** What is asked for, without how it is shown. */
export type Question = Pick<ReportOrder, 'reportId' | 'organisation' | 'filters' | 'limit'>;

/** In which role the actor has a report, and what they do not get to see of it. */
type Right = { as: ActorKind; limit: Limit | null };

/** A report that may be made: of what, for whom, and its rows. */
export type OpenedReport = Right & { report: Report; prepared: Prepared; within: Within; scope: Scope };

/**
 * Checks what was ordered and whether the actor may have it, with the rights of this moment.
 * @throws NotFound, Forbidden, BadRequest (a filter that cannot be read)
 */
export function prepareReport(actor: Actor, { reportId, organisation, filters, limit }: Question): OpenedReport {
  const report = getReport(reportId);
  if ((report.reach === 'organisation') !== (organisation !== null)) throw new NotFound();
  const form = report.read(filters);
  if (!form.ok) throw new BadRequest(`${Object.values(form.errors).join('. ')}.`, 422);
  const right = ensureReport(actor, report, organisation, form.value.subject);
  // Ordered with a wider right than there is by now: the file may tell what is withheld today.
  if (limit !== undefined && right.limit !== null && right.limit !== limit)
    throw new Forbidden('Dine rettigheder er ændret, siden filen blev bestilt. Hent rapporten igen.', report.access);
  const within = { organisation, limit: right.limit, readerId: actor.userId };
  return { ...right, report, prepared: form.value, within, scope: organisation === null ? 'all' : [organisation.id] };
}

/** @throws Forbidden, NotFound */
export function ensureReport(
  actor: Actor,
  report: Report,
  organisation: Within['organisation'],
  subject: number | null,
): Right {
  if (!actor.isActive)
    throw new Forbidden('Din bruger er spærret eller lukket. Kontakt en administrator.', report.access);
  if (organisation === null) return { as: ensureEverywhere(actor, report.access), limit: null };
  if (report.isOwn === true && organisation.id !== actor.organisationId) throw new NotFound();
  const about = report.isOwn === true ? actor.userId : subject;
  const target = {
    organisationId: organisation.id,
    ...(about === null ? {} : { user: { id: about, isAdministrator: false } }),
  };
  const as = ensureCan(actor, report.access, target);
  if (report.limitedAs === undefined) return { as, limit: limitOf(decide(actor, report.access, target)) };
  ensureCan(actor, report.limitedAs, target);
  return { as, limit: limitOf(decide(actor, report.limitedAs, target)) };
}

function limitOf(decision: Decision): Limit | null {
  return decision.allowed ? decision.limit : null;
}
