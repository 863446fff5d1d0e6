import type { MailContent } from '../mail/mail-text.ts';
import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Concern, Kind, Period, Severity } from './status-message.ts';
import { concernText, effects, kindNames, periodText } from './status-message.ts';

/** What the subscribers are told of a message. */
export type Told = Concern &
  Period & { id: number; title: string; kind: Kind; severity: Severity; body: string | null };

export type Occasion = 'published' | 'updated' | 'ended' | 'cancelled' | 'over';

const openings: Record<Occasion, (what: string) => string> = {
  published: (what) => what,
  updated: (what) => `Opdateret: ${what}`,
  ended: (what) => `Slut: ${what}`,
  cancelled: (what) => `Aflyst: ${what}`,
  over: (what) => `Overstået: ${what}`,
};

/** One mail for all subscribers; `code` stands where each one's own unsubscribe code is to be. */
export function statusMail(
  { views, contact, sebadminOrigin }: MailSetting,
  told: Told,
  occasion: Occasion,
  code: string,
): OutgoingMail {
  const what = `${kindNames[told.kind]}: ${told.title}`;
  const content: MailContent = {
    kind: `status.${occasion}`,
    to: { name: '', address: '' },
    subject: `SEB – ${openings[occasion](what)}`,
    paragraphs: paragraphsOf(told, occasion),
    facts: [
      ['Gælder', concernText(told)],
      ['Periode', periodText(told)],
      ...(occasion === 'published' || occasion === 'updated' ? [['Virkning', effects[told.severity]] as const] : []),
    ],
    link: { label: 'Se driftsmeddelelsen', url: new URL(`/drift/${told.id}`, sebadminOrigin) },
    closing: ['Du får denne mail, fordi adressen er tilmeldt driftsmeddelelser fra SEB.'],
    unsubscribe: unsubscribeUrl(sebadminOrigin, code),
    contact,
  };
  return writeMail(views, content);
}

export function unsubscribeUrl(origin: string, code: string): URL {
  return new URL(`/drift/afmeld/${code}`, origin);
}

function paragraphsOf({ title, body, kind }: Told, occasion: Occasion): string[] {
  const text = body === null ? [] : body.split(/\n+/).filter((line) => line.trim() !== '');
  const what = kind === 'WINDOW' ? 'Servicevinduet' : 'Driftsmeddelelsen';
  if (occasion === 'cancelled') return [`${what} “${title}” er aflyst.`, ...text];
  if (occasion === 'over') return [`${what} “${title}” er overstået.`];
  return text;
}

/** To an address that somebody typed: only who reads its mails can say yes. */
export function confirmSubscriptionMail(
  { views, contact }: Pick<MailSetting, 'views' | 'contact'>,
  { address, origin, token }: { address: string; origin: string; token: string },
): OutgoingMail {
  return writeMail(views, {
    kind: 'status.confirm',
    to: { name: '', address },
    subject: 'Bekræft din tilmelding til driftsmeddelelser fra SEB',
    paragraphs: ['Nogen, sikkert dig, har bedt om, at denne adresse får driftsmeddelelser fra SEB.'],
    link: { label: 'Bekræft tilmeldingen', url: new URL(`/drift/bekraeft/${token}`, origin) },
    closing: [
      'Linket virker i 48 timer. Har du ikke bedt om det, skal du ikke gøre noget: så får du ikke flere mails, og adressen bliver slettet.',
    ],
    contact,
  });
}
