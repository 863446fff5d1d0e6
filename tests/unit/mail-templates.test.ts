import path from 'node:path';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { loadViews } from '../../src/http/views.ts';
import { exampleMail } from '../../src/mail/example-mail.ts';
import type { MailText } from '../../src/mail/mail-template.ts';
import { faultsOf, fillLine, fillText } from '../../src/mail/mail-template.ts';
import { mailOf } from '../../src/mail/template-mail.ts';
import { deliveredTexts, templateNames, templateOf, textsInForce } from '../../src/mail/templates.ts';

const views = loadViews(path.resolve(import.meta.dirname, '../../views'), { strict: true });
const contact = { email: 'servicedesk@sundhedsdata.dk', phone: '+45 3332 3900', hours: 'Hverdage kl. 8-16' };
const origins = { sebadmin: 'https://sebadmin.example', sebanmod: 'https://sebanmod.example' };
// Outlook knows no layout but tables, and its width must stand in a comment that only it reads.
const validator = new HtmlValidate({
  extends: ['html-validate:standard'],
  rules: { 'long-title': 'off', 'no-conditional-comment': 'off' },
});

describe.each(templateNames)('the mail %s', (name) => {
  const mail = exampleMail({ views, contact }, name, deliveredTexts(name), origins);

  it('reads as whole Danish text in both forms, and tells neither RID nor CPR', () => {
    expect(mail.text).toMatch(/^Hej( (Åse Østergård|Ida Bøgh Madsen))?\n\n/);
    for (const form of [mail.text, mail.html]) {
      expect(form).toContain('SEB – Sundhedsvæsenets Elektroniske Brugerstyring');
      expect(form).toContain('+45 3332 3900');
      expect(form).not.toMatch(/<%|%>|undefined|null|\[object|&amp;amp;|\bRID\b|CPR/);
    }
    expect(`${mail.subject}${mail.text}`).not.toMatch(/[{}]/);
  });

  it('has no tags or entities in the text form, and loads nothing in the other', () => {
    expect(mail.text).not.toMatch(/<[a-z/!]|&[a-z#0-9]+;/i);
    expect(mail.text).not.toMatch(/\n{3}/);
    expect(mail.html).toContain('<html lang="da">');
    expect(mail.html).not.toMatch(/<(?:img|script|link|iframe|object)\b|url\(|@import|\ssrc=/i);
  });

  it('says the same in both forms, word by word', () => {
    expect(wordsOf(textOfHtml(mail.html))).toEqual(wordsOf(`${mail.subject}\n${textOfText(mail.text)}`));
  });

  it('can be saved as it was delivered', () => {
    const { text, placeholders } = templateOf(name);
    expect(faultsOf(templateOf(name), text)).toEqual({});
    const used = Object.values(text).join(' ');
    for (const placeholder of Object.keys(placeholders).filter((one) => placeholders[one]?.isRequired))
      expect(used).toContain(`{${placeholder}}`);
  });
});

// One layout holds them all: these have every part of it.
it.each(['email.changed', 'status.cancelled', 'halfYearly.reminder'] as const)('%s is valid HTML', async (name) => {
  const { html } = exampleMail({ views, contact }, name, deliveredTexts(name), origins);
  const report = await validator.validateString(html);
  expect(
    report.results.flatMap(({ messages: found }) => found.map(({ message, line }) => `${line}: ${message}`)),
  ).toEqual([]);
});

/** What a reader sees of the HTML form, without the lines that only it has. */
function textOfHtml(html: string): string {
  const body = html
    .replace(/^.*<body[^>]*>/s, '')
    .replace(/<!--.*?-->/gs, '')
    .replace(/<td class="head.*?<\/td>/s, '')
    .replace(/Virker linket ikke, så kopiér denne adresse til din browser:/, '');
  // An address behind a label is written out in the text form.
  const linked = body.replace(
    /<a class="plain" href="([^"]*)"[^>]*>([^<]*)<\/a>/g,
    (_all, href: string, label: string) => (label === href ? label : `${label} ${href}`),
  );
  return linked
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function textOfText(text: string): string {
  return text.replace(/^-+$/gm, '').replace(/^- /gm, '');
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).flatMap((word) => word.replace(/:$/, '') || []);
}

describe('a text', () => {
  const template = templateOf('email.changed');
  const faults = (change: Partial<MailText>) => faultsOf(template, { ...template.text, ...change });

  it.each([
    [{ opening: '{bruger} er {ukendt}' }, 'opening', 'Pladsholderen {ukendt} findes ikke'],
    [{ opening: 'Adressen er ændret' }, 'opening', 'skal indeholde {bruger}'],
    [{ opening: '{bruger} <b>er ændret</b>' }, 'opening', 'ren tekst'],
    [{ opening: '{bruger} &nbsp; er ændret' }, 'opening', 'ren tekst'],
    [{ opening: '{bruger} [klik](https://evil.example)' }, 'opening', 'ren tekst'],
    [{ opening: '{bruger} https://evil.example' }, 'opening', 'ren tekst'],
    [{ opening: '{bruger} WWW.evil.example' }, 'opening', 'ren tekst'],
    [{ opening: '{bruger} {' }, 'opening', 'brug ikke { og }'],
    [{ opening: '{bruger} {{bruger}}' }, 'opening', 'brug ikke { og }'],
    [{ opening: `{bruger} ${'x'.repeat(4000)}` }, 'opening', '4.000 tegn'],
    [{ subject: '' }, 'subject', 'Skriv emnet'],
    [{ subject: 'x'.repeat(151) }, 'subject', '150 tegn'],
    [{ subject: '{bruger-navn}' }, 'subject', 'findes ikke'],
    [{ link: 'Log på' }, 'link', 'intet link'],
    [{ closing: 'x'.repeat(2001) }, 'closing', '2.000 tegn'],
    [{ opening: '{constructor} {bruger}' }, 'opening', 'findes ikke'],
  ] as const)('%j is refused', (change, field, message) => {
    expect(faults(change)).toEqual({ [field]: expect.stringContaining(message) });
  });

  it('is told that lines stand in a paragraph of their own, and that a link needs its words', () => {
    const changed = templateOf('administrator.changed');
    expect(faultsOf(changed, { ...changed.text, opening: 'Se {ændringer}' }).opening).toContain('stå alene');
    expect(faultsOf(changed, { ...changed.text, link: '' }).link).toBe('Skriv linkets tekst');
    expect(faultsOf(changed, { ...changed.text, opening: 'Hør her:\n\n{ændringer}\n\nHilsen os' })).toEqual({});
  });

  it('is filled once: what a value holds is no placeholder and no markup', () => {
    const values = { bruger: '{organisation} $& <b>', organisation: 'Region' };
    expect(fillLine('{bruger}, {organisation}, {andet}', values)).toBe('{organisation} $& <b>, Region, {andet}');
  });

  it('becomes paragraphs and lists, without those that are empty', () => {
    const source = 'En\nlinje til\n\n{intet}\n\nListe:\n- et\n- {to}\n\n{flere}';
    expect(fillText(source, { intet: '', to: 'to', flere: ['a', '', 'b'] })).toEqual([
      'En linje til',
      'Liste:',
      ['et', 'to'],
      'a',
      'b',
    ]);
  });

  it('that is saved counts field by field, and a restored one is as delivered', () => {
    const delivered = deliveredTexts('email.changed');
    const texts = textsInForce([
      { name: 'email.changed', value: { subject: 'Nyt emne', opening: 7 } },
      { name: 'rid.changed', value: null },
      { name: 'unknown.mail', value: { subject: 'x' } },
    ]);
    expect(texts('email.changed')).toEqual({ ...delivered, subject: 'Nyt emne' });
    expect(texts('rid.changed')).toEqual(deliveredTexts('rid.changed'));
    const mail = mailOf({ views, contact, texts }, 'email.changed', {
      to: { name: 'Åse', address: 'aase@region.example' },
      values: { bruger: 'Åse\r\nBcc: x@evil.example', organisation: 'Region' },
    });
    expect(mail).toMatchObject({ kind: 'email.changed', subject: 'Nyt emne' });
    expect(mail.text).toContain('for Åse Bcc: x@evil.example i SEB');
  });
});
