import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { counted } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Fault } from './fault.ts';
import { faultText } from './fault.ts';
import { sealPath } from './audit-seal-path.ts';

type Person = { firstName: string; lastName: string; email: string };
export type ClosedDay = { day: string; events: bigint; root: string };

/** The roots of closed days, to the system owner: kept outside SEB, they tell when the log was cut. */
export function rootMails(
  { views, contact, sebadminOrigin }: MailSetting,
  owners: readonly Person[],
  closed: readonly ClosedDay[],
): OutgoingMail[] {
  const last = closed.at(-1);
  if (last === undefined) return [];
  return owners.map((owner) =>
    writeMail(views, {
      kind: 'audit.root',
      to: { name: fullName(owner), address: owner.email },
      subject: `SEB – loggen er forseglet til og med ${danishDay(last.day)}`,
      paragraphs: [
        'SEB har forseglet loggen. Gem denne mail uden for SEB: med roden herunder kan I senere bevise, at intet er fjernet fra loggen.',
      ],
      facts: closed.map(({ day, events, root }) => [
        `${danishDay(day)} (${counted(Number(events), 'hændelse', 'hændelser')})`,
        root,
      ]),
      link: { label: 'Kontrollér loggen', url: new URL(sealPath, sebadminOrigin) },
      closing: ['Mangler mailen en morgen, så er loggen ikke forseglet. Kontakt driften.'],
      contact,
    }),
  );
}

/** A check that found something, to the system owner. */
export function faultMails(
  { views, contact, sebadminOrigin }: MailSetting,
  owners: readonly Person[],
  faults: readonly Fault[],
): OutgoingMail[] {
  return owners.map((owner) =>
    writeMail(views, {
      kind: 'audit.faults',
      to: { name: fullName(owner), address: owner.email },
      subject: 'SEB – loggen passer ikke med sine forseglinger',
      paragraphs: [
        'SEB har kontrolleret loggen og fundet noget, der ikke passer. Kontakt driften og sikkerhedsansvarlig nu.',
      ],
      facts: faults.slice(0, 5).map((fault, index): [string, string] => [String(index + 1), faultText(fault)]),
      link: { label: 'Se kontrollen', url: new URL(sealPath, sebadminOrigin) },
      contact,
    }),
  );
}
