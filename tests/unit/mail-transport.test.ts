import { afterEach, describe, expect, it } from 'vitest';
import { parseSender, plainMailAddress } from '../../src/mail/recipient.ts';
import type { MailSettings, StoredMail } from '../../src/mail/transport.ts';
import { createMailTransport, MailRefused, RecipientRefused } from '../../src/mail/transport.ts';
import { startDrippingSmtp, startSmtp } from '../support/smtp.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const mail: StoredMail = {
  messageId: '<1@seb>',
  toName: 'Åse Østergård',
  toAddress: 'aase@region.example',
  subject: 'Ændret',
  text: 'Hej',
  html: '<p>Hej</p>',
};

function transportTo(smtpUrl: string, settings: Partial<MailSettings> = {}) {
  const transport = createMailTransport({ smtpUrl, mailFrom: 'SEB <ingen-svar@seb.example>', ...settings });
  cleanUps.push(transport.close);
  return transport;
}

async function mailServer(behaviour: Parameters<typeof startSmtp>[0] = {}) {
  const smtp = await startSmtp(behaviour);
  cleanUps.push(() => smtp.close());
  return smtp;
}

describe('an address', () => {
  it.each([
    ['aase.oestergaard+seb@region-eksempel.example', 'aase.oestergaard+seb@region-eksempel.example'],
    ["o'hara@sub.region.dk", "o'hara@sub.region.dk"],
    ['post@børnehuset.dk', 'post@xn--brnehuset-l8a.dk'],
  ])('%s is taken as %s', (given, taken) => {
    expect(plainMailAddress(given)).toBe(taken);
  });

  it.each([
    'a@x.dk\r\nBcc: evil@evil.example',
    'a@alfa.dk(c).evil.example',
    'a@x.dk, b@x.dk',
    'a@x.dk;b@x.dk',
    '"a b"@x.dk',
    '"a@evil.example"@x.dk',
    'SEB <a@x.dk>',
    'group:a@x.dk;',
    'a@b@x.dk',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@localhost',
    'a@x.dk ',
    'a..b@x.dk',
    'a@x．dk',
    'a@x.dk\u0000',
    'a@ev%69l.example',
    `${'a'.repeat(65)}@x.dk`,
    `a@${'x.'.repeat(130)}dk`,
    '@x.dk',
    '',
  ])('%j is none', (given) => {
    expect(plainMailAddress(given)).toBeNull();
  });

  it('of the sender comes from the setting, with or without a name', () => {
    expect(parseSender('SEB <ingen-svar@seb.dk>')).toEqual({ name: 'SEB', address: 'ingen-svar@seb.dk' });
    expect(parseSender('ingen-svar@seb.dk')).toEqual({ name: '', address: 'ingen-svar@seb.dk' });
    expect(() => parseSender('SEB')).toThrow('MAIL_FROM');
  });
});

describe('the transport', () => {
  it('sends to one recipient, however the name and the subject are written', async () => {
    const smtp = await mailServer();
    const tricky = {
      toName: 'Åse, "x" <evil@evil.example>\r\nBcc: evil@evil.example',
      subject: 'Hej\r\nBcc: evil@evil.example',
    };
    await transportTo(smtp.url).send({ ...mail, ...tricky });
    const [received] = smtp.received;
    expect(received?.recipients).toEqual(['aase@region.example']);
    expect(received?.mail.to?.map(({ address }) => address)).toEqual(['aase@region.example']);
    expect(received?.mail.bcc ?? []).toEqual([]);
    expect(received?.mail.subject).toBe('Hej Bcc: evil@evil.example');
    expect(received?.mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  });

  it('refuses an address that is not plain before it reaches the server', async () => {
    const smtp = await mailServer();
    const sent = transportTo(smtp.url).send({ ...mail, toAddress: 'a@x.dk, b@x.dk' });
    await expect(sent).rejects.toBeInstanceOf(RecipientRefused);
    expect(smtp.received).toEqual([]);
  });

  it.each([
    [550, true],
    [553, true],
    [450, false],
  ])('takes %i for a recipient as final: %s', async (code, final) => {
    const smtp = await mailServer({ refuse: () => ({ code, text: 'no' }) });
    const fault: unknown = await transportTo(smtp.url)
      .send(mail)
      .catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Error);
    expect(fault instanceof RecipientRefused).toBe(final);
  });

  it.each([
    ['5.7.1 relaying denied', false],
    ['5.1.1 no such user', true],
    ['no such user', true],
  ])('takes 550 %s for the recipient’s fault: %s', async (text, theirs) => {
    const smtp = await mailServer({ refuse: () => ({ code: 550, text }) });
    const fault: unknown = await transportTo(smtp.url)
      .send(mail)
      .catch((error: unknown) => error);
    expect(fault instanceof RecipientRefused).toBe(theirs);
    if (fault instanceof RecipientRefused)
      expect(fault.byServer).toEqual({ status: text.startsWith('5') ? '5.1.1' : null });
  });

  it('takes a 5xx to the mail itself as final, and blames nobody', async () => {
    const smtp = await mailServer({
      beforeAccept: () => Promise.reject(Object.assign(new Error('5.3.4 too big'), { responseCode: 552 })),
    });
    await expect(transportTo(smtp.url).send(mail)).rejects.toBeInstanceOf(MailRefused);
  });

  it('asks for reports about a lost mail at the address for it, under the mail’s own number', async () => {
    const smtp = await mailServer();
    await transportTo(smtp.url, { mailBounceAddress: 'retur@seb.example' }).send(mail);
    expect(smtp.received[0]?.from).toBe('retur@seb.example');
    expect(smtp.received[0]?.mail.from?.address).toBe('ingen-svar@seb.example');
    expect(smtp.received[0]?.dsn).toEqual({ ret: 'HDRS', envid: '1@seb' });
  });

  it.each([
    ['https://sebadmin.example/drift/afmeld/x', '<https://sebadmin.example/drift/afmeld/x>'],
    ['https://x.example/\r\nBcc: evil@evil.example', undefined],
    ['https://x.example/>, <https://evil.example/', undefined],
    [null, undefined],
  ])('lets mail programs unsubscribe by themselves at %j alone', async (unsubscribeUrl, header) => {
    const smtp = await mailServer();
    await transportTo(smtp.url).send({ ...mail, unsubscribeUrl });
    const { headers } = smtp.received[0]?.mail ?? { headers: [] };
    const valueOf = (key: string) => headers.find((one) => one.key === key)?.value;
    expect(valueOf('list-unsubscribe')).toBe(header);
    expect(valueOf('list-unsubscribe-post')).toBe(header && 'List-Unsubscribe=One-Click');
    expect(valueOf('bcc')).toBeUndefined();
  });

  it('gives up on a server that is never silent and never done', async () => {
    const dripping = await startDrippingSmtp();
    cleanUps.push(() => dripping.close());
    const sent = transportTo(dripping.url, { patience: { silence: 2_000, wholeMail: 400 } }).send(mail);
    await expect(sent).rejects.toThrow(/aborted|timeout/i);
  });

  it('fails a mail under way when it is closed', async () => {
    const dripping = await startDrippingSmtp();
    cleanUps.push(() => dripping.close());
    const transport = transportTo(dripping.url);
    const sent = transport.send(mail);
    setTimeout(transport.close, 200);
    await expect(sent).rejects.toThrow(/closed/);
  });
});
