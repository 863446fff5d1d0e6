import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { counted } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { sealPath } from './audit-seal-path.ts';
import type { Fault } from './fault.ts';
import { faultText } from './fault.ts';

type Person = { firstName: string; lastName: string; email: string };
export type ClosedDay = { day: string; events: bigint; root: string };

/** The root of a closed day, to the system owner: kept outside SEB, it tells when the log was cut. */
export function rootMails(
  mailing: MailSetting,
  owners: readonly Person[],
  { day, events, root }: ClosedDay,
): OutgoingMail[] {
  return owners.map((owner) =>
    mailOf(mailing, 'audit.root', {
      to: { name: fullName(owner), address: owner.email },
      values: { dag: danishDay(day) },
      facts: [[`${danishDay(day)} (${counted(Number(events), 'hændelse', 'hændelser')})`, root]],
      url: new URL(sealPath, mailing.sebadminOrigin),
    }),
  );
}

/** A check that found something, to the system owner. */
export function faultMails(mailing: MailSetting, owners: readonly Person[], faults: readonly Fault[]): OutgoingMail[] {
  return owners.map((owner) =>
    mailOf(mailing, 'audit.faults', {
      to: { name: fullName(owner), address: owner.email },
      values: { antal: `${faults.length} fejl` },
      facts: faults.slice(0, 5).map((fault, index): [string, string] => [String(index + 1), faultText(fault)]),
      url: new URL(sealPath, mailing.sebadminOrigin),
    }),
  );
}
