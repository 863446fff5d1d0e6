import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { Addressee } from '../organisations/organisation.mail.ts';
import { tellAll } from '../organisations/organisation.mail.ts';
import { fullName } from '../permissions/actor.ts';
import { formatCvr } from '../shared/text.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';

/** To the one whom the agreement names: how to begin, and until when. */
export function beginMail(
  organisation: Organisation,
  person: { firstName: string; lastName: string; email: string },
  expiresOn: string | null,
  mailing: MailSetting,
): OutgoingMail {
  const frist =
    expiresOn === null
      ? ''
      : 'Du skal logge på med den medarbejderidentitet, som aftalen nævner. Når fristen er udløbet, kan kun systemejeren give en ny: kontakt servicedesk.';
  return mailOf(mailing, 'administrator.begin', {
    to: { name: fullName(person), address: person.email },
    values: { organisation: organisation.name, frist },
    facts: [
      ['Brugerorganisation', organisation.name],
      ['CVR-nummer', formatCvr(organisation.cvr)],
      ...(expiresOn === null ? [] : [['Log på senest', expiresOn] as const]),
    ],
    url: new URL('/', mailing.sebadminOrigin),
  });
}

/** To all administrators and the agreement's contacts: the only one has left, and this one was appointed. */
export function newAdministratorMails(
  to: readonly Addressee[],
  organisation: Organisation,
  { name, oldName, reason }: { name: string; oldName: string | null; reason: string },
  mailing: MailSetting,
): OutgoingMail[] {
  const gammel = oldName === null ? '' : `${oldName} kan ikke længere logge på som administrator her.`;
  return tellAll(to, mailing, organisation, reason, [
    'administrator.appointedOnAgreement',
    { organisation: organisation.name, administrator: name, gammel },
  ]);
}
