import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import type { CarriedOut } from '../../src/departures/carry-out.changes.ts';
import { carryOutDepartures } from '../../src/departures/carry-out.changes.ts';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { checksums, claimsOfUser, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let admin: Browser;
let users: number[];

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  users = await ordinaryUsers(app, cvrs.region, 14);
});
afterAll(() => app.close());

const at = (id: number, rest = ''): string => `/organisationer/${cvrs.region}/brugere/${id}${rest}`;
const today = (): string => danishDay(dayInDenmark());
const nextUser = (): number => users.shift() ?? 0;
const plan = (id: number, dag: string, begrundelse = 'Nyt job', browser = admin) =>
  browser.submit('sebadmin', at(id, '/fratraedelse'), { dag, begrundelse });

const queued: number[] = [];
const run = (): Promise<CarriedOut> =>
  carryOutDepartures(
    { database: app.database, queueMails: async (_tx, ids) => void queued.push(...ids) },
    mailingOf(app.config),
  );
/** The last day ends, as only time does it. */
const dayEnds = (id: number): Promise<void> =>
  operate(app, `update departure set last_day = danish_today() - 1 where user_id = ${id} and carried_out_at is null`);

type Row = { locked: boolean; reason: string | null; roles: number; open: number; done: number };
async function stateOf(id: number): Promise<Row> {
  const rows = await app.rows<Row>(
    `select coalesce(locked_from <= now() and locked_until is null, false) as locked, lock_reason as reason,
       (select count(*)::int from role_assignment g where g.user_id = u.id and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())) as roles,
       (select count(*)::int from departure d where d.user_id = u.id and d.carried_out_at is null and d.cancelled_at is null) as open,
       (select count(*)::int from departure d where d.user_id = u.id and d.carried_out_at is not null) as done
     from app_user u where id = $1`,
    [id],
  );
  return only(rows);
}

async function userWithRoles(): Promise<number> {
  const rows = await app.rows<{ id: number }>(
    `select u.id from app_user u join organisation o on o.id = u.organisation_id
     where o.cvr = $1 and u.deleted_at is null and u.locked_from is null
       and not exists (select from administrator a where a.user_id = u.id) and not exists (select from departure d where d.user_id = u.id)
       and (select count(*) from role_assignment g where g.user_id = u.id and g.valid_to is null) >= 2
     order by u.id desc limit 1`,
    [cvrs.region],
  );
  return only(rows).id;
}

describe('planning', () => {
  it('says on the user’s page what will happen, and changes nothing else', async () => {
    const id = nextUser();
    const before = await stateOf(id);
    expect((await plan(id, '30-11-2030')).location).toBe(at(id));
    expect(await stateOf(id)).toEqual({ ...before, open: 1 });
    const shown = mainText((await admin.get('sebadmin', at(id))).text);
    expect(shown).toContain('Sidste arbejdsdag er 30-11-2030');
    expect(shown).toContain('Planlagt af Åse Østergård. Begrundelse: Nyt job');
    expect(shown).toContain('Ret fratrædelse');
  });

  it('can be moved, and the log has both days', async () => {
    const id = nextUser();
    await plan(id, '30-11-2030');
    await plan(id, '31-12-2030');
    const log = mainText((await admin.get('sebadmin', at(id, '/log'))).text);
    expect(log).toContain('til 31-12-2030 (før: 30-11-2030)');
    expect(await stateOf(id)).toMatchObject({ open: 1 });
    const events = await app.rows(
      `select from audit_event where target_user_id = ${id} and kind = 'user.departurePlanned'`,
    );
    await plan(id, '31-12-2030');
    expect(
      await app.rows(`select from audit_event where target_user_id = ${id} and kind = 'user.departurePlanned'`),
    ).toHaveLength(events.length);
  });

  it('can be cancelled', async () => {
    const id = nextUser();
    await plan(id, '30-11-2030');
    expect(mainText((await admin.get('sebadmin', at(id, '/fratraedelse/aflys'))).text)).toContain('30-11-2030');
    expect((await admin.submit('sebadmin', at(id, '/fratraedelse/aflys'), {})).location).toBe(at(id));
    expect(await stateOf(id)).toMatchObject({ open: 0, done: 0 });
    expect((await admin.get('sebadmin', at(id, '/fratraedelse/aflys'))).location).toBe(at(id));
  });

  it.each([
    ['', 'Skriv sidste arbejdsdag som dd-mm-åååå'],
    ['30-02-2030', 'Skriv sidste arbejdsdag som dd-mm-åååå'],
    ['01-01-2020', 'Dagen er gået'],
  ])('refuses the day “%s”: %s', async (dag, message) => {
    const [id = 0] = users;
    const reply = await plan(id, dag);
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain(message);
    expect(reply.text).toContain(`value="${dag}"`);
    expect(await stateOf(id)).toMatchObject({ open: 0 });
  });

  it('by two at once: the later sees both versions', async () => {
    const id = nextUser();
    const path = at(id, '/fratraedelse');
    const { fields } = formOf((await admin.get('sebadmin', path)).text, path);
    await plan(id, '30-11-2030', 'Pension', await app.signedIn('region-org-admin-2'));
    const late = await admin.post('sebadmin', path, { ...fields, dag: '31-12-2030', begrundelse: 'Nyt job' });
    expect(late.status).toBe(409);
    expect(mainText(late.text)).toMatch(/30-11-2030 31-12-2030 Begrundelse Pension Nyt job/);
    expect((await admin.post('sebadmin', path, formOf(late.text, path).fields)).status).toBe(303);
    expect(
      only(await app.rows<{ day: string }>(`select last_day::text as day from departure where user_id = ${id}`)).day,
    ).toBe('2030-12-31');
  });

  it('goes with the user who is deleted before the day', async () => {
    const id = nextUser();
    await plan(id, '30-11-2030');
    await admin.submit('sebadmin', at(id, '/slet'), {});
    expect(await stateOf(id)).toMatchObject({ open: 0, done: 0 });
  });

  it('is refused for the last organisationsadministrator who stays, also by the database', async () => {
    const [first, second] = [await idOf(app, 'region-org-admin'), await idOf(app, 'region-org-admin-2')];
    const organisation = `(select organisation_id from app_user where id = ${first})`;
    await operate(
      app,
      `update administrator set valid_to = now() where kind = 'ORGANISATION' and user_id not in (${first}, ${second}) and organisation_id = ${organisation}`,
    );
    expect((await plan(second, '30-11-2030')).status).toBe(303);
    const other = await app.signedIn('region-org-admin-2');
    expect((await other.get('sebadmin', at(first, '/fratraedelse'))).status).toBe(403);
    const insert = `insert into departure (organisation_id, user_id, last_day, reason, created_by_id)
      values (${organisation}, ${first}, '2031-01-01', 'x', ${first})`;
    await expect(operate(app, insert)).rejects.toThrow('last organisation administrator');
    // Nor can the one who stays be locked, deleted or lose the role while the other's departure is planned.
    await expect(operate(app, `update app_user set deleted_at = now() where id = ${first}`)).rejects.toThrow('last');
    await expect(operate(app, `update administrator set valid_to = now() where user_id = ${first}`)).rejects.toThrow(
      'last',
    );
    await admin.submit('sebadmin', at(second, '/fratraedelse/aflys'), {});
  });
});

describe('when the last day is over', () => {
  it('roles go, the user is locked, and a receipt stands on the page and in a mail to who planned it', async () => {
    const id = await userWithRoles();
    const theirs = app.browser();
    await app.signIn(theirs, 'sebanmod', await claimsOfUser(app, id));
    const { roles } = await stateOf(id);
    await plan(id, today());
    expect(await run()).toEqual({ carriedOut: 0, failed: [] });
    expect((await theirs.get('sebanmod', '/')).status).toBe(200);

    await dayEnds(id);
    queued.length = 0;
    expect(await run()).toEqual({ carriedOut: 1, failed: [] });
    expect(await stateOf(id)).toEqual({ locked: true, reason: 'Fratrådt', roles: 0, open: 0, done: 1 });
    expect((await theirs.get('sebanmod', '/')).status).toBe(303);

    const events = await app.rows<{ kind: string; actor_kind: string; actor_name: string }>(
      `select kind, actor_kind, actor_name from audit_event where target_user_id = ${id} order by id desc limit ${roles + 1}`,
    );
    expect(events.map(({ kind }) => kind)).toEqual([
      'user.departed',
      ...Array.from({ length: roles }, () => 'role.withdrawn'),
    ]);
    expect(new Set(events.map((one) => `${one.actor_kind} ${one.actor_name}`))).toEqual(new Set(['SYSTEM SEB']));

    const shown = mainText((await admin.get('sebadmin', at(id))).text);
    expect(shown).toContain('Kvittering: fratrådt med');
    expect(shown).toContain('Årsag: Fratrådt');
    expect(mainText((await admin.get('sebadmin', '/')).text)).toContain('er fratrådt. Uden signatur');
    const mails = await app.rows<{ id: number; to_name: string; text: string }>(
      `select id, to_name, text from mail_outbox where kind = 'user.departed'`,
    );
    expect(mails.map((mail) => mail.to_name)).toEqual(['Åse Østergård']);
    expect(mails.map((mail) => mail.id)).toEqual(queued);
    expect(only(mails).text).toContain('MitID Erhverv');
  });

  it('a second run, and runs at the same time, do it once', async () => {
    const id = await userWithRoles();
    await plan(id, today());
    await dayEnds(id);
    const runs = await Promise.all([run(), run(), run()]);
    expect(runs.reduce((sum, one) => sum + one.carriedOut, 0)).toBe(1);
    expect(runs.flatMap((one) => one.failed)).toEqual([]);
    const before = await checksums(app);
    expect(await run()).toEqual({ carriedOut: 0, failed: [] });
    expect(await checksums(app)).toEqual(before);
  });

  it('after days of downtime it catches up, also for a user who is locked meanwhile', async () => {
    const id = nextUser();
    await plan(id, today());
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'nu', til: '01-01-2031', begrundelse: 'Fritstillet' });
    await operate(app, `update departure set last_day = danish_today() - 40 where user_id = ${id}`);
    expect((await run()).carriedOut).toBe(1);
    expect(await stateOf(id)).toMatchObject({ locked: true, reason: 'Fratrådt' });
  });

  it('one that fails is told, and keeps nobody else', async () => {
    const [bad, good] = [nextUser(), nextUser()];
    await plan(bad, today());
    await plan(good, today());
    await dayEnds(bad);
    await dayEnds(good);
    await operate(app, `update app_user set deleted_at = now() where id = ${bad}`);
    const { carriedOut, failed } = await run();
    expect(carriedOut).toBe(1);
    expect(failed).toHaveLength(1);
    expect(await stateOf(good)).toMatchObject({ locked: true, done: 1 });
    await operate(app, `update departure set cancelled_at = now() where user_id = ${bad}`);
  });

  it('an administrator’s rights end with the roles, and the receipt goes on when who planned it is gone', async () => {
    const id = await idOf(app, 'region-user-admin');
    await plan(id, today(), 'Pension', await app.signedIn('region-org-admin-2'));
    await operate(
      app,
      `update administrator set kind = 'READ_ONLY' where user_id = ${await idOf(app, 'region-org-admin-2')}`,
    );
    await dayEnds(id);
    expect((await run()).carriedOut).toBe(1);
    expect(
      await app.rows(`select from administrator where user_id = ${id} and (valid_to is null or valid_to > now())`),
    ).toEqual([]);
    expect(mainText((await admin.get('sebadmin', at(id))).text)).toContain('Brugeradministrator i Region Eksempel');
    const mails = await app.rows<{ to_name: string }>(
      `select distinct to_name from mail_outbox where kind = 'user.departed' and text like '%Brugeradministrator: Region Eksempel%'`,
    );
    expect(mails.map((mail) => mail.to_name)).toEqual(['Åse Østergård']);
  });
});

describe('Planlagte ændringer', () => {
  it('lists what will happen by itself, for readers of the organisation only', async () => {
    const [leaving, away] = [nextUser(), nextUser()];
    const soon = danishDay(dayInDenmark(new Date(Date.now() + 20 * 86_400_000)));
    const later = danishDay(dayInDenmark(new Date(Date.now() + 30 * 86_400_000)));
    await plan(leaving, soon, 'Flytter til Ærø');
    await admin.submit('sebadmin', at(away, '/spaer'), {
      start: 'dato',
      fra: soon,
      til: later,
      begrundelse: 'Barselsorlov',
    });
    const path = `/organisationer/${cvrs.region}/planlagte-aendringer`;
    const shown = mainText((await admin.get('sebadmin', `${path}?slags=departure`)).text);
    expect(shown).toContain('Sidste arbejdsdag Flytter til Ærø');
    expect(mainText((await admin.get('sebadmin', `${path}?slags=lockBegins`)).text)).toContain(`${soon} `);
    expect(mainText((await admin.get('sebadmin', `${path}?slags=lockEnds`)).text)).toContain(`${later} `);
    for (const query of ['', '?slags=roleEnds', '?slags=roleBegins', '?slags=x&side=-1', '?side=9999', '?side=2'])
      expect((await admin.get('sebadmin', `${path}${query}`)).status, query).toBe(200);
    for (const person of ['region-read-only', 'servicedesk'])
      expect((await (await app.signedIn(person)).get('sebadmin', path)).status).toBe(200);
    expect((await (await app.signedIn('municipality-org-admin')).get('sebadmin', path)).status).toBe(404);
  });
});
