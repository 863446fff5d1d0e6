import { demoOrganisations, demoPeople, type DemoPerson } from '../demo-people.ts';
import { administratesFrom } from './administrators.ts';
import { addDays, daysBetween, lastFixedDay, onWeekday } from './calendar.ts';
import type { Job } from './job.ts';
import { jobs } from './jobs.ts';
import { mailName, makeName } from './names.ts';
import { organisationFacts, organisationKeys, type OrganisationKey } from './organisations.ts';
import { personFacts, settled } from './person-facts.ts';
import type { Random } from './random.ts';
import { makeRid } from './rid-numbers.ts';
import type { DemoUnit } from './sor-units.ts';
import type { DemoUser } from './user.ts';

export type Ground = { random: Random; today: string; units: DemoUnit[] };

/** All users that were ever created, in no particular order; users-fates.ts says what became of them. */
export function makeUsers(ground: Ground): DemoUser[] {
  const users = demoPeople.filter(({ key }) => key in personFacts).map((person) => userOfPerson(person, ground));
  for (const organisation of organisationKeys) {
    for (let number = 1; number <= organisationFacts[organisation].users; number += 1) {
      users.push(makeUser(organisation, number, users, ground));
    }
  }
  return users;
}

function userOfPerson({ key, firstName, lastName, email, rid, uuid, cvr }: DemoPerson, ground: Ground): DemoUser {
  const facts = personFacts[key] ?? {};
  const organisation = organisationOf(cvr);
  const job = jobNamed(facts.job, organisation);
  const ownUnit = ground.units.find((unit) => unit.organisation === organisation && unit.name === facts.unit);
  const unit = ownUnit ?? (job && pickUnit(job, organisation, ground));
  return {
    ...{ key, organisation, firstName, lastName, email, rid, job, unit },
    uuid: facts.isUnbound ? null : uuid,
    ...contactData(organisation, unit, ground.random),
    remark: facts.remark ?? null,
    createdAt: atOfficeHours(facts.createdOn ?? organisationFacts[organisation].since, ground.random),
    ...{ lastLogin: null, lock: null, deletedAt: null },
  };
}

function makeUser(organisation: OrganisationKey, number: number, others: DemoUser[], ground: Ground): DemoUser {
  const { random } = ground;
  const colleagues = others.filter((other) => other.organisation === organisation);
  const key = `${organisation}-${number}`;
  const { firstName, lastName } = nameOf(key, random);
  const job = jobNamed(settled[key]?.job, organisation) ?? pickJob(organisation, random);
  const unit = pickUnit(job, organisation, ground);
  return {
    ...{ key, organisation, firstName, lastName, job, unit },
    email: mailAddress(firstName, lastName, unit, colleagues, random),
    rid: untilNew(
      colleagues.map(({ rid }) => rid),
      () => makeRid(random, firstName, lastName),
    ),
    // About every eighth has never logged in.
    uuid: random.chance(0.87) || administratesFrom(key) ? random.uuid() : null,
    ...contactData(organisation, unit, random),
    remark: random.chance(0.14) ? remarkOf(job, unit, random) : null,
    createdAt: atOfficeHours(administratesFrom(key) ?? creationDay(organisation, random), random),
    ...{ lastLogin: null, lock: null, deletedAt: null },
  };
}

function organisationOf(cvr: string): OrganisationKey {
  const found = organisationKeys.find((key) => demoOrganisations[key].cvr === cvr);
  if (!found) throw new Error(`no demo organisation has the CVR number ${cvr}`);
  return found;
}

function nameOf(key: string, random: Random): { firstName: string; lastName: string } {
  const name = settled[key]?.name;
  if (name) return { firstName: name[0], lastName: name[1] };
  // A second person of a demo person's name would only confuse.
  for (;;) {
    const made = makeName(random);
    if (!demoPeople.some((person) => person.firstName === made.firstName && person.lastName === made.lastName))
      return made;
  }
}

function jobNamed(name: string | undefined, organisation: OrganisationKey): Job | null {
  return jobs[organisation].find(({ title }) => title === name) ?? null;
}

function pickJob(organisation: OrganisationKey, random: Random): Job {
  return random.pick(jobs[organisation].flatMap((job) => Array.from({ length: job.share }, () => job)));
}

function pickUnit(job: Job, organisation: OrganisationKey, { units, random, today }: Ground): DemoUnit {
  const isOpen = ({ closedOn }: DemoUnit) => closedOn === null || closedOn > today;
  const open = units.filter((unit) => unit.organisation === organisation && unit.kind === 'UNIT' && isOpen(unit));
  return random.pick(open.filter(({ path }) => job.at.test(path)));
}

function contactData(organisation: OrganisationKey, unit: DemoUnit | null, random: Random) {
  const { street, postcode, city } = unit ?? organisationFacts[organisation].address;
  const hasAddress = random.chance(0.72);
  return {
    street: hasAddress ? street : null,
    postcode: hasAddress ? postcode : null,
    city: hasAddress ? city : null,
    phone: random.chance(0.65) ? phoneNumber(random) : null,
  };
}

/** No subscriber's number begins with 10. */
function phoneNumber(random: Random): string {
  const pairs = ['10', random.digits(2), random.digits(2), random.digits(2)];
  return random.chance(0.3) ? `+45 ${pairs.join('')}` : pairs.join(' ');
}

function mailAddress(
  firstName: string,
  lastName: string,
  unit: DemoUnit,
  colleagues: DemoUser[],
  random: Random,
): string {
  const domain = organisationFacts[unit.organisation].mailDomain;
  // Wards where few have a mailbox of their own share one.
  if (random.chance(sharesMailbox.test(unit.path) ? 0.5 : 0.02)) return `${mailName(unit.name)}@${domain}`;
  const own = mailName(`${firstName} ${lastName}`);
  let number = 1;
  return untilNew(
    colleagues.map(({ email }) => email),
    () => {
      const suffix = number === 1 ? '' : String(number);
      number += 1;
      return `${own}${suffix}@${domain}`;
    },
  );
}

const sharesMailbox = /Plejecenter|Hjemmeplejen|Lægesekretariat|Konsultationen/;

function untilNew(taken: string[], make: () => string): string {
  for (;;) {
    const made = make();
    if (!taken.includes(made)) return made;
  }
}

function remarkOf(job: Job, unit: DemoUnit, random: Random): string {
  return random.pick([
    `${job.title}, ${unit.name}.`,
    `Kontaktperson for ${unit.name}.`,
    'Vikar. Ansættelsen følges op hvert halve år.',
    'Arbejder på to matrikler.',
    'Har fået nyt RID-nummer ved skift af certifikat.',
    'Deltidsansat: træffes bedst tirsdag og torsdag.',
    `Superbruger i ${unit.name}.\nUnderviser nye kolleger.`,
  ]);
}

/** Most were created in the latest years. */
function creationDay(organisation: OrganisationKey, random: Random): string {
  const { since, closedOn } = organisationFacts[organisation];
  const last = closedOn ? addDays(closedOn, -200) : lastFixedDay;
  const daysBack = Math.floor((daysBetween(since, last) - 30) * random.fraction() ** 1.4);
  return onWeekday(addDays(last, -daysBack));
}

export function atOfficeHours(day: string, random: Random): string {
  return `${day} ${String(random.whole(8, 15)).padStart(2, '0')}:${String(random.whole(0, 59)).padStart(2, '0')}`;
}
