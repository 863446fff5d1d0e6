import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from '../../src/pages/route.ts';
import type { PortalName } from '../../src/pages/services.ts';
import { sebadminRoutes } from '../../src/portals/sebadmin.ts';
import { sebanmodRoutes } from '../../src/portals/sebanmod.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { linesOf, sebadminTable, sebanmodTable, who } from '../support/route-tables.ts';
import type { GivableRole } from '../support/sector.ts';
import { checksums, claimsOfUser, cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let target: number;
let foreign: number;
let role: GivableRole;
let assignment: number;
let administrator: number;
let event: string;
let agreement: { id: number; named: number };
const browsers: Record<PortalName, Map<string, Browser>> = { sebadmin: new Map(), sebanmod: new Map() };
const token = 'x'.repeat(43);

beforeAll(async () => {
  app = await startApp();
  target = only(await ordinaryUsers(app, cvrs.region, 1));
  foreign = only(await ordinaryUsers(app, cvrs.municipality, 1));
  role = only(await givableRoles(app, cvrs.region, false));
  assignment = await heldBy(target);
  await operate(
    app,
    `insert into status_message (id, kind, title, severity, concerns_all, starts_at) values (900, 'MESSAGE', 'Prøve', 'YELLOW', true, now());
     insert into status_update (message_id, body) values (900, 'Prøve');
     insert into system_setting (name, version, value) values ('contact', 1, '{"hours": "Altid"}')`,
  );
  administrator = only(
    await app.rows<{ id: number }>('select id from administrator where user_id = $1', [
      await idOf(app, 'region-user-admin'),
    ]),
  ).id;
  agreement = only(
    await app.rows<{ id: number; named: number }>(
      `select n.agreement_id as id, n.id as named from agreement_administrator n join organisation o on o.id = n.organisation_id where o.cvr = $1`,
      [cvrs.region],
    ),
  );
  event = only(
    await app.rows<{ id: string }>(
      `select max(e.id)::text as id from audit_event e join organisation o on o.id = e.organisation_id where o.cvr = $1 and e.target_user_id = $2`,
      [cvrs.region, target],
    ),
  ).id;
  for (const portal of ['sebadmin', 'sebanmod'] as const) await signEverybodyIn(portal);
});
beforeEach(() => app.rows('delete from rate_limit'));
afterAll(() => app.close());

/** A role that the user holds from now on. */
async function heldBy(userId: number): Promise<number> {
  await operate(
    app,
    `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${role.id} from app_user where id = ${userId} on conflict do nothing`,
  );
  const held = await app.rows<{ id: number }>(
    'select id from role_assignment where user_id = $1 and role_id = $2 and valid_to is null',
    [userId, role.id],
  );
  return only(held).id;
}

async function signEverybodyIn(portal: PortalName): Promise<void> {
  const people = {
    owner: 'system-owner',
    desk: 'servicedesk',
    'org.': 'region-org-admin',
    'user admin': 'region-user-admin',
    read: 'region-read-only',
    other: 'municipality-org-admin',
  };
  for (const [name, key] of Object.entries(people)) browsers[portal].set(name, await app.signedIn(key, portal));
  browsers[portal].set('nobody', app.browser());

  // The two who would not be let in: one loses a role, the other is locked, while they are at work.
  const user = await idOf(app, 'region-user');
  const region = `(select id from organisation where cvr = '${cvrs.region}')`;
  await operate(
    app,
    `insert into administrator (organisation_id, user_id, home_organisation_id, kind) values (${region}, ${user}, ${region}, 'USER')`,
  );
  browsers[portal].set('user', await app.signedIn('region-user', portal));
  await operate(app, `delete from administrator where user_id = ${user}`);
  const locked = app.browser();
  await operate(
    app,
    `update app_user set locked_from = null, locked_until = null where id = ${await idOf(app, 'locked')}`,
  );
  expect((await app.signIn(locked, portal, 'locked')).status).toBe(303);
  browsers[portal].set('locked', locked);
  await operate(app, `update app_user set locked_from = now() where id = ${await idOf(app, 'locked')}`);
}

function browserOf(portal: PortalName, name: string): Browser {
  const browser = browsers[portal].get(name);
  if (browser === undefined) throw new Error(`${name} has no browser`);
  return browser;
}

function addressOf(path: string): string {
  const id = idFor(path);
  const filled = path
    .replace(':cvr', cvrs.region)
    .replace(':id', String(id))
    .replace(':token', token)
    .replace(':substitute', '2147483647')
    .replace(':batch', '7F3K-22QX-9ABM')
    .replace(':message', '900')
    .replace(
      ':report',
      path.startsWith('/mine') ? 'mine-roller' : path.startsWith('/rapporter') ? 'faa-administratorer' : 'alle-brugere',
    )
    .replace(':topic', 'kontakt')
    .replace(':setting', 'kontakt')
    .replace(':mail', 'email.changed')
    .replace(':version', '1')
    .replace(':assignment', String(assignment))
    .replace(':agreement', String(agreement.id))
    .replace(':named', String(agreement.named))
    .replace(':event', event);
  return /\/(tildel|fjern)-roller/.test(path) ? `${filled}?bruger=${id}` : filled;
}

function idFor(path: string): number {
  if (path.includes('/administratorer/:id')) return administrator;
  if (/\/(systemroller|halvaarlig)\/:id/.test(path)) return 2_147_483_647;
  if (path.includes('/anmodninger/:id')) return 2_147_483_647; // there is none yet
  if (path.includes('/identitetsudbydere/:id')) return 1; // the first that the start took over
  if (path.includes('/services/:id')) return role.serviceId;
  return path.includes('/roller/:id') ? role.id : target;
}

async function hiddenFieldsOf(browser: Browser, portal: PortalName): Promise<Record<string, string>> {
  const page = await browser.get(portal, '/mine-oplysninger');
  if (page.status !== 200) return {};
  const { _csrf, _key, _for } = formOf(page.text, '/mine-oplysninger').fields as Record<string, string>;
  return { _csrf: _csrf ?? '', _key: _key ?? '', _for: _for ?? '' };
}

describe.each<[PortalName, string, readonly Route[]]>([
  ['sebadmin', sebadminTable, sebadminRoutes],
  ['sebanmod', sebanmodTable, sebanmodRoutes],
])('%s', (portal, table, routes) => {
  const lines = linesOf(table);

  it('has every route in the table', () => {
    const named = (route: { method: string; path: string }) => `${route.method.toUpperCase()} ${route.path}`;
    expect(lines.map(named).toSorted()).toEqual(routes.map(named).toSorted());
  });

  it.each(who)('answers %s as the table says, and changes nothing', { timeout: 60_000 }, async (name) => {
    const browser = browserOf(portal, name);
    const before = await checksums(app);
    const hidden = await hiddenFieldsOf(browser, portal);
    const got: [string, number][] = [];
    for (const { method, path, expected } of lines) {
      const address = addressOf(path);
      // There are more routes than refusals that one is allowed in a row.
      if (method === 'POST') await app.rows('delete from rate_limit');
      const reply = method === 'GET' ? await browser.get(portal, address) : await browser.post(portal, address, hidden);
      got.push([`${method} ${path}`, reply.status]);
      if ((name === 'nobody' || name === 'locked') && expected[name] === 303)
        expect(reply.location).toBe(`/login?til=${encodeURIComponent(address)}`);
    }
    expect(got).toEqual(lines.map(({ method, path, expected }) => [`${method} ${path}`, expected[name]]));
    expect(await checksums(app)).toEqual(before);
  });

  it('asks everybody for a login but on the pages that are open to everyone', () => {
    const open = routes
      .filter(({ audience }) => audience === 'everyone')
      .map(({ method, path }) => `${method} ${path}`);
    const unasked = lines.filter(({ expected }) => expected.nobody !== 303);
    expect(unasked.map(({ method, path }) => `${method.toLowerCase()} ${path}`).toSorted()).toEqual(open.toSorted());
  });

  // What is open to everyone has proofs of its own (open-pages.test.ts).
  const isOpen = (path: string): boolean => routes.some((one) => one.path === path && one.audience === 'everyone');
  const posts = lines.filter(({ method, path }) => method === 'POST' && !isOpen(path)).map(({ path }) => path);

  it('takes no form without the session’s own token, and none by GET', { timeout: 120_000 }, async () => {
    const before = await checksums(app);
    const strange = await hiddenFieldsOf(browserOf(portal, 'user admin'), portal);
    const own = {
      owner: await hiddenFieldsOf(browserOf(portal, 'owner'), portal),
      'org.': await hiddenFieldsOf(browserOf(portal, 'org.'), portal),
    };
    for (const [index, path] of posts.entries()) {
      const name = path.includes('/paa-vegne/') ? 'owner' : 'org.';
      const { _csrf: ours = '', ...hidden } = own[name];
      // Every route is tried with the token of another session, which comes nearest; one guard judges all, so a few with the rest.
      const forged = index < 3 ? [strange._csrf, undefined, '', 'made-up', `${ours}x`, ['x', ours]] : [strange._csrf];
      const statuses = await inTurn(forged, (_csrf) => statusesWith(name, path, _csrf, hidden, strange._for ?? ''));
      expect([path, ...new Set(statuses.map((three) => three.join(' ')))]).toEqual([path, '303 403 403']);
      const query = new URLSearchParams({ ...fullForm, ...hidden, _csrf: ours }).toString();
      const asked = addressOf(path);
      const byGet = await browserOf(portal, name).get(portal, `${asked}${asked.includes('?') ? '&' : '?'}${query}`);
      // 303: nothing to do there, and back to the user. 403: a page of the system owner's.
      expect([path, [200, 303, 403, 404].includes(byGet.status)]).toEqual([path, true]);
    }
    expect(await checksums(app)).toEqual(before);
  });

  /** A form of ours comes back to be sent again; one from elsewhere, or of somebody else, is refused. */
  async function statusesWith(
    name: string,
    path: string,
    _csrf: string | string[] | undefined,
    hidden: Record<string, string>,
    strangeFor: string,
  ): Promise<number[]> {
    await app.rows('delete from rate_limit');
    const forms = [
      { ...hidden, ...fullForm, _csrf },
      { ...fullForm, _csrf },
      { ...fullForm, _csrf, _for: strangeFor },
    ];
    const replies = await inTurn(forms, (form) => browserOf(portal, name).post(portal, addressOf(path), form));
    return replies.map(({ status }) => status);
  }
});

const fullForm = {
  firstName: 'Ny',
  lastName: 'Bruger',
  email: 'ny.bruger@region-eksempel.example',
  rid: 'CANARY-1',
  version: '1',
  tildelservice: '1',
  rolle: '1',
  tildeling: '1',
};

describe('ids of another organisation', () => {
  it.each(['', '/rediger', '/roller', '/log'])(
    'in the path (brugere/:id%s) are as unknown as those of nobody',
    async (rest) => {
      const browser = browserOf('sebadmin', 'org.');
      const ids = [
        String(foreign),
        '2147483647',
        '2147483648',
        '0',
        '-1',
        'x',
        '1e3',
        '%C3%A5',
        '%00',
        '99999999999999999999',
      ];
      const replies = await inTurn(ids, (id) =>
        browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${id}${rest}`),
      );
      for (const reply of replies) expect(reply.status).toBe(404);
      expect(withoutReference(replies[0])).toBe(withoutReference(replies[1]));
    },
  );

  it('in the path are refused to a change, whatever is posted', async () => {
    const browser = browserOf('sebadmin', 'org.');
    const before = await checksums(app);
    const hidden = await hiddenFieldsOf(browser, 'sebadmin');
    for (const rest of ['/rediger', '/roller']) {
      const reply = await browser.post('sebadmin', `/organisationer/${cvrs.region}/brugere/${foreign}${rest}`, {
        ...fullForm,
        ...hidden,
      });
      expect(reply.status).toBe(404);
    }
    expect(await checksums(app)).toEqual(before);
  });

  it.each(['39910020', '99999999', '0', 'x', '%00', '39910012%20', `39910012' or 1=1 --`, '__proto__'])(
    'as the organisation %s are 404',
    async (cvr) => {
      const browser = browserOf('sebadmin', 'org.');
      for (const rest of [
        'brugere',
        'brugere/opret',
        `brugere/${foreign}`,
        'sor',
        'sor/find?find=a',
        `tildel-roller?bruger=${foreign}`,
      ])
        expect(
          (await browser.get('sebadmin', `/organisationer/${encodeURI(cvr).replaceAll('%25', '%')}/${rest}`)).status,
        ).toBe(404);
    },
  );

  it('among the chosen users refuse the whole request', async () => {
    const browser = browserOf('sebadmin', 'org.');
    const before = await checksums(app);
    const hidden = await hiddenFieldsOf(browser, 'sebadmin');
    for (const chosen of [`bruger=${foreign}`, `bruger=${target}&bruger=${foreign}`, 'bruger=2147483647']) {
      const path = `/organisationer/${cvrs.region}/tildel-roller?${chosen}`;
      expect((await browser.get('sebadmin', path)).status).toBe(404);
      const posted = { ...hidden, tildelservice: String(role.serviceId), rolle: String(role.id) };
      expect((await browser.post('sebadmin', path, posted)).status).toBe(404);
    }
    expect(await checksums(app)).toEqual(before);
  });

  it('among the ticked roles refuse the whole request', async () => {
    const browser = browserOf('sebadmin', 'org.');
    const own = only(
      await app.rows<{ id: number; user_id: number }>(
        `select g.id, g.user_id from role_assignment g join organisation o on o.id = g.organisation_id join app_user u on u.id = g.user_id
       where o.cvr = $1 and g.valid_to is null and u.deleted_at is null order by g.id limit 1`,
        [cvrs.region],
      ),
    );
    const others = only(
      await app.rows<{ id: number }>(
        'select g.id from role_assignment g join organisation o on o.id = g.organisation_id where o.cvr = $1 and g.valid_to is null limit 1',
        [cvrs.municipality],
      ),
    );
    const neighbour = only(
      await app.rows<{ id: number }>(
        'select g.id from role_assignment g join organisation o on o.id = g.organisation_id where o.cvr = $1 and g.valid_to is null and g.user_id <> $2 limit 1',
        [cvrs.region, own.user_id],
      ),
    );
    const before = await checksums(app);
    const hidden = await hiddenFieldsOf(browser, 'sebadmin');
    for (const stranger of [others.id, neighbour.id, 2147483647]) {
      const tildeling = [String(own.id), String(stranger)];
      const reply = await browser.post('sebadmin', `/organisationer/${cvrs.region}/brugere/${own.user_id}/roller`, {
        ...hidden,
        tildeling,
      });
      expect(reply.status).toBe(404);
    }
    expect(await checksums(app)).toEqual(before);
  });

  it('never show anybody of theirs', async () => {
    const canary = only(await app.rows<{ email: string }>('select email from app_user where id = $1', [foreign])).email;
    const browser = browserOf('sebadmin', 'org.');
    for (const path of [
      '/',
      `/organisationer/${cvrs.region}/brugere?soeg=${encodeURIComponent(canary)}`,
      `/organisationer/${cvrs.region}/tildel-roller?alle=1&soeg=${encodeURIComponent(canary)}`,
    ]) {
      const reply = await browser.get('sebadmin', path);
      expect(reply.text.replaceAll(`value="${canary}"`, '').replaceAll(encodeURIComponent(canary), '')).not.toContain(
        canary,
      );
    }
  });
});

describe('an administrator of another organisation than the own', () => {
  it('works there, and is an ordinary user at home', async () => {
    const id = only(await ordinaryUsers(app, cvrs.practice, 1));
    await operate(
      app,
      `insert into administrator (organisation_id, user_id, home_organisation_id, kind)
      select c.id, ${id}, h.id, 'USER' from organisation c, organisation h where c.cvr = '${cvrs.clinic}' and h.cvr = '${cvrs.practice}'`,
    );
    const browser = app.browser();
    expect((await app.signIn(browser, 'sebadmin', await claimsOfUser(app, id))).status).toBe(303);
    const statuses = await inTurn(
      ['/', `/organisationer/${cvrs.clinic}/brugere`, '/mine-oplysninger', `/organisationer/${cvrs.practice}/brugere`],
      (path) => browser.get('sebadmin', path),
    );
    expect(statuses.map((reply) => reply.status)).toEqual([200, 200, 200, 404]);
    expect(mainText(statuses[0]?.text ?? '')).toContain('Klinik Fjordblik ApS');
  });
});

it('makes somebody wait who is refused again and again', async () => {
  const browser = browserOf('sebadmin', 'read');
  const hidden = await hiddenFieldsOf(browser, 'sebadmin');
  const replies = await inTurn(
    Array.from({ length: 32 }, (_, index) => index),
    () => browser.post('sebadmin', `/organisationer/${cvrs.region}/brugere/opret`, hidden),
  );
  expect(replies.map((reply) => reply.status)).toEqual([...Array<number>(30).fill(403), 429, 429]);
  expect(Number(replies.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
  expect(mainText(replies.at(-1)?.text ?? '')).toContain('Vent');
});

it('logs refused changes with who, what and why', async () => {
  const browser = browserOf('sebadmin', 'read');
  const path = `/organisationer/${cvrs.region}/brugere/${target}/rediger`;
  const reply = await browser.post('sebadmin', path, await hiddenFieldsOf(browser, 'sebadmin'));
  const logged = only(
    await app.rows<{ actor_user_id: number; detail: object }>(
      `select actor_user_id, detail from audit_event where kind = 'change.refused' and request_id = $1`,
      [reply.headers['x-request-id']],
    ),
  );
  expect(logged).toEqual({
    actor_user_id: await idOf(app, 'region-read-only'),
    detail: { action: 'user.edit', path, reason: expect.stringContaining('ikke rettighed') },
  });
});

async function inTurn<Item, Answer>(items: readonly Item[], ask: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const replies: Answer[] = [];
  for (const item of items) replies.push(await ask(item));
  return replies;
}

function withoutReference(reply: Reply | undefined): string {
  return mainText(reply?.text ?? '').replace(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/g, '');
}
