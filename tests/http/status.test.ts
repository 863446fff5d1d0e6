import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import { encodeCursor } from '../../src/http/keyset.ts';
import { tellOfEnded } from '../../src/status/tell-ended.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { later } from '../support/clock.ts';
import { cvrs, givableRoles, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let owner: Browser;
const queued: number[] = [];

beforeAll(async () => {
  app = await startApp({
    queueMails: async (_tx, ids) => {
      queued.push(...ids);
    },
  });
  owner = await app.signedIn('system-owner');
});
beforeEach(async () => {
  await app.rows('delete from rate_limit');
  queued.length = 0;
});
afterAll(() => app.close());

const message = {
  type: 'MESSAGE',
  titel: 'Langsomme svar',
  tekst: 'Vi arbejder på sagen.',
  alvor: 'YELLOW',
  omfang: 'alt',
};

async function publish(fields: Fields = {}): Promise<number> {
  const reply = await owner.submit('sebadmin', '/system/drift/opret', { ...message, ...fields });
  if (reply.status !== 303) throw new Error(`${reply.status} ${mainText(reply.text)}`);
  return Number(/\d+$/.exec(reply.location ?? '')?.[0]);
}

function end(id: number, fields: Fields = {}): Promise<Reply> {
  const path = `/system/drift/${id}`;
  return owner.submit('sebadmin', path, { sluttekst: 'Systemet kører som normalt.', ...fields }, `${path}/afslut`);
}

async function subscriber(email: string, service: number | null = null): Promise<void> {
  await app.rows(
    `with s as (insert into status_subscription (email, confirm_digest, unsubscribe_token, concerns_all, confirmed_at)
       values ($1, $1, rpad(md5($1), 43, 'x'), $2, now()) returning id)
     insert into status_subscription_service select id, $3::int from s where $3::int is not null`,
    [email, service === null, service],
  );
}

type Mail = { to_address: string; subject: string; text: string; html: string; unsubscribe_url: string; id: number };
const mailsOf = (kind: string): Promise<Mail[]> =>
  app.rows<Mail>('select * from mail_outbox where kind = $1 order by to_address, id', [kind]);

describe('a status message', () => {
  it('is seen at once on the login page, on both front pages and on the public page, in words, until it is ended', async () => {
    const visitor = app.browser();
    const user = await app.signedIn('region-user', 'sebanmod');
    const looks = async (): Promise<string[]> => [
      mainText((await visitor.get('sebadmin', '/login')).text),
      mainText((await visitor.get('sebanmod', '/login')).text),
      mainText((await owner.get('sebadmin', '/')).text),
      mainText((await user.get('sebanmod', '/')).text),
      mainText((await visitor.get('sebanmod', '/drift')).text),
    ];
    for (const text of await looks()) expect(text).toContain('Grøn');
    const id = await publish();
    for (const text of await looks()) {
      expect(text).toMatch(/(Driftsstatus|Aktuel status): Gul/);
      expect(text).toContain('Langsomme svar');
    }
    expect((await end(id)).status).toBe(303);
    const after = await looks();
    for (const text of after) expect(text).toContain('SEB kører som normalt.');
    expect(after[0]).not.toContain('Langsomme svar');
    const thread = mainText((await visitor.get('sebadmin', `/drift/${id}`)).text);
    expect(thread).toMatch(
      /Overstået.*Systemet kører som normalt\. Opdateret: \d\d-\d\d-\d{4} kl\. \d\d\.\d\d Vi arbejder på sagen\. Oprettet: \d\d-/,
    );
  });

  it('about a service stands where its roles are given and read, and nowhere else', async () => {
    const admin = await app.signedIn('region-user-admin');
    const [role, other] = [
      ...new Map((await givableRoles(app, cvrs.region, false)).map((r) => [r.serviceId, r])).values(),
    ];
    if (role === undefined || other === undefined) throw new Error('two services are wanted');
    const id = await publish({
      omfang: 'services',
      service: [String(role.serviceId)],
      titel: 'Service nede',
      alvor: 'RED',
    });
    const bruger = only(await ordinaryUsers(app, cvrs.region, 1));
    const region = `/organisationer/${cvrs.region}`;
    const texts = async (one: typeof role) => [
      mainText((await admin.get('sebadmin', `${region}/roller/${one.id}`)).text),
      mainText(
        (await admin.get('sebadmin', `${region}/tildel-roller?bruger=${bruger}&tildelservice=${one.serviceId}`)).text,
      ),
    ];
    for (const text of await texts(role)) expect(text).toMatch(/Rød\. Driftsmeddelelse nu: Service nede/);
    for (const text of await texts(other)) expect(text).not.toContain('Service nede');
    expect(mainText((await admin.get('sebadmin', '/')).text)).toContain('SEB kører, men der er forstyrrelser på');
    await end(id);
  });

  it('with html and control characters is shown as it was typed, or refused', async () => {
    const id = await publish({ titel: '<b>fed</b> & "co"', tekst: '<script>alert(1)</script>\n\nlinje 2' });
    for (const path of ['/drift', `/drift/${id}`, '/login', '/drift/rss.xml']) {
      const { text } = await app.browser().get('sebadmin', path);
      expect(text).not.toContain('<b>fed');
      expect(text).not.toContain('<script>alert');
    }
    expect(mainText((await app.browser().get('sebadmin', `/drift/${id}`)).text)).toContain('<script>alert(1)</script>');
    for (const titel of ['a\nb', 'a\u0000b', 'a\u202eb', '']) {
      const reply = await owner.submit('sebadmin', '/system/drift/opret', { ...message, titel, tekst: 'beholdes' });
      expect(reply.status).toBe(422);
      expect(formOf(reply.text, '/system/drift/opret').fields.tekst).toBe('beholdes');
    }
    await end(id);
  });

  it('that is planned takes effect and ends by the clock, and is told over once', async () => {
    await subscriber('ur@eksempel.example');
    const id = await publish({
      type: 'WINDOW',
      titel: 'Vindue af sig selv',
      fradato: '01-02-2030',
      fratid: '13.00',
      tildato: '01-02-2030',
      tiltid: '14.00',
    });
    const visitor = app.browser();
    const read = async () => mainText((await visitor.get('sebadmin', '/drift')).text);
    expect(await read()).toMatch(/Aktuel status: Grøn.*Planlagt .*Vindue af sig selv.*Tidligere/);
    expect(
      await tellOfEnded({ database: app.database, queueMails: async () => undefined }, mailingOf(app.config)),
    ).toBe(0);
    // Only the clock moves: nobody presses anything.
    await operate(
      app,
      `update status_message set starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour' where id = ${id}`,
    );
    expect(await read()).toMatch(/I gang nu .*Vindue af sig selv.*Planlagt/);
    const login = await later(11, () => visitor.get('sebadmin', '/login'));
    expect(mainText(login.text)).toMatch(/Gul.*Servicevindue nu: Vindue af sig selv/);
    await operate(app, `update status_message set ends_at = now() - interval '1 second' where id = ${id}`);
    expect(await read()).toMatch(/Tidligere .*Vindue af sig selv Overstået/);
    const run = () => tellOfEnded({ database: app.database, queueMails: async () => undefined }, mailingOf(app.config));
    expect(await Promise.all([run(), run()]).then((told) => told.toSorted())).toEqual([0, 1]);
    expect(await run()).toBe(0);
    const [mail, ...others] = await mailsOf('status.over');
    expect([mail?.subject, others]).toEqual(['SEB – Overstået: Servicevindue: Vindue af sig selv', []]);
  });

  it('that two change at once is changed by one; the other sees it and loses nothing', async () => {
    const id = await publish();
    const path = `/system/drift/${id}`;
    const opened = await owner.get('sebadmin', path);
    const form = formOf(opened.text, path);
    const [one, two] = await Promise.all(
      ['den ene', 'den anden'].map((tekst, index) =>
        owner.post('sebadmin', path, {
          ...form.fields,
          _key: `${'0'.repeat(8)}-0000-4000-8000-00000000000${index}`,
          tekst,
        }),
      ),
    );
    expect([one?.status, two?.status].toSorted()).toEqual([303, 409]);
    const loser = one?.status === 409 ? one : two;
    expect(mainText(loser?.text ?? '')).toContain('En anden har ændret driftsmeddelelsen imens');
    expect(formOf(loser?.text ?? '', path).fields.tekst).toBe(one?.status === 409 ? 'den ene' : 'den anden');
    expect(await app.rows('select from status_update where message_id = $1', [id])).toHaveLength(2);
    expect((await end(id, { version: '1' })).status).toBe(409);
    expect((await end(id)).status).toBe(303);
    // What is over stays as it was.
    const late = await owner.post('sebadmin', path, { ...form.fields, version: '3', tekst: 'for sent' });
    expect(late.status).toBe(409);
    expect(mainText(late.text)).toContain('overstået og kan ikke ændres');
  });

  it('sent twice is published once', async () => {
    const opened = await owner.get('sebadmin', '/system/drift/opret');
    const form = formOf(opened.text, '/system/drift/opret');
    const send = () =>
      owner.post('sebadmin', '/system/drift/opret', { ...form.fields, ...message, titel: 'Kun én gang' });
    const replies = await Promise.all([send(), send()]);
    expect(new Set(replies.map(({ location }) => location)).size).toBe(1);
    expect(await app.rows(`select from status_message where title = 'Kun én gang'`)).toHaveLength(1);
    await end(Number(/\d+$/.exec(replies[0]?.location ?? '')?.[0]));
  });

  it('that was planned is called off', async () => {
    const id = await publish({
      type: 'WINDOW',
      fradato: '01-02-2030',
      fratid: '13.00',
      tildato: '01-02-2030',
      tiltid: '14.00',
    });
    expect(mainText((await owner.get('sebadmin', `/system/drift/${id}`)).text)).toContain('Aflys');
    await end(id, { sluttekst: 'Det bliver ikke til noget.' });
    expect(mainText((await app.browser().get('sebadmin', `/drift/${id}`)).text)).toContain('Aflyst');
  });

  it('about services that are not there, or about nothing, is refused by the form and by the database', async () => {
    const unknown = await owner.submit('sebadmin', '/system/drift/opret', {
      ...message,
      omfang: 'services',
      service: '2147483647',
    });
    expect(unknown.status).toBe(404);
    for (const statement of [
      `insert into status_message (kind, title, severity, concerns_all, starts_at) values ('MESSAGE', 'x', 'RED', false, now())`,
      `insert into status_message (kind, title, severity, concerns_all, starts_at) values ('WINDOW', 'x', 'RED', true, now())`,
      `insert into status_message (kind, title, severity, concerns_all, starts_at, ends_at) values ('MESSAGE', 'x', 'RED', true, now(), now())`,
      `update status_update set body = 'x'`,
      `delete from status_update`,
    ])
      await expect(operate(app, statement)).rejects.toThrow(/concerns|window_ends|ends_after_start|not allowed/);
  });
});

describe('the database', () => {
  it.each([
    `insert into status_message (kind, title, severity, concerns_all, starts_at) values ('MESSAGE', 'x', 'RED', true, now())`,
    `update status_message set title = 'x'`,
    `insert into status_update (message_id, body) select id, 'x' from status_message`,
    `insert into status_message_service select id, (select max(id) from service) from status_message where not concerns_all`,
    `insert into system_setting (name, version, value) values ('contact', 9, '{}')`,
  ])('demands an event for “%s”', async (statement) => {
    await publish({
      omfang: 'services',
      service: only(await app.rows<{ id: string }>('select id::text from service limit 1')).id,
    });
    await expect(app.rows(statement)).rejects.toThrow('without an audit event');
  });
});

describe('the history', () => {
  it('is read page by page, each message once', async () => {
    await operate(
      app,
      `insert into status_message (kind, title, severity, concerns_all, starts_at, ends_at, end_told_at)
         select 'MESSAGE', 'Gammel ' || n, 'YELLOW', true, timestamptz '2020-01-01' + (n / 3) * interval '1 day', '2020-06-01', now() from generate_series(1, 50) n;
       insert into status_update (message_id, body) select id, title from status_message where title like 'Gammel %'`,
    );
    const seen: string[] = [];
    let path: string | undefined = '/drift';
    for (let pages = 0; path !== undefined && pages < 10; pages += 1) {
      const { text }: Reply = await app.browser().get('sebadmin', path);
      seen.push(...[...text.matchAll(/\/drift\/\d+">(Gammel \d+)</g)].map(([, title]) => title ?? ''));
      path = /<a href="(\/drift\?fra=[^"]+)" rel="next"/.exec(text)?.[1];
    }
    expect(seen).toHaveLength(50);
    expect(new Set(seen).size).toBe(50);
    expect(seen.at(-1)).toMatch(/^Gammel [12]$/);
    const noDays = ['2026-02-30T00:00:00.000Z', '0000-01-01T00:00:00.000Z', '2026-01-01T24:00:00.000Z'].map((day) =>
      encodeCursor({ direction: 'after', values: [day], id: 1, page: 2 }),
    );
    for (const cursor of ['x', 'eyJ', '%00', "' or 1=1", ...noDays]) {
      const reply = await app.browser().get('sebadmin', `/drift?fra=${encodeURIComponent(cursor)}`);
      expect(reply.status).toBe(200);
    }
    for (const id of ['0', 'x', '99999999', '-1', '1e3'])
      expect((await app.browser().get('sebadmin', `/drift/${id}`)).status).toBe(404);
  });
});

describe('the feed', () => {
  it('is RSS 2.0 with one item a text, newest first, that links to the portal it is read from', async () => {
    const id = await publish({ titel: 'Til læsere & <andre>' });
    const reply = await app.browser().get('sebanmod', '/drift/rss.xml');
    expect(reply.headers['content-type']).toBe('application/rss+xml; charset=utf-8');
    const document = parseXml(reply.text);
    expect(document.filter(({ name }) => name === 'item').length).toBeGreaterThan(1);
    const texts = (name: string) => document.filter((one) => one.name === name).map(({ text }) => text);
    expect(texts('title').slice(0, 2)).toEqual(['Driftsstatus for SEB', 'Til læsere & <andre>']);
    expect(texts('link')[1]).toBe(`${app.config.sebanmodUrl.origin}/drift/${id}`);
    expect(new Set(texts('guid')).size).toBe(texts('guid').length);
    for (const date of texts('pubDate')) expect(new Date(date).toUTCString()).toBe(date);
    await end(id);
  });
});

describe('the subscribers', () => {
  it('get a mail each of what they want, with an unsubscribe link of their own, however many they are', async () => {
    const { serviceId, id: _role } = only(await givableRoles(app, cvrs.region, false));
    await app.rows('delete from status_subscription');
    await app.rows(
      `insert into status_subscription (email, confirm_digest, unsubscribe_token, concerns_all, confirmed_at)
       select 'nr' || n || '@mange.example', 'd' || n, rpad(md5(n::text), 43, 'z'), true, now() from generate_series(1, 3000) n`,
    );
    await subscriber('netop@denne.example', serviceId);
    await subscriber(
      'en@anden.example',
      (await app.rows<{ id: number }>('select max(id) as id from service where id <> $1', [serviceId]))[0]?.id ?? 0,
    );
    await app.rows(
      `insert into status_subscription (email, confirm_digest, unsubscribe_token, concerns_all) values ('ubekraeftet@x.example', 'u', repeat('u', 43), true)`,
    );
    const begun = performance.now();
    const id = await publish({ titel: 'Til mange', omfang: 'services', service: String(serviceId) });
    expect(performance.now() - begun).toBeLessThan(8_000);
    const mails = (await mailsOf('status.published')).filter(({ subject }) => subject.includes('Til mange'));
    expect(mails).toHaveLength(3001);
    expect(queued.toSorted()).toEqual(mails.map((mail) => mail.id).toSorted());
    expect(mails.map(({ to_address: to }) => to)).toContain('netop@denne.example');
    expect(mails.map(({ to_address: to }) => to)).not.toContain('en@anden.example');
    for (const mail of mails.slice(0, 50)) {
      expect(mail.text).toContain(mail.unsubscribe_url);
      expect(mail.html).toContain(mail.unsubscribe_url);
      for (const text of [mail.text, mail.html]) expect(text).not.toMatch(/@mange\.example|@denne\.example/);
    }
    expect(new Set(mails.map(({ unsubscribe_url: url }) => url)).size).toBe(3001);
    await app.rows('delete from status_subscription');
    await end(id);
  });

  it('are named in no event', async () => {
    const named = await app.rows(`select from audit_event where detail::text ~ '@(mange|denne|eksempel)\\.example'`);
    expect(named).toEqual([]);
  });
});

type Element = { name: string; text: string };

/** A strict little reader: well-formed, every element closed in order, or it throws. */
function parseXml(xml: string): Element[] {
  const found: Element[] = [];
  const open: Element[] = [];
  let at = 0;
  for (const match of xml.matchAll(/<(\?xml [^>]*\?|\/?)([\w:]*)((?:\s[\w:]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [whole, closing, name = '', , empty] = match;
    const between = xml.slice(at, match.index);
    if (/[<>]/.test(between) || /&(?!(?:amp|lt|gt|quot|apos);)/.test(between)) throw new Error(`bad text: ${between}`);
    const current = open.at(-1);
    if (current !== undefined) current.text += unescaped(between);
    at = match.index + whole.length;
    if (closing?.startsWith('?')) continue;
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      const element = { name, text: '' };
      found.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  if (open.length > 0 || xml.slice(at).trim() !== '') throw new Error('the document does not end');
  return found;
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(\w+);/g, (_whole, name: string) => entities[name] ?? '');
}
