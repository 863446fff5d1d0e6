import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { decoded, formOf, mainText } from '../support/browser.ts';
import { later } from '../support/clock.ts';
import { only, operate } from '../support/sector.ts';

let app: App;
let owner: Browser;

beforeAll(async () => {
  app = await startApp({ env: { SERVICEDESK_PHONE: '+45 11 11 11 11' } });
  owner = await app.signedIn('system-owner');
});
afterAll(() => app.close());

const contact = '/system/indstillinger/kontakt';
const privacy = '/system/indstillinger/privatliv';
const footer = async (path = '/login'): Promise<string> => {
  const { text } = await app.browser().get('sebadmin', path);
  return decoded(/<footer>.*<\/footer>/s.exec(text)?.[0] ?? '').replace(/<[^>]*>/g, ' ');
};

describe('the system owner’s settings', () => {
  it('begin as configured, and are on every page at once when they are saved', async () => {
    expect(await footer()).toContain('+45 11 11 11 11');
    const saved = await owner.submit('sebadmin', contact, {
      phone: '+45 22 22 22 22',
      hours: 'Altid',
      onCallPhone: '',
    });
    expect([saved.status, saved.location]).toEqual([303, contact]);
    for (const path of ['/login', '/drift', '/findes-ikke']) expect(await footer(path)).toContain('+45 22 22 22 22');
    const help = mainText((await app.browser().get('sebanmod', '/hjaelp/kontakt')).text);
    expect(help).toContain('+45 22 22 22 22 Altid');
    expect(help).not.toContain('Vagttelefon');
    await owner.submit('sebadmin', '/system/indstillinger/portaler', { sebadmin: 'SEB <prøve>', sebanmod: 'Til alle' });
    expect((await app.browser().get('sebadmin', '/login')).text).toContain('>SEB &lt;prøve&gt;</a>');
    const told = await app.rows<{ detail: object }>(
      `select detail from audit_event where kind = 'setting.saved' order by id`,
    );
    expect(told[0]?.detail).toMatchObject({
      version: 1,
      changes: { 'Servicedesks telefon': { from: '+45 11 11 11 11', to: '+45 22 22 22 22' } },
      texts: [],
    });
  });

  it('stand in mails too', async () => {
    const user = await app.signedIn('region-user', 'sebanmod');
    await user.submit('sebanmod', '/mine-oplysninger', { email: 'ny.adresse@region-eksempel.example' });
    const mail = only(await app.rows<{ text: string }>('select text from mail_outbox order by id desc limit 1'));
    expect(mail.text).toContain('+45 22 22 22 22');
  });

  it('reach another process within ten seconds', async () => {
    await operate(
      app,
      `insert into system_setting (name, version, value) select 'contact', max(version) + 1, '{"phone": "+45 33 33 33 33"}' from system_setting where name = 'contact'`,
    );
    expect(await later(11, footer)).toContain('+45 33 33 33 33');
  });

  it('keep every version, and show each of them', async () => {
    await owner.submit('sebadmin', privacy, { text: 'Første udgave' });
    await owner.submit('sebadmin', privacy, { text: 'Anden udgave' });
    expect(mainText((await app.browser().get('sebanmod', '/privatliv')).text)).toContain('Anden udgave');
    expect(mainText((await owner.get('sebadmin', `${privacy}/versioner/1`)).text)).toContain('Første udgave');
    expect((await owner.get('sebadmin', `${privacy}/versioner/9`)).status).toBe(404);
    expect((await owner.get('sebadmin', '/system/indstillinger/findes-ikke')).status).toBe(404);
    await expect(operate(app, `update system_setting set value = '{}'`)).rejects.toThrow(/not allowed/);
    const unchanged = await owner.submit('sebadmin', privacy, {});
    expect(unchanged.status).toBe(303);
    expect(await app.rows(`select from system_setting where name = 'privacy'`)).toHaveLength(2);
  });

  it('are previewed without being saved, with markup of pages as text', async () => {
    const text =
      '## Nyt <b>afsnit</b>\n\n<script>alert(1)</script> [link](https://sds.dk) [fup](javascript:alert(1))\n- et\n- to';
    const reply = await owner.submit('sebadmin', privacy, { text, handling: 'vis' });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('<h2 class="h3 mt-6" id="afsnit-nyt-b-afsnit-b">Nyt &lt;b&gt;afsnit&lt;/b&gt;</h2>');
    expect(reply.text).toContain('<a href="https://sds.dk">link</a>');
    expect(reply.text).not.toMatch(/<script>alert|href="javascript/);
    expect(formOf(reply.text, privacy).fields.text).toBe(text);
    expect(mainText((await app.browser().get('sebanmod', '/privatliv')).text)).not.toContain('Nyt');
  });

  it('edited by two at once are saved by one; the other sees that and keeps what was typed', async () => {
    const { fields } = formOf((await owner.get('sebadmin', privacy)).text, privacy);
    const save = (text: string, n: number) =>
      owner.post('sebadmin', privacy, { ...fields, text, _key: `00000000-0000-4000-8000-00000000000${n}` });
    const replies = await Promise.all([save('den ene', 1), save('den anden', 2)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    const loser = replies.find(({ status }) => status === 409);
    expect(mainText(loser?.text ?? '')).toContain('En anden har gemt en ny version imens');
    expect(formOf(loser?.text ?? '', privacy).fields.text).toMatch(/^den (ene|anden)$/);
    expect(formOf(loser?.text ?? '', privacy).fields.version).toBe('3');
  });

  it.each([
    ['email', 'ikke en adresse'],
    ['email', 'a@b.dk\r\nBcc: x@y.dk'],
    ['phone', 'ring!'],
    ['phone', ''],
    ['hours', 'a\u0007'],
    ['hours', 'x'.repeat(201)],
  ])('refuse a bad %s, and keep what was typed', async (field, value) => {
    const reply = await owner.submit('sebadmin', contact, { [field]: value, mailHours: 'Beholdt' });
    expect(reply.status).toBe(422);
    expect(formOf(reply.text, contact).fields.mailHours).toBe('Beholdt');
  });

  it('take no address that a browser would run', async () => {
    const path = '/system/indstillinger/adresser';
    for (const mitIdStatus of ['javascript:alert(1)', 'data:text/html,x', '//x', 'x', ''])
      expect((await owner.submit('sebadmin', path, { mitIdStatus })).status).toBe(422);
  });

  it('say when requests are passed on: from the configuration at first, rising numbers and real days', async () => {
    const path = '/system/indstillinger/anmodninger';
    expect(formOf((await owner.get('sebadmin', path)).text, path).fields).toMatchObject({
      others: '2',
      servicedesk: '6',
      daysOff: '05-06, 24-12, 31-12',
    });
    const wrong: Record<string, string>[] = [
      { others: '0' },
      { others: '5', organisationAdministrators: '4' },
      { servicedesk: '100' },
      { daysOff: '31-02' },
      { daysOff: '24/12' },
    ];
    for (const fields of wrong) expect((await owner.submit('sebadmin', path, fields)).status).toBe(422);
    const saved = await owner.submit('sebadmin', path, { others: '3', daysOff: '24-12, 04-01-2027' });
    expect(saved.status).toBe(303);
    const told = await app.rows<{ detail: object }>(
      `select detail from audit_event where kind = 'setting.saved' order by id desc limit 1`,
    );
    expect(told[0]?.detail).toMatchObject({
      changes: { 'Arbejdsdage, før de andre administratorer får besked': { from: '2', to: '3' } },
    });
  });

  it('are the servicedesk’s to read and nobody else’s', async () => {
    const desk = await app.signedIn('servicedesk');
    const page = await desk.get('sebadmin', privacy);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<textarea');
    const administrator = await app.signedIn('region-org-admin');
    expect((await administrator.get('sebadmin', privacy)).status).toBe(403);
  });
});
