import type { Section } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { formatCvr, formatNumber } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Figures, Recipient } from './recipients.queries.ts';

/** One mail to a person about all organisations that they administer. */
export function halfYearlyMail(
  mailing: MailSetting,
  person: Recipient,
  organisations: readonly Figures[],
  dormantDays: number,
): OutgoingMail {
  return mailOf(mailing, 'halfYearly.reminder', {
    to: { name: fullName(person), address: person.email },
    values: { dage: formatNumber(dormantDays), servicedesk: mailing.contact.email },
    sections: organisations.map((one) => sectionOf(one, dormantDays, mailing.sebadminOrigin)),
    url: new URL('/', mailing.sebadminOrigin),
  });
}

/** How one organisation stands. */
export function sectionOf(organisation: Figures, dormantDays: number, origin: string): Section {
  const { name, cvr, users, roles, locked, dormant, organisationAdministrators: heads } = organisation;
  const isAlone = heads < 2;
  return {
    heading: `${name} (CVR ${formatCvr(cvr)})`,
    facts: [
      ['Brugere', formatNumber(users)],
      ['Tildelte roller', formatNumber(roles)],
      ['Spærrede brugere', formatNumber(locked)],
      [`Uden login i ${formatNumber(dormantDays)} dage`, formatNumber(dormant)],
      ['Organisationsadministratorer', formatNumber(heads)],
    ],
    ...(isAlone
      ? {
          notice: 'Organisationen har færre end to organisationsadministratorer. Udpeg en til, så I aldrig står uden.',
        }
      : {}),
    link: { label: `Se brugerne i ${name}`, url: new URL(`/organisationer/${cvr}/brugere`, origin) },
  };
}
