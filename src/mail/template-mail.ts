import type { Views } from '../http/views.ts';
import type { MailContact, Section } from './mail-text.ts';
import { writeMail } from './mail-text.ts';
import type { Fact, Values } from './mail-template.ts';
import { fillLine, fillText } from './mail-template.ts';
import type { OutgoingMail } from './outgoing-mail.ts';
import type { MailTexts, TemplateName, ValuesOf } from './templates.ts';

/** What every mail is written with. */
export type MailWriting = {
  views: Views;
  contact: MailContact;
  /** The texts as the system owner has them now. */
  texts: MailTexts;
};

export type MailAbout<Name extends TemplateName> = {
  to: OutgoingMail['to'];
  values: ValuesOf<Name>;
  facts?: readonly Fact[];
  sections?: readonly Section[];
  /** Where the link leads; what it says is part of the text. */
  url?: URL;
  unsubscribe?: URL;
};

/** A mail of the catalogue in both forms: the text in force, filled with this mail's values. */
export function mailOf<Name extends TemplateName>(
  { views, contact, texts }: MailWriting,
  name: Name,
  { to, values, url, ...rest }: MailAbout<Name>,
): OutgoingMail {
  const text = texts(name);
  const filling: Values = values;
  return writeMail(views, {
    kind: name,
    to,
    subject: fillLine(text.subject, filling),
    paragraphs: fillText(text.opening, filling),
    closing: fillText(text.closing, filling),
    ...(url === undefined || text.link === '' ? {} : { link: { label: text.link, url } }),
    ...rest,
    contact,
  });
}
