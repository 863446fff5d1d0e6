import type { Tx } from '../db/access.ts';
import { listSystemOwners } from '../emergency-locks/emergency-locks.queries.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
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
  const mails: OutgoingMail[] = systemRoles.length === 0 ? [] : await tellSystemOwners(tx, user, by, mailing);
  for (const { organisationId, organisationName, cvr, kind } of administrations) {
    const told = await listOrganisationAdministrators(tx, organisationId);
    for (const person of told.filter(({ userId }) => userId !== by.userId)) {
      const role = administratorNames[kind].toLowerCase();
      mails.push(
        mailOf(mailing, 'administrator.ended', {
          to: { name: fullName(person), address: person.email },
          values: { bruger: fullName(user), rolle: role, organisation: organisationName },
          facts: [
            ['Brugerorganisation', organisationName],
            ['Ændret af', by.name],
            ['Tidspunkt', formatDateTime(new Date())],
          ],
          url: new URL(`/organisationer/${cvr}/brugere?administrator=alle`, mailing.sebadminOrigin),
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
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const owners = await listSystemOwners(tx);
  return owners
    .filter(({ userId }) => userId !== by.userId)
    .map((person) =>
      mailOf(mailing, 'systemRole.ended', {
        to: { name: fullName(person), address: person.email },
        values: { person: fullName(user) },
        facts: [
          ['Ændret af', by.name],
          ['Tidspunkt', formatDateTime(new Date())],
        ],
        url: new URL('/system/systemroller', mailing.sebadminOrigin),
      }),
    );
}
