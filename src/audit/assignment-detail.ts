import { z } from 'zod';
import { danishDay } from '../shared/dates.ts';
import { joinedWithAnd } from '../shared/text.ts';

// What events tell of an assignment, and the words for it.

const text = z.string();
export const assignment = z.object({
  assignmentId: z.number(),
  role: text,
  roleName: text,
  service: text,
  sorCode: text.nullable(),
  unitName: text.nullable(),
  scope: z.enum(['UNIT_AND_SUBUNITS', 'UNIT_ONLY']),
  /** The days that were chosen, yyyy-mm-dd; none = at once, and without end. */
  startsOn: text.nullish(),
  endsOn: text.nullish(),
  reason: text.nullish(),
  caseNumber: text.nullish(),
});
export type AssignmentDetail = z.infer<typeof assignment>;
export const terms = assignment
  .pick({ sorCode: true, unitName: true, scope: true })
  .extend({ startsOn: text, endsOn: text.nullable() });
type Terms = z.infer<typeof terms>;

export function placement(detail: Pick<AssignmentDetail, 'sorCode' | 'unitName' | 'scope'>): string {
  if (detail.sorCode === null) return 'uden SOR-enhed';
  const scope = detail.scope === 'UNIT_AND_SUBUNITS' ? 'denne enhed og underenheder' : 'kun denne enhed';
  return `ved ${detail.unitName ?? 'SOR-enhed'} (${detail.sorCode}), ${scope}`;
}

export function during({ startsOn, endsOn }: Pick<AssignmentDetail, 'startsOn' | 'endsOn'>): string {
  const from = startsOn ? ` fra ${danishDay(startsOn)}` : '';
  return endsOn ? `${from} til og med ${danishDay(endsOn)}` : from;
}

/** What differs between the terms of an assignment before and after. */
export function termChanges(from: Terms, to: Terms): string {
  const day = (value: string | null): string => (value === null ? 'ingen' : danishDay(value));
  return joinedWithAnd([
    ...(placement(from) === placement(to) ? [] : [`fra ${placement(from)} til ${placement(to)}`]),
    ...(from.startsOn === to.startsOn ? [] : [`startdato fra ${day(from.startsOn)} til ${day(to.startsOn)}`]),
    ...(from.endsOn === to.endsOn ? [] : [`slutdato fra ${day(from.endsOn)} til ${day(to.endsOn)}`]),
  ]);
}

export function roleText(detail: Pick<AssignmentDetail, 'role' | 'roleName' | 'service'>): string {
  return `rollen ${detail.roleName} (${detail.role}, ${detail.service})`;
}

/** What was written as the reason, as sentences of their own. */
export function because({ reason, caseNumber }: Partial<Pick<AssignmentDetail, 'reason' | 'caseNumber'>>): string {
  const why = reason ? ` Begrundelse: ${reason.replace(/[.\s]+$/, '')}.` : '';
  return caseNumber ? `${why} Sagsnummer: ${caseNumber}.` : why;
}
