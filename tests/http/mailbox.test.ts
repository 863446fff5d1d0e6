import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HtmlValidate } from 'html-validate';
import { createTransport } from 'nodemailer';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linked } from '../../src/demo/mailbox/mail-pages.ts';
import { openMailStore } from '../../src/demo/mailbox/mail-store.ts';
import { mailboxSite } from '../../src/demo/mailbox/site.ts';
import { receiveMail } from '../../src/demo/mailbox/smtp.ts';

let dir: string;
let smtp: Awaited<ReturnType<typeof receiveMail>>;
let app: ReturnType<typeof mailboxSite>;
let firstId: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'seb-mailbox-'));
  const store = await openMailStore(dir);
  smtp = await receiveMail(store, 0, '127.0.0.1');
  app = mailboxSite(store);
  await send({
    subject: 'Rolle tildelt: blåbærgrød',
    to: 'Åse Østergård <aase@example.dk>',
    text: 'Se http://seb.test/a?b=1.',
  });
  await send({
    subject: '',
    to: 'lars@example.dk',
    bcc: 'skjult@example.dk',
    html: '<script>alert(1)</script><p>Hej</p>',
  });
  const { body } = await request(app).get('/messages.json?q=blåbær');
  firstId = body[0].id;
});

afterAll(async () => {
  await smtp.close();
  await rm(dir, { recursive: true });
});

describe('the mailbox', () => {
  it('keeps what is sent to it, newest first', async () => {
    const { body } = await request(app).get('/messages.json').expect(200);
    expect(body).toMatchObject([
      { subject: '', to: ['lars@example.dk', 'skjult@example.dk'] },
      { subject: 'Rolle tildelt: blåbærgrød', to: ['Åse Østergård <aase@example.dk>'], from: 'SEB <seb@example.dk>' },
    ]);
  });

  it('finds mails by recipient, subject and text, in Danish', async () => {
    const { text } = await request(app).get('/').query({ q: 'BLÅBÆR østergård' }).expect(200);
    expect(text).toContain('1 mail<');
    expect((await request(app).get('/').query({ q: 'findes ikke' })).text).toContain('Ingen mails passer');
  });

  it('shows a mail with its addresses as links', async () => {
    const { text } = await request(app).get(`/messages/${firstId}`).expect(200);
    expect(text).toContain('<a href="http://seb.test/a?b=1">http://seb.test/a?b=1</a>.');
    await request(app).get(`/messages/${firstId}/text`).expect(200, 'Se http://seb.test/a?b=1.');
  });

  it('shows HTML where no script runs', async () => {
    const { body } = await request(app).get('/messages.json?q=lars');
    const page = await request(app).get(`/messages/${body[0].id}`);
    expect(page.text).toContain('sandbox=');
    const { headers } = await request(app).get(`/messages/${body[0].id}/html`).expect(200);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox allow-popups/);
    expect(headers['content-security-policy']).not.toContain('script-src');
  });

  it('remembers its mails when it is started again', async () => {
    const again = await openMailStore(dir);
    expect(again.search('').map(({ subject }) => subject)).toEqual(['', 'Rolle tildelt: blåbærgrød']);
  });

  it('serves valid pages, and says what is not there', async () => {
    await request(app).get('/health').expect(200, 'ok');
    await request(app).get('/messages/unknown').expect(404);
    await request(app).get('/messages/..%2f..%2fetc').expect(404);
    const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'long-title': 'off' } });
    for (const address of ['/', '/?side=99', '/?q=intet', `/messages/${firstId}`]) {
      const { text } = await request(app).get(address).expect(200);
      const report = await validator.validateString(text);
      expect(report.results.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([]);
    }
  });
});

describe('web addresses in a text', () => {
  it('become links without the punctuation behind them', () => {
    expect(linked('Se (https://a.dk/b).').map(({ href }) => href)).toEqual([null, 'https://a.dk/b', null]);
    expect(linked('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)', href: null }]);
  });
});

async function send(mail: { subject: string; to: string; text?: string; html?: string; bcc?: string }): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtp.port, secure: false, ignoreTLS: true });
  await transport.sendMail({ from: 'SEB <seb@example.dk>', ...mail });
  transport.close();
}
