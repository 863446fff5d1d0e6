import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { MailWriting } from '../mail/template-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Concern, Kind, Period, Severity } from './status-message.ts';
import { concernText, effects, kindNames, periodText } from './status-message.ts';

/** What the subscribers are told of a message. */
export type Told = Concern &
  Period & { id: number; title: string; kind: Kind; severity: Severity; body: string | null };

export type Occasion = 'published' | 'updated' | 'ended' | 'cancelled' | 'over';

/** One mail for all subscribers; `code` stands where each one's own unsubscribe code is to be. */
export function statusMail(mailing: MailSetting, told: Told, occasion: Occasion, code: string): OutgoingMail {
  return mailOf(mailing, `status.${occasion}` as const, {
    to: { name: '', address: '' },
    values: {
      meddelelse: `${kindNames[told.kind]}: ${told.title}`,
      overskrift: told.title,
      hvad: told.kind === 'WINDOW' ? 'Servicevinduet' : 'Driftsmeddelelsen',
      tekst: told.body === null ? [] : told.body.split(/\n+/),
    },
    facts: [
      ['Gælder', concernText(told)],
      ['Periode', periodText(told)],
      ...(occasion === 'published' || occasion === 'updated' ? [['Virkning', effects[told.severity]] as const] : []),
    ],
    url: new URL(`/drift/${told.id}`, mailing.sebadminOrigin),
    unsubscribe: unsubscribeUrl(mailing.sebadminOrigin, code),
  });
}

export function unsubscribeUrl(origin: string, code: string): URL {
  return new URL(`/drift/afmeld/${code}`, origin);
}

/** To an address that somebody typed: only who reads its mails can say yes. */
export function confirmSubscriptionMail(
  mailing: MailWriting,
  { address, origin, token }: { address: string; origin: string; token: string },
): OutgoingMail {
  return mailOf(mailing, 'status.confirm', {
    to: { name: '', address },
    values: {},
    url: new URL(`/drift/bekraeft/${token}`, origin),
  });
}
