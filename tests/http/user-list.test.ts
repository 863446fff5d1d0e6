import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { decoded, linksOf, mainText } from '../support/browser.ts';
import { personOf } from '../support/people.ts';
import { claimsOfUser, cvrs, endOfRoles, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let admin: Browser;
const list = `/organisationer/${cvrs.region}/brugere`;

type Row = { id: number; first_name: string; last_name: string; email: string };
let everybody: Row[];

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  // Names that a computer sorts as no Dane would, twins, and what a search could stumble over.
  const names = [
    'Aa',
    'Aagaard',
    'Åberg',
    'Aaberg',
    'Zeuthen',
    'Ærø',
    'Ørsted',
    'øbo',
    'Ö',
    'Ä',
    'O’Neill',
    '100%',
    'A_b',
    'Back\\slash',
    'Twin',
    'Twin',
    'Twin',
  ];
  for (const [index, name] of names.entries())
    await operate(
      app,
      `insert into app_user (organisation_id, username, rid, first_name, last_name, email) values ((select id from organisation where cvr = '${cvrs.region}'),
      'teva${700000 + index}', 'LIST-${index}', 'Test', '${name}', 'test${index}@region-eksempel.example')`,
    );
  everybody = await app.rows<Row>(
    `select u.id, first_name, last_name, email from app_user u join organisation o on o.id = u.organisation_id where o.cvr = $1 and deleted_at is null`,
    [cvrs.region],
  );
});
afterAll(() => app.close());

const idsOn = (html: string): number[] =>
  [...html.matchAll(/<a id="n\d+" href="brugere\/(\d+)"/g)].map(([, id]) => Number(id));
const countOn = (html: string): number =>
  Number((/\(([\d.]+) brugere?\)/.exec(mainText(html))?.[1] ?? '-1').replace('.', ''));
const find = async (query: Record<string, string>) => {
  const reply = await admin.get('sebadmin', `${list}?${new URLSearchParams(query).toString()}`);
  return {
    ids: idsOn(reply.text),
    count: reply.text.includes('Ingen brugere passer') ? 0 : countOn(reply.text),
    html: reply.text,
  };
};
const linkOn = (html: string, label: string): string | undefined =>
  decoded(new RegExp(`<a href="([^"]*)"[^>]*>${label}</a>`).exec(html)?.[1] ?? '') || undefined;

/** Walks by a link of the pager until it is gone. */
async function walk(from: string, label: string): Promise<number[][]> {
  const pages: number[][] = [];
  for (let address: string | undefined = from; address !== undefined;) {
    const { text } = await admin.get('sebadmin', address);
    pages.push(idsOn(text));
    address = linkOn(text, label);
    if (pages.length > 50) throw new Error('the pager goes round in circles');
  }
  return pages;
}

describe('the figures of the front page', () => {
  const figure = async (label: string): Promise<{ value: number; href: string }> => {
    const { text } = await admin.get('sebadmin', '/');
    const [, href = '', value = ''] = new RegExp(`<dt>${label}</dt><dd><a href="([^"]*)">([\\d.]+)<`).exec(text) ?? [];
    return { value: Number(value.replace('.', '')), href: decoded(href) };
  };

  it('count what the pages list that they lead to', async () => {
    const [someone, other] = await ordinaryUsers(app, cvrs.region, 2);
    const role = only(await givableRoles(app, cvrs.region, false));
    // One of each kind that a count could miss: a role to come, a lock, and one whose last day is the thirtieth.
    const given = (user: number | undefined, from: string, until: string): string =>
      `insert into role_assignment (organisation_id, user_id, role_id, valid_from, valid_to) select organisation_id, id, ${role.id}, ${from}, ${until} from app_user where id = ${user}`;
    await operate(
      app,
      `${endOfRoles([someone ?? 0, other ?? 0])}; ${given(someone, `now() + interval '3 days'`, 'null')};
       ${given(other, 'now()', `(danish_today() + 31)::timestamp at time zone 'Europe/Copenhagen'`)};
       update app_user set locked_from = now(), lock_reason = 'Orlov' where id = ${someone}`,
    );
    for (const label of ['Brugere', 'Spærrede', 'Uden roller', 'Roller, der udløber inden for 30 dage']) {
      const { value, href } = await figure(label);
      expect(value, label).toBeGreaterThan(0);
      const { text } = await admin.get('sebadmin', href);
      expect(
        Number((/\(([\d.]+) (brugere?|rækker?)\)/.exec(mainText(text))?.[1] ?? '-1').replace('.', '')),
        label,
      ).toBe(value);
    }
    const { href } = await figure('Uden roller');
    const { text } = await admin.get('sebadmin', href);
    expect(text).toContain(`href="brugere/${someone}"`);
    expect(text).not.toContain(`href="brugere/${other}"`);
    expect(text).toContain('<option value="ingen" selected>Uden roller</option>');
    // The buttons below the list choose by the same filter.
    expect(text).toContain('<input type="hidden" name="service" value="ingen">');
  });
});

describe('the order', () => {
  const danish = new Intl.Collator('da');
  const names = (ids: number[]) => ids.map((id) => everybody.find((row) => row.id === id)?.last_name ?? '');

  it('of names is Danish: aa as å last, æ before ø before å', async () => {
    const shown = names((await walk(list, 'Næste')).flat());
    const sorted = shown.toSorted((a, b) => danish.compare(a, b));
    expect(shown.map((name) => name.toLowerCase())).toEqual(sorted.map((name) => name.toLowerCase()));
    const place = (name: string) => shown.indexOf(name);
    expect([place('Zeuthen'), place('Ærø'), place('Ørsted'), place('Åberg')]).toEqual(
      [place('Zeuthen'), place('Ærø'), place('Ørsted'), place('Åberg')].toSorted((a, b) => a - b),
    );
    expect(place('Aagaard')).toBeGreaterThan(place('Zeuthen'));
  });

  it.each(['efternavn', 'fornavn', 'email'])('by %s falls as it rises, backwards', async (sorter) => {
    const rising = (await walk(`${list}?sorter=${sorter}`, 'Næste')).flat();
    const falling = (await walk(`${list}?sorter=${sorter}&faldende=1`, 'Næste')).flat();
    expect(falling).toEqual(rising.toReversed());
    expect(rising.toSorted((a, b) => a - b)).toEqual(everybody.map(({ id }) => id).toSorted((a, b) => a - b));
  });
});

describe('the pages', () => {
  it.each(['', '?sorter=fornavn', '?sorter=email&faldende=1', '?status=aktiv', '?soeg=a'])(
    'show everybody once, forwards and backwards: %s',
    async (query) => {
      const forwards = await walk(list + query, 'Næste');
      expect(forwards.length).toBeGreaterThan(1);
      expect(new Set(forwards.flat()).size).toBe(forwards.flat().length);
      const first = await admin.get('sebadmin', list + query);
      expect(forwards.flat()).toHaveLength(countOn(first.text));
      const last = linkOn(first.text, 'Sidste');
      const backwards = await walk(last ?? '', 'Forrige');
      expect(backwards.toReversed()).toEqual(forwards);
    },
  );

  it('tell where one is, and lead to the first', async () => {
    const first = await admin.get('sebadmin', list);
    const pages = Math.ceil(everybody.length / 50);
    expect(mainText(first.text)).toContain(`Side 1 af ${pages} (${everybody.length} brugere)`);
    const second = await admin.get('sebadmin', linkOn(first.text, 'Næste') ?? '');
    expect(mainText(second.text)).toContain(`Side 2 af ${pages}`);
    expect(linkOn(second.text, 'Første')).toBe(
      `${list}?`.replace(/\?$/, linkOn(second.text, 'Første')?.includes('?') ? '?' : ''),
    );
    const last = await admin.get('sebadmin', linkOn(first.text, 'Sidste') ?? '');
    expect(mainText(last.text)).toContain(`Side ${pages} af ${pages}`);
    expect([linkOn(last.text, 'Næste'), linkOn(first.text, 'Forrige')]).toEqual([undefined, undefined]);
  });

  it('go on where they were when somebody new comes in between', async () => {
    const first = await admin.get('sebadmin', list);
    await operate(
      app,
      `insert into app_user (organisation_id, username, rid, first_name, last_name, email) values ((select id from organisation where cvr = '${cvrs.region}'), 'aaaa799999', 'LIST-NEW', 'A', 'A', 'a@b.dk')`,
    );
    const second = idsOn((await admin.get('sebadmin', linkOn(first.text, 'Næste') ?? '')).text);
    expect(idsOn(first.text).filter((id) => second.includes(id))).toEqual([]);
    await operate(app, `update app_user set deleted_at = now() where rid = 'LIST-NEW'`);
    expect(countOn((await admin.get('sebadmin', list)).text)).toBe(everybody.length);
  });
});

describe('the search', () => {
  it.each([
    ['a name', 'Østergård'],
    ['a name without its letters', 'oestergaard'],
    ['a name in capitals', 'ØSTERGÅRD'],
    ['parts of both names', 'åse øster'],
    ['the names the other way round', 'Østergård Åse'],
    ['an e-mail address', 'aase.oestergaard@'],
    ['a RID', '1118061020234'],
    ['a part of a RID', '8061020'],
  ])('finds by %s: %s', async (_what, soeg) => {
    expect((await find({ soeg })).ids).toContain(await idOf(app, 'region-org-admin'));
  });

  it('finds by username, whole or in part', async () => {
    const { username, id } = only(
      await app.rows<{ username: string; id: number }>('select username, id from app_user where id = $1', [
        await idOf(app, 'region-user'),
      ]),
    );
    for (const soeg of [username, username.toUpperCase(), username.slice(2)])
      expect((await find({ soeg })).ids).toContain(id);
  });

  it.each([
    ['%', '100%'],
    ['100%', '100%'],
    ['A_b', 'A_b'],
    ['\\', 'Back\\slash'],
    ['_', 'A_b'],
  ])('takes %s literally', async (soeg, name) => {
    const { ids } = await find({ soeg });
    const expected = await app
      .rows<{ id: number }>(
        `select id from visible_user where position($1 in lower(first_name || ' ' || last_name || ' ' || email || ' ' || rid || ' ' || username)) > 0 and deleted_at is null
      and organisation_id = (select id from organisation where cvr = $2)`,
        [soeg.toLowerCase(), cvrs.region],
      )
      .catch(() => []);
    expect(ids).toContain(everybody.find((row) => row.last_name === name)?.id);
    if (expected.length > 0) expect(ids).toHaveLength(Math.min(50, expected.length));
    expect(ids.length).toBeLessThan(everybody.length);
  });

  it('for SQL or markup finds nobody, and shows it as text', async () => {
    for (const soeg of [`' or 1=1 --`, `<script>alert(1)</script>`, `"><img src=x>`, `'; drop table app_user; --`]) {
      const found = await find({ soeg });
      expect([soeg, found.ids]).toEqual([soeg, []]);
      expect(found.html).not.toMatch(/<script>alert|<img src=x/);
    }
  });
});

describe('the filters', () => {
  const region = `(select id from organisation where cvr = '${cvrs.region}')`;
  const isLocked = '(u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))';
  const administers = (kinds: string) =>
    `exists (select from administrator a where a.user_id = u.id and a.organisation_id = ${region} and a.kind in (${kinds}) and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now()))`;

  it.each<[Record<string, string>, string]>([
    [{ status: 'spaerret' }, isLocked],
    [{ administrator: 'alle' }, administers(`'ORGANISATION', 'USER', 'READ_ONLY'`)],
    [{ administrator: 'organisation' }, administers(`'ORGANISATION'`)],
    [{ administrator: 'bruger' }, administers(`'USER'`)],
    [{ administrator: 'read-only' }, administers(`'READ_ONLY'`)],
    [{ administrator: 'bruger', status: 'spaerret' }, `${administers(`'USER'`)} and ${isLocked}`],
    [{ status: 'aktiv', soeg: 'kirurg' }, `not coalesce(${isLocked}, false) and u.search like '%kirurg%'`],
  ])('%j show whom they mean', async (query, condition) => {
    const meant = await app.rows<{ id: number }>(
      `select id from app_user u where organisation_id = ${region} and deleted_at is null and (${condition})`,
    );
    const { ids, count } = await find(query);
    expect(count).toBe(meant.length);
    expect(ids.toSorted((a, b) => a - b)).toEqual(
      meant
        .map(({ id }) => id)
        .toSorted((a, b) => a - b)
        .slice(0, 50),
    );
  });

  it('by service show who holds a role of it today', async () => {
    const service = only(
      await app.rows<{ id: number; holders: number }>(
        `select r.service_id as id, count(distinct g.user_id)::int as holders from role_assignment g join role r on r.id = g.role_id join app_user u on u.id = g.user_id
       where g.organisation_id = ${region} and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()) and u.deleted_at is null group by 1 order by 2 desc limit 1`,
      ),
    );
    expect((await find({ service: String(service.id) })).count).toBe(service.holders);
  });
});

it('gives the actions and ticks to those alone who may use them', async () => {
  const reader = await app.signedIn('region-read-only');
  const page = (await reader.get('sebadmin', list)).text;
  expect(page).not.toMatch(/type="checkbox"|Rediger<|Tildel roller|Opret bruger/);
  const offered = (html: string): string[] =>
    linksOf(html, list).filter((link) => /\/(rediger|opret|tildel-roller|klon|spaer|slet)$/.test(link));
  expect(offered(page)).toEqual([]);
  expect(offered((await admin.get('sebadmin', list)).text).length).toBeGreaterThan(100);
  expect((await admin.get('sebadmin', list)).text).toMatch(/Tildel roller/);
});

it('is light, and says whom each box and action is about', async () => {
  const { html, ids } = await find({});
  expect(ids).toHaveLength(50);
  const rows = html.slice(html.indexOf('<tbody>'), html.indexOf('</tbody>'));
  expect(Buffer.byteLength(rows) / ids.length).toBeLessThan(720);
  const named = [...rows.matchAll(/<(?:a|input)\b[^>]* aria-labelledby="([^"]*)"/g)].map(([, by = '']) => by);
  expect(named.length).toBeGreaterThan(200);
  expect(new Set(named).size).toBe(named.length);
  const there = new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  expect(named.flatMap((by) => by.split(' ')).filter((id) => !there.has(id))).toEqual([]);
});

it('has one address, since its links lead on from there', async () => {
  expect((await admin.get('sebadmin', `${list}/`)).status).toBe(404);
});

describe('what is listed is what may be opened', () => {
  it('for every administrator, in every organisation, whatever is asked', { timeout: 60_000 }, async () => {
    const actors = await Promise.all(
      [
        'region-org-admin',
        'region-read-only',
        'municipality-org-admin',
        'two-organisations',
        'servicedesk',
        'practice-doctor',
      ].map(async (key) => ({ key, browser: await app.signedIn(key) })),
    );
    const all = await app.rows<{ id: number; cvr: string; deleted: boolean }>(
      'select u.id, o.cvr, deleted_at is not null as deleted from app_user u join organisation o on o.id = u.organisation_id',
    );
    const reach: Record<string, string[]> = {
      'region-org-admin': [cvrs.region],
      'region-read-only': [cvrs.region],
      'municipality-org-admin': [cvrs.municipality],
      'two-organisations': [cvrs.region, cvrs.clinic],
      servicedesk: [...Object.values(cvrs), personOf('servicedesk').cvr],
      'practice-doctor': [cvrs.practice],
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...actors),
        fc.constantFrom(...all),
        fc.constantFrom('', '/roller'),
        async ({ key, browser }, user, rest) => {
          const opened = await browser.get('sebadmin', `/organisationer/${user.cvr}/brugere/${user.id}${rest}`);
          const listed = await browser.get(
            'sebadmin',
            `/organisationer/${user.cvr}/brugere?soeg=${encodeURIComponent((await claimsOfUser(app, user.id)).email ?? '')}`,
          );
          const isListed = listed.status === 200 && idsOn(listed.text).includes(user.id);
          expect([key, user, opened.status === 200]).toEqual([key, user, isListed]);
          expect([key, user, opened.status === 200]).toEqual([
            key,
            user,
            !user.deleted && (reach[key] ?? []).includes(user.cvr),
          ]);
        },
      ),
      { seed: 20261121, numRuns: 40 },
    );
  });

  it('in the list of organisations too', async () => {
    const desk = await app.signedIn('servicedesk');
    const page = await desk.get('sebadmin', '/organisationer');
    const listed = linksOf(page.text).filter((link) => /^\/organisationer\/\d{8}\/brugere$/.test(link));
    expect(new Set(listed).size).toBe(6);
    for (const link of new Set(listed)) expect((await desk.get('sebadmin', link)).status).toBe(200);
    const both = await app.signedIn('two-organisations');
    const own = linksOf((await both.get('sebadmin', '/organisationer')).text).filter((link) =>
      /^\/organisationer\/\d{8}\/brugere$/.test(link),
    );
    expect([...new Set(own)].toSorted()).toEqual(
      [`/organisationer/${cvrs.region}/brugere`, `/organisationer/${cvrs.clinic}/brugere`].toSorted(),
    );
  });

  it('names nobody of another organisation in what is chosen from', async () => {
    const [foreign = 0] = await ordinaryUsers(app, cvrs.municipality, 1);
    const { email } = await claimsOfUser(app, foreign);
    for (const path of [`${list}?soeg=${email}`, `/organisationer/${cvrs.region}/tildel-roller?alle=1&soeg=${email}`])
      expect(mainText((await admin.get('sebadmin', path)).text)).not.toContain(
        personOf('municipality-org-admin').lastName,
      );
  });
});
