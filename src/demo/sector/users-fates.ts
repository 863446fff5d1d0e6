import { addDays, daysBetween, lastFixedDay, onWeekday } from './calendar.ts';
import { organisationFacts } from './organisations.ts';
import { personFacts, settled } from './person-facts.ts';
import type { Random } from './random.ts';
import type { DemoUser } from './user.ts';
import { atOfficeHours, type Ground } from './users.ts';

type Fate = Pick<DemoUser, 'lock' | 'deletedAt'>;

/** Who was deleted, who is locked, and when each was last seen. */
export function decideFates(users: DemoUser[], ground: Ground): DemoUser[] {
  const fates = new Map(users.filter(mayLeave).map((user, place) => [user.key, fateAt(place, user, ground)]));
  const fated = users.map((user) => ({ ...user, ...(fates.get(user.key) ?? fateOfPerson(user, ground.random)) }));
  return withReusedRid(fated).map((user) => ({ ...user, lastLogin: lastLogin(user, ground) }));
}

/** The new have only just come. */
function mayLeave({ key, organisation, createdAt }: DemoUser): boolean {
  const isOldEnough = daysBetween(createdAt.slice(0, 10), lastFixedDay) > 400;
  return isOldEnough && !(key in personFacts) && !(key in settled) && !organisationFacts[organisation].closedOn;
}

function fateOfPerson({ key }: DemoUser, random: Random): Fate {
  const { lockedOn, lockReason, deletedOn } = personFacts[key] ?? {};
  return {
    lock: lockedOn && lockReason ? { from: atOfficeHours(lockedOn, random), until: null, reason: lockReason } : null,
    deletedAt: deletedOn ? atOfficeHours(deletedOn, random) : null,
  };
}

/** A few at even distances, so that every large organisation has some of each. */
function fateAt(place: number, user: DemoUser, { random, today }: Ground): Fate {
  if (place % 17 === 9) return { lock: null, deletedAt: atOfficeHours(deletionDay(user, random), random) };
  const leave = place % 17 === 4 ? leaves[Math.floor(place / 17) % leaves.length] : undefined;
  if (leave === undefined) return { lock: null, deletedAt: null };
  const { began, ends, reason } = leave;
  const from = `${addDays(today, began)} 00:00`;
  return { lock: { from, until: ends === null ? null : `${addDays(today, ends)} 00:00`, reason }, deletedAt: null };
}

/** In days from the day of seeding; the one that begins ahead is planned, the one that has ended locks nobody any more. */
const leaves: { began: number; ends: number | null; reason: string }[] = [
  { began: -62, ends: 203, reason: 'Barsel' },
  { began: -20, ends: 71, reason: 'Orlov' },
  { began: -140, ends: null, reason: 'Udlånt til anden arbejdsgiver' },
  { began: 12, ends: 103, reason: 'Studieorlov' },
  { began: -9, ends: null, reason: 'Afventer nyt certifikat' },
  { began: -200, ends: -18, reason: 'Barsel' },
];

function deletionDay({ createdAt }: DemoUser, random: Random): string {
  const created = createdAt.slice(0, 10);
  return onWeekday(addDays(created, random.whole(300, daysBetween(created, lastFixedDay) - 10)));
}

/** A deleted user's RID number is free again: one newer colleague has it. */
function withReusedRid(users: DemoUser[]): DemoUser[] {
  const freed = users.find(
    (user) => user.organisation === 'region' && user.deletedAt !== null && !(user.key in personFacts),
  );
  const heir = users.findLast((user) => user.organisation === 'region' && user.createdAt > (freed?.deletedAt ?? '9'));
  return users.map((user) => (freed && user.key === heir?.key ? { ...user, rid: freed.rid } : user));
}

function lastLogin(user: DemoUser, { random, today }: Ground): DemoUser['lastLogin'] {
  if (user.uuid === null) return null;
  const created = addDays(user.createdAt.slice(0, 10), 1);
  const lastDay = [user.deletedAt, user.lock?.from, organisationFacts[user.organisation].closedOn, addDays(today, -1)]
    .flatMap((moment) => (moment ? [moment.slice(0, 10)] : []))
    .reduce((one, other) => (one < other ? one : other));
  const longest = Math.max(0, Math.min(daysBetween(created, lastDay), 600));
  return {
    at: atOfficeHours(addDays(lastDay, -Math.floor(longest * random.fraction() ** 3)), random),
    provider: providerOf(user, random),
    level: random.chance(0.85) ? 'Substantial' : 'High',
    carriedCpr: random.chance(0.72),
  };
}

function providerOf({ organisation }: DemoUser, random: Random): string {
  const isLocal = random.chance(0.6);
  if (organisation === 'region' && isLocal) return 'local-region';
  return organisation === 'municipality' && isLocal ? 'local-municipality' : 'nemlog-in';
}
