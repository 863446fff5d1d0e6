import type { Tx } from '../db/access.ts';
import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { User } from '../users/user.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';
import type { EmergencyLock, Outcome } from './emergency-lock.ts';
import type { Address } from './emergency-locks.queries.ts';
import { listSystemOwners } from './emergency-locks.queries.ts';

type About<Lock> = { organisation: Organisation; user: User; lock: Lock; by: string };

/** At once to the organisationsadministratorer (but the locked one) and to the system owner. */
export async function lockedMails(
  tx: Tx,
  { organisation, user, lock, by }: About<EmergencyLock>,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const name = fullName(user);
  const administrators = (await listOrganisationAdministrators(tx, organisation.id)).filter(isAnother(user));
  const owners = (await listSystemOwners(tx)).filter(isAnother(user));
  const alone =
    administrators.length === 0 && user.administratorKind === 'ORGANISATION'
      ? ['Organisationen har ingen anden organisationsadministrator, så kun systemejeren kan afgøre nødspærringen.']
      : [];
  return once([...administrators, ...owners]).map((person) =>
    writeMail(mailing.views, {
      kind: 'user.emergencyLocked',
      to: { name: fullName(person), address: person.email },
      subject: 'En bruger er nødspærret i SEB',
      paragraphs: [
        `Servicedesk har nødspærret ${name} i ${organisation.name}. Brugeren er logget af og kan ikke logge på.`,
        `Spærringen ophører af sig selv ${lock.endsAt}, hvis ingen bekræfter den. En organisationsadministrator kan bekræfte den, så brugeren forbliver spærret, eller ophæve den.`,
        ...alone,
      ],
      facts: [
        ['Bruger', name],
        ['Brugerorganisation', organisation.name],
        ['Sagsnummer', lock.caseNumber],
        ['Begrundelse', lock.reason],
        ['Spærret af', by],
        ['Tidspunkt', lock.lockedAt],
        ['Ophører', lock.endsAt],
      ],
      link: { label: 'Se og afgør nødspærringen', url: pageOf(organisation, user, mailing) },
      closing: ['Kender du ikke til sagen, så ring til servicedesk.'],
      contact: mailing.contact,
    }),
  );
}

const endings: Record<Outcome, { subject: string; text: (name: string) => string }> = {
  CONFIRMED: {
    subject: 'En nødspærring i SEB er bekræftet',
    text: (name) => `${name} er fortsat spærret, nu uden slutdato, til en administrator låser op.`,
  },
  LIFTED: {
    subject: 'En nødspærring i SEB er ophævet',
    text: (name) => `Nødspærringen af ${name} er ophævet.`,
  },
  EXPIRED: {
    subject: 'En nødspærring i SEB er udløbet',
    text: (name) =>
      `Nødspærringen af ${name} udløb efter 72 timer, fordi ingen bekræftede den. Er brugeren ikke spærret af en anden grund, kan brugeren logge på igen.`,
  },
};

/** How it ended, to the same people. */
export async function endedMails(
  tx: Tx,
  { organisation, user, lock, by }: About<{ caseNumber: string }>,
  outcome: Outcome,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const administrators = (await listOrganisationAdministrators(tx, organisation.id)).filter(isAnother(user));
  const owners = (await listSystemOwners(tx)).filter(isAnother(user));
  const { subject, text } = endings[outcome];
  return once([...administrators, ...owners]).map((person) =>
    writeMail(mailing.views, {
      kind: 'user.emergencyLockEnded',
      to: { name: fullName(person), address: person.email },
      subject,
      paragraphs: [text(fullName(user))],
      facts: [
        ['Bruger', fullName(user)],
        ['Brugerorganisation', organisation.name],
        ['Sagsnummer', lock.caseNumber],
        ['Afgjort af', by],
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      link: { label: 'Se brugeren', url: new URL(userPath(organisation, user), mailing.sebadminOrigin) },
      contact: mailing.contact,
    }),
  );
}

const isAnother =
  (user: { id: number }) =>
  (person: Address): boolean =>
    person.userId !== user.id;

/** Somebody who is told in two capacities is told once. */
function once(people: Address[]): Address[] {
  return [...new Map(people.map((person) => [person.userId, person])).values()];
}

function userPath({ cvr }: Organisation, { id }: User): string {
  return `/organisationer/${cvr}/brugere/${id}`;
}

function pageOf(organisation: Organisation, user: User, { sebadminOrigin }: MailSetting): URL {
  return new URL(`${userPath(organisation, user)}/noedspaerring`, sebadminOrigin);
}
