import type { Tx } from '../db/access.ts';
import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
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
  return mailsTo(tx, concerned, mailing, ({ users }) => ({
    kind: 'service.retirement',
    subject: `Udfases i SEB: ${retiring.name}`,
    paragraphs: [
      `Fra ${danishDay(day)} kan ${what} ikke længere tildeles. ${successor === null ? 'Der er ingen afløser.' : `Den afløses af ${successor}.`}`,
      users === 0
        ? 'Ingen brugere i organisationen har den i dag.'
        : `${counted(users, 'bruger', 'brugere')} i organisationen har den i dag og beholder den, til I fjerner den.`,
    ],
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
  return mailsTo(tx, concerned, mailing, () => ({
    kind: 'service.retirementCancelled',
    subject: `Udfases alligevel ikke i SEB: ${retiring.name}`,
    paragraphs: [`Systemejeren har besluttet, at ${what} alligevel ikke udfases. Den kan tildeles som før.`],
  }));
}

type Words = { kind: string; subject: string; paragraphs: string[] };

async function mailsTo(
  tx: Tx,
  concerned: Concerned[],
  { views, contact, sebadminOrigin }: MailSetting,
  wordsFor: (organisation: Concerned) => Words,
): Promise<OutgoingMail[]> {
  const byId = new Map(concerned.map((organisation) => [organisation.id, organisation]));
  const people = await listAdministratorsOfMany(tx, [...byId.keys()]);
  return people.flatMap((person) => {
    const organisation = byId.get(person.organisationId);
    if (organisation === undefined) return [];
    return [
      writeMail(views, {
        ...wordsFor(organisation),
        to: { name: fullName(person), address: person.email },
        facts: [['Brugerorganisation', organisation.name]],
        link: {
          label: 'Se organisationens rettigheder til roller',
          url: new URL(`/organisationer/${organisation.cvr}/rettigheder`, sebadminOrigin),
        },
        closing: ['Du får denne mail, fordi du er organisationsadministrator.'],
        contact,
      }),
    ];
  });
}
