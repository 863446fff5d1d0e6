import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';

/** What happened to one person's administration: once as the person is told, once as the others are. */
export type Told = {
  person: { userId: number; firstName: string; lastName: string; email: string };
  toPerson: string;
  /** Null where it says no more than another line. */
  toOthers: string | null;
};

/** One mail to each person concerned, and one to each organisationsadministrator of all that happened to others. */
export async function administratorMails(
  tx: Tx,
  organisation: Organisation,
  by: string,
  told: readonly Told[],
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  if (told.length === 0) return [];
  const concerned = new Map(told.map((one) => [one.person.userId, one.person]));
  const administrators = await listOrganisationAdministrators(tx, organisation.id);
  const write = writing(organisation, by, mailing);
  return [
    ...[...concerned.values()].map((person) =>
      write(
        person,
        'administrator.changed',
        told.filter(isOf(person)).map((one) => one.toPerson),
      ),
    ),
    ...administrators.flatMap((person) => {
      const others = told.filter((one) => !isOf(person)(one)).flatMap((one) => one.toOthers ?? []);
      return others.length === 0 ? [] : [write(person, 'administrator.changedNotice', others)];
    }),
  ];
}

const isOf =
  (person: { userId: number }) =>
  (one: Told): boolean =>
    one.person.userId === person.userId;

function writing(organisation: Organisation, by: string, mailing: MailSetting) {
  return (
    person: Told['person'],
    template: 'administrator.changed' | 'administrator.changedNotice',
    changes: string[],
  ): OutgoingMail =>
    mailOf(mailing, template, {
      to: { name: fullName(person), address: person.email },
      values: { ændringer: changes },
      facts: [
        ['Brugerorganisation', organisation.name],
        ['Ændret af', by],
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      url: new URL(`/organisationer/${organisation.cvr}/administratorer`, mailing.sebadminOrigin),
    });
}
