import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import { runHalfYearly } from '../../src/half-yearly/run.changes.ts';
import { planOf } from '../../src/half-yearly/plan.ts';
import { removeExpired } from '../../src/jobs/expired.changes.ts';
import { readDeliveryReport } from '../../src/mail/bounces/delivery-report.ts';
import { noteReport } from '../../src/mail/bounces/bounces.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { deliveryReport } from '../support/delivery-reports.ts';
import { personOf } from '../support/people.ts';
import { cvrs, idOf, only, operate } from '../support/sector.ts';

let app: App;
let owner: Browser;
let desk: Browser;
let queued: number[] = [];
let demoEvents: string;

beforeAll(async () => {
  app = await startApp({ queueMails: async (_tx, ids) => void queued.push(...ids) });
  // The demo's own run and its mails are not what is counted here.
  await operate(
    app,
    'delete from half_yearly_recipient; delete from half_yearly_run; delete from mail_outbox; delete from undeliverable_address',
  );
  demoEvents = only(await app.rows<{ id: string }>('select max(id)::text as id from audit_event')).id;
  [owner, desk] = [await app.signedIn('system-owner'), await app.signedIn('servicedesk')];
});
afterAll(() => app.close());
beforeEach(() => (queued = []));

const eventsOf = (kind: string) =>
  app.rows<{ detail: Record<string, unknown> }>(
    'select detail from audit_event where kind = $1 and id > $2::bigint order by id',
    [kind, demoEvents],
  );

describe('Mailtekster', () => {
  const path = '/system/mailtekster/email.changed';
  const mailAfterChange = async (): Promise<{ subject: string; text: string; html: string }> => {
    const administrator = await app.signedIn('region-org-admin');
    const user = await idOf(app, 'region-user');
    const edit = `/organisationer/${cvrs.region}/brugere/${user}/rediger`;
    const email = `ny${performance.now().toFixed(0)}@region-eksempel.example`;
    expect((await administrator.submit('sebadmin', edit, { email })).status).toBe(303);
    return only(
      await app.rows<{ subject: string; text: string; html: string }>(
        `select subject, text, html from mail_outbox where kind = 'email.changed' order by id desc limit 1`,
      ),
    );
  };

  it('are saved as a version, logged, sent from then on, and restored', async () => {
    const text = {
      subject: 'Ny adresse for {bruger}',
      opening: '{bruger} i {organisation} har fået ny adresse.\n\n- et\n- to',
    };
    const saved = await owner.submit('sebadmin', path, text);
    expect([saved.status, saved.location]).toEqual([303, path]);
    const mail = await mailAfterChange();
    expect(mail.subject).toBe('Ny adresse for Søren Ægidius Nørgård');
    expect(mail.text).toContain('Søren Ægidius Nørgård i Region Eksempel har fået ny adresse.\n\n- et\n- to\n');
    expect(mail.html).toContain('<li style="margin: 0 0 6px">et</li>');

    const restored = await owner.submit('sebadmin', path, {}, `${path}/gendan`);
    expect(restored.status).toBe(303);
    expect((await mailAfterChange()).subject).toBe('Din e-mailadresse i SEB er ændret');
    expect(mainText((await desk.get('sebadmin', `${path}/versioner/1`)).text)).toContain('Ny adresse for {bruger}');
    expect(mainText((await desk.get('sebadmin', path)).text)).toContain('Version 2: standardteksten');
    expect((await eventsOf('mailText.saved')).map(({ detail }) => detail)).toEqual([
      { title: 'E-mailadressen er ændret', version: 1, fields: ['emne', 'tekst'] },
    ]);
    expect(await eventsOf('mailText.restored')).toHaveLength(1);
    await expect(operate(app, `delete from mail_template`)).rejects.toThrow(/not allowed/);
  });

  it('are previewed as text and as HTML that runs nothing, and nothing is saved', async () => {
    const typed = { subject: 'Prøve', opening: '{bruger} får "citat" & tegn' };
    const asText = await owner.submit('sebadmin', path, { ...typed, handling: 'vis' });
    expect(mainText(asText.text)).toContain('Søren Ægidius Nørgård får "citat" & tegn');
    expect(formOf(asText.text, path).fields.subject).toBe('Prøve');
    const asHtml = await owner.submit('sebadmin', path, { ...typed, handling: 'html' });
    expect(asHtml.text).toContain('får &#34;citat&#34; &amp; tegn');
    expect(asHtml.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'.*sandbox$/,
    );
    expect((await desk.get('sebadmin', `${path}/html`)).text).not.toContain('Prøve');
  });

  it('are tried by a mail to oneself alone; what was typed stays, and nothing is saved', async () => {
    const tried = await owner.submit('sebadmin', path, { subject: 'Hej {bruger}', handling: 'proev' });
    const { email } = personOf('system-owner');
    expect([tried.status, mainText(tried.text)]).toEqual([
      200,
      expect.stringContaining(`Prøven er sendt til ${email}`),
    ]);
    expect(formOf(tried.text, path).fields.subject).toBe('Hej {bruger}');
    const sent = await app.rows(
      `select to_address, subject from mail_outbox where kind = 'email.changed' and subject like 'Prøve: %'`,
    );
    expect(sent).toEqual([{ to_address: email, subject: 'Prøve: Hej Søren Ægidius Nørgård' }]);
    expect(queued).toHaveLength(1);
    expect(await eventsOf('mailText.tried')).toEqual([{ detail: { title: 'E-mailadressen er ændret' } }]);
    expect((await desk.get('sebadmin', path)).text).not.toContain('Hej {bruger}');
    const wrong = await owner.submit('sebadmin', path, { opening: '{ukendt}', handling: 'proev' });
    expect([wrong.status, queued.length]).toEqual([422, 1]);
  });

  it.each([
    [{ opening: '{bruger} {ukendt}' }, 'Pladsholderen {ukendt} findes ikke'],
    [{ opening: 'Uden navn' }, 'skal indeholde {bruger}'],
    [{ opening: '{bruger} <script>alert(1)</script>' }, 'Skriv ren tekst'],
    [{ subject: '' }, 'Skriv emnet'],
    [{ subject: 'Emne\r\nBcc: x@evil.example' }, 'tegn, der ikke kan bruges'],
    [{ closing: 'x'.repeat(2001) }, 'højst fylde 2.000 tegn'],
    [{ closing: 'x'.repeat(90_000) }, 'højst fylde'],
  ])('%j are refused, and what was typed stays', async (change, message) => {
    const reply = await owner.submit('sebadmin', path, { ...change });
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain(message);
    expect(reply.text).not.toContain('<script>alert');
  });

  it('edited by two at once are saved by one', async () => {
    const { fields } = formOf((await owner.get('sebadmin', path)).text, path);
    const save = (subject: string, n: number) =>
      owner.post('sebadmin', path, { ...fields, subject, _key: `00000000-0000-4000-8000-00000000010${n}` });
    const replies = await Promise.all([save('Den ene', 1), save('Den anden', 2)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    await owner.submit('sebadmin', path, {}, `${path}/gendan`);
  });

  it('are the servicedesk’s to read', async () => {
    expect((await desk.get('sebadmin', path)).text).not.toContain('<textarea');
    expect((await desk.post('sebadmin', path, {})).status).toBe(403);
    expect((await owner.get('sebadmin', '/system/mailtekster/findes.ikke')).status).toBe(404);
    expect((await owner.get('sebadmin', '/system/mailtekster/constructor')).status).toBe(404);
  });
});

describe('Mails, der ikke kom frem', () => {
  const path = '/system/mails';
  const write = async (address: string, more = ''): Promise<number> =>
    only(
      await app.rows<{ id: number }>(
        `insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html, attempts, failed_at, last_error)
         values ('<' || gen_random_uuid() || '@seb>', 'user.locked${more}', 'Åse', $1, 'Hemmeligt emne', 'Hemmelig tekst', 'x', 3, now(), '550 5.1.1 no such user') returning id`,
        [address],
      ),
    ).id;
  const rowOf = async (id: number) =>
    only(
      await app.rows<{ failed: boolean; givenUp: boolean; recent: boolean }>(
        `select failed_at is not null as failed, given_up_at is not null as "givenUp", tried_since > now() - interval '1 minute' as recent from mail_outbox where id = $1`,
        [id],
      ),
    );

  it('tell whom for, why and how often, and nothing of what they say', async () => {
    await write('vaek@region.example');
    const text = mainText((await desk.get('sebadmin', path)).text);
    expect(text).toContain('vaek@region.example');
    expect(text).toContain('3 forsøg');
    expect(text).toContain('550 5.1.1 no such user');
    expect(text).not.toMatch(/Hemmelig/);
    expect((await desk.get('sebadmin', path)).text).not.toContain('type="checkbox"');
    expect((await desk.post('sebadmin', path, { handling: 'sendAlle' })).status).toBe(403);
  });

  it('are sent again or given up, one or many, once each, and logged', async () => {
    const [one, two, three] = [await write('a@x.example'), await write('b@x.example'), await write('c@x.example')];
    await app.rows(`update mail_outbox set tried_since = now() - interval '3 days' where id = $1`, [one]);
    const page = formOf((await owner.get('sebadmin', path)).text, path).fields;
    const send = { ...page, mail: [String(one), String(two)], handling: 'send' };
    const replies = await Promise.all([owner.post('sebadmin', path, send), owner.post('sebadmin', path, send)]);
    expect(replies.map(({ status }) => status)).toEqual([303, 303]);
    expect(queued.toSorted()).toEqual([one, two].toSorted());
    expect(await rowOf(one)).toEqual({ failed: false, givenUp: false, recent: true });
    expect((await owner.submit('sebadmin', path, { mail: String(three), handling: 'opgiv' })).status).toBe(303);
    expect(await rowOf(three)).toMatchObject({ failed: true, givenUp: true });
    expect(mainText((await desk.get('sebadmin', `${path}?vis=opgivet`)).text)).toContain('c@x.example');
    expect((await eventsOf('mail.resent')).at(-1)?.detail).toMatchObject({ mails: 2 });
    expect((await eventsOf('mail.givenUp')).at(-1)?.detail).toMatchObject({ mails: 1 });
  });

  it('can be sent all at once; one that is not failed is left alone', async () => {
    const sent = await write('sendt@x.example');
    await app.rows(`update mail_outbox set failed_at = null, sent_at = now() where id = $1`, [sent]);
    const id = await write('d@x.example');
    await owner.submit('sebadmin', path, { handling: 'sendAlle' });
    expect(queued).toContain(id);
    expect(queued).not.toContain(sent);
    expect(mainText((await owner.get('sebadmin', path)).text)).toContain('mails venter på at blive sendt');
  });

  it.each([
    [{ handling: 'send' }, 'Vælg mindst én mail'],
    [{ handling: 'slet', mail: '1' }, 'sendes igen eller opgives'],
    [{ handling: 'send', mail: 'x' }, 'Vælg mails på listen'],
  ])('%j is refused', async (fields, message) => {
    await write('e@x.example');
    const reply = await owner.submit('sebadmin', path, fields);
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain(message);
  });
});

describe('A mail that comes back', () => {
  it('marks the address wherever it is shown, until the address changes', async () => {
    const administrator = await app.signedIn('region-org-admin');
    const id = await idOf(app, 'region-user-admin');
    const { email } = only(await app.rows<{ email: string }>('select email from app_user where id = $1', [id]));
    const { message } = only(
      await app.rows<{ message: string }>(
        `insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html, sent_at)
         values ('<' || gen_random_uuid() || '@seb>', 'email.changed', 'x', upper($1), 'x', 'x', 'x', now()) returning message_id as message`,
        [email],
      ),
    );
    const report = await readDeliveryReport(deliveryReport({ messageId: message }));
    expect(report && (await noteReport(app.database, report))).toBe('marked');
    expect(report && (await noteReport(app.database, report))).toBe('known');

    const list = `/organisationer/${cvrs.region}/administratorer`;
    const told = 'adressen findes ikke hos modtagerens mailserver';
    expect(mainText((await administrator.get('sebadmin', list)).text)).toContain(told);
    const page = `/organisationer/${cvrs.region}/brugere/${id}`;
    expect(mainText((await administrator.get('sebadmin', page)).text)).toContain(told);
    for (const portal of ['sebadmin', 'sebanmod'] as const) {
      const own = await app.signedIn('region-user-admin', portal);
      expect(mainText((await own.get(portal, '/mine-oplysninger')).text)).toContain(told);
    }
    const own = await app.signedIn('region-user-admin', 'sebanmod');
    expect(mainText((await own.get('sebanmod', '/')).text)).toContain(told);
    expect(mainText((await owner.get('sebadmin', '/system/mails')).text)).toContain('Kom retur: 5.1.1');

    await administrator.submit('sebadmin', `${page}/rediger`, { email: 'rettet@region-eksempel.example' });
    expect(mainText((await administrator.get('sebadmin', page)).text)).not.toContain(told);
    expect(mainText((await administrator.get('sebadmin', list)).text)).not.toContain(told);
  });

  it('is forgotten when a later one stayed away for five days', async () => {
    const write = (address: string, daysAgo: number) =>
      app.rows(
        `insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html, sent_at)
         values ('<' || gen_random_uuid() || '@seb>', 'x', 'x', $1, 'x', 'x', 'x', now() - $2::int * interval '1 day')`,
        [address, daysAgo],
      );
    await app.rows(
      `insert into undeliverable_address (address, how, failed_at) values ('igen@x.example', 'BOUNCED', now() - interval '9 days'),
        ('nylig@x.example', 'BOUNCED', now() - interval '9 days'), ('aldrig@x.example', 'BOUNCED', now() - interval '9 days')`,
    );
    await write('Igen@x.example', 6);
    await write('nylig@x.example', 2);
    await removeExpired(app.database);
    const left = await app.rows<{ address: string }>(
      `select address from undeliverable_address where address like '%@x.example' order by 1`,
    );
    expect(left.map(({ address }) => address)).toEqual(['aldrig@x.example', 'nylig@x.example']);
  });
});

describe('Den halvårlige meddelelse', () => {
  const path = '/system/halvaarlig';
  const plan = planOf({ months: '10', day: '1', hour: '8', dormantDays: '180' }, undefined);
  const due = new Date('2026-10-02T08:00:00Z');
  const run = (now = due) =>
    runHalfYearly(
      { database: app.database, queueMails: async (_tx, ids) => void queued.push(...ids) },
      mailingOf(app.config),
      plan,
      now,
    );
  const runs = () => app.rows<{ id: number }>('select id from half_yearly_run order by id');

  it('goes once to each active administrator when its day has come, however often and by how many it is looked at', async () => {
    expect(await run(new Date('2026-09-30T08:00:00Z'))).toBe(0);
    const written = await Promise.all([run(), run()]);
    const { people } = only(
      await app.rows<{ people: number }>(
        `select count(distinct a.user_id)::int as people from administrator a join organisation o on o.id = a.organisation_id
           join app_user u on u.id = a.user_id join organisation h on h.id = u.organisation_id
         where a.kind <> 'READ_ONLY' and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now()) and o.closed_at is null
           and h.closed_at is null and u.deleted_at is null and (u.locked_from is null or u.locked_from > now() or u.locked_until <= now())`,
      ),
    );
    expect(written.reduce((sum, count) => sum + count, 0)).toBe(people);
    expect(await run()).toBe(0);
    expect(await runs()).toHaveLength(1);
    const mails = await app.rows<{ to: string; count: number }>(
      `select to_address as to, count(*)::int as count from mail_outbox where kind = 'halfYearly.reminder' group by 1, to_name having count(*) > 1`,
    );
    expect(mails).toEqual([]);
    expect(queued).toHaveLength(people);
    expect((await eventsOf('halfYearly.started')).map(({ detail }) => detail)).toEqual([
      { runId: only(await runs()).id, plannedFor: '2026-10-01', recipients: people },
    ]);
    expect((await eventsOf('halfYearly.ended')).map(({ detail }) => detail)).toMatchObject([
      { mails: people, leftOut: 0 },
    ]);
  });

  it('tells an administrator of two organisations about both, with the figures that the database has', async () => {
    const mail = only(
      await app.rows<{ text: string }>(
        `select m.text from mail_outbox m where kind = 'halfYearly.reminder' and to_name = 'Camilla Lindholm Juul'`,
      ),
    );
    const figures = only(
      await app.rows<{ users: number; roles: number; locked: number; dormant: number }>(
        `select (select count(*)::int from app_user u where u.organisation_id = o.id and u.deleted_at is null) as users,
           (select count(*)::int from role_assignment g where g.organisation_id = o.id and g.withdrawn_at is null and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())) as roles,
           (select count(*)::int from app_user u where u.organisation_id = o.id and u.deleted_at is null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now())) as locked,
           (select count(*)::int from app_user u left join user_login l on l.user_id = u.id where u.organisation_id = o.id and u.deleted_at is null and coalesce(l.last_login_at, u.created_at) < now() - interval '180 days') as dormant
         from organisation o where o.cvr = $1`,
        [cvrs.region],
      ),
    );
    const number = (value: number): string => value.toLocaleString('da-DK');
    expect(mail.text).toMatch(/Region Eksempel \(CVR [\d ]+\)\n-+\n/);
    expect(mail.text).toMatch(/Klinik Fjordblik ApS \(CVR [\d ]+\)\n-+\n/);
    expect(mail.text).toContain(
      `Brugere: ${number(figures.users)}\nTildelte roller: ${number(figures.roles)}\nSpærrede brugere: ${number(figures.locked)}\nUden login i 180 dage: ${number(figures.dormant)}\n`,
    );
    expect(mail.text).toContain(`/organisationer/${cvrs.region}/brugere\n`);
    const alone = only(
      await app.rows<{ text: string }>(
        `select text from mail_outbox where kind = 'halfYearly.reminder' and to_name = 'Anders Øland'`,
      ),
    );
    expect(alone.text).toContain('færre end to organisationsadministratorer');
  });

  it('goes on where a killed process left it, and leaves out who is no administrator any longer', async () => {
    const { fields } = formOf((await owner.get('sebadmin', `${path}/send`)).text, `${path}/send`);
    const begun = await owner.post('sebadmin', `${path}/send`, fields);
    expect(begun.status).toBe(303);
    const runId = Number(/\d+$/.exec(begun.location ?? '')?.[0]);
    // As if the first portion had been written and its process killed: one is done, and one is away since.
    const [done, away] = await app.rows<{ id: number }>(
      `select user_id as id from half_yearly_recipient where run_id = $1 order by user_id`,
      [runId],
    );
    await app.rows(
      `with m as (insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html) values ('<killed@seb>', 'halfYearly.reminder', 'x', 'x@x.example', 'x', 'x', 'x') returning id)
       update half_yearly_recipient set done_at = now(), mail_id = (select id from m) where run_id = $1 and user_id = $2`,
      [runId, done?.id],
    );
    await operate(app, `update app_user set locked_from = now() where id = ${away?.id}`);
    expect((await owner.post('sebadmin', `${path}/send`, fields)).location).toBe(begun.location);
    const another = { ...fields, _key: '00000000-0000-4000-8000-000000000200' };
    expect((await owner.post('sebadmin', `${path}/send`, another)).status).toBe(409);
    expect(mainText((await owner.get('sebadmin', `${path}/send`)).text)).toContain('En udsendelse er i gang');
    const { left } = only(
      await app.rows<{ left: number }>(
        'select count(*)::int as left from half_yearly_recipient where run_id = $1 and done_at is null',
        [runId],
      ),
    );
    expect(await run()).toBe(left - 1);
    expect((await eventsOf('halfYearly.ended')).at(-1)?.detail).toMatchObject({ runId, mails: left, leftOut: 1 });
    await operate(app, `update app_user set locked_from = null where id = ${away?.id}`);
  });

  it('is followed on a page of its own: to whom, delivered or not, also when the mails are gone', async () => {
    const [first] = await runs();
    await app.rows(
      `update mail_outbox m set sent_at = now() - interval '100 days' from half_yearly_recipient r where r.mail_id = m.id and r.run_id = $1`,
      [first?.id],
    );
    const { id } = only(
      await app.rows<{ id: number }>(
        `update mail_outbox set failed_at = now(), last_error = '550' where id = (select max(mail_id) from half_yearly_recipient where run_id = $1) returning id`,
        [first?.id],
      ),
    );
    await removeExpired(app.database);
    const mails = await app.rows('select 1 from half_yearly_recipient where run_id = $1 and mail_id is not null', [
      first?.id,
    ]);
    expect(mails).toHaveLength(1); // the failed one stays until somebody decides
    const page = mainText((await desk.get('sebadmin', `${path}/${first?.id}`)).text);
    expect(page).toMatch(/Kom ikke frem 1 Venter 0/);
    const failed = mainText((await desk.get('sebadmin', `${path}/${first?.id}?status=FAILED`)).text);
    expect(failed).toContain('Kom ikke frem');
    const sent = await desk.get('sebadmin', `${path}/${first?.id}?status=SENT`);
    expect(mainText(sent.text)).toContain('Afleveret');
    expect(await app.rows('select 1 from mail_outbox where id = $1', [id])).toHaveLength(1);
    expect(mainText((await desk.get('sebadmin', path)).text)).toContain('Den næste sendes');
    expect((await desk.get('sebadmin', path)).text).not.toContain('/system/halvaarlig/send');
  });
});
