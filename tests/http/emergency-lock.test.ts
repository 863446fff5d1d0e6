import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeRunOutLocks } from '../../src/emergency-locks/expiry.changes.ts';
import { mailingOf } from '../../src/application.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { checksums, claimsOfUser, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let desk: Browser;
let admin: Browser;
let owner: Browser;
let users: number[];
let cases = 0;

beforeAll(async () => {
  app = await startApp();
  [desk, admin, owner] = (await Promise.all(
    ['servicedesk', 'region-org-admin', 'system-owner'].map((who) => app.signedIn(who)),
  )) as [Browser, Browser, Browser];
  users = await ordinaryUsers(app, cvrs.region, 14);
});
afterAll(() => app.close());

const at = (id: number, rest = '', cvr: string = cvrs.region): string => `/organisationer/${cvr}/brugere/${id}${rest}`;
const nextUser = (): number => users.shift() ?? 0;
const newCase = (): string => `SD-${(cases += 1)}`;

async function lock(id: number, caseNumber = newCase(), cvr: string = cvrs.region): Promise<Reply> {
  return desk.submit('sebadmin', at(id, '/noedspaerring', cvr), {
    sagsnummer: caseNumber,
    begrundelse: 'Mistanke om misbrug',
  });
}

type State = { locked: boolean; hours: number | null; reason: string | null; epoch: number };
async function stateOf(id: number): Promise<State> {
  return only(
    await app.rows<State>(
      `select coalesce(locked_from <= now() and (locked_until is null or locked_until > now()), false) as locked,
         round(extract(epoch from locked_until - now()) / 3600)::int as hours, lock_reason as reason, session_epoch as epoch
       from app_user where id = $1`,
      [id],
    ),
  );
}

/** As if the lock had been made `hours` earlier. */
async function letPass(id: number, hours: number): Promise<void> {
  await operate(
    app,
    `alter table emergency_lock disable trigger check_emergency_lock;
     update emergency_lock set locked_at = locked_at - interval '${hours} hours', ends_at = ends_at - interval '${hours} hours' where user_id = ${id} and outcome is null;
     alter table emergency_lock enable trigger check_emergency_lock;
     update app_user set locked_from = locked_from - interval '${hours} hours', locked_until = locked_until - interval '${hours} hours' where id = ${id}`,
  );
}

async function runJob(): Promise<number> {
  const { config, database } = app;
  const changes = { database, queueMails: async () => undefined };
  const { closed, failed } = await closeRunOutLocks(changes, mailingOf(config));
  expect(failed).toEqual([]);
  return closed;
}

async function mailsTo(address: string): Promise<{ subject: string; text: string }[]> {
  return app.rows<{ subject: string; text: string }>(
    `select subject, text from mail_outbox where to_address = $1 and kind like 'user.emergency%' order by id desc`,
    [address],
  );
}

async function emailOf(key: string): Promise<string> {
  return only(await app.rows<{ email: string }>('select email from app_user where id = $1', [await idOf(app, key)]))
    .email;
}

async function logOf(id: number): Promise<string> {
  return mainText((await admin.get('sebadmin', at(id, '/log'))).text);
}

describe('an emergency lock', () => {
  it('locks for 72 hours, ends the session, and is told at once to organisation and system owner', async () => {
    const id = nextUser();
    const theirs = app.browser();
    await app.signIn(theirs, 'sebanmod', await claimsOfUser(app, id));
    const page = await desk.get('sebadmin', at(id, '/noedspaerring'));
    expect(await faultsOfHtml(page.text)).toEqual([]);
    const caseNumber = newCase();
    const done = await lock(id, caseNumber);
    expect(done.location).toBe(at(id, '/noedspaerring'));
    expect(await stateOf(id)).toMatchObject({ locked: true, hours: 72 });
    // It ends at a time of that day, which the day alone would not tell.
    for (const where of [at(id), `/organisationer/${cvrs.region}/brugere?status=spaerret`])
      expect(mainText((await admin.get('sebadmin', where)).text)).toMatch(
        /Spærret til \d\d-\d\d-\d{4} kl\. \d\d\.\d\d/,
      );
    expect((await theirs.get('sebanmod', '/')).status).toBe(303);
    for (const key of ['region-org-admin', 'region-org-admin-2', 'system-owner']) {
      const [mail] = await mailsTo(await emailOf(key));
      expect(mail?.subject).toBe('En bruger er nødspærret i SEB');
      expect(mail?.text).toContain(caseNumber);
      expect(mail?.text).toContain(`${at(id)}/noedspaerring`);
    }
    expect(await mailsTo(await emailOf('region-user-admin'))).toEqual([]);
    expect(await logOf(id)).toContain(`i 72 timer`);
    expect(await logOf(id)).toContain(`Sagsnummer: ${caseNumber}.`);
    for (const where of ['/', `/organisationer/${cvrs.region}/huskeliste`])
      expect(mainText((await admin.get('sebadmin', where)).text), where).toContain(`Sagsnummer ${caseNumber}`);
    const list = await (
      await app.signedIn('region-user-admin')
    ).get('sebadmin', `/organisationer/${cvrs.region}/huskeliste`);
    expect(mainText(list.text)).not.toContain(caseNumber);
    expect(mainText((await owner.get('sebadmin', '/noedspaerringer')).text)).toContain(caseNumber);
    const shown = mainText((await admin.get('sebadmin', at(id))).text);
    expect(shown).toContain('Se nødspærring');
    expect(shown).not.toContain('Lås op');
  });

  it('needs a case number and a reason, and keeps what was typed', async () => {
    const id = nextUser();
    const reply = await desk.submit('sebadmin', at(id, '/noedspaerring'), { sagsnummer: ' ', begrundelse: 'Ærø' });
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain('Skriv sagsnummeret');
    expect(reply.text).toContain('value="Ærø"');
    expect((await stateOf(id)).locked).toBe(false);
  });

  it('is made once a case, in whatever spelling and organisation', async () => {
    const [first, second] = [nextUser(), nextUser()];
    await lock(first, 'INC-7a');
    const again = await lock(second, ' inc-7A ');
    expect(again.status).toBe(422);
    expect(mainText(again.text)).toContain('Sagsnummeret er allerede brugt');
    const elsewhere = only(await ordinaryUsers(app, cvrs.municipality, 1));
    expect((await lock(elsewhere, 'INC-7A', cvrs.municipality)).status).toBe(422);
    expect((await stateOf(second)).locked).toBe(false);
  });

  it('of the same case by two at the same moment is made once', async () => {
    const pair = [nextUser(), nextUser()];
    const replies = await Promise.all(pair.map((id) => lock(id, 'INC-RACE')));
    expect(replies.map(({ status }) => status).toSorted()).not.toEqual([303, 303]);
    const rows = await app.rows(`select from emergency_lock where case_number = 'INC-RACE'`);
    expect(rows).toHaveLength(1);
    expect((await Promise.all(pair.map(stateOf))).filter(({ locked }) => locked)).toHaveLength(1);
  });

  it('is refused for a user who was changed meanwhile, who is under one, or who is locked as long', async () => {
    const id = nextUser();
    const path = at(id, '/noedspaerring');
    const form = formOf((await desk.get('sebadmin', path)).text, path);
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'nu', begrundelse: 'Orlov' });
    const typed = { ...form.fields, sagsnummer: newCase(), begrundelse: 'Misbrug' };
    const late = await desk.post('sebadmin', path, typed);
    expect(late.status).toBe(409);
    const covered = await lock(id);
    expect(covered.status).toBe(422);
    expect(mainText(covered.text)).toContain('allerede spærret i mindst 72 timer');
  });

  it('is the servicedesk’s alone, whoever forges the post', async () => {
    const id = nextUser();
    const path = at(id, '/noedspaerring');
    const before = await checksums(app);
    for (const who of ['region-org-admin', 'region-user-admin', 'region-read-only', 'system-owner']) {
      const browser = await app.signedIn(who);
      const hidden = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
      const posted = { _csrf: hidden._csrf, _key: hidden._key, _for: hidden._for, version: '1' };
      const reply = await browser.post('sebadmin', path, { ...posted, sagsnummer: newCase(), begrundelse: 'x' });
      expect([who, reply.status]).toEqual([who, 403]);
    }
    expect(await checksums(app)).toEqual(before);
    const own = await idOf(app, 'servicedesk');
    const home = only(
      await app.rows<{ cvr: string }>(
        'select cvr from organisation o join app_user u on u.organisation_id = o.id where u.id = $1',
        [own],
      ),
    ).cvr;
    expect((await desk.get('sebadmin', at(own, '/noedspaerring', home))).status).toBe(403);
  });
});

describe('its end', () => {
  it('comes by itself after 72 hours: the user is let in by the clock, then organisation and log are told', async () => {
    const id = nextUser();
    await lock(id);
    await letPass(id, 73);
    const theirs = app.browser();
    expect((await app.signIn(theirs, 'sebanmod', await claimsOfUser(app, id))).status).toBe(303);
    expect((await admin.get('sebadmin', at(id, '/noedspaerring/bekraeft'))).status).toBe(303);
    expect(await runJob()).toBe(1);
    expect(await runJob()).toBe(0);
    expect(await logOf(id)).toContain('udløb efter 72 timer');
    expect((await theirs.get('sebanmod', '/')).status).toBe(200);
    const [mail] = await mailsTo(await emailOf('region-org-admin-2'));
    expect(mail?.subject).toBe('En nødspærring i SEB er udløbet');
    expect((await lock(id)).status).toBe(303);
  });

  it('is put off for good when an organisationsadministrator confirms it', async () => {
    const id = nextUser();
    await lock(id);
    const done = await admin.submit('sebadmin', at(id, '/noedspaerring/bekraeft'), { begrundelse: 'Sagen er meldt' });
    expect(done.location).toBe(at(id));
    expect(await stateOf(id)).toMatchObject({ locked: true, hours: null });
    expect(await logOf(id)).toContain('bekræftede nødspærringen');
    expect(mainText((await admin.get('sebadmin', at(id))).text)).toContain('Lås op');
    await admin.submit('sebadmin', at(id, '/laas-op'), {});
    expect((await stateOf(id)).locked).toBe(false);
  });

  it('is not the servicedesk’s nor a brugeradministrator’s to decide, nor the ordinary pages’', async () => {
    const id = nextUser();
    await lock(id);
    const userAdmin = await app.signedIn('region-user-admin');
    for (const browser of [desk, userAdmin])
      for (const step of ['/bekraeft', '/ophaev'])
        expect((await browser.get('sebadmin', at(id, `/noedspaerring${step}`))).status).toBe(403);
    for (const browser of [admin, userAdmin])
      for (const step of ['/spaer', '/laas-op']) {
        const reply = await browser.get('sebadmin', at(id, step));
        expect(reply.status).toBe(409);
        expect(mainText(reply.text)).toContain('nødspærret af servicedesk');
      }
    await expect(
      operate(app, `update app_user set locked_from = null, locked_until = null where id = ${id}`),
    ).rejects.toThrow('emergency_lock_in_force');
  });

  it('comes earlier by the system owner or an organisationsadministrator, with a reason, once', async () => {
    const id = nextUser();
    await lock(id);
    const path = at(id, '/noedspaerring/ophaev');
    const without = await owner.submit('sebadmin', path, { begrundelse: '' });
    expect(without.status).toBe(422);
    const form = formOf((await admin.get('sebadmin', path)).text, path);
    await owner.submit('sebadmin', path, { begrundelse: 'Forkert person' });
    expect(await stateOf(id)).toMatchObject({ locked: false, reason: null });
    const late = await admin.post('sebadmin', path, { ...form.fields, begrundelse: 'Også mig' });
    expect(late.status).toBe(409);
    expect(await logOf(id)).toContain('ophævede nødspærringen');
  });

  it('gives back a lock that was planned before, and joins one that reaches into it', async () => {
    const id = nextUser();
    await admin.submit('sebadmin', at(id, '/spaer'), { start: 'dato', fra: '01-12-2030', begrundelse: 'Barsel' });
    await lock(id);
    expect(await stateOf(id)).toMatchObject({ locked: true, hours: 72 });
    await letPass(id, 73);
    await runJob();
    const after = only(
      await app.rows<{ day: string; reason: string }>(
        `select to_char(locked_from at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as day, lock_reason as reason from app_user where id = $1`,
        [id],
      ),
    );
    expect(after).toEqual({ day: '01-12-2030', reason: 'Barsel' });
  });
});

describe('the last organisationsadministrator', () => {
  it('can be locked in emergency, and in no other way; nobody locked decides about oneself', async () => {
    const last = await idOf(app, 'practice-doctor');
    const theirs = await app.signedIn('practice-doctor');
    const locking = `update app_user set locked_from = now(), locked_until = now() + interval '72 hours' where id = ${last}`;
    await expect(operate(app, locking)).rejects.toThrow('last organisation administrator');

    const page = mainText((await desk.get('sebadmin', at(last, '/noedspaerring', cvrs.practice))).text);
    expect(page).toContain('sidste organisationsadministrator');
    expect((await lock(last, newCase(), cvrs.practice)).status).toBe(303);
    expect((await stateOf(last)).locked).toBe(true);
    expect((await theirs.get('sebadmin', at(last, '/noedspaerring/ophaev', cvrs.practice))).status).toBe(303);
    expect((await mailsTo(await emailOf('system-owner')))[0]?.text).toContain('kun systemejeren');
    expect(await mailsTo(await emailOf('practice-doctor'))).toEqual([]);

    // The open emergency lock lets nothing else through.
    await expect(
      operate(app, `update app_user set locked_until = locked_until + interval '1 day' where id = ${last}`),
    ).rejects.toThrow('last organisation administrator');
    await expect(operate(app, `update app_user set deleted_at = now() where id = ${last}`)).rejects.toThrow(
      'last organisation administrator',
    );
    await expect(
      operate(
        app,
        `update emergency_lock set outcome = 'LIFTED', ended_at = now(), ended_by_id = user_id where user_id = ${last}`,
      ),
    ).rejects.toThrow('emergency_lock_own');

    await owner.submit('sebadmin', at(last, '/noedspaerring/bekraeft', cvrs.practice), {});
    expect(await stateOf(last)).toMatchObject({ locked: true, hours: null });
  });
});

it('asks the database for nobody but the servicedesk, and for no more than 72 hours', async () => {
  const id = nextUser();
  const organisation = only(
    await app.rows<{ id: number }>('select organisation_id as id from app_user where id = $1', [id]),
  ).id;
  const by = await idOf(app, 'system-owner');
  const insert = (columns: string, values: string): Promise<unknown> =>
    app.database.pool.query(
      `begin; select set_config('seb.organisations', '*', true);
       insert into emergency_lock (organisation_id, user_id, case_number, reason, locked_by_id${columns}) values (${organisation}, ${id}, 'X-9', 'x', ${by}${values}); commit`,
    );
  await expect(insert('', '')).rejects.toThrow('emergency_lock_not_servicedesk');
  await app.database.pool.query('rollback');
  await expect(insert(', ends_at', `, now() + interval '1 year'`)).rejects.toThrow('permission denied');
});
