import type { Section } from './mail-text.ts';
import { writeMail } from './mail-text.ts';
import type { MailText, Values } from './mail-template.ts';
import { fillLine, fillText } from './mail-template.ts';
import type { OutgoingMail } from './outgoing-mail.ts';
import type { MailWriting } from './template-mail.ts';
import type { TemplateName } from './templates.ts';
import { templateOf } from './templates.ts';

/** A text as it would be sent, with made-up data: for its preview and for the test of all texts. */
export function exampleMail(
  { views, contact }: Pick<MailWriting, 'views' | 'contact'>,
  name: TemplateName,
  text: MailText,
  origins: { sebadmin: string; sebanmod: string },
): OutgoingMail {
  const { placeholders, facts, isForEmployee = false } = templateOf(name);
  const origin = isForEmployee ? origins.sebanmod : origins.sebadmin;
  const values: Values = Object.fromEntries(
    Object.entries(placeholders).map(([placeholder, { example }]) => [placeholder, example]),
  );
  const url = new URL('/', origin);
  return writeMail(views, {
    kind: name,
    to: receiverOf(name, isForEmployee),
    subject: fillLine(text.subject, values),
    paragraphs: fillText(text.opening, values),
    facts,
    sections: name === 'halfYearly.reminder' ? exampleSections(origin) : [],
    ...(text.link === '' ? {} : { link: { label: text.link, url } }),
    closing: fillText(text.closing, values),
    ...(name.startsWith('status.') && name !== 'status.confirm'
      ? { unsubscribe: new URL('/drift/afmeld/eksempel', origin) }
      : {}),
    contact,
  });
}

function receiverOf(name: TemplateName, isForEmployee: boolean): OutgoingMail['to'] {
  if (name.startsWith('status.')) return { name: '', address: 'drift@region-eksempel.example' };
  if (isForEmployee) return { name: 'Ida Bøgh Madsen', address: 'ida.madsen@region-eksempel.example' };
  return { name: 'Åse Østergård', address: 'aase@region-eksempel.example' };
}

function exampleSections(origin: string): Section[] {
  const link = (name: string) => ({ label: `Se brugerne i ${name}`, url: new URL('/organisationer', origin) });
  return [
    {
      heading: 'Region Eksempel (CVR 39 91 00 12)',
      facts: [
        ['Brugere', '1.204'],
        ['Tildelte roller', '6.310'],
        ['Spærrede brugere', '17'],
        ['Uden login i 180 dage', '88'],
        ['Organisationsadministratorer', '2'],
      ],
      link: link('Region Eksempel'),
    },
    {
      heading: 'Klinik Fjordblik ApS (CVR 39 91 00 55)',
      facts: [
        ['Brugere', '4'],
        ['Tildelte roller', '9'],
        ['Spærrede brugere', '0'],
        ['Uden login i 180 dage', '1'],
        ['Organisationsadministratorer', '1'],
      ],
      notice: 'Organisationen har færre end to organisationsadministratorer. Udpeg en til, så I aldrig står uden.',
      link: link('Klinik Fjordblik ApS'),
    },
  ];
}
