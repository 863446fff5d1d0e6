import type { Views } from '../http/views.ts';
import type { OutgoingMail } from './outgoing-mail.ts';
import { oneLine } from './recipient.ts';

/** Who to turn to, as the configuration names it. */
export type MailContact = { email: string; phone: string; hours: string };

/** What one mail says; both of its forms, text and HTML, are made of it, so that they cannot differ. */
export type MailContent = {
  kind: string;
  to: OutgoingMail['to'];
  subject: string;
  paragraphs: readonly string[];
  facts?: readonly (readonly [label: string, value: string])[];
  link?: { label: string; url: URL };
  /** What comes after facts and link. */
  closing?: readonly string[];
  /** For mails that were subscribed to. */
  unsubscribe?: URL;
  contact: MailContact;
};

/** Both forms of a mail in SEB's layout. Values that people typed stay on one line, so that none can pose as our text. */
export function writeMail(views: Views, { kind, to, link, contact, ...content }: MailContent): OutgoingMail {
  const subject = oneLine(content.subject);
  const model = {
    subject,
    greeting: greetingOf(to.name),
    paragraphs: content.paragraphs.map(oneLine),
    facts: (content.facts ?? []).map(([label, value]) => ({ label, value: oneLine(value) })),
    link: link ? { label: link.label, url: link.url.href } : null,
    closing: (content.closing ?? []).map(oneLine),
    unsubscribe: content.unsubscribe?.href ?? null,
    contact,
  };
  const unsubscribe = model.unsubscribe === null ? {} : { unsubscribeUrl: model.unsubscribe };
  return { kind, to, subject, text: asText(model), html: views.render('mail/message', model), ...unsubscribe };
}

type MailModel = {
  greeting: string;
  paragraphs: string[];
  facts: { label: string; value: string }[];
  link: { label: string; url: string } | null;
  closing: string[];
  unsubscribe: string | null;
  contact: MailContact;
};

function greetingOf(name: string): string {
  const firstLine = oneLine(name);
  return firstLine === '' ? 'Hej' : `Hej ${firstLine}`;
}

function asText({ greeting, paragraphs, facts, link, closing, unsubscribe, contact }: MailModel): string {
  const blocks = [
    greeting,
    ...paragraphs,
    facts.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    link ? `${link.label}:\n${link.url}` : '',
    ...closing,
    unsubscribe === null ? '' : `Afmeld mails som denne:\n${unsubscribe}`,
    ['Venlig hilsen', 'SEB – Sundhedsvæsenets Elektroniske Brugerstyring'].join('\n'),
    ['Servicedesk', contact.email, contact.phone, contact.hours].join('\n'),
    'Denne mail er sendt automatisk og kan ikke besvares.',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
