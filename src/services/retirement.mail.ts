import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { TemplateName, ValuesOf } from '../mail/templates.ts';
import { listAdministratorsOfMany } from '../organisation-roles/recipients.queries.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { counted } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Concerned, Retiring } from './retirement.ts';
import { retiringNoun } from './retirement.ts';

type Told = { concerned: Concerned[]; day: string; successor: string | null };

/** To the organisationsadministratorer of every organisation that may give it, or has users who hold it. */
export async function retirementMails(
  tx: Tx,
  retiring: Retiring,
  { concerned, day, successor }: Told,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const what = retiringNoun(retiring);
  return mailsTo(tx, concerned, mailing, ['service.retirement', retiring], ({ users }) => ({
    navn: retiring.name,
    hvad: what,
    dato: danishDay(day),
    afløser: successor === null ? 'Der er ingen afløser.' : `Den afløses af ${successor}.`,
    brugere:
      users === 0
        ? 'Ingen brugere i organisationen har den i dag.'
        : `${counted(users, 'bruger', 'brugere')} i organisationen har den i dag og beholder den, til I fjerner den.`,
  }));
}

/** To the same people: it stays after all. */
export async function cancelledMails(
  tx: Tx,
  retiring: Retiring,
  concerned: Concerned[],
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const what = retiringNoun(retiring);
  return mailsTo(tx, concerned, mailing, ['service.retirementCancelled', retiring], () => ({
    navn: retiring.name,
    hvad: what,
  }));
}

async function mailsTo<Name extends TemplateName>(
  tx: Tx,
  concerned: Concerned[],
  mailing: MailSetting,
  [template, { service, code }]: [Name, Retiring],
  valuesFor: (organisation: Concerned) => ValuesOf<Name>,
): Promise<OutgoingMail[]> {
  const byId = new Map(concerned.map((organisation) => [organisation.id, organisation]));
  const people = await listAdministratorsOfMany(tx, [...byId.keys()]);
  return people.flatMap((person) => {
    const organisation = byId.get(person.organisationId);
    if (organisation === undefined) return [];
    return [
      mailOf(mailing, template, {
        values: valuesFor(organisation),
        to: { name: fullName(person), address: person.email },
        facts: [
          ['Brugerorganisation', organisation.name],
          // Roles of different services go by the same name.
          ['Kode', service === null ? code : `${service}/${code}`],
        ],
        url: new URL(`/organisationer/${organisation.cvr}/rettigheder`, mailing.sebadminOrigin),
      }),
    ];
  });
}
