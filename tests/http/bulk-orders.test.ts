import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import type { Changes } from '../../src/audit/record-change.ts';
import { runOrder } from '../../src/bulk-orders/run-order.changes.ts';
import { removeExpired } from '../../src/jobs/expired.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import type { GivableRole } from '../support/sector.ts';
import { cvrs, endOfRoles, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let browser: Browser;
let users: number[];
let plain: GivableRole[];
let atUnit: GivableRole;
let unit: string;
const queued: number[] = [];
const region = `/organisationer/${cvrs.region}`;
const assignPath = `${region}/tildel-roller`;
const withdrawPath = `${region}/fjern-roller`;

beforeAll(async () => {
  app = await startApp({ env: { BULK_ASSIGNMENTS_IN_REQUEST: '5' }, queueOrder: async (id) => void queued.push(id) });
  browser = await app.signedIn('region-user-admin');
  const service = only(await givableRoles(app, cvrs.region, false)).serviceId;
  plain = (await givableRoles(app, cvrs.region, false)).filter((role) => role.serviceId === service).slice(0, 2);
  atUnit = only(await givableRoles(app, cvrs.region, true));
  const open = await app.rows<{ code: string }>(
    'select code from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 1',
    [cvrs.region],
  );
  unit = only(open).code;
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.rows('delete from rate_limit');
  await app.rows(`update bulk_order set state = 'STOPPED', stop_reason = 'x', ended_at = now() where state = 'QUEUED'`);
  users = await ordinaryUsers(app, cvrs.region, 12);
  await operate(app, endOfRoles(users));
});

type Choice = Record<string, string | readonly string[]>;
const query = (choice: Choice): string =>
  new URLSearchParams(
    Object.entries(choice).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  ).toString();
const ids = (list = users): string[] => list.map(String);
const plainRole = (): GivableRole => only(plain);

async function preview(from: string, choice: Choice, by = browser): Promise<Reply> {
  return by.get('sebadmin', `${from}/gennemse?${query(choice)}`);
}
async function submit(shown: Reply, to: string, by = browser): Promise<Reply> {
  const form = formOf(shown.text, to);
  return by.post('sebadmin', form.action, form.fields);
}
const assigning = (list = users): Choice => ({
  bruger: ids(list),
  tildelservice: String(plainRole().serviceId),
  rolle: String(plainRole().id),
});

type Placed = { id: number; path: string; requestId: string };
/** Places an order through the pages; its job takes `batchSize` users at a time. */
async function place(from: string, choice: Choice, batchSize = 5, by = browser): Promise<Placed> {
  const reply = await submit(await preview(from, choice, by), from, by);
  expect([reply.status, reply.location]).toEqual([303, expect.stringMatching(/\/store-aendringer\/\d+$/)]);
  const id = Number(reply.location?.split('/').at(-1));
  await app.rows('update bulk_order set batch_size = $2 where id = $1', [id, batchSize]);
  return { id, path: reply.location ?? '', requestId: String(reply.headers['x-request-id']) };
}

/** Runs the job; `until` is called when each batch is about to commit. */
function run(id: number, until: (batch: number) => Promise<void> = async () => undefined): Promise<void> {
  let batch = 0;
  const changes: Changes = {
    database: app.database,
    queueMails: async () => {
      batch += 1;
      await until(batch);
    },
  };
  return runOrder(changes, mailingOf(app.config), id);
}

const killedAt = (at: number) => async (batch: number) => {
  if (batch === at) throw new Error('killed');
};

const held = async (roleId = plainRole().id): Promise<number[]> =>
  (
    await app.rows<{ user_id: number }>(
      'select user_id from role_assignment where role_id = $1 and user_id = any ($2) and withdrawn_at is null order by 1',
      [roleId, users],
    )
  ).map(({ user_id }) => user_id);
const orderOf = async (id: number) =>
  only(
    await app.rows<{ state: string; done: number; added: number; withdrawn: number; there: number; left: number }>(
      `select state, done_users as done, added, withdrawn, already_there as there, left_out_users as left from bulk_order where id = $1`,
      [id],
    ),
  );
const eventsOf = async (requestId: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await app.rows<{ kind: string; n: number }>(
        'select kind, count(*)::int as n from audit_event where request_id = $1 group by 1 order by 1',
        [requestId],
      )
    ).map(({ kind, n }) => [kind, n]),
  );
const missedBy = (id: number) =>
  app.rows<{ user_id: number; reason: string }>(
    'select user_id, reason from bulk_order_user where order_id = $1 and reason is not null order by user_id',
    [id],
  );

describe('more assignments than a request takes', () => {
  it('are told of before, ordered with one click, and carried out in portions with an event each', async () => {
    const shown = await preview(assignPath, assigning());
    expect(mainText(shown.text)).toContain('Flere end 5 tildelinger ad gangen gennemføres lidt efter lidt');
    const order = await place(assignPath, assigning());
    expect(queued.at(-1)).toBe(order.id);
    expect(await held()).toEqual([]);
    const waiting = await browser.get('sebadmin', order.path);
    expect([waiting.status, waiting.headers.refresh]).toEqual([200, '5']);
    expect(mainText(waiting.text)).toContain('0 af 12 brugere er nået');
    expect(await faultsOfHtml(waiting.text)).toEqual([]);

    await run(order.id);
    expect(await held()).toEqual(users);
    expect(await orderOf(order.id)).toEqual({ state: 'DONE', done: 12, added: 12, withdrawn: 0, there: 0, left: 0 });
    expect(await eventsOf(order.requestId)).toEqual({
      'bulkOrder.finished': 1,
      'bulkOrder.placed': 1,
      'role.assigned': 12,
    });
    const portions = await app.rows(
      `select distinct transaction_id from audit_event where request_id = $1 and kind = 'role.assigned'`,
      [order.requestId],
    );
    expect(portions).toHaveLength(3);
    const result = await browser.get('sebadmin', order.path);
    expect(result.headers.refresh).toBeUndefined();
    expect(mainText(result.text)).toContain('Nye tildelinger 12');
    expect(await faultsOfHtml(result.text)).toEqual([]);
    const list = await browser.get('sebadmin', `${region}/store-aendringer`);
    expect(mainText(list.text)).toContain('Gennemført 12 af 12 brugere');
    expect(await faultsOfHtml(list.text)).toEqual([]);
  });

  it('are all done in the request when they are few enough, whatever was there before', async () => {
    await submit(await preview(assignPath, assigning(users.slice(0, 4))), assignPath);
    expect(await held()).toHaveLength(4);
    const reply = await submit(await preview(assignPath, assigning(users.slice(0, 8))), assignPath);
    expect(reply.location).toBe(`${region}/brugere`);
    expect(await held()).toHaveLength(8);
  });

  it('are one order however often the button is pressed, and a second order gives nothing twice', async () => {
    const form = formOf((await preview(assignPath, assigning())).text, assignPath);
    const replies = await Promise.all([1, 2, 3].map(() => browser.post('sebadmin', form.action, form.fields)));
    expect(new Set(replies.map(({ status, location }) => `${status} ${location}`)).size).toBe(1);
    const first = Number(replies[0]?.location?.split('/').at(-1));
    const second = await place(assignPath, assigning());
    expect(second.id).not.toBe(first);
    await run(first);
    await run(second.id);
    expect(await held()).toEqual(users);
    expect(await orderOf(second.id)).toMatchObject({ state: 'DONE', added: 0, there: 12 });
  });

  it('wait with at most nine others of the same person, and keep nobody else from ordering', async () => {
    const { id, path: first } = await place(assignPath, assigning());
    await operate(
      app,
      `insert into bulk_order (organisation_id, ordered_by_id, kind, terms, summary, batch_size, request_id, users)
       select organisation_id, ordered_by_id, kind, terms, summary, batch_size, request_id, users
       from bulk_order, generate_series(1, 8) where id = ${id}`,
    );
    const form = formOf((await preview(assignPath, assigning())).text, assignPath);
    const press = (): Promise<Reply> =>
      browser.post('sebadmin', form.action, { ...form.fields, _key: crypto.randomUUID() });
    const pressed = await Promise.all([press(), press()]);
    expect(pressed.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    const refused = pressed.find(({ status }) => status === 409)?.text ?? '';
    expect(mainText(refused)).toMatch(/Du har allerede 10 store ændringer i gang .* stop en af dem/);
    const colleague = await app.signedIn('two-organisations');
    await place(assignPath, assigning(), 5, colleague);
    await browser.submit('sebadmin', first, {}, `${first}/stop`);
    expect((await press()).status).toBe(303);
  });

  it('are refused with the new figures when the preview is out of date, and nothing is ordered', async () => {
    const shown = await preview(assignPath, assigning());
    await submit(await preview(assignPath, assigning(users.slice(0, 1))), assignPath);
    const before = await app.rows('select from bulk_order');
    const late = await submit(shown, assignPath);
    expect([late.status, mainText(late.text)]).toEqual([409, expect.stringContaining('Nye tildelinger 11')]);
    expect(await app.rows('select from bulk_order')).toHaveLength(before.length);
  });

  it('that are withdrawn go the same way', async () => {
    await run((await place(assignPath, assigning())).id);
    const order = await place(withdrawPath, {
      bruger: ids(),
      fraservice: String(plainRole().serviceId),
      rolle: `${plainRole().id}_0`,
    });
    await run(order.id);
    expect(await held()).toEqual([]);
    expect(await orderOf(order.id)).toEqual({ state: 'DONE', done: 12, added: 0, withdrawn: 12, there: 0, left: 0 });
    expect(await eventsOf(order.requestId)).toMatchObject({ 'role.withdrawn': 12, 'bulkOrder.finished': 1 });
    expect(mainText((await browser.get('sebadmin', order.path)).text)).toContain('Tildelinger fjernet 12');
  });
});

describe('cloning to many', () => {
  const clonePath = (): string => `${region}/brugere/${users[0]}/klon`;

  async function sourceWith(roles: number[]): Promise<Choice> {
    for (const role of roles)
      await operate(
        app,
        `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${role} from app_user where id = ${users[0]}`,
      );
    const given = await app.rows<{ id: number }>('select id from role_assignment where user_id = $1', [users[0]]);
    return { valgt: '1', tildeling: given.map(({ id }) => String(id)), modtager: ids(users.slice(1)) };
  }

  it('is carried out in portions, with the lines in each one’s log and the source’s', async () => {
    const order = await place(clonePath(), await sourceWith(plain.map(({ id }) => id)), 4);
    await run(order.id);
    expect(await held()).toEqual(users);
    expect(await orderOf(order.id)).toMatchObject({ state: 'DONE', done: 11, added: 11 * plain.length });
    expect(await eventsOf(order.requestId)).toMatchObject({
      'role.assigned': 11 * plain.length,
      'user.cloned': 11,
      'user.clonedFrom': 3,
    });
  });

  it('takes the receivers’ other roles away where that was chosen', async () => {
    const choice = await sourceWith([plainRole().id]);
    const other = plain[1] ?? plainRole();
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${other.id} from app_user where id in (${users.slice(1).join()})`,
    );
    const order = await place(clonePath(), { ...choice, slet: '1' }, 4);
    await run(order.id);
    expect(await held(other.id)).toEqual([]);
    expect(await orderOf(order.id)).toMatchObject({ state: 'DONE', added: 11, withdrawn: 11 });
  });

  it('stops when the source is deleted in the middle', async () => {
    const order = await place(clonePath(), await sourceWith([plainRole().id]), 4);
    await expect(run(order.id, killedAt(2))).rejects.toThrow('killed');
    await operate(
      app,
      `update role_assignment set valid_to = now(), withdrawn_at = now() where user_id = ${users[0]}; update app_user set deleted_at = now() where id = ${users[0]}`,
    );
    await run(order.id);
    expect(await orderOf(order.id)).toMatchObject({ state: 'STOPPED', done: 4, added: 4 });
    const shown = mainText((await browser.get('sebadmin', order.path)).text);
    expect(shown).toContain('Brugeren, der klones fra, er slettet. 7 brugere blev ikke nået');
    await operate(app, `update app_user set deleted_at = null where id = ${users[0]}`);
  });
});

describe('an order that is interrupted', () => {
  it('goes on where it stopped, and a second run at the same time does nothing twice', async () => {
    const order = await place(assignPath, assigning());
    const cut = async (batch: number) => {
      if (batch === 2) throw new Error('killed');
    };
    await expect(run(order.id, cut)).rejects.toThrow('killed');
    expect(await held()).toHaveLength(5);
    await Promise.all([run(order.id), run(order.id)]);
    await run(order.id);
    expect(await orderOf(order.id)).toMatchObject({ state: 'DONE', done: 12, added: 12 });
    expect(await eventsOf(order.requestId)).toMatchObject({ 'role.assigned': 12, 'bulkOrder.finished': 1 });
  });

  it('survives the SIGKILL of its process, and lets others work meanwhile', async () => {
    const order = await place(assignPath, assigning(), 1);
    const runner = path.resolve('tests/support/order-runner.ts');
    const child = spawn(process.execPath, [runner, app.testDatabase.appUrl, String(order.id), '150'], {
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await expect.poll(async () => (await orderOf(order.id)).done, { timeout: 15_000, interval: 20 }).toBeGreaterThan(0);
    const colleague = await app.signedIn('region-org-admin');
    const created = await colleague.submit('sebadmin', `${region}/brugere/opret`, {
      firstName: 'Imens',
      lastName: 'Oprettet',
      email: 'imens@eksempel.dk',
      rid: `IMENS-${order.id}`,
    });
    expect(created.status).toBe(303);
    child.kill('SIGKILL');
    await ended;
    // The server needs a moment to see that the client is gone.
    await wait(300);
    const stopped = await orderOf(order.id);
    expect(stopped.state).toBe('QUEUED');
    expect(stopped.done).toBeLessThan(12);
    expect(await held()).toHaveLength(stopped.done);
    expect(await eventsOf(order.requestId)).toEqual({ 'bulkOrder.placed': 1, 'role.assigned': stopped.done });
    await run(order.id);
    expect(await held()).toEqual(users);
    expect(await eventsOf(order.requestId)).toMatchObject({ 'role.assigned': 12 });
  });

  it('stops with what is done when the one who ordered it loses the right, and the log says so', async () => {
    const helper = await idOf(app, 'region-user-admin');
    const order = await place(assignPath, assigning());
    await expect(run(order.id, killedAt(2))).rejects.toThrow('killed');
    await operate(app, `update administrator set valid_to = now() where user_id = ${helper}`);
    await run(order.id);
    await operate(app, `update administrator set valid_to = null where user_id = ${helper}`);
    expect(await orderOf(order.id)).toMatchObject({ state: 'STOPPED', done: 5, added: 5 });
    expect(await held()).toHaveLength(5);
    const told = await app.rows<{ actor_kind: string; detail: object }>(
      `select actor_kind, detail from audit_event where kind = 'bulkOrder.stopped' and (detail ->> 'orderId')::int = $1`,
      [order.id],
    );
    expect(told).toMatchObject([{ actor_kind: 'SYSTEM', detail: { added: 5, notReached: 7 } }]);
    const shown = await browser.get('sebadmin', order.path);
    expect(mainText(shown.text)).toContain('har ikke længere ret til den. 7 brugere blev ikke nået');
    expect(await faultsOfHtml(shown.text)).toEqual([]);
  });

  it('is stopped by the one who ordered it, once', async () => {
    const order = await place(assignPath, assigning());
    await expect(run(order.id, killedAt(2))).rejects.toThrow('killed');
    const stopped = await browser.submit('sebadmin', order.path, {}, `${order.path}/stop`);
    expect([stopped.status, stopped.location]).toEqual([303, order.path]);
    await run(order.id);
    expect(await orderOf(order.id)).toMatchObject({ state: 'STOPPED', done: 5 });
    expect(await eventsOf(String(stopped.headers['x-request-id']))).toEqual({ 'bulkOrder.stopped': 1 });
    expect((await browser.get('sebadmin', order.path)).text).not.toContain('Stop resten');
    const hidden = formOf((await preview(assignPath, assigning())).text, assignPath).fields;
    expect((await browser.post('sebadmin', `${order.path}/stop`, hidden)).status).toBe(409);
  });

  it('is stopped after it failed again and again, and says so', async () => {
    const order = await place(assignPath, assigning());
    for (let tries = 0; tries < 8; tries += 1) await expect(run(order.id, killedAt(1))).rejects.toThrow('killed');
    expect(await orderOf(order.id)).toMatchObject({ state: 'STOPPED', done: 0 });
    expect(mainText((await browser.get('sebadmin', order.path)).text)).toContain('SEB kunne ikke gennemføre resten');
  });
});

describe('what changes before the turn comes', () => {
  it('leaves out users who are locked, deleted or administrators by then, with the reason', async () => {
    const [locked = 0, deleted = 0, promoted = 0] = users.slice(9);
    const order = await place(assignPath, assigning());
    await operate(
      app,
      `update app_user set locked_from = now(), lock_reason = 'Orlov' where id = ${locked};
       update app_user set deleted_at = now() where id = ${deleted};
       insert into administrator (organisation_id, user_id, home_organisation_id, kind) select organisation_id, id, organisation_id, 'USER' from app_user where id = ${promoted}`,
    );
    await run(order.id);
    expect(await held()).toEqual(users.slice(0, 9));
    expect(await orderOf(order.id)).toMatchObject({ state: 'DONE', done: 12, added: 9, left: 3 });
    expect(await missedBy(order.id)).toEqual([
      { user_id: locked, reason: 'Brugeren er spærret.' },
      { user_id: deleted, reason: 'Brugeren er slettet.' },
      { user_id: promoted, reason: expect.stringContaining('Kun en organisationsadministrator') },
    ]);
    const shown = await browser.get('sebadmin', order.path);
    expect(mainText(shown.text)).toContain('Brugeren er spærret.');
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    await operate(
      app,
      `update app_user set locked_from = null, lock_reason = null where id = ${locked};
       update app_user set deleted_at = null where id = ${deleted};
       delete from administrator where user_id = ${promoted}`,
    );
  });

  it('leaves out a role that was withdrawn from the organisation and a unit that closed, and gives the others', async () => {
    const service = atUnit.serviceId;
    const roles = await app.rows<{ id: number; needs_sor: boolean }>(
      `select r.id, r.needs_sor from role r join organisation_role g on g.role_id = r.id join organisation o on o.id = g.organisation_id
       where o.cvr = $1 and r.service_id = $2 and g.withdrawn_at is null and r.retired_at is null order by r.needs_sor desc, r.id limit 2`,
      [cvrs.region, service],
    );
    const [first, second] = roles;
    if (first === undefined || second === undefined) throw new Error('the service has fewer than two roles');
    const choice = {
      bruger: ids(),
      tildelservice: String(service),
      rolle: roles.map(({ id }) => String(id)),
      sor: unit,
      omfang: 'UNIT_ONLY',
    };
    const order = await place(assignPath, choice, 6);
    await expect(run(order.id, killedAt(2))).rejects.toThrow('killed');
    const withdraw = (at: string): Promise<void> =>
      operate(
        app,
        `update organisation_role set withdrawn_at = ${at} where role_id = ${second.id} and organisation_id = (select id from organisation where cvr = '${cvrs.region}')`,
      );
    await withdraw('now()');
    await run(order.id);
    await withdraw('null');
    expect(await orderOf(order.id)).toMatchObject({ state: 'DONE', done: 12, added: 18, left: 6 });
    expect(await held(first.id)).toEqual(users);
    // The turn goes by name.
    expect(await held(second.id)).toHaveLength(6);
    expect((await missedBy(order.id)).map(({ reason }) => reason)).toEqual(
      users.slice(6).map(() => expect.stringContaining('Organisationen kan ikke længere tildele')),
    );

    await operate(app, endOfRoles(users));
    const closing = await place(assignPath, { ...choice, rolle: String(first.id) }, 6);
    await operate(app, `update sor_unit set closed_on = danish_today() - 1 where code = '${unit}'`);
    await run(closing.id);
    await operate(app, `update sor_unit set closed_on = null where code = '${unit}'`);
    expect(await orderOf(closing.id)).toMatchObject({ state: 'DONE', added: 0, left: 12 });
    expect((await missedBy(closing.id))[0]?.reason).toContain('er lukket.');
  });
});

describe('an order of somebody else', () => {
  it('is not there, neither for a colleague nor in another organisation', async () => {
    const order = await place(assignPath, assigning());
    const colleague = await app.signedIn('region-org-admin');
    const stranger = await app.signedIn('municipality-org-admin');
    for (const [who, address] of [
      [colleague, order.path],
      [stranger, order.path],
      [stranger, order.path.replace(cvrs.region, cvrs.municipality)],
    ] as const) {
      expect((await who.get('sebadmin', address)).status).toBe(404);
      const { _csrf, _key, _for } = formOf((await who.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger')
        .fields as Record<string, string>;
      const refused = await who.post('sebadmin', `${address}/stop`, { _csrf, _key, _for });
      expect(refused.status).toBe(404);
    }
    expect(mainText((await colleague.get('sebadmin', `${region}/store-aendringer`)).text)).toContain(
      'Du har ikke sat nogen i gang',
    );
    expect((await orderOf(order.id)).state).toBe('QUEUED');
  });

  it('is behind the wall of the database', async () => {
    const order = await place(assignPath, assigning());
    const seen = await app.database.pool.query('select from bulk_order_user where order_id = $1', [order.id]);
    expect(seen.rowCount).toBe(0);
  });
});

it('is gone seven days after its end, and not before', async () => {
  const order = await place(assignPath, assigning());
  await run(order.id);
  await app.rows(
    `update bulk_order set created_at = now() - interval '30 days', ended_at = now() - interval '8 days' where id = $1`,
    [order.id],
  );
  const under = await place(assignPath, { ...assigning(), rolle: String((plain[1] ?? plainRole()).id) });
  await app.rows(`update bulk_order set created_at = now() - interval '30 days' where id = $1`, [under.id]);
  expect(await removeExpired(app.database)).toMatchObject({ bulkOrders: 1 });
  expect(await app.rows('select from bulk_order_user where order_id = $1', [order.id])).toEqual([]);
  expect(await app.rows('select from bulk_order_user where order_id = $1', [under.id])).toHaveLength(12);
});

it('is undone as one change when it is done, and not before', async () => {
  const { id, path: where, requestId } = await place(assignPath, assigning());
  const change = `${region}/aendringer/${requestId}`;
  await run(id, async (batch) => {
    if (batch !== 2) return;
    const early = await browser.get('sebadmin', `${change}/fortryd`);
    expect([early.status, mainText(early.text)]).toEqual([409, expect.stringContaining('Ændringen er stadig i gang.')]);
    expect(mainText((await browser.get('sebadmin', change)).text)).toContain('Ændringen er stadig i gang.');
  });
  expect((await browser.get('sebadmin', where)).text).toContain(`<a href="${change}">`);
  const undone = await browser.submit('sebadmin', `${change}/fortryd`, {});
  expect(undone.status).toBe(303);
  expect(mainText((await browser.get('sebadmin', change)).text)).toContain('12 roller er fjernet');
  const left = await app.rows(
    'select from role_assignment where user_id = any ($1) and role_id = $2 and withdrawn_at is null',
    [users, plainRole().id],
  );
  expect(left).toEqual([]);
});
