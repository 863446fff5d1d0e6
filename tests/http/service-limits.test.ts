import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { assign } from '../support/flows.ts';
import { multipart } from '../support/import-files.ts';
import type { GivableRole } from '../support/sector.ts';
import { cvrs, endOfRoles, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let limited: Browser;
let full: Browser;
let adminId: number;
let users: number[];
let inside: GivableRole;
let outside: GivableRole;
const at = (rest: string): string => `/organisationer/${cvrs.region}${rest}`;
const refusal = 'uden for dit ansvarsområde';

beforeAll(async () => {
  app = await startApp();
  full = await app.signedIn('region-org-admin');
  limited = await app.signedIn('region-user-admin');
  adminId = await idOf(app, 'region-user-admin');
  users = await ordinaryUsers(app, cvrs.region, 3);
  const roles = await givableRoles(app, cvrs.region, false);
  inside = only(roles);
  outside = only(roles.filter((role) => role.serviceId !== inside.serviceId));
  await limitTo([inside.serviceId]);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.rows('delete from rate_limit');
  await give(outside, inside);
});

/** Mette-Marie answers for these services alone. */
const limitTo = (serviceIds: number[]): Promise<void> =>
  operate(
    app,
    `update administrator set limits_services = true where user_id = ${adminId};
     delete from administrator_service;
     insert into administrator_service (administrator_id, organisation_id, service_id)
     select a.id, a.organisation_id, s.id from administrator a join service s on s.id = any ('{${serviceIds.join()}}') where a.user_id = ${adminId}`,
  );

/** The first user holds these roles, the others none. */
const give = (...roles: GivableRole[]): Promise<void> =>
  operate(
    app,
    `${endOfRoles(users)};
     insert into role_assignment (organisation_id, user_id, role_id)
     select o.id, ${users[0]}, r.id from organisation o join role r on r.id in (${roles.map(({ id }) => id).join()}) where o.cvr = '${cvrs.region}'`,
  );

type Held = { id: number; role_id: number };
const held = (user: number | undefined): Promise<Held[]> =>
  app.rows<Held>(
    'select id, role_id from role_assignment where user_id = $1 and withdrawn_at is null and (valid_to is null or valid_to > now()) order by role_id',
    [user],
  );
const rolesOf = async (user: number | undefined): Promise<number[]> => (await held(user)).map((row) => row.role_id);
const both = (): number[] => [inside.id, outside.id].toSorted((a, b) => a - b);
const assignmentOf = async (role: GivableRole): Promise<number> =>
  only((await held(users[0])).filter((row) => row.role_id === role.id)).id;

async function refusedWithout(change: () => Promise<Reply>): Promise<void> {
  const before = await app.rows('select id, role_id, user_id, valid_to, version from role_assignment order by id');
  const reply = await change();
  expect([403, 409, 422]).toContain(reply.status);
  expect(mainText(reply.text)).toContain(refusal);
  expect(await app.rows('select id, role_id, user_id, valid_to, version from role_assignment order by id')).toEqual(
    before,
  );
}

describe('an administrator who answers for one service', () => {
  it('is offered that one alone, and gives its roles', async () => {
    const page = await limited.get('sebadmin', at(`/tildel-roller?bruger=${users[1]}`));
    expect(page.text).toContain(`<option value="${inside.serviceId}"`);
    expect(page.text).not.toContain(`<option value="${outside.serviceId}"`);
    const chosen = at(`/tildel-roller?bruger=${users[1]}&tildelservice=${inside.serviceId}`);
    const done = await assign(limited, chosen, { rolle: String(inside.id) });
    expect(done.status).toBe(303);
    expect(await rolesOf(users[1])).toEqual([inside.id]);
    const everything = await full.get('sebadmin', at(`/tildel-roller?bruger=${users[1]}`));
    expect(everything.text).toContain(`<option value="${outside.serviceId}"`);
  });

  it('cannot give another service’s role, by the address or by a forged form', async () => {
    const address = at(`/tildel-roller?bruger=${users[1]}&tildelservice=${outside.serviceId}`);
    const opened = await limited.get('sebadmin', `${address}&rolle=${outside.id}`);
    expect(opened.text).not.toContain(`value="${outside.id}" checked`);
    const own = at(`/tildel-roller/gennemse?bruger=${users[1]}&tildelservice=${inside.serviceId}&rolle=${inside.id}`);
    const { fields } = formOf((await limited.get('sebadmin', own)).text, at('/tildel-roller'));
    const forged = { ...fields, tildelservice: String(outside.serviceId), rolle: String(outside.id), nye: '1' };
    const reply = await limited.post('sebadmin', address, forged);
    expect(reply.status).toBe(422);
    expect(await rolesOf(users[1])).toEqual([]);
  });

  it('gives nothing from a form that was opened before the limit was narrowed', async () => {
    const preview = at(
      `/tildel-roller/gennemse?bruger=${users[1]}&tildelservice=${inside.serviceId}&rolle=${inside.id}`,
    );
    const form = formOf((await limited.get('sebadmin', preview)).text, at('/tildel-roller'));
    await limitTo([]);
    const reply = await limited.post('sebadmin', form.action, form.fields);
    await limitTo([inside.serviceId]);
    expect(reply.status).toBe(422);
    expect(await rolesOf(users[1])).toEqual([]);
  });

  it('takes roles of that service alone, ticked on the user’s page, the role’s page, or for many', async () => {
    const rolesPage = at(`/brugere/${users[0]}/roller`);
    const shown = await limited.get('sebadmin', rolesPage);
    expect(shown.text).toContain(`name="tildeling" value="${await assignmentOf(inside)}"`);
    expect(shown.text).not.toContain(`name="tildeling" value="${await assignmentOf(outside)}"`);
    expect(mainText(shown.text)).toContain('Uden for dit ansvarsområde');
    const forbidden = String(await assignmentOf(outside));
    await refusedWithout(() => limited.submit('sebadmin', rolesPage, { tildeling: forbidden }));
    const rolePage = at(`/roller/${inside.id}`);
    const { fields } = formOf((await limited.get('sebadmin', rolePage)).text, rolePage);
    await refusedWithout(() =>
      limited.post('sebadmin', at(`/roller/${outside.id}`), { ...fields, tildeling: forbidden }),
    );
    const many = at(`/fjern-roller?bruger=${users[0]}`);
    const chooser = await limited.get('sebadmin', many);
    expect(chooser.text).toContain(`<option value="${inside.serviceId}"`);
    expect(chooser.text).not.toContain(`<option value="${outside.serviceId}"`);
    await refusedWithout(() =>
      limited.post('sebadmin', many, { ...fields, fraservice: String(outside.serviceId), rolle: `${outside.id}_0` }),
    );
    const done = await limited.submit('sebadmin', rolesPage, { tildeling: String(await assignmentOf(inside)) });
    expect(done.status).toBe(303);
    expect(await rolesOf(users[0])).toEqual([outside.id]);
  });

  it('hands back an own role of another service, as everybody may', async () => {
    await operate(
      app,
      `${endOfRoles([adminId])};
       insert into role_assignment (organisation_id, user_id, role_id)
       select id, ${adminId}, ${outside.id} from organisation where cvr = '${cvrs.region}'`,
    );
    const own = only(await held(adminId)).id;
    const done = await limited.submit('sebadmin', at(`/brugere/${adminId}/roller`), { tildeling: String(own) });
    expect(done.status).toBe(303);
    expect(await rolesOf(adminId)).toEqual([]);
  });

  it('edits no assignment of another service', async () => {
    const mine = at(`/brugere/${users[0]}/roller/${await assignmentOf(inside)}`);
    const other = at(`/brugere/${users[0]}/roller/${await assignmentOf(outside)}`);
    expect((await limited.get('sebadmin', mine)).status).toBe(200);
    expect((await limited.get('sebadmin', other)).status).toBe(403);
    const { fields } = formOf((await limited.get('sebadmin', mine)).text, mine);
    await refusedWithout(() => limited.post('sebadmin', other, { ...fields, slutdato: '31-12-2030' }));
    expect((await limited.post('sebadmin', mine, { ...fields, slutdato: '31-12-2030' })).status).toBe(303);
  });

  it('clones that service’s roles alone, and takes only those away', async () => {
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id)
       select id, ${users[1]}, ${outside.id} from organisation where cvr = '${cvrs.region}'`,
    );
    const path = at(`/brugere/${users[0]}/klon`);
    expect(mainText((await limited.get('sebadmin', path)).text)).toContain('Uden for dit ansvarsområde');
    const chosen = new URLSearchParams([
      ['valgt', '1'],
      ...(await held(users[0])).map(({ id }): [string, string] => ['tildeling', String(id)]),
      ['modtager', String(users[1])],
      ['slet', '1'],
    ]);
    const preview = await limited.get('sebadmin', `${path}/gennemse?${chosen.toString()}`);
    expect(mainText(preview.text)).toContain('Rollen hører til en service uden for dit ansvarsområde');
    expect(mainText(preview.text)).toContain('Nye tildelinger 1');
    const form = formOf(preview.text, path);
    expect((await limited.post('sebadmin', form.action, form.fields)).status).toBe(303);
    expect(await rolesOf(users[1])).toEqual(both());
  });

  it('imports that service’s roles alone', async () => {
    const names = await app.rows<{ id: number; text: string; rid: string }>(
      `select r.id, s.code || '/' || r.code as text from role r join service s on s.id = r.service_id where r.id = any ($1)`,
      [[inside.id, outside.id]],
    );
    const text = (role: GivableRole): string => names.find(({ id }) => id === role.id)?.text ?? '';
    const { rid } = only(await app.rows<{ rid: string }>('select rid from app_user where id = $1', [users[2]]));
    const start = at('/brugere/indsaet');
    const { fields } = formOf((await limited.get('sebadmin', start)).text, start);
    const tekst = ['RID;Rolle', `${rid};${text(inside)}`, `${rid};${text(outside)}`].join('\n');
    const { body, headers } = multipart({ ...(fields as Record<string, string>), tekst }, null);
    const sent = await limited.send('sebadmin', start, { method: 'POST', body, headers });
    expect(sent.status).toBe(303);
    const page = await limited.get('sebadmin', sent.location ?? '');
    expect(mainText(page.text)).toContain(refusal);
    await limited.submit('sebadmin', sent.location ?? '', {});
    expect(await rolesOf(users[2])).toEqual([inside.id]);
  });

  it('approves no request with a role of another service', async () => {
    await operate(
      app,
      `insert into access_request (organisation_id, kind, says_new_user, user_id, first_name, last_name, level, email, wanted)
       select organisation_id, 'ORDINARY', false, id, first_name, last_name, 'Substantial', email, 'Begge roller' from app_user where id = ${users[2]}`,
    );
    const { id } = only(await app.rows<{ id: number }>('select max(id) as id from access_request'));
    const approve = (role: GivableRole): Promise<Reply> =>
      limited.submit('sebadmin', at(`/anmodninger/${id}/godkend`), { rolle: String(role.id) });
    await refusedWithout(() => approve(outside));
    expect((await approve(inside)).status).toBe(303);
    expect(await rolesOf(users[2])).toEqual([inside.id]);
  });

  it('finds every role, and is told which are not one’s own to give', async () => {
    const role = await limited.get('sebadmin', at(`/roller/${outside.id}?find=a`));
    expect(mainText(role.text)).toContain('Uden for dit ansvarsområde');
    expect(mainText(role.text)).not.toContain('Tildel rollen');
    expect(mainText((await full.get('sebadmin', at(`/roller/${outside.id}?find=a`))).text)).toContain('Tildel rollen');
  });

  it('undoes what was done while it was within the area, and no longer', async () => {
    const chosen = at(`/tildel-roller?bruger=${users[1]}&tildelservice=${inside.serviceId}`);
    const done = await assign(limited, chosen, { rolle: String(inside.id) });
    const batch = at(`/aendringer/${String(done.headers['x-request-id'])}/fortryd`);
    await limitTo([outside.serviceId]);
    const shown = await limited.get('sebadmin', batch);
    await limitTo([inside.serviceId]);
    expect(mainText(shown.text)).toContain(refusal);
    expect(await rolesOf(users[1])).toEqual([inside.id]);
    await limited.submit('sebadmin', batch, {});
    expect(await rolesOf(users[1])).toEqual([]);
  });

  it('may lock and delete a user all the same, whose roles all go', async () => {
    const [, , user = 0] = users;
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id) select id, ${user}, ${outside.id} from organisation where cvr = '${cvrs.region}'`,
    );
    const done = await limited.submit('sebadmin', at(`/brugere/${user}/slet`), { begrundelse: 'Fratrådt' });
    expect([done.status, mainText(done.text)]).toEqual([303, expect.anything()]);
    expect(await rolesOf(user)).toEqual([]);
  });
});

describe('the database', () => {
  const inTransaction = (statement: string): Promise<unknown> => app.rows(`do $$ begin ${statement}; end $$`);

  it('refuses a role of another service in the name of one who is limited, whoever writes it', async () => {
    const insert = (
      role: GivableRole,
    ): string => `insert into role_assignment (organisation_id, user_id, role_id, created_by_id)
      select id, ${users[1]}, ${role.id}, ${adminId} from organisation where cvr = '${cvrs.region}'`;
    await expect(inTransaction(insert(outside))).rejects.toMatchObject({
      constraint: 'role_assignment_outside_area',
    });
    await operate(app, insert(inside));
    expect(await rolesOf(users[1])).toEqual([inside.id]);
  });

  it('refuses to let such a one end or edit it', async () => {
    const end = (actor: number): string => `perform set_config('seb.actor', '${actor}', true);
      update role_assignment set valid_to = now(), withdrawn_at = now() where user_id = ${users[0]} and role_id = ${outside.id}`;
    await expect(inTransaction(end(adminId))).rejects.toMatchObject({ constraint: 'role_assignment_outside_area' });
    await operate(app, end(await idOf(app, 'region-org-admin')));
    expect(await rolesOf(users[0])).toEqual([inside.id]);
  });

  it('limits nobody but a brugeradministrator', async () => {
    const limit = `update administrator set limits_services = true where kind = 'ORGANISATION'`;
    await expect(inTransaction(limit)).rejects.toMatchObject({ constraint: 'administrator_limited_kind' });
  });
});
