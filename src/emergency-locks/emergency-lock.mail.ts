import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
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
      ? 'Organisationen har ingen anden organisationsadministrator, så kun systemejeren kan afgøre nødspærringen.'
      : '';
  return once([...administrators, ...owners]).map((person) =>
    mailOf(mailing, 'user.emergencyLocked', {
      to: { name: fullName(person), address: person.email },
      values: { bruger: name, organisation: organisation.name, ophører: lock.endsAt, alene: alone },
      facts: [
        ['Bruger', name],
        ['Brugerorganisation', organisation.name],
        ['Sagsnummer', lock.caseNumber],
        ['Begrundelse', lock.reason],
        ['Spærret af', by],
        ['Tidspunkt', lock.lockedAt],
        ['Ophører', lock.endsAt],
      ],
      url: pageOf(organisation, user, mailing),
    }),
  );
}

const endings = {
  CONFIRMED: 'user.emergencyLockConfirmed',
  LIFTED: 'user.emergencyLockLifted',
  EXPIRED: 'user.emergencyLockExpired',
} as const satisfies Record<Outcome, string>;

/** How it ended, to the same people. */
export async function endedMails(
  tx: Tx,
  { organisation, user, lock, by }: About<{ caseNumber: string }>,
  outcome: Outcome,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const administrators = (await listOrganisationAdministrators(tx, organisation.id)).filter(isAnother(user));
  const owners = (await listSystemOwners(tx)).filter(isAnother(user));
  return once([...administrators, ...owners]).map((person) =>
    mailOf(mailing, endings[outcome], {
      to: { name: fullName(person), address: person.email },
      values: { bruger: fullName(user) },
      facts: [
        ['Bruger', fullName(user)],
        ['Brugerorganisation', organisation.name],
        ['Sagsnummer', lock.caseNumber],
        ['Afgjort af', by],
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      url: new URL(userPath(organisation, user), mailing.sebadminOrigin),
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
