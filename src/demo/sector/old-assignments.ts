import { caseNumber, onFirstDay, type DemoAssignment, type RoleNeeds } from './assignments.ts';
import { addDays, lastFixedDay, onWeekday } from './calendar.ts';
import { giverOf } from './givers.ts';
import { personFacts } from './person-facts.ts';
import { withdrawnRights } from './rights.ts';
import type { DemoUnit } from './sor-units.ts';
import type { DemoUser } from './user.ts';
import { atOfficeHours, type Ground } from './users.ts';

/** Roles at units that have closed since: of each three, one ended with the unit and two still stand as they were given. */
export function makeAssignmentsAtClosedUnits(users: DemoUser[], roles: RoleNeeds, { units }: Ground): DemoAssignment[] {
  const closed = units.filter(({ closedOn }) => closedOn !== null && closedOn < lastFixedDay);
  return closed.flatMap((unit, number) => {
    const staff = users.filter((user) => mayHaveWorkedAt(user, unit) && roleWithPlace(user, roles) !== null);
    // Others for each unit, where there are enough.
    const first = staff.length > 3 ? (number * 3) % (staff.length - 2) : 0;
    return staff.slice(first, first + 3).map((user, place) => ({
      ...firstDayAssignment(user, roleWithPlace(user, roles) ?? ''),
      unit,
      to: place === 0 && unit.closedOn ? `${addDays(unit.closedOn, 1)} 00:00` : null,
    }));
  });
}

/** Roles of services that the organisation may no longer give: they were taken back before the right was. */
export function makeAssignmentsOfOldRights(users: DemoUser[], { random }: Ground): DemoAssignment[] {
  return withdrawnRights.flatMap(({ organisation, exampleRole, on }) => {
    const nurses = users.filter(
      (user) => user.organisation === organisation && /sygeplejerske/i.test(user.job?.title ?? ''),
    );
    const holders = nurses.filter(({ createdAt, deletedAt }) => createdAt < addDays(on, -200) && deletedAt === null);
    return holders.slice(0, 4).map((user) => {
      const withdrawnAt = atOfficeHours(onWeekday(addDays(on, -3)), random);
      const assignment = firstDayAssignment(user, exampleRole);
      return { ...assignment, to: withdrawnAt, withdrawnAt, caseNumber: caseNumber(assignment.createdAt, random) };
    });
  });
}

function firstDayAssignment(user: DemoUser, role: string): DemoAssignment {
  const createdAt = onFirstDay(user);
  return {
    ...{
      user,
      role,
      createdAt,
      from: createdAt,
      unit: null,
      to: null,
      withdrawnAt: null,
      reason: null,
      caseNumber: null,
    },
    scope: 'UNIT_AND_SUBUNITS',
    giver: giverOf(user, createdAt),
  };
}

function mayHaveWorkedAt(user: DemoUser, unit: DemoUnit): boolean {
  return (
    user.deletedAt === null &&
    user.unit?.institutionCode === unit.institutionCode &&
    user.createdAt < addDays(unit.closedOn ?? '', -30) &&
    (user.job?.at.test(unit.path) ?? false) &&
    !(user.key in personFacts)
  );
}

function roleWithPlace({ job }: DemoUser, roles: RoleNeeds): string | null {
  return [...(job?.always ?? []), ...(job?.often ?? [])].find((role) => roles.get(role)?.needsSor) ?? null;
}
