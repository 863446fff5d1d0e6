import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
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
  { views, contact, sebadminOrigin }: MailSetting,
): OutgoingMail {
  const name = fullName(person);
  return writeMail(views, {
    kind: 'administrator.begin',
    to: { name, address: person.email },
    subject: 'Du er organisationsadministrator i SEB',
    paragraphs: [
      `Du er udpeget som organisationsadministrator for ${organisation.name} i SEB, som jeres underskrevne aftale siger.`,
      'Sådan kommer du i gang: Åbn linket, vælg NemLog-in, og log på med dit MitID Erhverv for organisationen. Opret derefter mindst én administrator mere, de brugere, der skal have adgang, og tildel dem roller.',
    ],
    facts: [
      ['Brugerorganisation', organisation.name],
      ['CVR-nummer', formatCvr(organisation.cvr)],
      ...(expiresOn === null ? [] : [['Log på senest', expiresOn] as const]),
    ],
    link: { label: 'Log på SEB', url: new URL('/', sebadminOrigin) },
    closing: [
      ...(expiresOn === null
        ? []
        : [
            'Du skal logge på med den medarbejderidentitet, som aftalen nævner. Når fristen er udløbet, kan kun systemejeren give en ny: kontakt servicedesk.',
          ]),
      'Kender du ikke til aftalen, så kontakt servicedesk med det samme.',
    ],
    contact,
  });
}

/** To all administrators and the agreement's contacts: the only one has left, and this one was appointed. */
export function newAdministratorMails(
  to: readonly Addressee[],
  organisation: Organisation,
  { name, oldName, reason }: { name: string; oldName: string | null; reason: string },
  mailing: MailSetting,
): OutgoingMail[] {
  return tellAll(to, mailing, organisation, {
    kind: 'administrator.appointedOnAgreement',
    subject: 'Ny organisationsadministrator i SEB efter aftale',
    text: `Systemejeren har efter en nyt underskrevet aftale udpeget ${name} som organisationsadministrator for ${organisation.name}.${oldName === null ? '' : ` ${oldName} er ikke længere administrator og kan ikke logge på som det.`}`,
    reason,
  });
}
