import type { Views } from '../http/views.ts';
import type { Fact, Paragraph } from './mail-template.ts';
import type { OutgoingMail } from './outgoing-mail.ts';
import { oneLine } from './recipient.ts';

/** Who to turn to, as the configuration names it. */
export type MailContact = { email: string; phone: string; hours: string };

type Link = { label: string; url: URL };

/** Facts under a heading of their own, for mails about several things. */
export type Section = { heading: string; facts: readonly Fact[]; notice?: string; link?: Link };

/** What one mail says; both of its forms, text and HTML, are made of it, so that they cannot differ. */
export type MailContent = {
  kind: string;
  to: OutgoingMail['to'];
  subject: string;
  paragraphs: readonly Paragraph[];
  facts?: readonly Fact[];
  sections?: readonly Section[];
  link?: Link;
  /** What comes after facts and link. */
  closing?: readonly Paragraph[];
  /** For mails that were subscribed to. */
  unsubscribe?: URL;
  contact: MailContact;
};

/** Both forms of a mail in SEB's layout. Values that people typed stay on one line, so that none can pose as our text. */
export function writeMail(views: Views, { kind, to, contact, ...content }: MailContent): OutgoingMail {
  const subject = oneLine(content.subject);
  const model: MailModel = {
    subject,
    greeting: greetingOf(to.name),
    paragraphs: content.paragraphs.map(paragraphModel),
    facts: (content.facts ?? []).map(factModel),
    sections: (content.sections ?? []).map(sectionModel),
    link: linkModel(content.link),
    closing: (content.closing ?? []).map(paragraphModel),
    unsubscribe: content.unsubscribe?.href ?? null,
    contact,
  };
  const unsubscribe = model.unsubscribe === null ? {} : { unsubscribeUrl: model.unsubscribe };
  return { kind, to, subject, text: asText(model), html: views.render('mail/message', model), ...unsubscribe };
}

type ParagraphModel = { text: string | null; items: string[] };
type FactModel = { label: string; value: string };
type LinkModel = { label: string; url: string } | null;
type SectionModel = { heading: string; facts: FactModel[]; notice: string | null; link: LinkModel };

type MailModel = {
  subject: string;
  greeting: string;
  paragraphs: ParagraphModel[];
  facts: FactModel[];
  sections: SectionModel[];
  link: LinkModel;
  closing: ParagraphModel[];
  unsubscribe: string | null;
  contact: MailContact;
};

function greetingOf(name: string): string {
  const firstLine = oneLine(name);
  return firstLine === '' ? 'Hej' : `Hej ${firstLine}`;
}

function paragraphModel(paragraph: Paragraph): ParagraphModel {
  return typeof paragraph === 'string'
    ? { text: oneLine(paragraph), items: [] }
    : { text: null, items: paragraph.map(oneLine) };
}

function factModel([label, value]: Fact): FactModel {
  return { label, value: oneLine(value) };
}

function linkModel(link: Link | undefined): LinkModel {
  return link ? { label: link.label, url: link.url.href } : null;
}

function sectionModel({ heading, facts, notice, link }: Section): SectionModel {
  return {
    heading: oneLine(heading),
    facts: facts.map(factModel),
    notice: notice === undefined ? null : oneLine(notice),
    link: linkModel(link),
  };
}

function asText({ greeting, paragraphs, facts, sections, link, closing, unsubscribe, contact }: MailModel): string {
  const blocks = [
    greeting,
    ...paragraphs.map(paragraphText),
    factsText(facts),
    ...sections.flatMap(sectionText),
    linkText(link),
    ...closing.map(paragraphText),
    unsubscribe === null ? '' : `Afmeld mails som denne:\n${unsubscribe}`,
    ['Venlig hilsen', 'SEB – Sundhedsvæsenets Elektroniske Brugerstyring'].join('\n'),
    ['Servicedesk', contact.email, contact.phone, contact.hours].join('\n'),
    'Denne mail er sendt automatisk og kan ikke besvares.',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function paragraphText({ text, items }: ParagraphModel): string {
  return text ?? items.map((item) => `- ${item}`).join('\n');
}

function factsText(facts: readonly FactModel[]): string {
  return facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
}

function sectionText({ heading, facts, notice, link }: SectionModel): string[] {
  return [`${heading}\n${'-'.repeat(heading.length)}\n${factsText(facts)}`, notice ?? '', linkText(link)];
}

function linkText(link: LinkModel): string {
  return link ? `${link.label}:\n${link.url}` : '';
}
