import path from 'node:path';
import { expect, it } from 'vitest';
import { loadViews } from '../../src/http/views.ts';
import * as messages from '../../src/mail/messages.ts';
import { deliveredTexts } from '../../src/mail/templates.ts';

const views = loadViews(path.resolve(import.meta.dirname, '../../views'), { strict: true });

const about = {
  to: { name: 'Åse Østergård', address: 'aase@region.example' },
  personName: 'Åse Østergård',
  organisationName: 'Region Ærø & Ø',
  changedBy: 'Søren Nørgård',
  at: new Date('2026-11-21T13:14:00Z'),
};
const mailing = {
  views,
  contact: { email: 'servicedesk@sundhedsdata.dk', phone: '+45 3332 3900', hours: 'Hverdage kl. 8-16' },
  texts: deliveredTexts,
};
const linked = { ...about, baseUrl: new URL('https://sebadmin.example'), path: '/organisations/12345678/users/7/log' };

const mails = {
  emailChanged: messages.emailChangedMail(mailing, {
    ...about,
    newAddressHint: messages.addressHint('ny@region.example'),
  }),
  ridChanged: messages.ridChangedMail(mailing, about),
  ridChangedNotice: messages.ridChangedNoticeMail(mailing, linked),
  confirmEmail: messages.confirmEmailMail(mailing, { ...linked, path: '/account/email/confirm?token=a-b_C1' }),
};

it('tells the old address when and by whom the address was changed, and a hint of the new one', () => {
  expect(mails.emailChanged.subject).toBe('Din e-mailadresse i SEB er ændret');
  expect(mails.emailChanged.text).toContain(
    'Brugerorganisation: Region Ærø & Ø\nÆndret af: Søren Nørgård\nTidspunkt: 21-11-2026 kl. 14.14\nNy e-mailadresse: n…@region.example',
  );
  const without = messages.emailChangedMail(mailing, about);
  expect(without.text).not.toContain('Ny e-mailadresse');
});

it('leads the organisationsadministrator to the user’s change log', () => {
  expect(mails.ridChangedNotice.text).toContain('\nhttps://sebadmin.example/organisations/12345678/users/7/log\n');
  expect(mails.ridChangedNotice.html).toContain('href="https://sebadmin.example/organisations/12345678/users/7/log"');
});

it('carries the token of the confirmation unchanged and says how long it counts', () => {
  expect(mails.confirmEmail.text).toContain('\nhttps://sebadmin.example/account/email/confirm?token=a-b_C1\n');
  expect(mails.confirmEmail.text).toContain('24 timer');
});

it.each(['https://evil.example/x', '//evil.example/x', '\\\\evil.example'])('refuses to link to %s', (elsewhere) => {
  expect(() => messages.ridChangedNoticeMail(mailing, { ...linked, path: elsewhere })).toThrow(
    'only link to the portal',
  );
});

it('shows names as text and on one line, whatever they hold', () => {
  const personName = '<script>alert(1)</script>\n\nRing til 12345678 <%= it.x %>';
  const mail = messages.ridChangedMail(mailing, {
    ...about,
    personName,
    to: { name: personName, address: about.to.address },
  });
  expect(mail.html).not.toContain('<script');
  expect(mail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; Ring til 12345678 &lt;%= it.x %&gt;');
  expect(mail.text.split('\n')[0]).toBe('Hej <script>alert(1)</script> Ring til 12345678 <%= it.x %>');
});
