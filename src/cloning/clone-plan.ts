import type { AssignmentScope } from '../role-assignments/assignment.ts';
import type { ChosenUnit } from '../role-assignments/assign.queries.ts';
import { faultOfUnit } from '../role-assignments/assign.queries.ts';

/** A role of the source, in force or to come, with what the receiver's organisation makes of it. */
export type CloneableRole = {
  assignmentId: number;
  roleId: number;
  roleCode: string;
  roleName: string;
  serviceName: string;
  needsCpr: boolean;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope;
  validFrom: string;
  validTo: string | null;
  /** Whether the receiver's organisation may give the role now. */
  isGivable: boolean;
  /** Whether the role is of a service that the administrator answers for there. */
  isWithinArea: boolean;
  /** Whether the unit is open and belongs to the receiver's organisation; true where there is none. */
  unitIsUsable: boolean;
};

/** Units of the receiver's organisation that take the place of the source's, by the source's code. */
export type UnitChoices = ReadonlyMap<string, ChosenUnit>;

export type PlannedRole = { role: CloneableRole; sorCode: string | null; unitName: string | null };
export type LeftOutRole = { role: CloneableRole; reason: string };
export type ClonePlan = { given: PlannedRole[]; leftOut: LeftOutRole[] };

/** Which of the chosen roles are given and where, and which are left out and why. */
export function planClone(
  roles: readonly CloneableRole[],
  chosenIds: readonly number[],
  units: UnitChoices,
  organisationName: string,
): ClonePlan {
  const plan: ClonePlan = { given: [], leftOut: [] };
  const places = new Map<string, string | null>();
  for (const role of roles.filter((one) => chosenIds.includes(one.assignmentId))) {
    const leaveOut = (reason: string): void => void plan.leftOut.push({ role, reason });
    const unit = role.sorCode === null ? undefined : units.get(role.sorCode);
    const placed = placeOf(role, unit);
    if (!role.isGivable) leaveOut(`${organisationName} kan ikke tildele rollen nu.`);
    else if (!role.isWithinArea) leaveOut('Rollen hører til en service uden for dit ansvarsområde.');
    else if (typeof placed === 'string') leaveOut(placed);
    else {
      const place = `${role.roleId} ${placed.sorCode}`;
      // Two units of the source in one unit here would be the same role twice; the same unit at other times is not.
      if (places.has(place) && places.get(place) !== role.sorCode)
        leaveOut('Samme rolle og enhed er valgt én gang til.');
      else plan.given.push({ role, ...placed });
      places.set(place, role.sorCode);
    }
  }
  return plan;
}

function placeOf(
  role: CloneableRole,
  chosen: ChosenUnit | undefined,
): { sorCode: string | null; unitName: string | null } | string {
  if (role.unitIsUsable) return { sorCode: role.sorCode, unitName: role.unitName };
  if (chosen === undefined) return 'SOR-enheden kan ikke bruges her, og der er ikke valgt en anden.';
  return faultOfUnit(chosen) ?? { sorCode: chosen.code, unitName: chosen.unit?.name ?? null };
}
