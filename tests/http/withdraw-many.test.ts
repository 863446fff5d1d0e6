import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { cvrs, endOfRoles, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';
import type { GivableRole } from '../support/sector.ts';

let app: App;
let browser: Browser;
let users: number[];
let administrator: number;
let role: GivableRole;
const path = `/organisationer/${cvrs.region}/fjern-roller`;

beforeAll(async () => {
  app = await startApp();
  browser = await app.signedIn('region-user-admin');
  users = await ordinaryUsers(app, cvrs.region, 3);
  administrator = await idOf(app, 'region-org-admin');
  role = only(await givableRoles(app, cvrs.region, false));
});
afterAll(() => app.close());
beforeEach(() =>
  operate(
    app,
    `${endOfRoles([...users, administrator])};
     insert into role_assignment (organisation_id, user_id, role_id)
     select o.id, u.id, ${role.id} from organisation o join app_user u on u.id in (${[...users, administrator].join()}) where o.cvr = '${cvrs.region}'`,
  ),
);

const query = (more: string[][]): string =>
  new URLSearchParams([
    ...[...users, administrator].map((id) => ['bruger', String(id)]),
    ['fraservice', String(role.serviceId)],
    ...more,
  ]).toString();
const held = async (): Promise<number[]> =>
  (
    await app.rows<{ user_id: number }>(
      'select user_id from role_assignment where role_id = $1 and user_id = any ($2) and withdrawn_at is null order by 1',
      [role.id, [...users, administrator]],
    )
  ).map(({ user_id }) => user_id);

it('is a button of Brugeroversigt, with the same choice of users', async () => {
  const list = await browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere`);
  expect(list.text).toContain(`formaction="${path}">Fjern roller`);
  expect((await browser.get('sebadmin', path)).status).toBe(303);
});

it('shows what the users hold with counts, then what will go, then takes it away with an event each', async () => {
  const chooser = await browser.get('sebadmin', `${path}?${query([])}`);
  expect(mainText(chooser.text)).toContain('Alle de valgte har rollen');
  expect(mainText(chooser.text)).toContain('1 af de valgte kan ikke ændres af dig');
  const preview = await browser.get('sebadmin', `${path}/gennemse?${query([['rolle', `${role.id}_0`]])}`);
  expect(mainText(preview.text)).toContain('Tildelinger, der fjernes 3');
  const form = formOf(preview.text, path);
  const done = await browser.post('sebadmin', form.action, form.fields);
  expect(done.status).toBe(303);
  expect(await held()).toEqual([administrator]);
  const logged = await app.rows(
    `select target_user_id from audit_event where kind = 'role.withdrawn' and request_id = $1`,
    [done.headers['x-request-id']],
  );
  expect(logged).toHaveLength(3);
});

it('refuses with 409 and the new figures when one is gone meanwhile', async () => {
  const preview = await browser.get('sebadmin', `${path}/gennemse?${query([['rolle', `${role.id}_0`]])}`);
  await operate(app, `update role_assignment set valid_to = now(), withdrawn_at = now() where user_id = ${users[0]}`);
  const form = formOf(preview.text, path);
  const late = await browser.post('sebadmin', form.action, form.fields);
  expect(late.status).toBe(409);
  expect(mainText(late.text)).toContain('Tildelinger, der fjernes 2');
  expect(await held()).toHaveLength(3);
  const anew = formOf(late.text, path);
  expect((await browser.post('sebadmin', anew.action, anew.fields)).status).toBe(303);
  expect(await held()).toEqual([administrator]);
});

it('works for all who match a search', async () => {
  const { rid } = only(await app.rows<{ rid: string }>('select rid from app_user where id = $1', [users[0]]));
  const all = new URLSearchParams({ alle: '1', soeg: rid, fraservice: String(role.serviceId), rolle: `${role.id}_0` });
  const preview = await browser.get('sebadmin', `${path}/gennemse?${all.toString()}`);
  const form = formOf(preview.text, path);
  expect((await browser.post('sebadmin', form.action, form.fields)).status).toBe(303);
  expect(await held()).not.toContain(users[0]);
});

it('keeps the page when nothing, or something unreadable, is ticked', async () => {
  for (const more of [[], [['rolle', 'x']], [['rolle', '1_0; drop']], [['rolle', '2147483647_0']]]) {
    const reply = await browser.get('sebadmin', `${path}/gennemse?${query(more)}`);
    expect(reply.status).toBe(422);
  }
});
