import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from '../../src/db/access.ts';
import { sql } from '../../src/db/sql.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { checksums, cvrs, only, operate } from '../support/sector.ts';

let app: App;
let owner: Browser;
let admin: Browser;

beforeAll(async () => {
  app = await startApp();
  owner = await app.signedIn('system-owner');
  admin = await app.signedIn('region-org-admin');
});
afterAll(() => app.close());

const base = `/organisationer/${cvrs.region}/rettigheder`;
const textOf = (reply: Reply): string => mainText(reply.text);
const purpose = { formaal: 'Tilsyn med plejehjem', hjemmel: 'Sundhedsloven § 42 a' };
const contact = { kontaktnavn: 'Kim Kontakt', kontaktmail: 'kim@kontakt.example', kontakttelefon: '+45 1234 5678' };

/** A service of the system owner’s whose roles the region may not give yet. */
async function newRoles(code: string, count = 2): Promise<{ serviceId: number; roleIds: number[] }> {
  await operate(
    app,
    `insert into service (code, name, owner, source) values ('${code}', 'Service ${code}', 'Prøve', 'prøve');
     insert into role (service_id, code, name, needs_sor, needs_cpr, source)
     select s.id, '${code}Rolle' || n, 'Rolle ' || n || ' i ${code}', false, false, 'prøve' from service s, generate_series(1, ${count}) n where s.code = '${code}'`,
  );
  const rows = await app.rows<{ id: number; serviceId: number }>(
    'select r.id, s.id as "serviceId" from role r join service s on s.id = r.service_id where s.code = $1 order by r.id',
    [code],
  );
  return { serviceId: only(rows).serviceId, roleIds: rows.map(({ id }) => id) };
}

async function ask(browser: Browser, serviceId: number, fields: Fields): Promise<Reply> {
  const shown = await browser.get('sebadmin', `${base}/anmod?service=${serviceId}`);
  const form = formOf(shown.text.replace(/<form method="get".*?<\/form>/s, ''), `${base}/anmod`);
  return browser.post('sebadmin', form.action, { ...form.fields, ...purpose, ...fields });
}
async function asked(code: string): Promise<{ requestId: number; roleIds: number[] }> {
  const { serviceId, roleIds } = await newRoles(code);
  const reply = await ask(admin, serviceId, { ...contact, rolle: roleIds.map(String) });
  expect(reply.status).toBe(303);
  return { requestId: Number(reply.location?.split('/').at(-1)), roleIds };
}
const decide = (browser: Browser, requestId: number, fields: Fields): Promise<Reply> =>
  browser.submit('sebadmin', `/system/anmodninger/${requestId}`, fields);
const mayGive = (roleIds: number[]) =>
  app.rows<{ role_id: number }>(
    `select role_id from organisation_role g join organisation o on o.id = g.organisation_id
     where o.cvr = $1 and role_id = any ($2) and withdrawn_at is null order by 1`,
    [cvrs.region, roleIds],
  );
const mails = (kind: string, requestId: number) =>
  app.rows<{ to_address: string; text: string }>(
    `select to_address, text from mail_outbox where kind = $1 and text like $2 order by to_address`,
    [kind, `%Nr. ${requestId}\n%`],
  );

/** The organisation's administrators, its contact, and the system owner's people. */
async function bothParties(): Promise<string[]> {
  const found = await app.rows<{ email: string }>(
    `select u.email from app_user u where exists (select from system_role s where s.user_id = u.id and s.kind = 'SYSTEM_OWNER')
       or exists (select from administrator a join organisation o on o.id = a.organisation_id
         where a.user_id = u.id and a.kind = 'ORGANISATION' and a.valid_to is null and o.cvr = $1)
     union select 'kim@kontakt.example' order by 1`,
    [cvrs.region],
  );
  expect(found.length).toBeGreaterThan(3);
  return found.map(({ email }) => email);
}

describe('asking for a service', () => {
  it('goes to the system owner with purpose and legal basis, and both are told', async () => {
    const { requestId } = await asked('spoerg');
    const own = textOf(await admin.get('sebadmin', `${base}/anmodninger/${requestId}`));
    for (const word of ['Venter på systemejeren', 'Tilsyn med plejehjem', 'Sundhedsloven § 42 a', 'Kim Kontakt'])
      expect(own).toContain(word);
    expect(textOf(await owner.get('sebadmin', '/system/anmodninger'))).toContain('Region Eksempel');
    expect(textOf(await owner.get('sebadmin', '/'))).toMatch(/Anmodninger om services, der venter: [1-9]/);
    const told = await mails('serviceAccess.requested', requestId);
    expect(told.map((mail) => mail.to_address)).toEqual(await bothParties());
    const [line] = await app.rows<{ detail: object }>(
      `select detail from audit_event where kind = 'serviceAccess.requested' and detail ->> 'requestId' = $1`,
      [String(requestId)],
    );
    expect(line?.detail).toMatchObject({ purpose: 'Tilsyn med plejehjem', legalBasis: 'Sundhedsloven § 42 a' });
  });

  it.each<[string, Fields, string]>([
    ['no purpose', { formaal: ' ' }, 'Skriv formålet'],
    ['no legal basis', { hjemmel: '' }, 'Skriv hjemlen'],
    ['no role', { rolle: [] }, 'Vælg mindst én rolle'],
    ['no address of the contact', { kontaktmail: 'kim' }, 'Skriv e-mailadressen som'],
  ])('is refused with %s, and keeps what was typed', async (place, wrong, message) => {
    const { serviceId, roleIds } = await newRoles(`fejl-${place.replaceAll(' ', '-')}`);
    const reply = await ask(admin, serviceId, { ...contact, rolle: roleIds.map(String), ...wrong });
    expect([reply.status, textOf(reply)]).toEqual([422, expect.stringContaining(message)]);
    expect(reply.text).toContain('value="Kim Kontakt"');
  });

  it('refuses roles that the organisation has, of other services, and that wait already', async () => {
    const { roleIds, requestId } = await asked('allerede');
    const serviceId = only(await app.rows<{ id: number }>(`select id from service where code = 'allerede'`)).id;
    const own = only(await app.rows<{ id: number }>(`select id from role where code = 'nspPlejeAssR3'`)).id;
    for (const [rolle, message] of [
      [String(own), 'kan I allerede tildele'],
      ['2147483647', 'kan I allerede tildele'],
      [String(roleIds[0]), `anmodet om i anmodning nr. ${requestId}`],
    ] as const) {
      const reply = await ask(admin, serviceId, { ...contact, rolle });
      expect([reply.status, textOf(reply)]).toEqual([422, expect.stringContaining(message)]);
    }
  });

  it('is offered where the finder shows a role that cannot be given, to whom may ask', async () => {
    const { serviceId, roleIds } = await newRoles('find');
    const link = `${base}/anmod?service=${serviceId}&rolle=${roleIds[0]}`;
    const finder = `/organisationer/${cvrs.region}/roller?soeg=findRolle`;
    expect((await admin.get('sebadmin', finder)).text).toContain(link.replaceAll('&', '&amp;'));
    const shown = await admin.get('sebadmin', link);
    expect(shown.text).toMatch(new RegExp(`id="r${roleIds[0]}" name="rolle" value="${roleIds[0]}" checked`));
    const userAdmin = await app.signedIn('region-user-admin');
    expect((await userAdmin.get('sebadmin', finder)).text).not.toContain('Anmod om rollen');
  });

  it('can be taken back until it is decided', async () => {
    const { requestId, roleIds } = await asked('fortryd');
    const path = `${base}/anmodninger/${requestId}`;
    expect((await admin.submit('sebadmin', path, {}, `${path}/fortryd`)).location).toBe(path);
    expect(textOf(await admin.get('sebadmin', path))).toContain('Trukket tilbage');
    const own = formOf((await owner.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    const late = await owner.post('sebadmin', `/system/anmodninger/${requestId}`, {
      ...own,
      rolle: String(roleIds[0]),
    });
    expect([late.status, textOf(late)]).toEqual([
      409,
      expect.stringContaining('allerede afgjort eller trukket tilbage'),
    ]);
    expect(await mayGive(roleIds)).toEqual([]);
  });
});

describe('deciding', () => {
  it('in part: what is granted can be given at once, the rest is rejected with a reason, both are told', async () => {
    const { requestId, roleIds } = await asked('delvis');
    const [first = 0] = roleIds;
    const without = await decide(owner, requestId, { rolle: String(first) });
    expect([without.status, textOf(without)]).toEqual([422, expect.stringContaining('Skriv, hvorfor')]);
    const reply = await decide(owner, requestId, { rolle: String(first), begrundelse: 'Kun læsning er nødvendig' });
    expect(reply.location).toBe(`/system/anmodninger/${requestId}`);
    expect(await mayGive(roleIds)).toEqual([{ role_id: first }]);
    const own = textOf(await admin.get('sebadmin', `${base}/anmodninger/${requestId}`));
    expect(own).toContain('Godkendt i en del');
    expect(own).toContain('Kun læsning er nødvendig');
    const told = await mails('serviceAccess.decided', requestId);
    expect(told.map((mail) => mail.to_address)).toEqual(await bothParties());
    expect(told[0]?.text).toContain('Afvist: Rolle 2 i delvis');
    const kinds = await app.rows<{ kind: string }>(`select kind from audit_event where request_id = $1 order by id`, [
      reply.headers['x-request-id'],
    ]);
    expect(kinds.map(({ kind }) => kind)).toEqual(['serviceAccess.decided', 'organisationRole.granted']);
  });

  it('as a whole rejection grants nothing', async () => {
    const { requestId, roleIds } = await asked('afvist');
    expect((await decide(owner, requestId, { begrundelse: 'Ingen hjemmel' })).status).toBe(303);
    expect(await mayGive(roleIds)).toEqual([]);
    expect(textOf(await owner.get('sebadmin', '/system/anmodninger?status=rejected'))).toContain('Service afvist');
    expect(textOf(await owner.get('sebadmin', '/system/anmodninger'))).not.toContain('Service afvist');
  });

  it('is not for the one who asked, though that person be system owner too', async () => {
    await operate(
      app,
      `insert into administrator (organisation_id, user_id, home_organisation_id, kind, valid_from, valid_to)
       select o.id, u.id, u.organisation_id, 'ORGANISATION', now() - interval '1 minute', now()::date + interval '2 days' from organisation o, app_user u
         join system_role s on s.user_id = u.id and s.kind = 'SYSTEM_OWNER' where o.cvr = '${cvrs.region}' limit 1`,
    );
    const { serviceId, roleIds } = await newRoles('selv');
    const reply = await ask(owner, serviceId, { ...contact, rolle: roleIds.map(String) });
    const requestId = Number(reply.location?.split('/').at(-1));
    const own = await decide(owner, requestId, { rolle: roleIds.map(String) });
    expect([own.status, textOf(own)]).toEqual([403, expect.stringContaining('Du kan ikke afgøre din egen anmodning')]);
    expect(await mayGive(roleIds)).toEqual([]);
    await operate(app, `update administrator set valid_to = now() where valid_to = now()::date + interval '2 days'`);
  });

  it('by two people at once is one decision', async () => {
    await operate(
      app,
      `insert into system_role (user_id, kind) select u.id, 'SYSTEM_OWNER' from app_user u join system_role s on s.user_id = u.id where s.kind = 'SERVICEDESK'`,
    );
    const second = await app.signedIn('servicedesk');
    for (let round = 0; round < 5; round += 1) {
      const { requestId, roleIds } = await asked(`to-${round}`);
      const path = `/system/anmodninger/${requestId}`;
      const [one, two] = await Promise.all(
        [owner, second].map(async (browser) => ({
          browser,
          form: formOf((await browser.get('sebadmin', path)).text, path),
        })),
      );
      const replies = await Promise.all([
        one?.browser.post('sebadmin', path, { ...one.form.fields, rolle: roleIds.map(String) }),
        two?.browser.post('sebadmin', path, { ...two.form.fields, begrundelse: 'Nej' }),
      ]);
      expect(replies.map((reply) => reply?.status).toSorted()).toEqual([303, 409]);
      const approved = replies[0]?.status === 303;
      expect(await mayGive(roleIds)).toHaveLength(approved ? 2 : 0);
      const events = await app.rows(
        `select from audit_event where kind = 'serviceAccess.decided' and detail ->> 'requestId' = $1`,
        [String(requestId)],
      );
      expect(events).toHaveLength(1);
    }
    await operate(
      app,
      `delete from system_role s using system_role d where s.user_id = d.user_id and d.kind = 'SERVICEDESK' and s.kind = 'SYSTEM_OWNER'`,
    );
  });

  it('once is kept by the database too', async () => {
    const { requestId } = await asked('laast');
    await decide(owner, requestId, { begrundelse: 'Nej' });
    await expect(
      operate(app, `update service_access_request set decision_reason = 'x' where id = ${requestId}`),
    ).rejects.toThrow('service_access_is_over');
    await expect(
      operate(app, `update service_access_request_role set is_granted = true where request_id = ${requestId}`),
    ).rejects.toThrow('service_access_is_over');
  });

  it('of what the sikkerhedsansvarlig asked for outside SEB: registered with who and when, then decided', async () => {
    const { serviceId, roleIds } = await newRoles('brev');
    const path = `${base}/registrer-anmodning`;
    const shown = await owner.get('sebadmin', `${path}?service=${serviceId}`);
    const form = formOf(shown.text.replace(/<form method="get".*?<\/form>/s, ''), path);
    const fields = {
      ...form.fields,
      ...purpose,
      ...contact,
      rolle: roleIds.map(String),
      anmodetaf: 'Signe Sikker',
      modtaget: '02-11-2026',
    };
    const early = await owner.post('sebadmin', path, { ...fields, modtaget: '31-12-2099' });
    expect([early.status, textOf(early)]).toEqual([422, expect.stringContaining('Dagen er ikke kommet endnu')]);
    const reply = await owner.post('sebadmin', path, fields);
    expect(reply.location).toMatch(/^\/system\/anmodninger\/\d+$/);
    expect(textOf(await owner.get('sebadmin', reply.location ?? ''))).toContain('Signe Sikker, modtaget 02-11-2026');
    expect(
      (await decide(owner, Number(reply.location?.split('/').at(-1)), { rolle: roleIds.map(String) })).status,
    ).toBe(303);
    expect(await mayGive(roleIds)).toHaveLength(2);
  });
});

it('requests stand behind the organisation’s wall in the database too', async () => {
  await asked('muren');
  const region = only(await app.rows<{ id: number }>('select id from organisation where cvr = $1', [cvrs.region])).id;
  const seenBy = (scope: number[]) =>
    readPage(app.database, scope, async (db) => [
      (await db.rows(sql`select from service_access_request`)).length > 0,
      (await db.rows(sql`select from service_access_request_role`)).length > 0,
    ]);
  expect([await seenBy([region]), await seenBy([region + 1]), await seenBy([])]).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);
});

it('everybody else is refused, and other organisations’ requests are not there', async () => {
  const { requestId, roleIds } = await asked('kapret');
  const before = await checksums(app);
  const full = {
    ...purpose,
    ...contact,
    service: '1',
    rolle: String(roleIds[0]),
    anmodetaf: 'x',
    modtaget: '02-11-2026',
    begrundelse: 'x',
  };
  const outcomes: [string, string, number][] = [
    ['region-user-admin', `${base}/anmod`, 403],
    ['region-read-only', `${base}/anmod`, 403],
    ['servicedesk', `${base}/anmod`, 403],
    ['system-owner', `${base}/anmod`, 403],
    ['municipality-org-admin', `${base}/anmod`, 404],
    ['region-org-admin', `${base}/registrer-anmodning`, 403],
    ['region-org-admin', `/system/anmodninger/${requestId}`, 403],
    ['region-user-admin', `/system/anmodninger/${requestId}`, 403],
    ['servicedesk', `/system/anmodninger/${requestId}`, 403],
    ['region-user-admin', `${base}/anmodninger/${requestId}/fortryd`, 403],
    [
      'municipality-org-admin',
      `/organisationer/${cvrs.municipality}/rettigheder/anmodninger/${requestId}/fortryd`,
      404,
    ],
  ];
  for (const [person, path, status] of outcomes) {
    const browser = await app.signedIn(person);
    const own = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    expect([person, path, (await browser.post('sebadmin', path, { ...own, ...full })).status]).toEqual([
      person,
      path,
      status,
    ]);
  }
  const other = await app.signedIn('municipality-org-admin');
  const foreign = `/organisationer/${cvrs.municipality}/rettigheder/anmodninger`;
  expect((await other.get('sebadmin', `${foreign}/${requestId}`)).status).toBe(404);
  expect(textOf(await other.get('sebadmin', foreign))).toContain('ingen anmodninger endnu');
  expect(await checksums(app)).toEqual(before);
});
