import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { SystemRoleKind } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { SystemRoleHolder } from './system-role.ts';
import { systemRoleNames } from './system-role.ts';

type Person = { userId: number; firstName: string; lastName: string; email: string };
type About = { person: Person; organisationName: string; kind: SystemRoleKind; isGiven: boolean; by: string };

/** To the person, and to all system owners: who may see and keep everything is no secret among them. */
export function systemRoleMails(
  { person, organisationName, kind, isGiven, by }: About,
  holders: readonly SystemRoleHolder[],
  { views, contact, sebadminOrigin }: MailSetting,
): OutgoingMail[] {
  const role = systemRoleNames[kind].toLowerCase();
  const name = fullName(person);
  const owners = holders.filter((one) => one.kind === 'SYSTEM_OWNER' && one.userId !== person.userId);
  const write = (to: Person, subject: string, text: string): OutgoingMail =>
    writeMail(views, {
      kind: 'systemRole.changed',
      to: { name: fullName(to), address: to.email },
      subject,
      paragraphs: [text],
      facts: [
        ['Person', name],
        ['Brugerorganisation', organisationName],
        ['Ændret af', by],
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      link: { label: 'Se systemrollerne', url: new URL('/system/systemroller', sebadminOrigin) },
      closing: ['Er det ikke aftalt, så kontakt servicedesk og de andre systemejere med det samme.'],
      contact,
    });
  const gained = isGiven ? 'har fået' : 'har ikke længere';
  return [
    write(person, 'Din systemrolle i SEB er ændret', `Du ${gained} rollen ${role} i SEB.`),
    ...owners.map((owner) => write(owner, 'En systemrolle i SEB er ændret', `${name} ${gained} rollen ${role} i SEB.`)),
  ];
}
