import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLookUps } from '../../src/audit/look-ups.changes.ts';
import type { LookUp } from '../../src/audit/look-ups.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { claimsOfUser, cvrs, idOf, only, ordinaryUsers } from '../support/sector.ts';

let app: App;
let admin: Browser;
let user: number;
const region = `/organisationer/${cvrs.region}`;

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  user = only(await ordinaryUsers(app, cvrs.region, 1));
});
afterAll(() => app.close());

type Row = { page: string; search: string | null; target: number | null; actor: number; role: string };
const written = (): Promise<Row[]> =>
  app.rows<Row>(
    'select page, search, target_user_id as target, actor_user_id as actor, actor_role as role from lookup_event order by at, id',
  );

async function open(browser: Browser, path: string, portal: 'sebadmin' | 'sebanmod' = 'sebadmin'): Promise<string> {
  const reply = await browser.get(portal, path);
  expect(reply.status).toBe(200);
  expect(await faultsOfHtml(reply.text)).toEqual([]);
  return mainText(reply.text);
}

describe('look-ups', () => {
  it('are written for every page about a person and every search by name, soon after the page', async () => {
    const actor = await idOf(app, 'region-org-admin');
    const shown = ['', '/roller', '/log', '/rediger', '/adgangstjek'];
    const visit = (path: string) => admin.get('sebadmin', path);
    for (const rest of shown) await visit(`${region}/brugere/${user}${rest}`);
    await visit(`${region}/brugere?soeg=%C3%86gidius`);
    await visit('/brugere?soeg=S%C3%B8ren');
    // Not: one's own page, a list without a search, a page that was refused or is not there.
    await visit(`${region}/brugere/${actor}`);
    await visit(`${region}/brugere`);
    await visit(`${region}/brugere/2147483647`);
    await visit(`/organisationer/${cvrs.municipality}/brugere/${user}`);
    await expect.poll(async () => (await written()).length, { timeout: 10_000 }).toBe(7);
    const role = 'organisationAdministrator';
    expect(await written()).toEqual([
      ...shown.map((rest) => ({ page: rest.slice(1), search: null, target: user, actor, role })),
      { page: '/organisationer/:cvr/brugere', search: 'Ægidius', target: null, actor, role },
      { page: '/brugere', search: 'Søren', target: null, actor, role: expect.any(String) as string },
    ]);
  });

  it('are seen by the person in sebanmod, and by auditors with filters', async () => {
    const own = app.browser();
    await app.signIn(own, 'sebanmod', await claimsOfUser(app, user));
    const mine = await open(own, '/hvem-har-set', 'sebanmod');
    expect(mine).toContain('Åse Østergård (Organisationsadministrator) så brugerens roller.');
    expect(mine).not.toContain('Ægidius');
    const all = await open(admin, `${region}/opslag`);
    expect(all).toContain('Åse Østergård (Organisationsadministrator) søgte efter “Ægidius” i Region Eksempel.');
    const { username } = only(
      await app.rows<{ username: string }>('select username from app_user where id = $1', [user]),
    );
    expect(await open(admin, `${region}/opslag?paa=${username}`)).not.toContain('Ægidius');
    expect(await open(admin, `${region}/opslag?hvem=${username}`)).toContain('Ingen opslag passer');
    expect(await open(admin, `${region}/opslag?til=01-01-2020`)).toContain('Ingen opslag passer');
    expect((await admin.get('sebadmin', `${region}/opslag?fra=x`)).status).toBe(422);
    const owner = await app.signedIn('system-owner');
    expect(await open(owner, '/opslag')).toContain('i alle organisationer');
    const others = await app.signedIn('municipality-org-admin');
    expect(await open(others, `/organisationer/${cvrs.municipality}/opslag`)).not.toContain('Åse');
  });

  it('on administrators are not for a brugeradministrator to see', async () => {
    const administrator = await idOf(app, 'region-user-admin');
    await open(admin, `${region}/brugere/${administrator}`);
    const name = 'brugerens side: Mette-Marie Sørensen';
    await expect.poll(() => open(admin, `${region}/opslag`), { timeout: 10_000 }).toContain(name);
    const limited = await app.signedIn('region-user-admin');
    const seen = await open(limited, `${region}/opslag`);
    expect(seen).toContain('søgte efter');
    expect(seen).not.toContain(name);
  });

  it('can be read page by page', async () => {
    await app.rows(`insert into lookup_event (at, organisation_id, actor_user_id, actor_name, actor_role, search, page, request_id)
      select now() - n * interval '1 second', organisation_id, 1, 'Nr ' || n || '.', 'user', 'x', '/brugere', 'x' from generate_series(1, 120) n, app_user where id = ${user}`);
    const found: string[] = [];
    let next: string | undefined = `${region}/opslag?fra=01-01-2020`;
    for (let pages = 0; next !== undefined && pages < 10; pages += 1) {
      const { text }: { text: string } = await admin.get('sebadmin', next);
      found.push(...(text.match(/Nr \d+\./g) ?? []));
      next = /href="([^"]*efter=[^"]*)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(found).toEqual(Array.from({ length: 120 }, (_, index) => `Nr ${index + 1}.`));
  });

  it('wait while the database is away, and what is too much is told', async () => {
    const gone: unknown[] = [];
    const errors: unknown[] = [];
    let isAway = true;
    const pool = {
      query: async (_text: string, [gathered]: [string]) => {
        if (isAway) throw new Error('away');
        gone.push(...(JSON.parse(gathered) as unknown[]));
      },
    };
    const log = { warn: () => undefined, error: (told: unknown) => void errors.push(told) };
    const lookUps = createLookUps({ pool } as never, log as never);
    const one: LookUp = {
      organisationId: 1,
      actorUserId: 1,
      actorName: 'x',
      actorRole: 'user',
      targetUserId: 2,
      search: null,
      page: '',
      requestId: 'x',
    };
    for (let n = 0; n < 20_005; n += 1) lookUps.note(one);
    await lookUps.flush();
    expect(gone).toHaveLength(0);
    isAway = false;
    await lookUps.flush();
    expect(gone).toHaveLength(20_000);
    expect(errors).toEqual([{ lost: 5 }]);
  });

  it('cannot be changed or removed by the application, nor written past its function', async () => {
    for (const statement of [
      'delete from lookup_event',
      `update lookup_event set search = 'x'`,
      'truncate lookup_event',
    ])
      await expect(app.database.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(
      app.database.pool.query(
        `insert into lookup_event (at, actor_user_id, actor_name, actor_role, search, page, request_id) values (now(), 1, 'x', 'x', 'x', 'x', 'x')`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(app.rows('delete from lookup_event')).rejects.toMatchObject({ code: '42501' });
  });
});
