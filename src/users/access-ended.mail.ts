import type { Tx } from '../db/access.ts';
import { listSystemOwners } from '../emergency-locks/emergency-locks.queries.ts';
import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { EndedAccess } from './end-access.changes.ts';
import { administratorNames } from './user.ts';
import type { MailSetting } from './users.changes.ts';
import { listOrganisationAdministrators } from './users.queries.ts';

type By = { userId: number | null; name: string };

/** Whoever lost an administration with their access: told to the organisationsadministratorer of each organisation. */
export async function tellOfEndedAdministrations(
  tx: Tx,
  user: { firstName: string; lastName: string },
  { administrations, systemRoles }: Pick<EndedAccess, 'administrations' | 'systemRoles'>,
  by: By,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const { views, contact, sebadminOrigin } = mailing;
  const mails: OutgoingMail[] = systemRoles.length === 0 ? [] : await tellSystemOwners(tx, user, by, mailing);
  for (const { organisationId, organisationName, cvr, kind } of administrations) {
    const told = await listOrganisationAdministrators(tx, organisationId);
    for (const person of told.filter(({ userId }) => userId !== by.userId)) {
      const role = administratorNames[kind].toLowerCase();
      mails.push(
        writeMail(views, {
          kind: 'administrator.ended',
          to: { name: fullName(person), address: person.email },
          subject: 'En administrator er fjernet i SEB',
          paragraphs: [
            `${fullName(user)} er ikke længere ${role} i ${organisationName}, fordi brugeren er slettet eller fratrådt.`,
          ],
          facts: [
            ['Brugerorganisation', organisationName],
            ['Ændret af', by.name],
            ['Tidspunkt', formatDateTime(new Date())],
          ],
          link: {
            label: 'Se organisationens administratorer',
            url: new URL(`/organisationer/${cvr}/brugere?administrator=alle`, sebadminOrigin),
          },
          closing: ['Er det ikke aftalt, så kontakt servicedesk med det samme.'],
          contact,
        }),
      );
    }
  }
  return mails;
}

async function tellSystemOwners(
  tx: Tx,
  user: { firstName: string; lastName: string },
  by: By,
  { views, contact, sebadminOrigin }: MailSetting,
): Promise<OutgoingMail[]> {
  const owners = await listSystemOwners(tx);
  return owners
    .filter(({ userId }) => userId !== by.userId)
    .map((person) =>
      writeMail(views, {
        kind: 'systemRole.changed',
        to: { name: fullName(person), address: person.email },
        subject: 'En systemrolle i SEB er ændret',
        paragraphs: [
          `${fullName(user)} har ikke længere en systemrolle i SEB, fordi brugeren er slettet eller fratrådt.`,
        ],
        facts: [
          ['Ændret af', by.name],
          ['Tidspunkt', formatDateTime(new Date())],
        ],
        link: { label: 'Se systemrollerne', url: new URL('/system/systemroller', sebadminOrigin) },
        closing: ['Er det ikke aftalt, så kontakt servicedesk med det samme.'],
        contact,
      }),
    );
}
