import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, headingOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { checksums, cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let owner: Browser;
let users: number[];

beforeAll(async () => {
  app = await startApp();
  owner = await app.signedIn('system-owner');
  users = await ordinaryUsers(app, cvrs.region, 12);
});
afterAll(() => app.close());

const place = `/organisationer/${cvrs.region}/paa-vegne/brugere`;
const at = (id: number, rest = ''): string => `${place}/${id}${rest}`;
const nextUser = (): number => users.shift() ?? 0;
const paaVegne = 'Ingen administrator kunne træffes';

type EventRow = { kind: string; on_behalf: boolean; actor_role: string; detail: Record<string, unknown> };
async function lastEvents(id: number): Promise<EventRow[]> {
  return app.rows<EventRow>(
    `select kind, on_behalf, actor_role, detail from audit_event
     where request_id = (select request_id from audit_event where target_user_id = $1 and kind = 'organisation.actedFor' order by id desc limit 1) order by id`,
    [id],
  );
}

async function mailsOf(kind = 'organisation.actedFor'): Promise<string[]> {
  const rows = await app.rows<{ to: string }>(
    `select to_address as to from mail_outbox where kind = $1 and created_at = (select max(created_at) from mail_outbox where kind = $1)`,
    [kind],
  );
  return rows.map(({ to }) => to).toSorted();
}

async function administratorsOf(cvr: string): Promise<string[]> {
  const rows = await app.rows<{ email: string }>(
    `select u.email from administrator a join app_user u on u.id = a.user_id join organisation o on o.id = a.organisation_id
     where o.cvr = $1 and a.kind = 'ORGANISATION' and (a.valid_to is null or a.valid_to > now()) and u.deleted_at is null`,
    [cvr],
  );
  return rows.map(({ email }) => email).toSorted();
}

async function done(id: number, path: string, fields: Fields): Promise<Reply> {
  const without = await owner.submit('sebadmin', path, { ...fields, paaVegne: ' ' });
  expect(without.status).toBe(422);
  expect(mainText(without.text)).toContain('Skriv en begrundelse for at handle på organisationens vegne');
  const reply = await owner.submit('sebadmin', path, { ...fields, paaVegne });
  expect([reply.status, mainText(reply.text).slice(0, 300)]).toEqual([303, expect.anything()]);
  const events = await lastEvents(id);
  expect(events.length).toBeGreaterThan(1);
  for (const { on_behalf: marked, actor_role: role } of events) expect([marked, role]).toEqual([true, 'systemOwner']);
  expect(events.at(-1)?.detail).toMatchObject({ reason: paaVegne });
  expect(await mailsOf()).toEqual(await administratorsOf(cvrs.region));
  return reply;
}

describe('In the organisation’s place the system owner', () => {
  it('is led from the user’s page over an explicit step', async () => {
    const id = nextUser();
    const user = await owner.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${id}`);
    expect(user.text).toContain(at(id));
    const step = await owner.get('sebadmin', at(id));
    expect(await faultsOfHtml(step.text)).toEqual([]);
    for (const rest of ['/rediger', '/spaer', '/slet', '/roller']) {
      expect(step.text).toContain(at(id, rest));
      const page = await owner.get('sebadmin', at(id, rest));
      expect([rest, page.status]).toEqual([rest, 200]);
      expect(await faultsOfHtml(page.text)).toEqual([]);
      expect(mainText(page.text)).toContain('Du handler på organisationens vegne');
    }
  });

  it('creates a user', async () => {
    const typed = { firstName: 'Nødhjælp', lastName: 'Ærø', email: 'noed@region-eksempel.example', rid: 'NØD-1' };
    const without = await owner.submit('sebadmin', `${place}/opret`, typed);
    expect(without.status).toBe(422);
    expect(without.text).toContain('value="Nødhjælp"');
    const reply = await owner.submit('sebadmin', `${place}/opret`, { ...typed, paaVegne });
    expect(reply.status).toBe(303);
    const id = only(await app.rows<{ id: number }>(`select id from app_user where rid = 'NØD-1'`)).id;
    expect((await lastEvents(id)).map(({ kind }) => kind)).toEqual(['user.created', 'organisation.actedFor']);
  });

  it('edits contact data and name, never the RID', async () => {
    const id = nextUser();
    await done(id, at(id, '/rediger'), { phone: '11 22 33 44' });
    const page = await owner.get('sebadmin', at(id, '/rediger'));
    expect(page.text).not.toContain('name="rid"');
    const before = await checksums(app);
    const forged = await owner.submit('sebadmin', at(id, '/rediger'), { rid: 'OVERTAGET', paaVegne });
    expect(forged.status).toBe(422);
    expect(await checksums(app)).toEqual(before);
  });

  it('never edits an administrator’s e-mail', async () => {
    const id = await idOf(app, 'region-user-admin');
    const page = await owner.get('sebadmin', at(id, '/rediger'));
    expect(page.text).not.toContain('name="email"');
    const before = await checksums(app);
    const forged = await owner.submit('sebadmin', at(id, '/rediger'), { email: 'angriber@ude.example', paaVegne });
    expect(forged.status).toBe(422);
    expect(mainText(forged.text)).toContain('Det kan kun organisationens egne administratorer ændre');
    expect(await checksums(app)).toEqual(before);
    await done(id, at(id, '/rediger'), { city: 'Ærøskøbing' });
  });

  it('locks and opens', async () => {
    const id = nextUser();
    await done(id, at(id, '/spaer'), { start: 'nu', begrundelse: 'Tabt kort' });
    await done(id, at(id, '/laas-op'), {});
    const admin = await app.signedIn('region-org-admin');
    const log = mainText((await admin.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${id}/log`)).text);
    expect(log).toContain('(på organisationens vegne) spærrede');
    expect(log).toContain(`Begrundelse: ${paaVegne}.`);
  });

  it('takes roles away', async () => {
    const id = nextUser();
    const role = only((await givableRoles(app, cvrs.region, false)).slice(0, 1));
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${role.id} from app_user where id = ${id} on conflict do nothing`,
    );
    const held = only(
      await app.rows<{ id: number }>(
        'select id from role_assignment where user_id = $1 and role_id = $2 and withdrawn_at is null and valid_to is null',
        [id, role.id],
      ),
    );
    await done(id, at(id, '/roller'), { tildeling: String(held.id) });
    expect(await app.rows('select from role_assignment where id = $1 and withdrawn_at is null', [held.id])).toEqual([]);
  });

  it('deletes, but never the last organisationsadministrator, nor oneself', async () => {
    const id = nextUser();
    await done(id, at(id, '/slet'), {});
    const last = await idOf(app, 'practice-doctor');
    const practice = `/organisationer/${cvrs.practice}/paa-vegne/brugere/${last}`;
    for (const rest of ['/slet', '/spaer']) expect((await owner.get('sebadmin', practice + rest)).status).toBe(403);
    expect(mainText((await owner.get('sebadmin', practice)).text)).toContain('kan ikke spærres eller slettes her');
    const self = await idOf(app, 'system-owner');
    const home = only(
      await app.rows<{ cvr: string }>(
        'select cvr from organisation o join app_user u on u.organisation_id = o.id where u.id = $1',
        [self],
      ),
    ).cvr;
    expect((await owner.get('sebadmin', `/organisationer/${home}/paa-vegne/brugere/${self}/rediger`)).status).toBe(403);
  });

  it('is told when somebody changed the user meanwhile, and does it once when sent twice', async () => {
    const id = nextUser();
    const path = at(id, '/spaer');
    const form = formOf((await owner.get('sebadmin', path)).text, path);
    const admin = await app.signedIn('region-org-admin');
    await admin.submit('sebadmin', `/organisationer/${cvrs.region}/brugere/${id}/rediger`, { phone: '99 88 77 66' });
    const typed = { ...form.fields, start: 'nu', begrundelse: 'Kort', paaVegne };
    expect((await owner.post('sebadmin', path, typed)).status).toBe(409);
    const fresh = formOf((await owner.get('sebadmin', path)).text, path);
    const twice = { ...fresh.fields, start: 'nu', begrundelse: 'Kort', paaVegne };
    const replies = [await owner.post('sebadmin', path, twice), await owner.post('sebadmin', path, twice)];
    expect(replies.map(({ status }) => status)).toEqual([303, 303]);
    const kinds = await app.rows(
      `select from audit_event where kind = 'organisation.actedFor' and target_user_id = $1`,
      [id],
    );
    expect(kinds).toHaveLength(1);
  });
});

it('opens no ordinary page to the system owner, and none of its own to anybody else', async () => {
  const id = nextUser();
  const before = await checksums(app);
  const hidden = formOf((await owner.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
  const mine = { _csrf: hidden._csrf, _key: hidden._key, _for: hidden._for };
  for (const rest of ['/rediger', '/spaer', '/laas-op', '/slet', '/roller']) {
    const reply = await owner.post('sebadmin', `/organisationer/${cvrs.region}/brugere/${id}${rest}`, {
      ...mine,
      paaVegne,
      version: '1',
      tildeling: '1',
    });
    expect([rest, reply.status]).toEqual([rest, 403]);
  }
  for (const who of ['servicedesk', 'region-org-admin', 'region-user-admin']) {
    const browser = await app.signedIn(who);
    for (const rest of ['', '/rediger', '/spaer', '/slet', '/roller'])
      expect([who, rest, (await browser.get('sebadmin', at(id, rest))).status]).toEqual([who, rest, 403]);
  }
  const foreign = only(await ordinaryUsers(app, cvrs.municipality, 1));
  const strange = await owner.get('sebadmin', at(foreign, '/rediger'));
  expect([strange.status, headingOf(strange.text)]).toEqual([404, 'Siden findes ikke']);
  expect(await checksums(app)).toEqual(before);
});
