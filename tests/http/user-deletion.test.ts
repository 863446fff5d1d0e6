import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import {
  claimsOfUser,
  cvrs,
  endOfRoles,
  givableRoles,
  idOf,
  only,
  operate,
  ordinaryUsers,
  unitOf,
} from '../support/sector.ts';

let app: App;
let admin: Browser;
let users: number[];

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  users = await ordinaryUsers(app, cvrs.region, 10);
});
afterAll(() => app.close());

const list = `/organisationer/${cvrs.region}/brugere`;
const at = (id: number, rest = ''): string => `${list}/${id}${rest}`;
const nextUser = (): number => users.shift() ?? 0;

type UserRow = { rid: string; name: string; email: string; deleted: boolean; epoch: number; uuid: string | null };
async function userOf(id: number): Promise<UserRow> {
  const rows = await app.rows<UserRow>(
    `select rid, first_name || ' ' || last_name as name, email, deleted_at is not null as deleted, session_epoch as epoch, uuid
     from app_user where id = $1`,
    [id],
  );
  return only(rows);
}

const kindsOf = async (id: number): Promise<string[]> =>
  (await app.rows<{ kind: string }>(`select kind from audit_event where target_user_id = ${id} order by id`)).map(
    ({ kind }) => kind,
  );

const activeRoles = async (id: number): Promise<number> =>
  (
    await app.rows(
      `select from role_assignment where user_id = ${id} and withdrawn_at is null and (valid_to is null or valid_to > now())`,
    )
  ).length;

async function giveRoles(id: number): Promise<void> {
  const [plain] = await givableRoles(app, cvrs.region, false);
  const [placed] = await givableRoles(app, cvrs.region, true);
  const unit = await unitOf(app, cvrs.region);
  const organisation = `(select organisation_id from app_user where id = ${id})`;
  await operate(
    app,
    `${endOfRoles([id])};
     insert into role_assignment (organisation_id, user_id, role_id) values (${organisation}, ${id}, ${plain?.id});
     insert into role_assignment (organisation_id, user_id, role_id, sor_code, valid_from)
       values (${organisation}, ${id}, ${placed?.id}, '${unit}', now() + interval '10 days')`,
  );
}

it('shows what will go, then ends all of it at once, with an event for each', async () => {
  const id = nextUser();
  await giveRoles(id);
  const theirs = app.browser();
  await app.signIn(theirs, 'sebanmod', await claimsOfUser(app, id));
  const before = await userOf(id);
  const shown = mainText((await admin.get('sebadmin', at(id, '/slet'))).text);
  expect(shown).toContain('2 roller bliver fjernet');
  expect(shown).toContain('(gælder fra ');
  expect(await activeRoles(id)).toBe(2);

  const known = (await kindsOf(id)).length;
  const done = await admin.submit('sebadmin', at(id, '/slet'), { begrundelse: 'Stoppet' });
  expect(done.location).toBe(list);
  expect(mainText((await admin.get('sebadmin', list)).text)).toContain(
    `${before.name} er slettet. 2 roller er fjernet.`,
  );
  expect(await userOf(id)).toMatchObject({ deleted: true, epoch: before.epoch + 1 });
  expect(await activeRoles(id)).toBe(0);
  expect((await kindsOf(id)).slice(known)).toEqual(['role.withdrawn', 'role.withdrawn', 'user.deleted']);
  expect((await theirs.get('sebanmod', '/')).status).toBe(303);
  expect((await admin.get('sebadmin', at(id))).status).toBe(404);
});

it('frees the RID for a new user, whom the old login does not reach', async () => {
  const id = nextUser();
  const { rid, uuid } = await userOf(id);
  await admin.submit('sebadmin', at(id, '/slet'), {});
  const fields = { firstName: 'Ny', lastName: 'Ejer', email: 'ny.ejer@region-eksempel.example', rid };
  const created = await admin.submit('sebadmin', `${list}/opret`, fields);
  expect(created.status).toBe(303);
  const rows = await app.rows<{ uuid: string | null }>(
    `select uuid from app_user where rid = $1 and deleted_at is null and last_name = 'Ejer'`,
    [rid],
  );
  expect(only(rows).uuid).toBeNull();
  expect((await userOf(id)).uuid).toBe(uuid);
});

it('reminds of the signature on the front page until somebody ticks it', async () => {
  const id = nextUser();
  const { name, rid } = await userOf(id);
  await admin.submit('sebadmin', at(id, '/slet'), {});
  const title = `Deaktiver medarbejdersignaturen for ${name} i MitID Erhverv`;
  await operate(app, `update todo set created_at = now() - interval '9 years' where user_id = ${id}`);
  const colleague = await app.signedIn('region-user-admin');
  for (const browser of [admin, colleague]) {
    const home = mainText((await browser.get('sebadmin', '/')).text);
    expect(home).toContain('Det venter på dig');
    expect(home).toContain(title);
    expect(home).toContain(rid);
  }
  const readOnly = await app.signedIn('region-read-only');
  expect((await readOnly.get('sebadmin', '/')).text).not.toContain(title);
  const todo = only(await app.rows<{ id: number }>(`select id from todo where user_id = ${id}`));
  const tick = `/organisationer/${cvrs.region}/huskeliste/${todo.id}/udfoert`;
  const { fields } = formOf((await colleague.get('sebadmin', '/')).text, tick);
  expect((await readOnly.post('sebadmin', tick, fields)).status).toBe(403);
  const replies = await Promise.all([1, 2].map(() => colleague.post('sebadmin', tick, fields)));
  expect(replies.map((reply) => reply.location)).toEqual(['/', '/']);
  expect((await admin.get('sebadmin', '/')).text).not.toContain(title);
  expect(await kindsOf(id)).toContain('todo.done');
  expect((await kindsOf(id)).filter((kind) => kind === 'todo.done')).toHaveLength(1);
  const listed = mainText((await admin.get('sebadmin', `/organisationer/${cvrs.region}/huskeliste`)).text);
  expect(listed).toContain(`${title}. Udført`);
});

it('takes no tick from another organisation', async () => {
  const id = nextUser();
  await admin.submit('sebadmin', at(id, '/slet'), {});
  const todo = only(await app.rows<{ id: number }>(`select id from todo where user_id = ${id}`));
  const foreign = await app.signedIn('municipality-org-admin');
  const page = await foreign.get('sebadmin', '/mine-oplysninger');
  const hidden = formOf(page.text, '/mine-oplysninger').fields;
  for (const cvr of [cvrs.municipality, cvrs.region])
    expect(
      (await foreign.post('sebadmin', `/organisationer/${cvr}/huskeliste/${todo.id}/udfoert`, hidden)).status,
    ).toBe(404);
  expect(await app.rows(`select from todo where id = ${todo.id} and done_at is null`)).toHaveLength(1);
});

it('a double click deletes once; the second answer is the first one’s', async () => {
  const id = nextUser();
  const { fields } = formOf((await admin.get('sebadmin', at(id, '/slet'))).text, at(id, '/slet'));
  const replies = await Promise.all([1, 2, 3].map(() => admin.post('sebadmin', at(id, '/slet'), fields)));
  const after = await admin.post('sebadmin', at(id, '/slet'), fields);
  expect([...replies, after].map((reply) => reply.location)).toEqual([list, list, list, list]);
  expect((await kindsOf(id)).filter((kind) => kind === 'user.deleted')).toHaveLength(1);
  expect(await app.rows(`select from todo where user_id = ${id}`)).toHaveLength(1);
});

it('deletes nothing when a role came after the page was shown', async () => {
  const id = nextUser();
  const { fields } = formOf((await admin.get('sebadmin', at(id, '/slet'))).text, at(id, '/slet'));
  await giveRoles(id);
  const late = await admin.post('sebadmin', at(id, '/slet'), { ...fields, begrundelse: 'Rejst' });
  expect(late.status).toBe(409);
  expect(mainText(late.text)).toContain('2 roller bliver fjernet');
  expect(late.text).toContain('value="Rejst"');
  expect((await userOf(id)).deleted).toBe(false);
  const again = formOf(late.text, at(id, '/slet')).fields;
  expect((await admin.post('sebadmin', at(id, '/slet'), again)).status).toBe(303);
});

it('ends an administrator’s rights too, here and elsewhere, and tells the others', async () => {
  const id = await idOf(app, 'region-user-admin');
  const municipality = `(select id from organisation where cvr = '${cvrs.municipality}')`;
  await operate(
    app,
    `insert into administrator (organisation_id, user_id, home_organisation_id, kind)
     values (${municipality}, ${id}, (select organisation_id from app_user where id = ${id}), 'READ_ONLY')`,
  );
  const shown = mainText((await admin.get('sebadmin', at(id, '/slet'))).text);
  expect(shown).toContain('Brugeradministrator i Region Eksempel');
  expect(shown).toContain('Read-only administrator i Eksempel Kommune');
  expect((await admin.submit('sebadmin', at(id, '/slet'), { begrundelse: 'Fratrådt' })).status).toBe(303);
  expect(
    await app.rows(`select from administrator where user_id = ${id} and (valid_to is null or valid_to > now())`),
  ).toEqual([]);
  const events = await app.rows<{ cvr: string }>(
    `select o.cvr from audit_event e join organisation o on o.id = e.organisation_id
     where e.target_user_id = ${id} and e.kind = 'administrator.ended' order by o.cvr`,
  );
  expect(events.map(({ cvr }) => cvr)).toEqual([cvrs.region, cvrs.municipality].toSorted());
  const told = await app.rows<{ to_address: string }>(
    `select to_address from mail_outbox where kind = 'administrator.ended' order by to_address`,
  );
  const [own, other] = [await idOf(app, 'region-org-admin'), await idOf(app, 'region-org-admin-2')];
  const addresses = told.map(({ to_address }) => to_address);
  expect(addresses).toContain((await userOf(other)).email);
  expect(addresses).not.toContain((await userOf(own)).email);
});

it('is refused for oneself, for the last organisationsadministrator, and for a brugeradministrator’s betters', async () => {
  const [own, second] = [await idOf(app, 'region-org-admin'), await idOf(app, 'region-org-admin-2')];
  expect((await admin.get('sebadmin', at(own, '/slet'))).status).toBe(403);
  await operate(
    app,
    `update administrator set valid_to = now() where kind = 'ORGANISATION' and user_id not in (${own}, ${second})
     and organisation_id = (select organisation_id from app_user where id = ${own});
     update app_user set locked_from = '2040-01-01', lock_reason = 'Orlov' where id = ${second}`,
  );
  const other = await app.signedIn('region-org-admin-2');
  const refused = await other.get('sebadmin', at(own, '/slet'));
  expect(refused.status).toBe(403);
  expect(mainText(refused.text)).toContain('mindst én aktiv organisationsadministrator');
  const row = (await other.get('sebadmin', `${list}?administrator=organisation`)).text;
  expect(row).not.toContain(at(own, '/slet'));
});
