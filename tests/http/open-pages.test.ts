import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { only } from '../support/sector.ts';

let app: App;
let visitor: Browser;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  visitor = app.browser();
  await app.rows('delete from rate_limit');
  await app.rows('delete from status_subscription');
  await app.rows('delete from mail_outbox');
});
afterAll(() => app.close());

const path = '/drift/tilmeld';
const subscribe = (email: string, more: object = {}, from = visitor): Promise<Reply> =>
  from.submit('sebanmod', path, { email, omfang: 'alt', ...more });

type Row = { email: string; confirmed_at: Date | null; concerns_all: boolean; unsubscribe_token: string };
const rows = (): Promise<Row[]> => app.rows<Row>('select * from status_subscription order by id');
type Mail = { to_address: string; text: string; html: string; unsubscribe_url: string | null; subject: string };
const mails = (): Promise<Mail[]> => app.rows<Mail>('select * from mail_outbox order by id');

async function linkIn(index = 0): Promise<string> {
  const mail = (await mails())[index];
  return new URL(/https?:\S+\/drift\/bekraeft\/\S+/.exec(mail?.text ?? '')?.[0] ?? 'missing:').pathname;
}

/** A minute later, as far as the address's earlier wishes go. */
const aMinuteLater = () => app.rows(`update status_subscription set created_at = created_at - interval '2 minutes'`);

describe('a subscription', () => {
  it('counts when its address has confirmed it, and is gone when it unsubscribes', async () => {
    const reply = await subscribe('Åse@sygehus.example'.replace('Å', 'a'));
    expect([reply.status, reply.location]).toEqual([303, '/drift']);
    expect(mainText((await visitor.get('sebanmod', '/drift')).text)).toContain(
      'Vi har sendt en mail til ase@sygehus.example',
    );
    expect(only(await rows()).confirmed_at).toBeNull();
    const mail = only(await mails());
    expect(mail.to_address).toBe('ase@sygehus.example');
    const link = await linkIn();
    // Programs that look at a mail's links confirm nothing.
    expect((await app.browser().get('sebanmod', link)).status).toBe(200);
    expect(only(await rows()).confirmed_at).toBeNull();
    expect((await app.browser().post('sebanmod', link, {})).status).toBe(303);
    expect(only(await rows()).confirmed_at).not.toBeNull();
    expect((await app.browser().post('sebanmod', link, {})).status).toBe(303);
    const leave = `/drift/afmeld/${only(await rows()).unsubscribe_token}`;
    const page = await app.browser().get('sebanmod', leave);
    expect([page.status, page.text.includes('ase@sygehus')]).toEqual([200, false]);
    expect(await rows()).toHaveLength(1);
    const left = await app.browser().post('sebanmod', leave, { 'List-Unsubscribe': 'One-Click' });
    expect([left.status, mainText(left.text)]).toEqual([200, expect.stringContaining('Adressen er afmeldt')]);
    expect([await rows(), await mails()]).toEqual([[], []]);
    const again = await app.browser().post('sebanmod', leave, {});
    expect(mainText(again.text)).toContain('ingen tilmelding bag linket');
    expect((await app.browser().post('sebanmod', link, {})).status).toBe(409);
  });

  it('is of the services chosen, and a later one takes its place', async () => {
    const services = await app.rows<{ id: number }>('select id from service order by id limit 2');
    await subscribe('valg@x.example', { omfang: 'services', service: services.map(({ id }) => String(id)) });
    await visitor.post('sebanmod', await linkIn(), {});
    expect(await app.rows('select from status_subscription_service')).toHaveLength(2);
    await aMinuteLater();
    await subscribe('VALG@x.example');
    expect(await rows()).toHaveLength(2);
    await visitor.post('sebanmod', await linkIn(1), {});
    expect(only(await rows())).toMatchObject({ email: 'VALG@x.example', concerns_all: true });
    expect(await app.rows('select from status_subscription_service')).toEqual([]);
  });

  it('tells nobody whether an address is subscribed', async () => {
    await subscribe('kendt@x.example');
    await visitor.post('sebanmod', await linkIn(), {});
    const replies = await Promise.all(
      ['kendt@x.example', 'ukendt@x.example'].map((email) => subscribe(email, {}, app.browser())),
    );
    expect(new Set(replies.map(({ status, location }) => `${status} ${location}`)).size).toBe(1);
    expect((await mails()).map(({ subject }) => subject)).toEqual(
      Array(3).fill('Bekræft din tilmelding til driftsmeddelelser fra SEB'),
    );
  });

  it('pressed twice is one mail, and a flood to one address ends at three a day without a sign', async () => {
    await subscribe('offer@x.example');
    await subscribe('offer@x.example');
    expect(await mails()).toHaveLength(1);
    for (let n = 0; n < 6; n += 1) {
      await aMinuteLater();
      expect((await subscribe(n % 2 === 0 ? 'OFFER@x.example' : 'offer@x.example')).status).toBe(303);
    }
    expect((await mails()).length).toBeLessThanOrEqual(3);
    expect((await mails()).length).toBeGreaterThan(1);
  });

  it('makes a network wait that asks for too many', async () => {
    const opened = await visitor.get('sebanmod', path);
    const form = formOf(opened.text, path);
    const statuses: number[] = [];
    for (let n = 0; n < 62; n += 1)
      statuses.push(
        (await visitor.post('sebanmod', path, { ...form.fields, email: `n${n}@x.example`, omfang: 'alt' })).status,
      );
    expect(statuses.slice(0, 60).every((status) => status === 303)).toBe(true);
    expect(statuses.slice(60)).toEqual([429, 429]);
  });

  it.each([
    'a@b.example\r\nBcc: evil@evil.example',
    'a@b.example, evil@evil.example',
    '"a b"@x.example',
    'a@b.example(c).evil.example',
    '<a@b.example>',
    'ingenting',
    '',
    'a@b.example\u0000',
  ])('is refused for the address %j, and keeps what was typed', async (email) => {
    const reply = await subscribe(email, { omfang: 'services' });
    expect(reply.status).toBe(422);
    expect(formOf(reply.text, path).fields).toMatchObject({ omfang: 'services' });
    expect([await rows(), await mails()]).toEqual([[], []]);
  });

  it('is confirmed by its own link alone, within two days', async () => {
    await subscribe('sen@x.example');
    const link = await linkIn();
    for (const token of ['x'.repeat(43), link.slice(-43).toUpperCase(), only(await rows()).unsubscribe_token]) {
      const reply = await visitor.post('sebanmod', `/drift/bekraeft/${token}`, {});
      expect([reply.status, mainText(reply.text)]).toEqual([
        409,
        expect.stringContaining('Linket virker ikke længere'),
      ]);
    }
    for (const token of ['kort', 'x'.repeat(44), '%00', `${'x'.repeat(42)}'`])
      expect((await visitor.get('sebanmod', `/drift/bekraeft/${token}`)).status).toBe(404);
    await app.rows(`update status_subscription set created_at = now() - interval '49 hours'`);
    expect((await visitor.post('sebanmod', link, {})).status).toBe(409);
    expect(only(await rows()).confirmed_at).toBeNull();
  });

  it('of one address confirmed from two mails at once is one', async () => {
    await subscribe('to@x.example');
    await aMinuteLater();
    await subscribe('to@x.example');
    const links = [await linkIn(0), await linkIn(1)];
    const replies = await Promise.all(links.map((link) => app.browser().post('sebanmod', link, {})));
    expect(replies.filter(({ status }) => status === 303).length).toBeGreaterThan(0);
    expect((await rows()).filter((row) => row.confirmed_at !== null)).toHaveLength(1);
  });
});

describe('a form that is open before login', () => {
  it('is taken from the browser it was given to, and from no other', async () => {
    const opened = await visitor.get('sebanmod', path);
    const { fields } = formOf(opened.text, path);
    const full = { ...fields, email: 'x@x.example', omfang: 'alt' };
    const other = app.browser();
    await other.get('sebanmod', path);
    const tries = [
      await visitor.postFromOtherSite('sebanmod', path, full),
      await other.post('sebanmod', path, full),
      await app.browser().post('sebanmod', path, full),
      await visitor.post('sebanmod', path, { ...full, _csrf: '' }),
      await visitor.post('sebanmod', path, { ...full, _csrf: undefined }),
      await visitor.post('sebanmod', path, { ...full, _csrf: `${String(fields._csrf)}x` }),
      await visitor.post('sebanmod', path, { ...full, _csrf: `999999999.${String(fields._csrf).split('.')[1]}` }),
      await visitor.post('sebadmin', path, full),
    ];
    expect(tries.map(({ status }) => status)).toEqual(Array(tries.length).fill(403));
    expect(mainText(tries[0]?.text ?? '')).toContain('Åbn siden igen');
    expect([await rows(), await mails()]).toEqual([[], []]);
    expect((await visitor.post('sebanmod', path, full)).status).toBe(303);
  });

  it('works for somebody who is signed in, and after their session has ended', async () => {
    const user = await app.signedIn('region-user', 'sebanmod');
    const { fields } = formOf((await user.get('sebanmod', path)).text, path);
    await app.rows('delete from web_session');
    const reply = await user.post('sebanmod', path, { ...fields, email: 'u@x.example', omfang: 'alt' });
    expect(reply.status).toBe(303);
    expect((await rows()).map(({ email }) => email)).toEqual(['u@x.example']);
  });

  it('sets its cookie on the pages that have such a form, and on no other', async () => {
    const cookies = async (where: string) =>
      (await app.browser().get('sebanmod', where)).setCookies.map((cookie) => cookie.split('=')[0]);
    expect(await cookies(path)).toEqual(['__Host-seb-form']);
    for (const where of ['/drift', '/hjaelp', '/privatliv', '/login']) expect(await cookies(where)).toEqual([]);
  });
});

describe('pages for everyone', () => {
  it('show the frame of who is signed in, and of nobody to others', async () => {
    const user = await app.signedIn('region-user', 'sebanmod');
    expect((await user.get('sebanmod', '/hjaelp')).text).toContain('Logget på som');
    expect((await visitor.get('sebanmod', '/hjaelp')).text).not.toContain('Logget på som');
  });

  it('name the support of each service that has its own, and of no other', async () => {
    const text = mainText((await visitor.get('sebanmod', '/hjaelp/kontakt')).text);
    expect(text).toContain('DNHF, Henvisningsformidlingen');
    expect(text).toMatch(/Andre services med egen support Forskermaskinen Navn Forskermaskinens support E-mail/);
    expect(text).not.toContain('DNHF Support');
    expect(text).not.toContain('Plejehjemsoversigten');
  });

  it('are not begun by a wrong method or a strange topic', async () => {
    for (const where of ['/hjaelp/findes-ikke', '/hjaelp/__proto__', '/hjaelp/%00'])
      expect((await visitor.get('sebadmin', where)).status).toBe(404);
    expect((await visitor.post('sebadmin', '/hjaelp', {})).status).toBe(404);
  });

  it('name the secret of no link in the log of requests', async () => {
    const token = 'q'.repeat(43);
    await visitor.get('sebanmod', `/drift/afmeld/${token}`);
    await visitor.get('sebanmod', `/drift/bekraeft/${token}`);
    expect(app.log.join('\n')).not.toContain(token);
  });
});
