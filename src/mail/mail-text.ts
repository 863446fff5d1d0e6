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
  contact: MailContact;
};

/** Both forms of a mail in SEB's layout. Values that people typed stay on one line, so that none can pose as our text. */
export function writeMail(views: Views, { kind, to, subject, link, contact, ...content }: MailContent): OutgoingMail {
  const model = {
    subject,
    greeting: greetingOf(to.name),
    paragraphs: content.paragraphs.map(oneLine),
    facts: (content.facts ?? []).map(([label, value]) => ({ label, value: oneLine(value) })),
    link: link ? { label: link.label, url: link.url.href } : null,
    closing: (content.closing ?? []).map(oneLine),
    contact,
  };
  return { kind, to, subject, text: asText(model), html: views.render('mail/message', model) };
}

type MailModel = {
  greeting: string;
  paragraphs: string[];
  facts: { label: string; value: string }[];
  link: { label: string; url: string } | null;
  closing: string[];
  contact: MailContact;
};

function greetingOf(name: string): string {
  const firstLine = oneLine(name);
  return firstLine === '' ? 'Hej' : `Hej ${firstLine}`;
}

function asText({ greeting, paragraphs, facts, link, closing, contact }: MailModel): string {
  const blocks = [
    greeting,
    ...paragraphs,
    facts.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    link ? `${link.label}:\n${link.url}` : '',
    ...closing,
    ['Venlig hilsen', 'SEB – Sundhedsvæsenets Elektroniske Brugerstyring'].join('\n'),
    ['Servicedesk', contact.email, contact.phone, contact.hours].join('\n'),
    'Denne mail er sendt automatisk og kan ikke besvares.',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
