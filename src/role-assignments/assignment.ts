export type AssignmentScope = 'UNIT_AND_SUBUNITS' | 'UNIT_ONLY';

/** A user's role at a unit as pages show it; future and ended ones carry their state in words. */
export type AssignmentRow = {
  id: number;
  roleId: number;
  roleCode: string;
  roleName: string;
  serviceId: number;
  serviceCode: string;
  serviceName: string;
  sorCode: string | null;
  unitName: string | null;
  unitIsClosed: boolean;
  scope: AssignmentScope;
  /** dd-mm-åååå */
  validFrom: string;
  /** dd-mm-åååå, the last day; null = without end */
  validTo: string | null;
  state: 'active' | 'future' | 'ended';
  reason: string | null;
  caseNumber: string | null;
};

export const scopeNames: Record<AssignmentScope, string> = {
  UNIT_AND_SUBUNITS: 'Denne enhed og underenheder',
  UNIT_ONLY: 'Denne enhed',
};

/** The words for an assignment's scope; none where there is no unit that it could be the scope of. */
export function scopeText({ sorCode, scope }: { sorCode: string | null; scope: AssignmentScope }): string | null {
  return sorCode === null ? null : scopeNames[scope];
}

export const notRelevant = 'Ikke relevant for rollen (0)';

/** "Ortopædkirurgisk Afdeling (90000031000016005)" or the guide's words for a role without a unit. */
export function placementText(unit: { sorCode: string | null; unitName: string | null }): string {
  return unit.sorCode === null ? notRelevant : `${unit.unitName ?? 'Ukendt enhed'} (${unit.sorCode})`;
}

/** "Fra 01-12-2026" or "01-12-2026 – 31-12-2026", both days included. */
export function periodOf({ validFrom, validTo }: { validFrom: string; validTo: string | null }): string {
  return validTo === null ? `Fra ${validFrom}` : `${validFrom} – ${validTo}`;
}

/** A role that the organisation may give, as the assign page offers it. */
export type GivableRole = {
  id: number;
  code: string;
  name: string;
  description: string;
  needsSor: boolean;
  needsCpr: boolean;
  /** How many of the chosen users hold it now, anywhere. */
  holders: number;
};

/** An assignment in words, the same on every page. */
export function assignmentModel(row: AssignmentRow): object {
  const states = { active: null, future: 'Ikke begyndt', ended: 'Udløbet' };
  return {
    ...row,
    placement: placementText(row),
    scopeName: scopeText(row) ?? '–',
    period: periodOf(row),
    stateText: states[row.state],
    isOver: row.state === 'ended',
  };
}
