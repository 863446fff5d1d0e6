import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
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
  mailing: MailSetting,
): OutgoingMail[] {
  const role = systemRoleNames[kind].toLowerCase();
  const name = fullName(person);
  const owners = holders.filter((one) => one.kind === 'SYSTEM_OWNER' && one.userId !== person.userId);
  const values = { person: name, rolle: role, status: isGiven ? 'har fået' : 'har ikke længere' };
  const write = (to: Person, template: 'systemRole.changed' | 'systemRole.changedNotice'): OutgoingMail =>
    mailOf(mailing, template, {
      to: { name: fullName(to), address: to.email },
      values,
      facts: [
        ['Person', name],
        ['Brugerorganisation', organisationName],
        ['Ændret af', by],
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      url: new URL('/system/systemroller', mailing.sebadminOrigin),
    });
  return [write(person, 'systemRole.changed'), ...owners.map((owner) => write(owner, 'systemRole.changedNotice'))];
}
