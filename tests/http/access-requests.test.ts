import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import { escalateRequests } from '../../src/access-requests/escalation.changes.ts';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { usualDaysOff } from '../../src/shared/working-days.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, headingOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { claimsOfPerson } from '../support/people.ts';
import type { GivableRole } from '../support/sector.ts';
import {
  checksums,
  claimsOfUser,
  cvrs,
  givableRoles,
  idOf,
  only,
  operate,
  ordinaryUsers,
  unitOf,
} from '../support/sector.ts';

let app: App;
let admin: Browser;
let colleague: Browser;
let colleagueId: number;
let adminId: number;
let plain: GivableRole[];
let placed: GivableRole[];
let users: number[];

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  colleague = await app.signedIn('region-user-admin');
  adminId = await idOf(app, 'region-org-admin');
  colleagueId = await idOf(app, 'region-user-admin');
  plain = await givableRoles(app, cvrs.region, false);
  placed = await givableRoles(app, cvrs.region, true);
  users = await ordinaryUsers(app, cvrs.region, 12);
});
afterAll(() => app.close());

const somebody = (facts: Partial<LoginClaims> = {}): LoginClaims => ({
  ...claimsOfPerson('no-user'),
  firstName: 'Ny',
  lastName: 'Kollega',
  uuid: randomUUID(),
  rid: `A${randomUUID().slice(0, 8)}`,
  ...facts,
});

async function enter(claims: LoginClaims): Promise<Browser> {
  const browser = app.browser();
  expect((await app.signIn(browser, 'sebanmod', claims)).status).toBe(303);
  return browser;
}

const nextUser = (): number => {
  const id = users.pop();
  if (id === undefined) throw new Error('there are no more users to try with');
  return id;
};

const asked = (fields: Fields = {}): Fields => ({
  email: 'ny.kollega@region-eksempel.example',
  beskrivelse: 'Jeg begynder i afdelingen og skal se patienternes forløb',
  modtager: String(adminId),
  ...fields,
});

/** Fills in the form, looks it through and sends it; whatever is refused comes back as it is. */
async function send(browser: Browser, fields: Fields = {}, kind = 'almindelig'): Promise<Reply> {
  const shown = await browser.get('sebanmod', `/anmod?adgang=${kind}`);
  const form = formOf(shown.text, '/anmod');
  const review = await browser.post('sebanmod', '/anmod', { ...form.fields, ...asked(fields), trin: 'gennemse' });
  if (review.status !== 200) return review;
  expect(headingOf(review.text)).toBe('Se din anmodning igennem');
  return browser.post('sebanmod', '/anmod', { ...formOf(review.text, '/anmod').fields, trin: 'send' });
}

async function sent(browser: Browser, fields: Fields = {}, kind = 'almindelig'): Promise<number> {
  const reply = await send(browser, fields, kind);
  expect([reply.status, reply.status === 303 ? '' : mainText(reply.text)]).toEqual([303, '']);
  return Number(reply.location?.split('/').at(-1));
}

const path = (id: number, rest = ''): string => `/organisationer/${cvrs.region}/anmodninger/${id}${rest}`;
const stateOf = async (id: number): Promise<string> =>
  only(await app.rows<{ state: string }>('select state from access_request where id = $1', [id])).state;
const rolesOf = (userId: number) =>
  app.rows<{ role_id: number; sor_code: string | null }>(
    'select role_id, sor_code from role_assignment where user_id = $1 and withdrawn_at is null order by role_id',
    [userId],
  );
const decided = ['request.granted', 'request.partlyGranted', 'request.rejected'];
const mails = (kind: string | string[], id: number) =>
  app.rows<{ to_address: string; subject: string; text: string; html: string }>(
    `select to_address, subject, text, html from mail_outbox where kind = any ($1) and (subject like $2 or text like $3) order by to_address`,
    [[kind].flat(), `%nr. ${id}%`, `%anmodninger/${id}\n%`],
  );
const approve = (browser: Browser, id: number, fields: Fields = {}): Promise<Reply> =>
  browser.submit('sebadmin', path(id, '/godkend'), fields);

describe('asking', () => {
  it('sends what the login told and the form asks, whatever else is posted; its mails tell no RID and no UUID', async () => {
    const claims = somebody();
    const browser = await enter(claims);
    const role = only(plain.slice(0, 1));
    const id = await sent(browser, {
      rolle: String(role.id),
      stedfortraeder: String(colleagueId),
      slutdato: '31-12-2030',
      beskrivelse: 'Jeg begynder i afdelingen <img src=x onerror=alert(1)> og skal se forløb',
      cvr: cvrs.municipality,
      rid: '1',
      firstName: 'Falsk',
      level: 'High',
    });
    const row = only(await app.rows<Record<string, unknown>>('select * from access_request where id = $1', [id]));
    expect(row).toMatchObject({ uuid: claims.uuid, rid: claims.rid, first_name: 'Ny', user_id: null, state: 'open' });
    expect(row).toMatchObject({ recipient_id: adminId, fallback_id: colleagueId, level: 'Substantial' });
    const all = [...(await mails('request.receipt', id)), ...(await mails('request.received', id))];
    expect(all.map(({ to_address }) => to_address)).toEqual([
      'ny.kollega@region-eksempel.example',
      claimsOfPerson('region-org-admin').email,
    ]);
    for (const { text, html } of all) {
      expect(text).toContain('Jeg begynder i afdelingen');
      expect(html).toContain('&lt;img src=x');
      expect(html).not.toContain('<img');
      expect(`${text}${html}`).not.toMatch(new RegExp(`${claims.rid ?? ''}|${claims.uuid ?? ''}`));
    }
    expect(all[0]?.text).toContain(`${app.portals.sebanmod.url.origin}/mine-anmodninger/${id}`);
    expect(all[1]?.text).toContain(`${app.portals.sebadmin.url.origin}${path(id)}`);
    const own = await browser.get('sebanmod', `/mine-anmodninger/${id}`);
    expect(mainText(own.text)).toMatch(/Venter.*Hos Åse Østergård/);
    expect(own.text).not.toContain('<img src=x');
    expect(await faultsOfHtml(own.text)).toEqual([]);
    const event = only(
      await app.rows(
        `select actor_kind, target_name from audit_event where kind = 'request.sent' and (detail ->> 'requestId')::int = $1`,
        [id],
      ),
    );
    expect(event).toEqual({ actor_kind: 'EMPLOYEE', target_name: 'Ny Kollega' });
  });

  it('finds roles that the organisation can give, and its own units, without JavaScript', async () => {
    const browser = await enter(somebody());
    const form = formOf((await browser.get('sebanmod', '/anmod?adgang=almindelig')).text, '/anmod');
    const roles = await browser.post('sebanmod', '/anmod', {
      ...form.fields,
      ...asked(),
      rollesoeg: 'klinisk',
      trin: 'rolle',
    });
    expect(roles.status).toBe(200);
    expect(roles.text).toMatch(/name="rolle" value="\d+"/);
    expect(await faultsOfHtml(roles.text)).toEqual([]);
    const units = await browser.post('sebanmod', '/anmod', {
      ...form.fields,
      ...asked(),
      enhedsoeg: 'kirurg',
      trin: 'enhed',
    });
    expect(units.text).toMatch(/name="sor" value="\d+"/);
    expect(await faultsOfHtml(units.text)).toEqual([]);
    const walk = (trae: string) =>
      browser.post('sebanmod', '/anmod', { ...form.fields, ...asked({ beskrivelse: 'Beholdt' }), trae });
    const top = await walk('top');
    const step = /name="trae" value="(\d+)"/.exec(top.text)?.[1] ?? '';
    expect(await faultsOfHtml(top.text)).toEqual([]);
    const below = await walk(step);
    expect([below.status, formOf(below.text, '/anmod').fields.beskrivelse]).toEqual([200, 'Beholdt']);
    expect(below.text).toMatch(new RegExp(`type="radio" id="e${step}" name="sor"`));
    expect(mainText(below.text)).toContain('Øverst');
    const chosen = await browser.post('sebanmod', '/anmod', {
      ...form.fields,
      ...asked(),
      sor: step,
      trin: 'gennemse',
    });
    expect(mainText(chosen.text)).toContain(`(${step})`);
    const foreign = await unitOf(app, cvrs.municipality);
    for (const at of [foreign, 'top~x~y', `${step}~95001~\u0007`]) expect((await walk(at)).status).toBe(200);
    expect((await walk(foreign)).text).not.toContain(foreign);
    const suggested = await browser.get('sebanmod', '/anmod/enheder?find=kirurg');
    expect((JSON.parse(suggested.text) as { units: object[] }).units.length).toBeGreaterThan(0);
  });

  it('about Forskermaskinen needs project, approval and an end, and tells whom the system owner keeps for it', async () => {
    const owner = await app.signedIn('system-owner');
    const added = await owner.submit('sebadmin', '/system/forskermaskinen', {
      navn: 'Forskerservice',
      email: 'forsker@sds.example',
    });
    expect(added.status).toBe(303);
    const research = only(
      await app.rows<{ id: number }>(`select id from research_recipient where email = 'forsker@sds.example'`),
    );
    const browser = await enter(somebody());
    const missing = await send(browser, { forskermodtager: String(research.id) }, 'forsker');
    expect([missing.status, mainText(missing.text)]).toEqual([
      422,
      expect.stringMatching(/projektnummeret.*godkendelse.*projektet slutter/),
    ]);
    const fields = { projektnummer: 'FSE-1', godkendelse: 'Region, 2026', slutdato: '31-12-2030' };
    expect(mainText((await send(browser, fields, 'forsker')).text)).toContain('Vælg en modtager for Forskermaskinen');
    const cpr = { ...fields, projektnummer: '010190-1234', forskermodtager: String(research.id) };
    expect(mainText((await send(browser, cpr, 'forsker')).text)).toContain('CPR-nummer');
    const id = await sent(browser, { ...fields, forskermodtager: String(research.id) }, 'forsker');
    expect((await mails('request.receipt', id))[0]?.text).toContain('Modtager for Forskermaskinen: Forskerservice');
    expect((await mails('request.research', id)).map(({ to_address }) => to_address)).toEqual(['forsker@sds.example']);
  });

  it.each<[string, Fields, RegExp]>([
    ['a forged recipient', { modtager: '2147483647' }, /Vælg, hvem der skal have anmodningen/],
    ['no recipient', { modtager: '' }, /Vælg, hvem der skal have anmodningen/],
    ['the recipient twice', { stedfortraeder: '1' }, /Vælg en anden administrator/],
    ['an unknown role', { rolle: '2147483' }, /kan ikke længere give en af rollerne/],
    ['a role that is none', { rolle: 'x' }, /Vælg roller på listen/],
    ['no text', { beskrivelse: ' ' }, /Skriv hvilke adgange/],
    ['5,000 characters of HTML', { beskrivelse: '<b>x</b> '.repeat(556) }, /højst fylde 2.000 tegn/],
    ['control characters', { beskrivelse: 'Læge\u0007\u202e' }, /tegn, der ikke kan bruges/],
    ['a CPR number', { beskrivelse: 'Mit CPR er 010190-1234' }, /CPR-nummer/],
    ['two faults at once', { beskrivelse: '', modtager: '' }, /Skriv hvilke adgange[\s\S]*Vælg, hvem der skal have/],
    ['a header in the address', { email: 'a@b.dk\r\nBcc: c@d.dk' }, /tegn, der ikke kan bruges|navn@eksempel.dk/],
    ['a unit of nobody', { sor: '95001031000016004' }, /SOR-koden|hører ikke til/],
    ['an end before the start', { startdato: '02-01-2031', slutdato: '01-01-2031' }, /Slutdatoen ligger før/],
    ['another user type', { brugertype: 'admin' }, /ny bruger/],
  ])('with %s is refused and sends nothing', async (_what, fields, told) => {
    const browser = await enter(somebody());
    const before = await checksums(app);
    const reply = await send(browser, fields);
    expect([reply.status, mainText(reply.text)]).toEqual([422, expect.stringMatching(told)]);
    expect(await checksums(app)).toEqual(before);
  });

  it('judges everything again when it is sent: the review’s hidden fields are no proof', async () => {
    const browser = await enter(somebody());
    const form = formOf((await browser.get('sebanmod', '/anmod?adgang=almindelig')).text, '/anmod');
    const foreign = await idOf(app, 'municipality-org-admin');
    const forged = {
      ...form.fields,
      ...asked({ modtager: String(foreign) }),
      cvr: cvrs.municipality,
      rid: '1',
      trin: 'send',
    };
    expect((await browser.post('sebanmod', '/anmod', forged)).status).toBe(422);
    await app.rows(
      `do $$ begin update organisation_role set withdrawn_at = now() where role_id = ${plain[1]?.id ?? 0};
       insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
       select 'demo.seeded', id, name, 'OPERATOR', 'x', 'x', '{"users": 0, "assignments": 0}' from organisation; end $$`,
    );
    const withdrawn = { ...form.fields, ...asked({ rolle: String(plain[1]?.id) }), trin: 'send' };
    expect(mainText((await browser.post('sebanmod', '/anmod', withdrawn)).text)).toContain('kan ikke længere give');
  });

  it('waits five at a time, sends an equal post once, and keeps names with line breaks out of headers', async () => {
    const browser = await enter(somebody({ firstName: 'Ny\r\nBcc: ond@x.example', lastName: 'Kollega' }));
    const id = await sent(browser);
    expect((await mails('request.received', id))[0]?.subject).not.toMatch(/[\r\n]/);
    for (let more = 0; more < 4; more += 1) await sent(browser);
    const sixth = await send(browser);
    expect([sixth.status, mainText(sixth.text)]).toEqual([409, expect.stringContaining('allerede 5 anmodninger')]);
    const again = await enter(somebody());
    const form = formOf((await again.get('sebanmod', '/anmod?adgang=almindelig')).text, '/anmod');
    const fields = { ...form.fields, ...asked(), trin: 'send' };
    const [one, two] = await Promise.all([
      again.post('sebanmod', '/anmod', fields),
      again.post('sebanmod', '/anmod', fields),
    ]);
    expect([one.status, two.status, one.location === two.location]).toEqual([303, 303, true]);
  });

  it('comes to a stop for who sends thousands, with a sentence', async () => {
    const browser = await enter(somebody());
    const { rows } = app;
    const id = await sent(browser);
    await rows(`update rate_limit set points = 20 where key like 'accessRequest:e%'`);
    const reply = await send(browser);
    expect([reply.status, mainText(reply.text)]).toEqual([429, expect.stringContaining('Vent')]);
    await rows(`delete from rate_limit`);
    expect(await stateOf(id)).toBe('open');
  });

  it('gets back what was typed when the session ran out', async () => {
    const claims = somebody();
    const browser = await enter(claims);
    const form = formOf((await browser.get('sebanmod', '/anmod?adgang=almindelig')).text, '/anmod');
    await app.rows("delete from web_session where sess -> 'signedIn' ->> 'userId' is null");
    const lost = await browser.post('sebanmod', '/anmod', { ...form.fields, ...asked(), trin: 'gennemse' });
    expect(lost.status).toBe(303);
    await app.signIn(browser, 'sebanmod', claims);
    expect((await browser.get('sebanmod', '/anmod')).text).toContain('Jeg begynder i afdelingen');
  });
});

describe('one’s own requests', () => {
  it('are nobody else’s: 404 for colleagues, with and without a user', async () => {
    const id = await sent(await enter(somebody()));
    const strangers = [
      await enter(somebody()),
      await app.signedIn('region-user', 'sebanmod'),
      await app.signedIn('region-org-admin', 'sebanmod'),
    ];
    for (const stranger of strangers) {
      expect((await stranger.get('sebanmod', `/mine-anmodninger/${id}`)).status).toBe(404);
      const token = formOf((await stranger.get('sebanmod', '/anmod?adgang=almindelig')).text, '/anmod').fields;
      for (const act of ['traek-tilbage', 'kommentar'])
        expect(
          (await stranger.post('sebanmod', `/mine-anmodninger/${id}/${act}`, { ...token, kommentar: 'x' })).status,
        ).toBe(404);
    }
    expect(await stateOf(id)).toBe('open');
    const other = await app.signedIn('municipality-org-admin');
    expect((await other.get('sebadmin', path(id))).status).toBe(404);
    expect((await other.get('sebadmin', `/organisationer/${cvrs.municipality}/anmodninger/${id}`)).status).toBe(404);
  });

  it('stay one’s own by UUID when an old RID has a new holder', async () => {
    const claims = somebody();
    const id = await sent(await enter(claims));
    const heir = await enter(somebody({ rid: claims.rid }));
    expect((await heir.get('sebanmod', `/mine-anmodninger/${id}`)).status).toBe(404);
  });

  it('can be commented and withdrawn, which is told to who has it; then nobody answers it any more', async () => {
    const browser = await enter(somebody());
    const id = await sent(browser);
    const own = `/mine-anmodninger/${id}`;
    expect((await browser.submit('sebanmod', own, { kommentar: 'Det haster' }, `${own}/kommentar`)).status).toBe(303);
    expect((await mails('request.commented', id))[0]?.text).toContain('Det haster');
    expect((await browser.submit('sebanmod', own, {}, `${own}/traek-tilbage`)).status).toBe(303);
    expect(await stateOf(id)).toBe('withdrawn');
    expect(await mails('request.withdrawn', id)).toHaveLength(1);
    expect((await admin.get('sebadmin', path(id, '/godkend'))).status).toBe(303);
    await expect(app.rows(`update access_request set withdrawn_at = null where id = ${id}`)).rejects.toThrow(/is_over/);
  });
});

describe('deciding', () => {
  it('creates the user of the login, gives the roles, answers and logs, all in one', async () => {
    const claims = somebody();
    const browser = await enter(claims);
    const role = only(plain.slice(0, 1));
    const id = await sent(browser, { rolle: String(role.id) });
    const shown = await admin.get('sebadmin', path(id, '/godkend'));
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    expect(mainText(shown.text)).toContain(claims.rid);
    const reply = await approve(admin, id);
    expect(reply.status).toBe(303);
    const user = only(
      await app.rows<{ id: number; rid: string; uuid: string }>('select id, rid, uuid from app_user where uuid = $1', [
        claims.uuid,
      ]),
    );
    expect(user.rid).toBe(claims.rid);
    expect((await rolesOf(user.id)).map(({ role_id }) => role_id)).toEqual([role.id]);
    expect([await stateOf(id), (await mails(decided, id))[0]?.text]).toEqual([
      'granted',
      expect.stringContaining('Du har fået'),
    ]);
    const kinds = await app.rows<{ kind: string }>(
      'select kind from audit_event where target_user_id = $1 order by id',
      [user.id],
    );
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['request.decided', 'role.assigned', 'user.created']);
    // The employee's session is over; the login of the new user finds the answer.
    expect((await browser.get('sebanmod', '/')).status).toBe(303);
    const now = await enter(claims);
    expect(mainText((await now.get('sebanmod', `/mine-anmodninger/${id}`)).text)).toContain('Godkendt');
  });

  it('gives what the administrator chooses: other roles, a unit, a shorter time, with the reason told', async () => {
    const userId = nextUser();
    const browser = await enter(await claimsOfUser(app, userId));
    const before = await rolesOf(userId);
    const [wish] = plain.filter(({ id }) => !before.some(({ role_id }) => role_id === id));
    const [other] = placed.filter(({ id }) => !before.some(({ role_id }) => role_id === id));
    const unit = await unitOf(app, cvrs.region);
    const id = await sent(browser, { rolle: String(wish?.id), brugertype: 'eksisterende', sor: unit });
    // The unit that was asked for is there for roles that are added, though the one that was asked for needs none.
    const form = formOf((await admin.get('sebadmin', path(id, '/godkend'))).text, path(id, '/godkend'));
    expect(form.fields).toMatchObject({ sor: unit, omfang: 'UNIT_ONLY' });
    const later = await approve(admin, id, { startdato: '01-12-2030' });
    expect([later.status, mainText(later.text)]).toEqual([422, expect.stringContaining('kun godkender en del')]);
    const changed = { rolle: String(other?.id), sor: unit, omfang: 'UNIT_ONLY', slutdato: '31-12-2030' };
    const without = await approve(admin, id, changed);
    expect([without.status, mainText(without.text)]).toEqual([422, expect.stringContaining('kun godkender en del')]);
    expect(await rolesOf(userId)).toEqual(before);
    expect((await approve(admin, id, { ...changed, begrundelse: 'Kun i vagten' })).status).toBe(303);
    expect(await stateOf(id)).toBe('partly');
    expect(await rolesOf(userId)).toContainEqual({ role_id: other?.id, sor_code: unit });
    expect((await mails(decided, id))[0]?.text).toMatch(/til og med 31-12-2030[\s\S]*Kun i vagten/);
  });

  it('is made once by two at the same moment, and the later one is told', async () => {
    const browser = await enter(somebody());
    const role = only(plain.slice(0, 1));
    const id = await sent(browser, { rolle: String(role.id) });
    const forms = await Promise.all([admin, colleague].map((one) => one.get('sebadmin', path(id, '/godkend'))));
    const rejecting = formOf((await colleague.get('sebadmin', path(id))).text, path(id, '/afvis'));
    const [granted, rejected] = await Promise.all([
      admin.post('sebadmin', path(id, '/godkend'), formOf(forms[0]?.text ?? '', path(id, '/godkend')).fields),
      colleague.post('sebadmin', rejecting.action, { ...rejecting.fields, begrundelse: 'Nej' }),
    ]);
    expect([granted.status, rejected.status].toSorted()).toEqual([303, 409]);
    expect(mainText((granted.status === 409 ? granted : rejected).text)).toMatch(/allerede afgjort|ændret/);
    expect(await mails(decided, id)).toHaveLength(1);
  });

  it('needs a reason to reject, which the employee reads', async () => {
    const browser = await enter(somebody());
    const id = await sent(browser);
    const empty = await admin.submit('sebadmin', path(id), { begrundelse: '' }, path(id, '/afvis'));
    expect([empty.status, await stateOf(id)]).toEqual([422, 'open']);
    expect(
      (await admin.submit('sebadmin', path(id), { begrundelse: 'Ikke ansat her' }, path(id, '/afvis'))).status,
    ).toBe(303);
    expect(mainText((await browser.get('sebanmod', `/mine-anmodninger/${id}`)).text)).toMatch(/Afvist.*Ikke ansat her/);
  });

  it('can be taken, taken over and handed on, and the list tells who has it', async () => {
    const id = await sent(await enter(somebody()));
    expect((await admin.submit('sebadmin', path(id), {}, path(id, '/tag'))).status).toBe(303);
    const stale = formOf((await colleague.get('sebadmin', path(id))).text, path(id, '/tag'));
    const handed = await admin.submit('sebadmin', path(id), { til: String(colleagueId) }, path(id, '/giv-videre'));
    expect(handed.status).toBe(303);
    expect(await mails('request.handedOver', id)).toHaveLength(1);
    expect((await colleague.post('sebadmin', stale.action, stale.fields)).status).toBe(409);
    const list = await colleague.get('sebadmin', `/organisationer/${cvrs.region}/anmodninger?vis=mine`);
    expect(list.text).toContain(`href="${path(id)}"`);
    expect(await faultsOfHtml(list.text)).toEqual([]);
    expect(mainText((await colleague.get('sebadmin', '/')).text)).toMatch(/anmodning(er)? om adgang venter på svar/);
    const forged = await admin.submit('sebadmin', path(id), { til: '2147483647' }, path(id, '/giv-videre'));
    expect(forged.status).toBe(422);
  });

  it('is not for oneself, nor an administrator’s for a brugeradministrator; only where the system owner allows it', async () => {
    const own = await app.signedIn('region-org-admin', 'sebanmod');
    const role = only(plain.slice(0, 1));
    const refused = await send(own, { brugertype: 'eksisterende' });
    expect(mainText(refused.text)).toContain('Vælg, hvem der skal have anmodningen');
    const second = await idOf(app, 'region-org-admin-2');
    const id = await sent(own, { modtager: String(second), brugertype: 'eksisterende', rolle: String(role.id) });
    for (const browser of [admin, colleague]) {
      expect(mainText((await browser.get('sebadmin', path(id))).text)).toContain('Du kan ikke afgøre anmodningen');
      expect((await browser.get('sebadmin', path(id, '/godkend'))).status).toBe(403);
    }
    // The other organisationsadministrator can, or an administrator's request would be answered by nobody.
    const peer = await app.signedIn('region-org-admin-2');
    const answered = await sent(own, { modtager: String(second), brugertype: 'eksisterende', rolle: String(role.id) });
    expect((await approve(peer, answered)).status).toBe(303);
    expect(await stateOf(answered)).toBe('granted');
    await operate(app, `update organisation set self_assignment_allowed = true where cvr = '${cvrs.region}'`);
    const bare = await approve(admin, id);
    expect([bare.status, mainText(bare.text)]).toEqual([422, expect.stringContaining('din egen anmodning')]);
    expect((await approve(admin, id, { begrundelse: 'Ingen andre er her' })).status).toBe(303);
    await operate(app, `update organisation set self_assignment_allowed = false where cvr = '${cvrs.region}'`);
    const kinds = await app.rows(
      `select kind from audit_event where kind = 'request.selfDecided' and (detail ->> 'requestId')::int = $1`,
      [id],
    );
    expect(kinds).toHaveLength(1);
    await expect(
      app.rows(`insert into access_request (organisation_id, kind, says_new_user, user_id, first_name, last_name, level, email, wanted, decided_at, decided_by_id, decided_by_name, decision)
        select organisation_id, 'ORDINARY', false, id, 'a', 'b', 'High', 'a@b.dk', 'x', now(), id, 'x', 'GRANTED' from app_user where id = ${adminId}`),
    ).rejects.toThrow(/check/);
  });

  it('is within the services that the administrator answers for', async () => {
    const limited = await idOf(app, 'region-user-admin');
    const claims = somebody();
    const id = await sent(await enter(claims), { rolle: String(plain[0]?.id) });
    await operate(app, `update administrator set limits_services = true where user_id = ${limited}`);
    const reply = await colleague.get('sebadmin', path(id, '/godkend'));
    const form = formOf(reply.text, path(id, '/godkend'));
    const post = await colleague.post('sebadmin', form.action, { ...form.fields, rolle: String(plain[0]?.id) });
    await operate(app, `update administrator set limits_services = false where user_id = ${limited}`);
    expect([post.status, await stateOf(id)]).toEqual([403, 'open']);
    // Refused with its roles, the approval has created nobody either.
    expect(await app.rows('select from app_user where uuid = $1', [claims.uuid])).toEqual([]);
    expect(await mails(decided, id)).toEqual([]);
  });

  it('is read by the servicedesk without what people wrote, and by no system owner', async () => {
    const id = await sent(await enter(somebody()), { beskrivelse: 'KANARIE i fritekst' });
    const desk = await app.signedIn('servicedesk');
    const seen = await desk.get('sebadmin', path(id));
    expect([seen.status, seen.text.includes('KANARIE')]).toEqual([200, false]);
    expect((await desk.get('sebadmin', path(id, '/godkend'))).status).toBe(403);
    expect((await (await app.signedIn('system-owner')).get('sebadmin', path(id))).status).toBe(403);
    expect((await admin.get('sebadmin', path(id))).text).toContain('KANARIE');
  });
});

describe('absence', () => {
  const plan = { days: [2, 4, 6] as const, daysOff: usualDaysOff };
  const run = (today: string) =>
    escalateRequests({ database: app.database, queueMails: async () => undefined }, mailingOf(app.config), plan, today);
  const told = async (id: number) =>
    (await mails(['request.escalated', 'request.escalatedToServicedesk'], id)).map(({ to_address }) => to_address);

  it('passes on what nobody took, each step once, as working days go by', async () => {
    await operate(app, `update access_request set withdrawn_at = now() where state in ('open', 'taken')`);
    const id = await sent(await enter(somebody()), { stedfortraeder: String(await idOf(app, 'region-org-admin-2')) });
    const taken = await sent(await enter(somebody()));
    await admin.submit('sebadmin', path(taken), {}, path(taken, '/tag'));
    // Wednesday 25 March 2026: the days before Easter.
    await operate(app, `update access_request set created_at = '2026-03-31T09:00:00Z' where id in (${id}, ${taken})`);
    await run('2026-04-03');
    await run('2026-04-07');
    expect(await told(id)).toEqual([]);
    const standIn = await app.signedIn('region-org-admin-2');
    const listOf = async () =>
      (await standIn.get('sebadmin', `/organisationer/${cvrs.region}/anmodninger?vis=mine`)).text;
    expect(await listOf()).not.toContain(`href="${path(id)}"`);
    await run('2026-04-08');
    await run('2026-04-08');
    expect(await listOf()).toContain(`href="${path(id)}"`);
    const first = await told(id);
    expect(first).toContain(claimsOfPerson('region-user-admin').email);
    expect(first).toContain(claimsOfPerson('region-org-admin-2').email);
    expect(first).not.toContain(claimsOfPerson('region-org-admin').email);
    await run('2026-04-30');
    expect((await told(id)).filter((to) => first.includes(to))).toHaveLength(first.length);
    expect(await told(id)).toContain(claimsOfPerson('servicedesk').email);
    expect(await told(taken)).toEqual([]);
    const desk = await app.signedIn('servicedesk');
    const list = await desk.get('sebadmin', '/anmodninger-uden-svar');
    expect(list.text).toContain(`href="${path(id)}"`);
    expect(list.text).not.toContain(`href="${path(taken)}"`);
    expect((await admin.get('sebadmin', '/anmodninger-uden-svar')).status).toBe(403);
  });

  it('tells the servicedesk at once where nobody can decide', async () => {
    const practice = await app.signedIn('practice-doctor', 'sebanmod');
    const id = await sent(practice, { modtager: '', brugertype: 'eksisterende' });
    await run('2026-11-30');
    expect(await told(id)).toContain(claimsOfPerson('servicedesk').email);
    const desk = await app.signedIn('servicedesk');
    expect((await desk.get('sebadmin', '/anmodninger-uden-svar')).text).toContain(`/anmodninger/${id}"`);
  });
});

describe('one’s own accesses', () => {
  it('can be handed back, and asked for longer', async () => {
    const userId = nextUser();
    const before = await rolesOf(userId);
    const role = plain.find(({ id }) => !before.some(({ role_id }) => role_id === id) && id !== plain[1]?.id)?.id ?? 0;
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id, valid_to) select organisation_id, id, ${role}, now() + interval '30 days' from app_user where id = ${userId} on conflict do nothing`,
    );
    const browser = await enter(await claimsOfUser(app, userId));
    const front = await browser.get('sebanmod', '/');
    const longer = /href="(\/anmod\?[^"]*)"/.exec(front.text.replaceAll('&amp;', '&'))?.[1] ?? '';
    expect(mainText((await browser.get('sebanmod', longer)).text)).toContain('efter');
    const held = only(
      await app.rows<{ id: number }>(`select id from role_assignment where user_id = $1 and role_id = $2`, [
        userId,
        role,
      ]),
    ).id;
    expect((await browser.submit('sebanmod', `/mine-adgange/${held}/aflever`, {})).status).toBe(303);
    expect((await rolesOf(userId)).map(({ role_id }) => role_id)).not.toContain(role);
    const others = only(
      await app.rows<{ id: number }>(
        `select id from role_assignment where user_id <> $1 and valid_to is null limit 1`,
        [userId],
      ),
    ).id;
    expect((await browser.get('sebanmod', `/mine-adgange/${others}/aflever`)).status).toBe(404);
  });
});
