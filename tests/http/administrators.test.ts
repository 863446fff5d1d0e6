import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { checksums, claimsOfUser, cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let aase: Browser;
let users: number[];
const list = `/organisationer/${cvrs.region}/administratorer`;
const inDays = (days: number): string => danishDay(dayInDenmark(new Date(Date.now() + days * 86_400_000)));

beforeAll(async () => {
  app = await startApp();
  users = await ordinaryUsers(app, cvrs.region, 40);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.rows('delete from rate_limit');
  aase = await app.signedIn('region-org-admin');
});

const nextUser = (): number => users.shift() ?? 0;
type Row = {
  id: number;
  kind: string;
  area: string | null;
  limited: boolean;
  services: number[] | null;
  from: string;
  until: string | null;
  version: number;
};
async function administrationOf(userId: number, cvr: string = cvrs.region): Promise<Row | null> {
  const found = await app.rows<Row>(
    `select a.id, a.kind, a.responsibility_area as area, a.limits_services as limited, a.version,
       (select array_agg(service_id order by service_id) from administrator_service s where s.administrator_id = a.id) as services,
       to_char(a.valid_from at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as from,
       to_char((a.valid_to - interval '1 ms') at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as until
     from administrator a join organisation o on o.id = a.organisation_id
     where a.user_id = $1 and o.cvr = $2 and (a.valid_to is null or a.valid_to > now())`,
    [userId, cvr],
  );
  return found[0] ?? null;
}
const appoint = (fields: Fields, browser = aase, path = list): Promise<Reply> =>
  browser.submit('sebadmin', path, fields, list);
const remove = (ids: (number | undefined)[], browser = aase): Promise<Reply> =>
  browser.submit('sebadmin', list, { administrator: ids.map(String) }, `${list}/fjern`);
async function appointed(kind: string): Promise<{ id: number; userId: number }> {
  const userId = nextUser();
  expect((await appoint({ bruger: String(userId), slags: kind })).status).toBe(303);
  return { id: (await administrationOf(userId))?.id ?? 0, userId };
}
const mailsOf = (reply: Reply) =>
  app.rows<{ to: string; subject: string; text: string }>(
    `select m.to_address as to, m.subject, m.text from mail_outbox m
     where m.created_at >= (select min(at) - interval '2 seconds' from audit_event where request_id = $1) and m.kind like 'administrator.changed%' order by m.id`,
    [reply.headers['x-request-id']],
  );
const eventsOf = (reply: Reply) =>
  app.rows<{ kind: string; target_user_id: number; detail: Record<string, unknown> }>(
    'select kind, target_user_id, detail from audit_event where request_id = $1 order by id',
    [reply.headers['x-request-id']],
  );
async function browserOf(userId: number): Promise<Browser> {
  const browser = app.browser();
  expect((await app.signIn(browser, 'sebadmin', await claimsOfUser(app, userId))).status).toBe(303);
  return browser;
}
const emailOf = async (userId: number): Promise<string> =>
  only(await app.rows<{ email: string }>('select email from app_user where id = $1', [userId])).email;

describe('Rediger administratorer', () => {
  it('is reached from Brugeroversigt and the front page, and shows the three kinds with colour and words', async () => {
    for (const from of ['/', `/organisationer/${cvrs.region}/brugere`])
      expect((await aase.get('sebadmin', from)).text).toContain(`href="${list}"`);
    const { text } = await aase.get('sebadmin', list);
    for (const label of [
      'Organisationsadministrator (gul)',
      'Brugeradministrator (hvid)',
      'Read-only administrator (grøn)',
      'Tilføj de valgte brugere til organisationsadministratorrollen',
      'Tilføj de valgte brugere til brugeradministratorrollen',
      'Tilføj de valgte brugere til read-only administratorrollen',
      'Fjern valgte',
      'Lav rapport med brugeradministratorer',
      'Åse Østergård',
      'Camilla Lindholm Juul',
    ])
      expect(mainText(text)).toContain(label);
    for (const kind of ['ORGANISATION', 'USER', 'READ_ONLY']) expect(text).toContain(`<tr class="seb-admin-${kind}">`);
    expect(await faultsOfHtml(text)).toEqual([]);
  });

  it('finds users by a search and pages through them', async () => {
    const first = await aase.get('sebadmin', list);
    expect(first.text).toMatch(/rel="next">Næste/);
    const { rid } = only(await app.rows<{ rid: string }>('select rid from app_user where id = $1', [users[0]]));
    const found = await aase.get('sebadmin', `${list}?soeg=${encodeURIComponent(rid)}`);
    expect(found.text).toContain(`name="bruger" value="${users[0]}"`);
    expect(found.text.match(/name="bruger"/g)).toHaveLength(1);
  });

  it('shows others who administer what they may: no form, and nothing to tick', async () => {
    for (const person of ['region-user-admin', 'region-read-only', 'servicedesk', 'system-owner']) {
      const { status, text } = await (await app.signedIn(person)).get('sebadmin', list);
      expect([person, status]).toEqual([person, 200]);
      expect(mainText(text)).toContain('Åse Østergård');
      expect(text).not.toMatch(/name="(bruger|administrator)"|Fjern valgte|Tilføj de valgte/);
    }
  });

  it('says on one’s own row why it has no "Rediger", and on no other', async () => {
    const { text } = await aase.get('sebadmin', list);
    const rows = text
      .split('<tr class="seb-admin-')
      .filter((row) => row.includes('Rediger<') || row.includes('Dig selv:'));
    const told = rows.filter((row) =>
      row.includes('Dig selv: kun en anden organisationsadministrator kan redigere den'),
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('Åse Østergård');
    expect(told[0]).not.toContain('>Rediger<');
    expect((await (await app.signedIn('region-user-admin')).get('sebadmin', list)).text).not.toContain('Dig selv:');
  });

  it('makes several users administrators at once, with an event and a mail for each, and tells the organisationsadministratorer', async () => {
    const chosen = [nextUser(), nextUser()].toSorted((a, b) => a - b);
    const done = await appoint({ bruger: chosen.map(String), slags: 'USER' });
    expect(done.status).toBe(303);
    for (const id of chosen) expect(await administrationOf(id)).toMatchObject({ kind: 'USER', until: null });
    const told = await eventsOf(done);
    expect(told.map(({ kind, target_user_id }) => [kind, target_user_id]).toSorted()).toEqual(
      chosen.map((id) => ['administrator.appointed', id]).toSorted(),
    );
    const mails = await mailsOf(done);
    for (const id of chosen) {
      const mail =
        mails.find(({ to }) => to === undefined || to.length > 0) &&
        mails.filter(({ text }) => text.includes('Du er blevet brugeradministrator'));
      expect(mail && mail.map(({ to }) => to)).toContain(await emailOf(id));
    }
    const henrik = mails.find(
      ({ to, subject }) => to.startsWith('henrik') && subject === 'Administratorer er ændret i SEB',
    );
    expect(henrik?.text.match(/er blevet brugeradministrator/g)).toHaveLength(2);
    const browser = await browserOf(chosen[0] ?? 0);
    expect((await browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere`)).status).toBe(200);
  });

  it('from a day to a day: before it there is no right', async () => {
    const userId = nextUser();
    await appoint({ bruger: String(userId), slags: 'USER', startdato: inDays(3), slutdato: inDays(9) });
    expect(await administrationOf(userId)).toMatchObject({ from: inDays(3), until: inDays(9) });
    const reply = await app.signIn(app.browser(), 'sebadmin', await claimsOfUser(app, userId));
    expect(reply.status).toBe(403);
    expect(mainText((await aase.get('sebadmin', list)).text)).toContain(`${inDays(3)} – ${inDays(9)} Ikke begyndt`);
    for (const [day, message] of [
      ['01-01-2020', 'kan ikke ligge før i dag'],
      ['31-02-2030', 'Skriv slutdatoen som dd-mm-åååå'],
    ] as const) {
      const refused = await appoint({ bruger: String(nextUser()), slags: 'USER', slutdato: day });
      expect([refused.status, mainText(refused.text)]).toEqual([422, expect.stringContaining(message)]);
      expect(refused.text).toContain(`value="${day}"`);
    }
  });

  it('moves somebody from one kind to another, never with days that would not hold', async () => {
    const { userId } = await appointed('READ_ONLY');
    const days = await appoint({ bruger: String(userId), slags: 'USER', slutdato: inDays(9) });
    expect([days.status, mainText(days.text)]).toEqual([422, expect.stringContaining('allerede read-only')]);
    const done = await appoint({ bruger: String(userId), slags: 'USER' });
    expect(await administrationOf(userId)).toMatchObject({ kind: 'USER' });
    expect((await eventsOf(done))[0]).toMatchObject({
      kind: 'administrator.changed',
      detail: { changes: { kind: { from: 'Read-only administrator', to: 'Brugeradministrator' } } },
    });
    const again = await appoint({ bruger: String(userId), slags: 'USER' });
    expect(await eventsOf(again)).toEqual([]);
  });

  it('asks for somebody to choose, and refuses who is locked', async () => {
    const nobody = await appoint({ slags: 'USER' });
    expect([nobody.status, mainText(nobody.text)]).toEqual([422, expect.stringContaining('Vælg mindst én bruger')]);
    const locked = await idOf(app, 'locked');
    await operate(app, `update administrator set valid_to = now() where user_id = ${locked}`);
    const refused = await appoint({ bruger: String(locked), slags: 'USER' });
    expect([refused.status, mainText(refused.text)]).toEqual([422, expect.stringContaining('er spærret')]);
    const none = await remove([]);
    expect([none.status, mainText(none.text)]).toEqual([422, expect.stringContaining('Vælg mindst én administrator')]);
  });

  it('takes an administration away, leaves the roles, and logs the person off with a page that says why', async () => {
    const { id, userId } = await appointed('USER');
    const browser = await browserOf(userId);
    const roles = () =>
      app.rows('select id from role_assignment where user_id = $1 and withdrawn_at is null order by id', [userId]);
    const before = await roles();
    const done = await remove([id]);
    expect(done.status).toBe(303);
    expect(await administrationOf(userId)).toBeNull();
    expect(await roles()).toEqual(before);
    expect((await mailsOf(done)).map(({ to }) => to)).toContain(await emailOf(userId));
    expect((await browser.get('sebadmin', '/')).location).toMatch(/^\/login/);
    const back = await app.signIn(app.browser(), 'sebadmin', await claimsOfUser(app, userId));
    expect([back.status, mainText(back.text)]).toEqual([403, expect.stringContaining('ikke administrator')]);
    expect((await remove([id])).status).toBe(303);
    expect((await appoint({ bruger: String(userId), slags: 'READ_ONLY' })).status).toBe(303);
    expect(await administrationOf(userId)).toMatchObject({ id, kind: 'READ_ONLY', area: null });
  });

  it('says so, too, to one whose time ran out while at work', async () => {
    const { id, userId } = await appointed('USER');
    const browser = await browserOf(userId);
    await operate(app, `update administrator set valid_to = now() where id = ${id}`);
    for (const path of ['/', `/organisationer/${cvrs.region}/brugere`]) {
      const reply = await browser.get('sebadmin', path);
      expect([403, 404]).toContain(reply.status);
      expect(mainText(reply.text)).toContain('ikke længere, administrator');
    }
  });

  it('removes one who is a user of another organisation, but can add nobody from there', async () => {
    const owner = await app.signedIn('two-organisations');
    const clinic = `/organisationer/${cvrs.clinic}/administratorer`;
    const foreign = nextUser();
    await operate(
      app,
      `insert into administrator (organisation_id, user_id, home_organisation_id, kind)
       select c.id, ${foreign}, r.id, 'USER' from organisation c, organisation r where c.cvr = '${cvrs.clinic}' and r.cvr = '${cvrs.region}'`,
    );
    expect(mainText((await owner.get('sebadmin', clinic)).text)).toContain('Bruger i Region Eksempel');
    const forged = await owner.submit('sebadmin', clinic, { bruger: String(nextUser()), slags: 'USER' }, clinic);
    expect(forged.status).toBe(404);
    const found = await administrationOf(foreign, cvrs.clinic);
    const done = await owner.submit('sebadmin', clinic, { administrator: String(found?.id) }, `${clinic}/fjern`);
    expect(done.status).toBe(303);
    expect(await administrationOf(foreign, cvrs.clinic)).toBeNull();
  });

  it('carries a form sent twice out once', async () => {
    const userId = nextUser();
    const { fields } = formOf((await aase.get('sebadmin', list)).text, list);
    const body = { ...fields, bruger: String(userId), slags: 'USER' };
    const [first, second] = await Promise.all([aase.post('sebadmin', list, body), aase.post('sebadmin', list, body)]);
    expect([first.status, second.status]).toEqual([303, 303]);
    expect(
      await app.rows(`select from audit_event where kind = 'administrator.appointed' and target_user_id = $1`, [
        userId,
      ]),
    ).toHaveLength(1);
  });
});

describe('Rediger administrator', () => {
  const edit = (id: number, fields: Fields, browser = aase): Promise<Reply> =>
    browser.submit('sebadmin', `${list}/${id}`, fields);

  it('writes kind, area, services and period, and says in the log and the mail what changed', async () => {
    const { id, userId } = await appointed('USER');
    const role = only(await givableRoles(app, cvrs.region, false));
    const done = await edit(id, {
      omraade: 'Afdeling Æ',
      begraens: 'valgte',
      service: String(role.serviceId),
      slutdato: inDays(30),
    });
    expect(done.location).toBe(list);
    expect(await administrationOf(userId)).toMatchObject({
      area: 'Afdeling Æ',
      limited: true,
      services: [role.serviceId],
      until: inDays(30),
    });
    const shown = mainText((await aase.get('sebadmin', list)).text);
    expect(shown).toContain('Afdeling Æ');
    const browser = await browserOf(userId);
    const page = await browser.get('sebadmin', `/organisationer/${cvrs.region}/tildel-roller?bruger=${nextUser()}`);
    expect([...page.text.matchAll(/<option value="(\d+)"/g)].map(([, one]) => one)).toEqual([String(role.serviceId)]);
    const [told] = await eventsOf(done);
    expect(told?.detail).toMatchObject({ changes: { area: { from: null, to: 'Afdeling Æ' } } });
    expect((await mailsOf(done)).some(({ text }) => text.includes('SEB Ansvarsområde: Afdeling Æ (før: ingen)'))).toBe(
      true,
    );

    await edit(id, { begraens: 'alle', slutdato: '' });
    expect(await administrationOf(userId)).toMatchObject({ limited: false, services: null, until: null });
    await edit(id, { slags: 'ORGANISATION', begraens: 'valgte', service: String(role.serviceId) });
    expect(await administrationOf(userId)).toMatchObject({ kind: 'ORGANISATION', limited: false, services: null });
  });

  it.each<[string, Fields, string]>([
    ['no service', { begraens: 'valgte', service: [] }, 'Vælg mindst én service'],
    ['a service beside "Alle services"', { begraens: 'alle', service: '1' }, 'Du har sat flueben ved services'],
    ['a service that is none', { begraens: 'valgte', service: '999999' }, 'kan ikke vælges længere'],
    ['a kind that is none', { slags: 'OWNER' }, 'Vælg, hvilken slags'],
    ['a day that has passed', { slutdato: '01-01-2020' }, 'kan ikke ligge før i dag'],
    ['too long an area', { omraade: 'x'.repeat(201) }, 'må højst fylde 200 tegn'],
  ])('refuses %s, keeps what was typed', async (_what, fields, message) => {
    const { id, userId } = await appointed('USER');
    const refused = await edit(id, { omraade: 'Skrevet', ...fields });
    expect([refused.status, mainText(refused.text)]).toEqual([422, expect.stringContaining(message)]);
    expect(refused.text).toContain(`value="${String(fields.omraade ?? 'Skrevet')}"`);
    expect(await administrationOf(userId)).toMatchObject({ version: 1, area: null });
  });

  it('shows the later of two what the first one saved', async () => {
    const { id, userId } = await appointed('USER');
    const path = `${list}/${id}`;
    const { fields } = formOf((await aase.get('sebadmin', path)).text, path);
    await edit(id, { omraade: 'Først' }, await app.signedIn('region-org-admin-2'));
    const late = await aase.post('sebadmin', path, { ...fields, omraade: 'Sidst' });
    expect(late.status).toBe(409);
    expect(mainText(late.text)).toContain('Først Sidst');
    expect(await administrationOf(userId)).toMatchObject({ area: 'Først' });
    const again = formOf(late.text, path);
    expect((await aase.post('sebadmin', path, again.fields)).status).toBe(303);
    expect(await administrationOf(userId)).toMatchObject({ area: 'Sidst' });
  });
});

describe('a substitute', () => {
  const substitute = (id: number, fields: Fields, browser = aase): Promise<Reply> =>
    browser.submit('sebadmin', `${list}/${id}/vikar`, fields);
  const actorOf = async (userId: number) =>
    only(
      await app.rows<{ held: { kind: string; serviceIds: number[] | null }[] }>(
        `select request_actor($1, null) -> 'administrations' as held`,
        [userId],
      ),
    ).held;

  it('can do what the one who is away can, from a day to a day, never more', async () => {
    const away = await appointed('USER');
    const role = only(await givableRoles(app, cvrs.region, false));
    const userId = nextUser();
    const done = await substitute(away.id, { vikar: String(userId), slutdato: inDays(5) });
    expect(done.status).toBe(303);
    expect(await actorOf(userId)).toMatchObject([{ kind: 'USER', serviceIds: null }]);
    const told = (await mailsOf(done)).map(({ to }) => to);
    expect(told).toEqual(expect.arrayContaining([await emailOf(userId), await emailOf(away.userId)]));
    expect(mainText((await aase.get('sebadmin', list)).text)).toContain(`Vikar: `);
    const edited = { begraens: 'valgte', service: String(role.serviceId) };
    await aase.submit('sebadmin', `${list}/${away.id}`, edited);
    expect(await actorOf(userId)).toMatchObject([{ kind: 'USER', serviceIds: [role.serviceId] }]);
    await aase.submit('sebadmin', `${list}/${away.id}`, { slags: 'READ_ONLY' });
    expect(await actorOf(userId)).toMatchObject([{ kind: 'READ_ONLY' }]);
    await remove([away.id]);
    expect(await actorOf(userId)).toEqual([]);
  });

  it('of somebody whose time ran out has nothing back when that person is appointed anew', async () => {
    const away = await appointed('USER');
    const userId = nextUser();
    await substitute(away.id, { vikar: String(userId), slutdato: inDays(5) });
    await operate(
      app,
      `update administrator set valid_from = now() - interval '9 days', valid_to = now() - interval '1 day' where id = ${away.id}`,
    );
    expect(await actorOf(userId)).toEqual([]);
    expect((await appoint({ bruger: String(away.userId), slags: 'ORGANISATION' })).status).toBe(303);
    expect(await actorOf(userId)).toEqual([]);
  });

  it('who administers already has what both come to', async () => {
    const away = await appointed('ORGANISATION');
    const own = await appointed('READ_ONLY');
    await substitute(away.id, { vikar: String(own.userId), slutdato: inDays(5) });
    expect(await actorOf(own.userId)).toMatchObject([{ kind: 'ORGANISATION', serviceIds: null }]);
    const shown = await (await browserOf(own.userId)).get('sebadmin', list);
    expect(mainText(shown.text)).toContain('Rediger administratorer');
  });

  it('begins and ends by itself, and can be ended before', async () => {
    const away = await appointed('USER');
    const userId = nextUser();
    await substitute(away.id, { vikar: String(userId), startdato: inDays(2), slutdato: inDays(5) });
    expect(await actorOf(userId)).toEqual([]);
    await operate(
      app,
      `update administrator_substitute set valid_from = now() - interval '1 day' where user_id = ${userId}`,
    );
    expect(await actorOf(userId)).toHaveLength(1);
    const path = `${list}/${away.id}/vikar`;
    const shown = await aase.get('sebadmin', path);
    const end = /action="([^"]*\/afslut)"/.exec(shown.text)?.[1] ?? '';
    const ended = await aase.post('sebadmin', end, formOf(shown.text, end).fields);
    expect(ended.location).toBe(path);
    expect(await actorOf(userId)).toEqual([]);
    expect((await eventsOf(ended)).map(({ kind }) => kind)).toEqual(['administrator.substituteEnded']);
    await operate(
      app,
      `update administrator_substitute set valid_from = now() - interval '9 days', valid_to = now() - interval '1 day' where user_id = ${userId}`,
    );
    expect(await actorOf(userId)).toEqual([]);
  });

  it('is not oneself, not the one who is away, not twice, and has a last day', async () => {
    const away = await appointed('USER');
    const userId = nextUser();
    await substitute(away.id, { vikar: String(userId), slutdato: inDays(5) });
    const before = await checksums(app);
    for (const [vikar, slutdato, status, message] of [
      [await idOf(app, 'region-org-admin'), inDays(5), 403, 'dine egne administratorrettigheder'],
      [away.userId, inDays(5), 422, 'vikar for sig selv'],
      [userId, inDays(9), 422, 'allerede vikar'],
      [users[0], '', 422, 'altid en sidste dag'],
      [users[0], '01-01-2020', 422, 'kan ikke ligge før i dag'],
      [await idOf(app, 'locked'), inDays(5), 422, 'er spærret'],
      [only(await ordinaryUsers(app, cvrs.municipality, 1)), inDays(5), 404, 'findes ikke'],
    ] as const) {
      await app.rows('delete from rate_limit');
      const refused = await substitute(away.id, { vikar: String(vikar), slutdato });
      expect([refused.status, mainText(refused.text)]).toEqual([status, expect.stringContaining(message)]);
    }
    expect(await checksums(app)).toEqual(before);
  });

  it('who is deleted or leaves is none any longer', async () => {
    const away = await appointed('USER');
    const userId = nextUser();
    await substitute(away.id, { vikar: String(userId), slutdato: inDays(5) });
    const done = await aase.submit('sebadmin', `/organisationer/${cvrs.region}/brugere/${userId}/slet`, {});
    expect(done.status).toBe(303);
    expect((await eventsOf(done)).map(({ kind }) => kind)).toContain('administrator.substituteEnded');
    expect(await actorOf(userId)).toEqual([]);
  });
});

describe('refused, whatever is sent', () => {
  const forms = async (browser: Browser): Promise<Fields> =>
    formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;

  it.each(['region-user-admin', 'region-read-only', 'servicedesk', 'system-owner'])(
    '%s changes no administrator',
    async (person) => {
      const { id } = (await administrationOf(await idOf(app, 'region-user-admin'))) ?? { id: 0 };
      const browser = await app.signedIn(person);
      const token = await forms(browser);
      const before = await checksums(app);
      for (const [path, fields] of [
        [list, { bruger: String(users[0]), slags: 'ORGANISATION' }],
        [`${list}/fjern`, { administrator: String(id) }],
        [`${list}/${id}`, { slags: 'ORGANISATION', version: '1' }],
        [`${list}/${id}/vikar`, { vikar: String(users[0]), slutdato: inDays(5) }],
        [`${list}/${id}/vikar/1/afslut`, {}],
      ] as const)
        expect([path, (await browser.post('sebadmin', path, { ...token, ...fields })).status]).toEqual([path, 403]);
      for (const path of [`${list}/${id}`, `${list}/${id}/vikar`, `${list}/fjern`])
        expect((await browser.get('sebadmin', path)).status).toBe(403);
      expect(await checksums(app)).toEqual(before);
    },
  );

  it('an organisationsadministrator raises nobody elsewhere, not by their ids, not by the address', async () => {
    const kirsten = await app.signedIn('municipality-org-admin');
    const own = `/organisationer/${cvrs.municipality}/administratorer`;
    const token = await forms(kirsten);
    const { id } = (await administrationOf(await idOf(app, 'region-user-admin'))) ?? { id: 0 };
    const before = await checksums(app);
    for (const [path, fields] of [
      [list, { bruger: String(users[0]), slags: 'USER' }],
      [own, { bruger: String(users[0]), slags: 'USER' }],
      [`${own}/fjern`, { administrator: String(id) }],
      [`${own}/${id}`, { slags: 'USER', version: '1' }],
      [`${own}/${id}/vikar`, { vikar: String(users[0]), slutdato: inDays(5) }],
      [`${list}/fjern`, { administrator: String(id) }],
    ] as const)
      expect([path, (await kirsten.post('sebadmin', path, { ...token, ...fields })).status]).toEqual([path, 404]);
    expect(await checksums(app)).toEqual(before);
  });

  it('nobody changes oneself, except by giving the administration up', async () => {
    const { id, userId } = await appointed('ORGANISATION');
    const browser = await browserOf(userId);
    const token = await forms(browser);
    for (const [path, fields] of [
      [list, { bruger: String(userId), slags: 'READ_ONLY' }],
      [`${list}/${id}`, { slags: 'USER', version: '1' }],
    ] as const) {
      const reply = await browser.post('sebadmin', path, { ...token, ...fields });
      expect([reply.status, mainText(reply.text)]).toEqual([
        403,
        expect.stringContaining('dine egne administratorrettigheder'),
      ]);
    }
    expect(await administrationOf(userId)).toMatchObject({ kind: 'ORGANISATION', version: 1 });
    expect((await remove([id], browser)).status).toBe(303);
    expect(await administrationOf(userId)).toBeNull();
    expect((await browser.get('sebadmin', list)).location).toMatch(/^\/login/);
  });

  it('the last organisationsadministrator is not removed, changed down or given an end', async () => {
    const doctor = await app.signedIn('practice-doctor');
    const own = `/organisationer/${cvrs.practice}/administratorer`;
    const doctorId = await idOf(app, 'practice-doctor');
    const { id } = (await administrationOf(doctorId, cvrs.practice)) ?? { id: 0 };
    const shown = await doctor.get('sebadmin', own);
    expect(mainText(shown.text)).toContain('Færre end to organisationsadministratorer');
    expect(shown.text).not.toContain(`name="administrator" value="${id}"`);
    const removed = await doctor.submit('sebadmin', own, { administrator: String(id) }, `${own}/fjern`);
    expect([removed.status, mainText(removed.text)]).toEqual([403, expect.stringContaining('mindst én aktiv')]);
    const { fields } = formOf(shown.text, `${own}/fjern`);
    for (const [from, leadsBack] of [
      [`${app.portals.sebadmin.url.origin}${own}`, true],
      [`http://evil.example${own}`, false],
    ] as const) {
      const reply = await doctor.post(
        'sebadmin',
        `${own}/fjern`,
        { ...fields, administrator: String(id) },
        { referer: from },
      );
      expect([reply.status, reply.text.includes(`<a href="${own}">Gå tilbage`)]).toEqual([403, leadsBack]);
    }

    const [second = 0] = await ordinaryUsers(app, cvrs.practice, 1);
    await doctor.submit('sebadmin', own, { bruger: String(second), slags: 'ORGANISATION', slutdato: inDays(20) }, own);
    const browser = await browserOf(second);
    const change = `${own}/${id}`;
    for (const fields of [{ slags: 'USER' }, { slags: 'READ_ONLY' }, { slutdato: inDays(20) }]) {
      const reply = await browser.submit('sebadmin', change, fields);
      expect([reply.status, mainText(reply.text)]).toEqual([403, expect.stringContaining('mindst én aktiv')]);
    }
    expect((await browser.submit('sebadmin', change, { omraade: 'Hele lægehuset' })).status).toBe(303);
    expect((await browser.submit('sebadmin', own, { bruger: String(doctorId), slags: 'USER' }, own)).status).toBe(403);
    expect(await administrationOf(doctorId, cvrs.practice)).toMatchObject({
      kind: 'ORGANISATION',
      until: null,
      area: 'Hele lægehuset',
    });
  });
});

it('the report lists everybody with role and RID as the guide does', async () => {
  const { text } = await aase.get('sebadmin', list.replace('administratorer', 'rapporter/brugeradministratorer'));
  const shown = mainText(text);
  expect(shown).toContain('Organisation Bruger Email Rolle RID');
  expect(shown).toContain(
    'Region Eksempel Ulla Ærø ulla.aeroe@region-eksempel.example Read-only administrator 00418823',
  );
  expect(await faultsOfHtml(text)).toEqual([]);
});
