import { addDays, daysBetween, lastFixedDay, onWeekday } from './calendar.ts';
import { giverOf, type Giver } from './givers.ts';
import { organisationFacts } from './organisations.ts';
import { personFacts } from './person-facts.ts';
import type { Random } from './random.ts';
import type { DemoUnit } from './sor-units.ts';
import type { DemoUser } from './user.ts';
import { atOfficeHours, type Ground } from './users.ts';

export type DemoAssignment = {
  user: DemoUser;
  /** "service/role" */
  role: string;
  unit: DemoUnit | null;
  scope: 'UNIT_AND_SUBUNITS' | 'UNIT_ONLY';
  from: string;
  to: string | null;
  createdAt: string;
  withdrawnAt: string | null;
  reason: string | null;
  caseNumber: string | null;
  /** Null where nobody could have given it but the agreement itself. */
  giver: Giver | null;
};

export type RoleNeeds = ReadonlyMap<string, { needsSor: boolean }>;

/** The roles that follow from people's jobs; see old-assignments.ts for what else they once had. */
export function makeAssignments(users: DemoUser[], roles: RoleNeeds, ground: Ground): DemoAssignment[] {
  return users.flatMap((user) => assignmentsOf(user, roles, ground));
}

/** The first roles are mostly given on the day when the user is created. */
export function onFirstDay({ createdAt }: DemoUser): string {
  return `${createdAt.slice(0, 10)} 16:${createdAt.slice(14)}`;
}

function assignmentsOf(user: DemoUser, roles: RoleNeeds, ground: Ground): DemoAssignment[] {
  const { random } = ground;
  // Some have been created and then forgotten.
  if (user.job === null || (random.chance(0.06) && !(user.key in personFacts))) return [];
  return rolesOfJob(user, random).flatMap((role) => {
    if (!roles.get(role)?.needsSor) return [makeAssignment(user, role, null, ground)];
    return placesFor(user, ground).map((unit) => makeAssignment(user, role, unit, ground));
  });
}

function rolesOfJob({ key, job }: DemoUser, random: Random): string[] {
  if (job === null) return [];
  // A demo person shows what the job is like.
  if (key in personFacts) return [...job.always, ...job.often, ...job.seldom.slice(0, 2)];
  return [
    ...job.always,
    ...job.often.filter(() => random.chance(0.65)),
    ...job.seldom.filter(() => random.chance(0.2)),
  ];
}

/** Mostly the own unit; now and then the one above it, or another one too. */
function placesFor({ unit, job }: DemoUser, { units, random }: Ground): DemoUnit[] {
  if (unit === null || job === null) return [];
  const above = units.find(({ code, kind }) => code === unit.parentCode && kind !== 'OWNER');
  if (above && random.chance(0.15)) return [above];
  if (!random.chance(0.12)) return [unit];
  const isNear = (one: DemoUnit) => one.kind === 'UNIT' && one.institutionCode === unit.institutionCode;
  const others = units.filter((one) => isNear(one) && one.closedOn === null && one !== unit && job.at.test(one.path));
  return others.length === 0 ? [unit] : [unit, random.pick(others)];
}

function makeAssignment(user: DemoUser, role: string, unit: DemoUnit | null, ground: Ground): DemoAssignment {
  const { random, today } = ground;
  const course = courseOf(user, givenAt(user, random), random, today);
  const giver = giverOf(user, course.createdAt);
  return {
    ...{ user, role, unit, ...course, giver },
    scope: unit === null || random.chance(0.68) ? 'UNIT_AND_SUBUNITS' : 'UNIT_ONLY',
    reason: reasonFor(user, giver, random),
    caseNumber: random.chance(0.12) ? caseNumber(course.createdAt, random) : null,
  };
}

/** Whoever gives a role to oneself has to say why. */
function reasonFor(user: DemoUser, giver: Giver | null, random: Random): string | null {
  if (giver?.user === user.key) return 'Eneste læge i lægehuset: skal bruge rollen i det daglige arbejde';
  return giver !== null && random.chance(0.25) ? random.pick(reasons) : null;
}

function givenAt(user: DemoUser, random: Random): string {
  const { createdAt, organisation, deletedAt } = user;
  const created = createdAt.slice(0, 10);
  const last = [lastFixedDay, organisationFacts[organisation].closedOn, deletedAt?.slice(0, 10)]
    .flatMap((day) => day ?? [])
    .reduce((one, other) => (one < other ? one : other));
  const days = daysBetween(created, last) - 20;
  if (days < 30 || random.chance(0.6)) return onFirstDay(user);
  return atOfficeHours(onWeekday(addDays(created, random.whole(3, days))), random);
}

type Course = Pick<DemoAssignment, 'from' | 'to' | 'createdAt' | 'withdrawnAt'>;

/** Most run on without an end; the others have ended, been taken back, begin ahead or end soon. */
function courseOf(user: DemoUser, createdAt: string, random: Random, today: string): Course {
  const running = { from: createdAt, to: null, createdAt, withdrawnAt: null };
  if (user.deletedAt !== null) return { ...running, to: user.deletedAt, withdrawnAt: user.deletedAt };
  if (organisationFacts[user.organisation].closedOn) return running;
  const kind = random.fraction();
  if (kind < 0.82) return running;
  if (kind < 0.86) return { ...running, to: `${addDays(today, random.whole(4, 190))} 00:00` };
  if (kind < 0.88) return beginningAhead(random, today);
  const end = addDays(createdAt.slice(0, 10), random.whole(40, 500));
  if (end > lastFixedDay) return running;
  if (kind < 0.94) return { ...running, to: `${end} 00:00` };
  const withdrawnAt = atOfficeHours(onWeekday(end), random);
  return { ...running, to: withdrawnAt, withdrawnAt };
}

function beginningAhead(random: Random, today: string): Course {
  const createdAt = atOfficeHours(addDays(today, -random.whole(1, 4)), random);
  return { from: `${addDays(today, random.whole(5, 50))} 00:00`, to: null, createdAt, withdrawnAt: null };
}

const reasons = [
  'Ny medarbejder i afsnittet',
  'Har skiftet afdeling',
  'Vikariat',
  'Afløser en kollega på barsel',
  'Efter aftale med afdelingsledelsen',
  'Deltager i pilotprojekt',
  'Nye opgaver fra 1. i måneden',
];

export function caseNumber(createdAt: string, random: Random): string {
  const year = createdAt.slice(0, 4);
  return random.chance(0.5) ? `${year}-${random.digits(6)}` : `SAG-${year.slice(2)}/${random.whole(1000, 9999)}`;
}
