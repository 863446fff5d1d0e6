import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { claimsOfUser, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let admin: Browser;
let users: number[];

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  users = await ordinaryUsers(app, cvrs.region, 12);
});
afterAll(() => app.close());

const at = (id: number, rest = ''): string => `/organisationer/${cvrs.region}/brugere/${id}${rest}`;
const dayFromNow = (days: number): string => danishDay(dayInDenmark(new Date(Date.now() + days * 86_400_000)));
const nextUser = (): number => users.shift() ?? 0;

type LockRow = { from: string | null; until: string | null; reason: string | null; is_locked: boolean; epoch: number };
async function lockOf(id: number): Promise<LockRow> {
  const rows = await app.rows<LockRow>(
    `select to_char(locked_from at time zone 'Europe/Copenhagen', 'DD-MM-YYYY HH24:MI:SS') as "from",
       to_char(locked_until at time zone 'Europe/Copenhagen', 'DD-MM-YYYY HH24:MI:SS') as until, lock_reason as reason,
       coalesce(locked_from <= now() and (locked_until is null or locked_until > now()), false) as is_locked, session_epoch as epoch
     from app_user where id = $1`,
    [id],
  );
  return only(rows);
}

async function logOf(id: number): Promise<string> {
  return mainText((await admin.get('sebadmin', at(id, '/log'))).text);
}

describe('Spær at once', () => {
  it('locks now, ends the session at its next request, and says so in list, page and log', async () => {
    const id = nextUser();
    const theirs = app.browser();
    expect((await app.signIn(theirs, 'sebanmod', await claimsOfUser(app, id))).status).toBe(303);
    expect((await theirs.get('sebanmod', '/')).status).toBe(200);

    const done = await admin.submit('sebadmin', at(id, '/spaer'), { start: 'nu', begrundelse: 'Orlov' });
    expect(done.location).toBe(at(id));
    expect(await lockOf(id)).toMatchObject({ is_locked: true, until: null, reason: 'Orlov' });
    expect((await theirs.get('sebanmod', '/')).status).toBe(303);

    const shown = mainText((await admin.get('sebadmin', at(id))).text);
    expect(shown).toContain('kan ikke logge på');
    expect(shown).toContain('Årsag: Orlov');
    expect(shown).toContain('Lås op');
    const name = only(await app.rows<{ rid: string }>('select rid from app_user where id = $1', [id])).rid;
    const list = (
      await admin.get('sebadmin', `/organisationer/${cvrs.region}/brugere?soeg=${encodeURIComponent(name)}`)
    ).text;
    expect(list).toContain('class="seb-locked"');
    expect(list).toContain(`href="brugere/${id}/laas-op"`);
    expect(await logOf(id)).toContain('spærrede');
  });

  it('until a day ends with that day, in Denmark', async () => {
    const id = nextUser();
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'nu', til: dayFromNow(3), begrundelse: 'Ferie' });
    expect(await lockOf(id)).toMatchObject({ is_locked: true, until: `${dayFromNow(4)} 00:00:00` });
    expect(mainText((await admin.get('sebadmin', at(id))).text)).toContain(`Spærret til og med ${dayFromNow(3)}`);
  });

  it('opens by itself when its last day is over', async () => {
    const id = nextUser();
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'nu', til: dayFromNow(0), begrundelse: 'Ferie' });
    expect((await lockOf(id)).is_locked).toBe(true);
    await operate(
      app,
      `update app_user set locked_from = now() - interval '2 days', locked_until = now() where id = ${id}`,
    );
    const theirs = app.browser();
    expect((await app.signIn(theirs, 'sebanmod', await claimsOfUser(app, id))).status).toBe(303);
    expect(mainText((await admin.get('sebadmin', at(id))).text)).not.toContain('Spærret');
  });
});

describe('Spær from a day', () => {
  it('leaves the user alone until then, and says when', async () => {
    const id = nextUser();
    const before = (await lockOf(id)).epoch;
    const asked = { start: 'dato', fra: '01-12-2030', til: '31-12-2030', begrundelse: 'Barsel' };
    await admin.submit('sebadmin', at(id, '/spaer'), asked);
    expect(await lockOf(id)).toEqual({
      from: '01-12-2030 00:00:00',
      until: '01-01-2031 00:00:00',
      reason: 'Barsel',
      is_locked: false,
      epoch: before,
    });
    const shown = mainText((await admin.get('sebadmin', at(id))).text);
    expect(shown).toContain('Spærres fra 01-12-2030 til og med 31-12-2030');
    expect(shown).toContain('Aflys spærring');
    expect(await logOf(id)).toContain('fra 01-12-2030 til og med 31-12-2030. Begrundelse: Barsel.');
    const form = formOf((await admin.get('sebadmin', at(id, '/spaer'))).text, at(id, '/spaer'));
    expect(form.fields).toMatchObject({ start: 'dato', fra: '01-12-2030', til: '31-12-2030', begrundelse: 'Barsel' });
  });

  it('has midnights of summer and winter time', async () => {
    const id = nextUser();
    const asked = { start: 'dato', fra: '29-03-2031', til: '30-03-2031', begrundelse: 'Kursus' };
    await admin.submit('sebadmin', at(id, '/spaer'), asked);
    const row = only(
      await app.rows<{ hours: number }>(
        'select extract(epoch from locked_until - locked_from)::int / 3600 as hours from app_user where id = $1',
        [id],
      ),
    );
    expect(row.hours).toBe(47);
  });

  it('can be cancelled', async () => {
    const id = nextUser();
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'dato', fra: '01-12-2030', begrundelse: 'Orlov' });
    const done = await admin.submit('sebadmin', at(id, '/laas-op'), {});
    expect(done.location).toBe(at(id));
    expect(await lockOf(id)).toMatchObject({ from: null, reason: null });
    expect(await logOf(id)).toContain('aflyste den planlagte spærring');
  });

  it.each([
    [{ start: 'dato' }, 'Skriv, hvilken dag spærringen begynder'],
    [{ start: 'nu', fra: '01-12-2030' }, 'Du har valgt at spærre nu. Slet datoen her, eller vælg “Fra en dato”'],
    [{ start: 'dato', fra: '01-12-2020' }, 'Dagen er gået'],
    [{ start: 'nu', til: '01-12-2020' }, 'Dagen er gået'],
    [{ start: 'dato', fra: '02-12-2030', til: '01-12-2030' }, 'Sidste dag ligger før den første'],
    [{ start: 'dato', fra: '31-02-2030' }, 'Skriv første dag som dd-mm-åååå'],
    [{ start: 'dato', fra: '2030-12-01' }, 'Skriv første dag som dd-mm-åååå'],
    [{ start: 'engang' }, 'Vælg, hvornår spærringen begynder'],
    [{ start: 'nu', begrundelse: ' ' }, 'Skriv en begrundelse'],
  ])('refuses %j: %s, and keeps what was typed', async (fields, message) => {
    const [id = 0] = users;
    const reply = await admin.submit('sebadmin', at(id, '/spaer'), { begrundelse: 'Ørsted & co', ...fields });
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain(message);
    if (!('begrundelse' in fields)) expect(reply.text).toContain('Ørsted &amp; co');
    expect((await lockOf(id)).from).toBeNull();
  });
});

describe('Lås op', () => {
  it('opens at once; a session from before the lock stays dead', async () => {
    const id = nextUser();
    const theirs = app.browser();
    await app.signIn(theirs, 'sebanmod', await claimsOfUser(app, id));
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'nu', begrundelse: 'Tabt kort' });
    await admin.submit('sebadmin', at(id, '/laas-op'), {});
    expect(await lockOf(id)).toMatchObject({ is_locked: false, from: null, until: null, reason: null });
    expect((await theirs.get('sebanmod', '/')).status).toBe(303);
    expect(await logOf(id)).toContain('låste');
  });

  it('of a user who is not locked leads back and changes nothing', async () => {
    const [id = 0] = users;
    const reply = await admin.get('sebadmin', at(id, '/laas-op'));
    expect(reply.location).toBe(at(id));
  });
});

describe('two administrators', () => {
  it('are told of each other: the later sees both versions and can go on', async () => {
    const id = nextUser();
    const path = at(id, '/spaer');
    const form = formOf((await admin.get('sebadmin', path)).text, path);
    const other = await app.signedIn('region-org-admin-2');
    await other.submit('sebadmin', path, { start: 'nu', begrundelse: 'Orlov' });
    const late = await admin.post('sebadmin', path, {
      ...form.fields,
      start: 'nu',
      begrundelse: 'Barsel',
      til: '01-02-2031',
    });
    expect(late.status).toBe(409);
    const text = mainText(late.text);
    expect(text).toContain('Årsag: Orlov');
    expect(text).toContain('Spær nu til og med 01-02-2031. Årsag: Barsel');
    const again = formOf(late.text, path);
    expect((await admin.post('sebadmin', path, again.fields)).status).toBe(303);
    expect(await lockOf(id)).toMatchObject({ reason: 'Barsel', is_locked: true });
  });

  it('a double click locks once', async () => {
    const id = nextUser();
    const path = at(id, '/spaer');
    const { fields } = formOf((await admin.get('sebadmin', path)).text, path);
    const asked = { ...fields, start: 'nu', begrundelse: 'Orlov' };
    const replies = await Promise.all([1, 2, 3, 4].map(() => admin.post('sebadmin', path, asked)));
    expect(replies.map((reply) => reply.status)).toEqual([303, 303, 303, 303]);
    const events = await app.rows(`select from audit_event where target_user_id = ${id} and kind = 'user.locked'`);
    expect(events).toHaveLength(1);
  });
});

describe('the pages', () => {
  it('are valid HTML that assistive technology can read', async () => {
    const [id = 0] = users;
    const faulty = await admin.submit('sebadmin', at(id, '/spaer'), { start: 'dato', til: 'x' });
    const faults = await faultsOfHtml(faulty.text);
    await admin.submit('sebadmin', at(id, '/fratraedelse'), { dag: '01-12-2030', begrundelse: 'Pension' });
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'dato', fra: '01-12-2030', begrundelse: 'Orlov' });
    const rests = ['', '/spaer', '/laas-op', '/slet', '/fratraedelse', '/fratraedelse/aflys'];
    const organisation = `/organisationer/${cvrs.region}`;
    const paths = [
      ...rests.map((rest) => at(id, rest)),
      `${organisation}/planlagte-aendringer`,
      `${organisation}/huskeliste`,
    ];
    for (const path of paths) {
      const { status, text } = await admin.get('sebadmin', path);
      expect(status, path).toBe(200);
      faults.push(...(await faultsOfHtml(text)).map((fault) => `${path} ${fault}`));
    }
    expect(faults).toEqual([]);
    for (const path of [at(id, '/laas-op'), at(id, '/fratraedelse/aflys')]) await admin.submit('sebadmin', path, {});
  });
});

describe('who may', () => {
  it('nobody locks oneself, a brugeradministrator no administrator, servicedesk and read-only nobody', async () => {
    const own = await idOf(app, 'region-org-admin');
    const [id = 0] = users;
    expect((await admin.get('sebadmin', at(own, '/spaer'))).status).toBe(403);
    const userAdmin = await app.signedIn('region-user-admin');
    expect((await userAdmin.get('sebadmin', at(own, '/spaer'))).status).toBe(403);
    expect((await userAdmin.get('sebadmin', at(id, '/spaer'))).status).toBe(200);
    for (const person of ['servicedesk', 'system-owner', 'region-read-only']) {
      const browser = await app.signedIn(person);
      for (const rest of ['/spaer', '/laas-op', '/slet', '/fratraedelse'])
        expect((await browser.get('sebadmin', at(id, rest))).status, `${person} ${rest}`).toBe(403);
      expect((await browser.get('sebadmin', at(id))).text).not.toContain(at(id, '/spaer'));
    }
  });

  it('the last organisationsadministrator stays open, now and later, and is told why', async () => {
    const [first, second] = [await idOf(app, 'region-org-admin'), await idOf(app, 'region-org-admin-2')];
    const others = `update administrator set valid_to = now() where kind = 'ORGANISATION' and user_id not in (${first}, ${second})
      and organisation_id = (select organisation_id from app_user where id = ${first})`;
    await operate(app, others);
    // The second one's own planned lock leaves the first alone.
    expect(
      (await admin.submit('sebadmin', at(second, '/spaer'), { start: 'dato', fra: '01-12-2030', begrundelse: 'Orlov' }))
        .status,
    ).toBe(303);
    const other = await app.signedIn('region-org-admin-2');
    const path = at(first, '/spaer');
    const shown = await other.get('sebadmin', path);
    expect(shown.status).toBe(403);
    expect(mainText(shown.text)).toContain('mindst én aktiv organisationsadministrator');
    // The database says the same to whoever finds another way.
    await expect(
      operate(app, `update app_user set locked_from = '2031-01-01', lock_reason = 'x' where id = ${first}`),
    ).rejects.toThrow('last organisation administrator');
  });
});

describe('two organisationsadministratorer who act against each other at the same moment', () => {
  it.each(['/spaer', '/slet', '/fratraedelse'])('by %s leave one of them', async (rest) => {
    const organisation = `(select id from organisation where cvr = '${cvrs.municipality}')`;
    const first = await idOf(app, 'municipality-org-admin');
    const [twin = 0] = await ordinaryUsers(app, cvrs.municipality, 1);
    await operate(
      app,
      `update administrator set valid_to = null where user_id = ${first} and organisation_id = ${organisation};
       insert into administrator (organisation_id, user_id, home_organisation_id, kind) values (${organisation}, ${twin}, ${organisation}, 'ORGANISATION')
         on conflict (user_id, organisation_id) do update set kind = 'ORGANISATION', valid_to = null;
       update administrator set valid_to = now() where organisation_id = ${organisation} and kind = 'ORGANISATION' and user_id not in (${first}, ${twin})`,
    );
    const [one, other] = [await app.signedIn('municipality-org-admin'), app.browser()];
    expect((await app.signIn(other, 'sebadmin', await claimsOfUser(app, twin))).status).toBe(303);
    const path = (id: number): string => `/organisationer/${cvrs.municipality}/brugere/${id}${rest}`;
    const asked = { start: 'nu', begrundelse: 'Uenighed', dag: '31-12-2030' };
    const forms = [
      { browser: one, form: formOf((await one.get('sebadmin', path(twin))).text, path(twin)) },
      { browser: other, form: formOf((await other.get('sebadmin', path(first))).text, path(first)) },
    ];
    const replies = await Promise.all(
      forms.map(({ browser, form }) => browser.post('sebadmin', form.action, { ...form.fields, ...asked })),
    );
    for (const { status } of replies) expect([303, 403, 409]).toContain(status);
    const lasting = await app.rows<{ user_id: number }>(
      `select user_id from lasting_organisation_administrator where organisation_id = ${organisation}`,
    );
    expect(lasting).toHaveLength(1);
    await operate(
      app,
      `update app_user set locked_from = null, locked_until = null, lock_reason = null, deleted_at = null where id in (${first}, ${twin});
       update departure set cancelled_at = now() where user_id in (${first}, ${twin}) and cancelled_at is null;
       update administrator set valid_to = null where user_id = ${first} and organisation_id = ${organisation}`,
    );
  });
});
