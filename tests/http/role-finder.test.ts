import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { linksOf, mainText } from '../support/browser.ts';
import { cvrs, operate } from '../support/sector.ts';

let app: App;
let admin: Browser;
const path = `/organisationer/${cvrs.region}/roller`;

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  // More than two pages of roles with one name, of which only some may be given.
  await operate(
    app,
    `insert into service (code, name, owner, source) values ('mange', 'Ærlig service', 'Prøven', 'Prøven');
     insert into role (service_id, code, name, description, synonyms, needs_sor, needs_cpr, source)
     select s.id, 'mange' || n, 'Ens navn', 'Prøverolle', array['tvilling'], false, false, 'Prøven' from service s, generate_series(1, 60) n where s.code = 'mange';
     insert into organisation_role (organisation_id, role_id) select o.id, r.id from organisation o, role r
     where o.cvr = '${cvrs.region}' and r.code like 'mange%' and right(r.code, 1) in ('1', '2', '3')`,
  );
});
afterAll(() => app.close());

/** The ids of the roles on a page, and the link to the next. */
async function open(address: string): Promise<{ roles: string[]; next: string | undefined; text: string }> {
  const { status, text } = await admin.get('sebadmin', address);
  expect(status).toBe(200);
  const links = linksOf(text);
  const roles = links.flatMap((link) => /\/roller\/(\d+)$/.exec(link)?.[1] ?? []);
  return { roles, next: links.find((link) => link.includes('fra=')), text: mainText(text) };
}

async function walk(address: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = address; next !== undefined && pages.length < 30;) {
    const opened = await open(next);
    pages.push(opened.roles);
    next = opened.next;
  }
  return pages;
}

it('shows the services with how many roles they have, and no role, until somebody chooses or searches', async () => {
  const { roles, text } = await open(path);
  expect(roles).toEqual([]);
  expect(text).toContain('Ærlig service (mange) · 60 roller, 18 kan tildeles');
});

it('comes to every role of a service once, page by page, those first that can be given', async () => {
  const { id } = (await app.rows<{ id: number }>(`select id from service where code = 'mange'`))[0] ?? { id: 0 };
  const pages = await walk(`${path}?service=${id}`);
  expect(pages.map((page) => page.length)).toEqual([25, 25, 10]);
  const found = pages.flat().map(Number);
  const wanted = await app.rows<{ id: number; givable: boolean }>(
    'select id, exists (select from organisation_role g where g.role_id = r.id) as givable from role r where service_id = $1 order by 2 desc, 1',
    [id],
  );
  expect(found).toEqual(wanted.map((role) => role.id));
});

it('finds over all services by description and synonym, page by page', async () => {
  const first = await open(`${path}?soeg=tvilling`);
  expect(first.text).toContain('60 roller');
  expect(first.text).toContain('Side 1 af 3');
  expect((await walk(`${path}?soeg=tvilling`)).flat()).toHaveLength(60);
  const everything = (await walk(`${path}?soeg=e`)).flat();
  expect(new Set(everything).size).toBe(everything.length);
});

it.each(['x', '%', Buffer.from('{"d":"after","v":["0"],"i":1,"p":1}').toString('base64url')])(
  'begins at the first page when the address is not its own: fra=%s',
  async (fra) => {
    expect((await open(`${path}?soeg=tvilling&fra=${encodeURIComponent(fra)}`)).text).toContain('Side 1 af 3');
  },
);
