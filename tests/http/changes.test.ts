import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields } from '../support/browser.ts';
import { formOf, headingOf, mainText } from '../support/browser.ts';
import { assign, assignForm } from '../support/flows.ts';
import { personOf } from '../support/people.ts';
import { checksums, cvrs, givableRoles, idOf, only, operate, ordinaryUsers, unitOf } from '../support/sector.ts';

let app: App;
let admin: Browser;
let users: number[];
const organisation = `/organisationer/${cvrs.region}`;
const list = `${organisation}/brugere`;

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  users = await ordinaryUsers(app, cvrs.region, 40);
});
afterAll(() => app.close());

async function sentencesOn(user: number): Promise<string[]> {
  const page = await admin.get('sebadmin', `${list}/${user}/log`);
  return [...page.text.matchAll(/<\/time><p>(.*?)<\/p>/gs)].map(([, text = '']) => mainText(text));
}

const countEvents = async (kind: string) =>
  only(await app.rows<{ count: number }>('select count(*)::int as count from audit_event where kind = $1', [kind]))
    .count;
const person = (rid: string) => ({
  firstName: 'Ærling',
  lastName: "O'Åby",
  email: `${rid.toLowerCase()}@region-eksempel.example`,
  rid,
});

describe('creating a user', () => {
  it('leads to the user, who can be found, and stands in the log', async () => {
    const created = await admin.submit('sebadmin', `${list}/opret`, {
      ...person('RID-1'),
      postcode: '8000',
      city: 'Aarhus',
      remark: 'En\r\nto',
    });
    expect([created.status, created.location]).toEqual([303, expect.stringMatching(new RegExp(`^${list}/\\d+$`))]);
    const page = await admin.get('sebadmin', created.location ?? '');
    expect(mainText(page.text)).toContain("Ærling O'Åby er oprettet.");
    expect(mainText((await admin.get('sebadmin', `${list}?soeg=aerling`)).text)).toContain('1 bruger');
    const id = Number(created.location?.split('/').at(-1));
    expect(await sentencesOn(id)).toEqual([
      expect.stringMatching(
        /^Åse Østergård oprettede brugeren Ærling O'Åby \(SEB-brugernavn aeoa\d+, RID-nummer RID-1\)\.$/,
      ),
    ]);
    expect((await admin.get('sebadmin', created.location ?? '')).text).not.toContain('er oprettet.');
  });

  it('six times at once by the same form makes one user, and answers all six', async () => {
    const form = formOf((await admin.get('sebadmin', `${list}/opret`)).text, `${list}/opret`);
    const before = await countEvents('user.created');
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => admin.post('sebadmin', form.action, { ...form.fields, ...person('RID-6') })),
    );
    expect(new Set(replies.map(({ status, location }) => `${status} ${location}`)).size).toBe(1);
    expect([replies[0]?.status, (await countEvents('user.created')) - before]).toEqual([303, 1]);
    const other = await admin.post('sebadmin', form.action, { ...form.fields, ...person('RID-7') });
    expect([other.status, mainText(other.text)]).toEqual([
      409,
      expect.stringContaining('allerede sendt én gang med andre oplysninger'),
    ]);
  });

  it('names who has the RID, with a link, and keeps what was typed', async () => {
    const before = await checksums(app);
    const reply = await admin.submit('sebadmin', `${list}/opret`, { ...person('x'), rid: personOf('region-user').rid });
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain('RID-nummeret bruges allerede af Søren Ægidius Nørgård');
    expect(reply.text).toContain(`href="${list}/${await idOf(app, 'region-user')}"`);
    expect(formOf(reply.text, `${list}/opret`).fields).toMatchObject({ firstName: 'Ærling', lastName: "O'Åby" });
    expect(await checksums(app)).toEqual(before);
    // The same number in another organisation is another person.
    expect(
      (await admin.submit('sebadmin', `${list}/opret`, { ...person('y'), rid: personOf('municipality-org-admin').rid }))
        .status,
    ).toBe(303);
  });

  it('at the same moment with the same RID makes one', async () => {
    const forms = await Promise.all(
      [1, 2, 3].map(async () => formOf((await admin.get('sebadmin', `${list}/opret`)).text, `${list}/opret`)),
    );
    const replies = await Promise.all(
      forms.map((form) => admin.post('sebadmin', form.action, { ...form.fields, ...person('RACE') })),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 422, 422]);
  });

  it('with an e-mail address of others is allowed, and says whose', async () => {
    const shared = await admin.submit('sebadmin', `${list}/opret`, {
      ...person('RID-9'),
      email: personOf('region-user').email.toUpperCase(),
    });
    expect(shared.status).toBe(303);
    expect(mainText((await admin.get('sebadmin', shared.location ?? '')).text)).toContain(
      'E-mailadressen bruges også af Søren Ægidius Nørgård',
    );
  });
});

describe('editing a user', () => {
  it('saves what differs, tells it in the log, and nothing when nothing differs', async () => {
    const [user = 0] = users;
    expect(
      (await admin.submit('sebadmin', `${list}/${user}/rediger`, { phone: '44 22 80 75', city: 'Ærøskøbing' })).status,
    ).toBe(303);
    expect((await sentencesOn(user))[0]).toMatch(
      /^Åse Østergård ændrede by fra .+ til “Ærøskøbing” og telefon fra .+ til “44 22 80 75” for /,
    );
    const before = await checksums(app);
    const again = await admin.submit('sebadmin', `${list}/${user}/rediger`, {});
    expect(mainText((await admin.get('sebadmin', again.location ?? '')).text)).toContain(
      'Der var ingen ændringer at gemme.',
    );
    const { idempotency_key: _key, ...rest } = await checksums(app);
    expect(before).toMatchObject(rest);
  });

  it('by two at once saves the first, and shows the second both versions; what is shown can be saved', async () => {
    const [, user = 0] = users;
    const path = `${list}/${user}/rediger`;
    const colleague = await app.signedIn('region-user-admin');
    const [mine, theirs] = await Promise.all(
      [admin, colleague].map(async (browser) => formOf((await browser.get('sebadmin', path)).text, path)),
    );
    if (!mine || !theirs) throw new Error('two forms');
    const replies = await Promise.all([
      admin.post('sebadmin', path, { ...mine.fields, city: 'Min By' }),
      colleague.post('sebadmin', path, { ...theirs.fields, city: 'Deres By' }),
    ]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    const lost =
      replies[0]?.status === 409
        ? { browser: admin, reply: replies[0], typed: 'Min By', saved: 'Deres By' }
        : { browser: colleague, reply: replies[1], typed: 'Deres By', saved: 'Min By' };
    const page = lost.reply?.text ?? '';
    expect(mainText(page)).toContain(`By ${lost.saved} ${lost.typed}`);
    expect(formOf(page, path).fields.city).toBe(lost.typed);
    expect((await lost.browser.post('sebadmin', path, formOf(page, path).fields)).status).toBe(303);
    expect(only(await app.rows<{ city: string }>('select city from app_user where id = $1', [user])).city).toBe(
      lost.typed,
    );
  });

  it('by the browser’s back button is an old version', async () => {
    const [, , user = 0] = users;
    const path = `${list}/${user}/rediger`;
    const old = formOf((await admin.get('sebadmin', path)).text, path);
    await admin.submit('sebadmin', path, { city: 'Ny By' });
    const late = await admin.post('sebadmin', path, { ...old.fields, city: 'Gammel By', _key: crypto.randomUUID() });
    expect([late.status, headingOf(late.text)]).toEqual([409, 'Rediger bruger']);
    expect(only(await app.rows<{ city: string }>('select city from app_user where id = $1', [user])).city).toBe(
      'Ny By',
    );
  });

  it('who was deleted meanwhile finds nobody', async () => {
    const [, , , user = 0] = users;
    const path = `${list}/${user}/rediger`;
    const form = formOf((await admin.get('sebadmin', path)).text, path);
    await operate(app, `update app_user set deleted_at = now() where id = ${user}`);
    expect((await admin.post('sebadmin', path, form.fields)).status).toBe(404);
    expect((await admin.get('sebadmin', `${list}/${user}`)).status).toBe(404);
  });

  it('never changes username, organisation, lock or UUID, whatever is posted', async () => {
    const [, , , , user = 0] = users;
    const facts = () =>
      app.rows(
        'select username, organisation_id, uuid, locked_from, deleted_at, session_epoch, created_at from app_user where id = $1',
        [user],
      );
    const before = await facts();
    const extra = {
      username: 'root1000',
      organisationId: '1',
      organisation_id: '1',
      uuid: crypto.randomUUID(),
      lockedFrom: '2020-01-01',
      deletedAt: '2020-01-01',
      sessionEpoch: '9',
      id: '1',
      isAdministrator: '1',
      kind: 'ORGANISATION',
    };
    expect((await admin.submit('sebadmin', `${list}/${user}/rediger`, { ...extra, city: 'Extra' })).status).toBe(303);
    expect(await facts()).toEqual(before);
  });

  it('is not a brugeradministrator’s to do with an administrator, nor anybody’s with oneself', async () => {
    const userAdministrator = await app.signedIn('region-user-admin');
    for (const [browser, key] of [
      [userAdministrator, 'region-org-admin'],
      [userAdministrator, 'region-read-only'],
      [userAdministrator, 'region-user-admin'],
      [admin, 'region-org-admin'],
    ] as const) {
      const reply = await browser.get('sebadmin', `${list}/${await idOf(app, key)}/rediger`);
      expect([key, reply.status]).toEqual([key, 403]);
    }
    expect((await admin.get('sebadmin', `${list}/${await idOf(app, 'region-user-admin')}/rediger`)).status).toBe(200);
  });

  it('tells the old address of a new e-mail', async () => {
    const [, , , , , user = 0] = users;
    const { email } = only(await app.rows<{ email: string }>('select email from app_user where id = $1', [user]));
    await admin.submit('sebadmin', `${list}/${user}/rediger`, { email: 'helt.ny@region-eksempel.example' });
    expect(await app.rows('select kind from mail_outbox where to_address = $1', [email])).toHaveLength(1);
    expect(
      await app.rows('select kind from mail_outbox where to_address = $1', ['helt.ny@region-eksempel.example']),
    ).toHaveLength(0);
  });
});

describe('giving roles', () => {
  it('to several at a unit gives each, once, with a sentence each', async () => {
    const chosen = users.slice(10, 13);
    const [role] = await givableRoles(app, cvrs.region, true);
    if (!role) throw new Error('a role');
    const unit = await unitOf(app, cvrs.region);
    const path = `${organisation}/tildel-roller?${chosen.map((id) => `bruger=${id}`).join('&')}&tildelservice=${role.serviceId}`;
    const form = await assignForm(admin, path, {
      rolle: String(role.id),
      sor: unit,
      omfang: 'UNIT_ONLY',
      begrundelse: 'Vikar',
      sagsnummer: '26/1',
    });
    const before = await countEvents('role.assigned');
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => admin.post('sebadmin', form.action, form.fields)),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(303));
    expect((await countEvents('role.assigned')) - before).toBe(3);
    for (const user of chosen) {
      expect((await sentencesOn(user))[0]).toMatch(
        new RegExp(
          `^Åse Østergård tildelte .+ rollen .*${role.code}.* ved .+ \\(${unit}\\), kun denne enhed\\. Begrundelse: Vikar\\. Sagsnummer: 26/1\\.$`,
        ),
      );
    }
  });

  it('that somebody has already adds nothing and says so', async () => {
    const user = users[14] ?? 0;
    const role = only(await givableRoles(app, cvrs.region, false));
    const path = `${organisation}/tildel-roller?bruger=${user}&tildelservice=${role.serviceId}`;
    const form = await assignForm(admin, path, { rolle: String(role.id) });
    expect((await admin.post('sebadmin', form.action, form.fields)).status).toBe(303);
    const before = await countEvents('role.assigned');
    const again = await admin.post('sebadmin', form.action, withNewKey(form.fields));
    const told = again.location === null ? again : await admin.get('sebadmin', again.location);
    expect(mainText(told.text)).toMatch(/intet nyt at tildele|Noget har ændret sig/);
    expect(await countEvents('role.assigned')).toBe(before);
  });

  it('to all who match a search means the ones that were shown', async () => {
    const role = only(await givableRoles(app, cvrs.clinic, false));
    const clinic = await app.signedIn('two-organisations');
    const path = `/organisationer/${cvrs.clinic}/tildel-roller?alle=1&status=aktiv&tildelservice=${role.serviceId}`;
    const form = await assignForm(clinic, path, { rolle: String(role.id) });
    const shown = Number(form.fields.antal);
    expect(shown).toBeGreaterThan(10);
    const [someone = 0] = await ordinaryUsers(app, cvrs.clinic, 1);
    await operate(app, `update app_user set locked_from = now() - interval '1 second' where id = ${someone}`);
    const before = await checksums(app);
    const late = await clinic.post('sebadmin', form.action, form.fields);
    expect([late.status, mainText(late.text)]).toEqual([
      409,
      expect.stringMatching(/andre brugere|Noget har ændret sig/),
    ]);
    expect(await checksums(app)).toEqual(before);
    expect((await assign(clinic, path, { rolle: String(role.id) })).status).toBe(303);
    const given = await app.rows(
      "select distinct user_id from role_assignment g join organisation o on o.id = g.organisation_id where o.cvr = $1 and role_id = $2 and valid_to is null and g.created_at > now() - interval '1 minute'",
      [cvrs.clinic, role.id],
    );
    expect(given.length).toBeGreaterThan(5);
    expect(given).not.toContainEqual({ user_id: someone });
  });

  it('that the organisation lost meanwhile is refused', async () => {
    const user = users[15] ?? 0;
    const [role] = (await givableRoles(app, cvrs.region, false)).slice(-1);
    if (!role) throw new Error('a role');
    const path = `${organisation}/tildel-roller?bruger=${user}&tildelservice=${role.serviceId}`;
    const form = await assignForm(admin, path, { rolle: String(role.id) });
    await operate(
      app,
      `update organisation_role set withdrawn_at = now() where role_id = ${role.id} and organisation_id = (select id from organisation where cvr = '${cvrs.region}')`,
    );
    const before = await checksums(app);
    const reply = await admin.post('sebadmin', form.action, form.fields);
    expect([reply.status < 500, reply.status >= 400]).toEqual([true, true]);
    expect(await checksums(app)).toEqual(before);
  });
});

/** The same form, opened anew: its key stands in a field of its own or in the button that posts. */
function withNewKey(fields: Fields): Fields {
  const key = crypto.randomUUID();
  return typeof fields._form === 'string'
    ? { ...fields, _form: fields._form.replace(/~[^~]*~/, `~${key}~`) }
    : { ...fields, _key: key };
}

describe('taking roles away', () => {
  it('ends them now, once, and counts what somebody else took away meanwhile', async () => {
    const row = only(
      await app.rows<{ user_id: number; ids: number[] }>(
        `select g.user_id, array_agg(g.id) as ids from role_assignment g join organisation o on o.id = g.organisation_id join app_user u on u.id = g.user_id
       where o.cvr = $1 and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now()) and u.deleted_at is null and u.locked_from is null
         and not exists (select from administrator a where a.user_id = u.id)
       group by 1 having count(*) >= 2 order by 1 limit 1`,
        [cvrs.region],
      ),
    );
    const path = `${list}/${row.user_id}/roller`;
    const [first = 0, second = 0] = row.ids;
    const form = formOf((await admin.get('sebadmin', path)).text, path);
    expect((await admin.post('sebadmin', path, { ...form.fields, tildeling: String(first) })).status).toBe(303);
    const both = await admin.post('sebadmin', path, {
      ...form.fields,
      _key: crypto.randomUUID(),
      tildeling: [String(first), String(second)],
    });
    expect(both.status).toBe(303);
    expect(mainText((await admin.get('sebadmin', path)).text)).toMatch(
      /1 rolle er fjernet fra .+ 1 rolle var allerede fjernet\./,
    );
    expect((await sentencesOn(row.user_id)).slice(0, 2)).toEqual([
      expect.stringContaining('fjernede rollen'),
      expect.stringContaining('fjernede rollen'),
    ]);
    const ended = await app.rows(
      'select from role_assignment where id = any ($1) and withdrawn_at is not null and valid_to <= now()',
      [[first, second]],
    );
    expect(ended).toHaveLength(2);
  });
});

describe('one’s own details', () => {
  it('are saved at once, but a new e-mail address only when it is confirmed from it', async () => {
    const browser = await app.signedIn('region-user', 'sebanmod');
    const id = await idOf(app, 'region-user');
    const email = 'soeren.ny@region-eksempel.example';
    const tokens: string[] = [];
    expect((await browser.submit('sebanmod', '/mine-oplysninger', { phone: '12 34 56 78', email })).status).toBe(303);
    const saved = only(
      await app.rows<{ phone: string; email: string }>('select phone, email from app_user where id = $1', [id]),
    );
    expect(saved).toEqual({ phone: '12 34 56 78', email: personOf('region-user').email });
    const mail = only(await app.rows<{ text: string }>('select text from mail_outbox where to_address = $1', [email]));
    tokens.push(/bekraeft\/([\w-]+)/.exec(mail.text)?.[1] ?? '');
    expect(mail.text).toContain(`${app.portals.sebanmod.url.origin}/mine-oplysninger/bekraeft/`);
    expect(await app.rows('select from email_change where token_digest = $1', tokens)).toEqual([]);

    const path = `/mine-oplysninger/bekraeft/${tokens[0]}`;
    await browser.get('sebanmod', path);
    expect(only(await app.rows<{ email: string }>('select email from app_user where id = $1', [id])).email).toBe(
      personOf('region-user').email,
    );
    const stranger = await app.signedIn('region-org-admin-2', 'sebanmod');
    expect((await stranger.submit('sebanmod', path, {})).status).toBe(409);
    expect((await browser.submit('sebanmod', path, {})).status).toBe(303);
    expect(only(await app.rows<{ email: string }>('select email from app_user where id = $1', [id])).email).toBe(email);
    expect((await browser.submit('sebanmod', path, {})).status).toBe(409);
    expect(
      await app.rows('select from mail_outbox where to_address = $1', [personOf('region-user').email]),
    ).toHaveLength(1);
    expect(app.log.join('')).not.toContain(tokens[0]);
  });

  it('never change one’s name, RID or remark', async () => {
    const browser = await app.signedIn('region-read-only');
    const id = await idOf(app, 'region-read-only');
    const facts = () => app.rows('select first_name, last_name, rid, remark, uuid from app_user where id = $1', [id]);
    const before = await facts();
    await browser.submit('sebadmin', '/mine-oplysninger', {
      firstName: 'Root',
      lastName: 'Root',
      rid: 'root',
      remark: 'root',
      city: 'Odense',
    });
    expect(await facts()).toEqual(before);
  });
});
