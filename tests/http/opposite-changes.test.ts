import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import { carryOutDepartures } from '../../src/departures/carry-out.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { brokenAssignments, givenInVain, heldBy, lastEventOf, replayed } from '../support/assignment-log.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf } from '../support/browser.ts';
import { assignForm } from '../support/flows.ts';
import { multipart } from '../support/import-files.ts';
import type { GivableRole } from '../support/sector.ts';
import { cvrs, endOfRoles, givableRoles, idOf, only, operate, ordinaryUsers, unitOf } from '../support/sector.ts';

/** Both orders, with each of two roles, twice; both writes really overlap in most of them. */
const rounds = 8;
const list = `/organisationer/${cvrs.region}/brugere`;
const at = (id: number, rest = ''): string => `${list}/${id}${rest}`;
const region = `(select id from organisation where cvr = '${cvrs.region}')`;

let app: App;
let aase: Browser;
let henrik: Browser;
let plain: GivableRole;
let other: GivableRole;
let placed: GivableRole;
let unit: string;
let user: number;

beforeAll(async () => {
  app = await startApp();
  [aase, henrik] = [await app.signedIn('region-org-admin'), await app.signedIn('region-org-admin-2')];
  [plain, other] = (await givableRoles(app, cvrs.region, false)) as [GivableRole, GivableRole];
  placed = only(await givableRoles(app, cvrs.region, true));
  unit = await unitOf(app, cvrs.region);
  [user = 0] = await ordinaryUsers(app, cvrs.region, 1);
});
afterAll(() => app.close());

/** A request that is filled in and only waits to be sent. */
type Ready = () => Promise<Reply>;

async function filledIn(browser: Browser, path: string, fields: Fields): Promise<Ready> {
  const form = formOf((await browser.get('sebadmin', path)).text, path);
  return () => browser.post('sebadmin', form.action, { ...form.fields, ...fields });
}

async function giving(browser: Browser, users: number[], role: GivableRole): Promise<Ready> {
  const chosen = users.map((id) => `bruger=${id}`).join('&');
  const path = `/organisationer/${cvrs.region}/tildel-roller?${chosen}&tildelservice=${role.serviceId}`;
  const form = await assignForm(browser, path, { rolle: String(role.id) });
  return () => browser.post('sebadmin', form.action, form.fields);
}

const locking = (browser: Browser, id: number): Promise<Ready> =>
  filledIn(browser, at(id, '/spaer'), { start: 'nu', begrundelse: 'Orlov' });

/** Both at the same moment, each of them first in every other round; both are answered, at least one is done. */
async function atOnce(round: number, one: Ready, another: Ready): Promise<[Reply, Reply]> {
  const [first, second] = round % 2 === 0 ? [one, another] : [another, one];
  const replies = await Promise.all([first(), second()]);
  for (const { status, text } of replies) expect([303, 409, 422, 403, 404], text.slice(0, 2000)).toContain(status);
  expect(replies.some(({ status }) => status === 303)).toBe(true);
  return round % 2 === 0 ? replies : [replies[1], replies[0]];
}

const isDone = ({ status }: Reply): boolean => status === 303;

const userState = async (id: number) =>
  only(
    await app.rows<{ isLocked: boolean; isDeleted: boolean; roles: number }>(
      `select coalesce(locked_from <= now() and (locked_until is null or locked_until > now()), false) as "isLocked",
         deleted_at is not null as "isDeleted",
         (select count(*)::int from role_assignment g where g.user_id = u.id and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())) as roles
       from app_user u where u.id = $1`,
      [id],
    ),
  );

async function holdsNothing(...ids: number[]): Promise<void> {
  await operate(
    app,
    `${endOfRoles(ids)};
     update app_user set locked_from = null, locked_until = null, lock_reason = null where id in (${ids.join()})`,
  );
}

async function newUsers(count: number, mark: string): Promise<number[]> {
  await operate(
    app,
    `insert into app_user (organisation_id, username, rid, first_name, last_name, email)
     select ${region}, '${mark}' || 7000 + n, '${mark}-' || n, 'Modsat', 'Nr. ' || n, '${mark}' || n || '@region-eksempel.example' from generate_series(1, ${count}) n`,
  );
  const found = await app.rows<{ id: number }>(`select id from app_user where rid like $1 order by id`, [`${mark}-%`]);
  return found.map(({ id }) => id);
}

/** Does the rounds, and afterwards reads tables and log against each other. */
async function race(
  usersOf: (round: number) => number[],
  round: (round: number) => Promise<void>,
  prepare: () => Promise<void> = async () => undefined,
): Promise<void> {
  for (let number = 0; number < rounds; number += 1) {
    await app.rows('delete from rate_limit');
    const users = usersOf(number);
    await holdsNothing(...users);
    await prepare();
    const [before, since] = [await heldBy(app, users), await lastEventOf(app)];
    await round(number);
    expect(await heldBy(app, users)).toEqual(await replayed(app, users, before, since));
    expect(await brokenAssignments(app, users)).toEqual([]);
    expect(await givenInVain(app, since)).toEqual([]);
  }
}

describe('two administrators doing the opposite at the same moment', { timeout: 60_000 }, () => {
  beforeEach(() => holdsNothing(user));

  it('lock and assign: nobody gets a role after the lock', async () => {
    await race(
      () => [user],
      async (round) => {
        const both = [await locking(aase, user), await giving(henrik, [user], plain)] as const;
        const replies = await atOnce(round, ...both);
        expect(isDone(replies[0])).toBe(true);
        expect(await userState(user)).toMatchObject({ isLocked: true, roles: isDone(replies[1]) ? 1 : 0 });
      },
    );
  });

  it('delete and assign: a deleted user holds nothing, whoever was first', async () => {
    const users = await newUsers(rounds, 'slet');
    await race(
      (round) => users.slice(round, round + 1),
      async (round) => {
        const id = users[round] ?? 0;
        const deleting = await filledIn(aase, at(id, '/slet'), { begrundelse: 'Fratrådt' });
        const replies = await atOnce(round, deleting, await giving(henrik, [id], plain));
        const { isDeleted, roles } = await userState(id);
        // What the page of deletion showed is no longer all: then the deletion asks again.
        expect({ isDeleted, roles }).toEqual(
          isDone(replies[0]) ? { isDeleted: true, roles: 0 } : { isDeleted: false, roles: 1 },
        );
      },
    );
  });

  it('withdraw and edit in place: what is gone stays gone', async () => {
    await race(
      () => [user],
      async (round) => {
        const [assignmentId = 0] = [...(await heldBy(app, [user])).keys()];
        const withdrawing = await filledIn(aase, at(user, '/roller'), { tildeling: String(assignmentId) });
        const editing = await filledIn(henrik, at(user, `/roller/${assignmentId}`), { omfang: 'UNIT_AND_SUBUNITS' });
        const replies = await atOnce(round, withdrawing, editing);
        expect(isDone(replies[0])).toBe(true);
        expect((await userState(user)).roles).toBe(0);
      },
      () =>
        operate(
          app,
          `insert into role_assignment (organisation_id, user_id, role_id, sor_code, scope) values (${region}, ${user}, ${placed.id}, '${unit}', 'UNIT_ONLY')`,
        ),
    );
  });

  it('clone with replacement and assign: nothing is held twice, and the log tells what went', async () => {
    const [source = 0, receiver = 0] = await newUsers(2, 'klon');
    await race(
      () => [receiver],
      async (round) => {
        await operate(
          app,
          `${endOfRoles([source])};
           insert into role_assignment (organisation_id, user_id, role_id) values (${region}, ${source}, ${plain.id})`,
        );
        const [assignmentId = 0] = [...(await heldBy(app, [source])).keys()];
        const path = at(source, '/klon');
        const choice = `valgt=1&tildeling=${assignmentId}&modtager=${receiver}&slet=1`;
        const preview = formOf((await aase.get('sebadmin', `${path}/gennemse?${choice}`)).text, path);
        const cloning: Ready = () => aase.post('sebadmin', preview.action, preview.fields);
        const role = round % 4 < 2 ? plain : other;
        const replies = await atOnce(round, cloning, await giving(henrik, [receiver], role));
        const held = [...(await heldBy(app, [receiver])).values()]
          .map(({ roleId }) => roleId)
          .toSorted((a, b) => a - b);
        const wanted = [isDone(replies[0]) ? [plain.id] : [], isDone(replies[1]) ? [role.id] : []].flat();
        expect(held).toEqual([...new Set(wanted)].toSorted((a, b) => a - b));
      },
    );
  });

  it('import and edit: neither is lost, or the later one is told', async () => {
    const [id = 0] = await newUsers(1, 'indsaet');
    for (let round = 0; round < rounds; round += 1) {
      await app.rows('delete from rate_limit');
      const start = `${list}/indsaet`;
      const { fields } = formOf((await aase.get('sebadmin', start)).text, start);
      const rows = `RID;Telefon\nindsaet-1;44 00 00 ${10 + round}`;
      const sent = multipart({ ...(fields as Record<string, string>), tekst: rows }, null);
      const kept = await aase.send('sebadmin', start, { method: 'POST', ...sent });
      const importing = await filledIn(aase, kept.location ?? '', {});
      const editing = await filledIn(henrik, at(id, '/rediger'), { city: `By ${round}` });
      const [imported, edited] = await atOnce(round, importing, editing);
      const now = only(
        await app.rows<{ phone: string; city: string }>('select phone, city from app_user where id = $1', [id]),
      );
      expect(now.phone === `44 00 00 ${10 + round}`).toBe(isDone(imported));
      expect(now.city === `By ${round}`).toBe(isDone(edited));
      const events = await app.rows(
        `select from audit_event where target_user_id = $1 and kind = 'user.edited' and request_id = any ($2)`,
        [id, [imported, edited].filter(isDone).map(({ headers }) => headers['x-request-id'])],
      );
      expect(events).toHaveLength([imported, edited].filter(isDone).length);
    }
  });

  it('departure and unlock: whoever has departed stays locked and holds nothing', async () => {
    const users = await newUsers(rounds, 'gaar');
    const changes = { database: app.database, queueMails: async () => undefined };
    for (const [round, id] of users.entries()) {
      await app.rows('delete from rate_limit');
      await operate(
        app,
        `insert into role_assignment (organisation_id, user_id, role_id) values (${region}, ${id}, ${plain.id});
         update app_user set locked_from = now() - interval '1 day', lock_reason = 'Orlov' where id = ${id}`,
      );
      const [before, since] = [await heldBy(app, [id]), await lastEventOf(app)];
      await aase.submit('sebadmin', at(id, '/fratraedelse'), { dag: '31-12-2030', begrundelse: 'Nyt job' });
      await operate(app, `update departure set last_day = danish_today() - 1 where user_id = ${id}`);
      const unlocking = await filledIn(henrik, at(id, '/laas-op'), {});
      const departing = () => carryOutDepartures(changes, mailingOf(app.config));
      const [done, unlocked] =
        round % 2 === 0
          ? await Promise.all([departing(), unlocking()])
          : ((await Promise.all([unlocking(), departing()])).toReversed() as [
              Awaited<ReturnType<typeof departing>>,
              Reply,
            ]);
      expect(done).toMatchObject({ carriedOut: 1, failed: [] });
      expect([303, 409]).toContain(unlocked.status);
      expect(await userState(id)).toEqual({ isLocked: true, isDeleted: false, roles: 0 });
      expect(await heldBy(app, [id])).toEqual(await replayed(app, [id], before, since));
      const [last] = await app.rows<{ kind: string }>(
        `select kind from audit_event where target_user_id = $1 and kind in ('user.unlocked', 'user.departed') order by id desc limit 1`,
        [id],
      );
      expect(last).toEqual({ kind: 'user.departed' });
    }
  });

  it('two organisationsadministratorer locking or deleting each other: one stays', async () => {
    const ids = [await idOf(app, 'region-org-admin'), await idOf(app, 'region-org-admin-2')] as const;
    const free = () =>
      operate(
        app,
        `update app_user set locked_from = null, locked_until = null, lock_reason = null where id in (${ids.join()})`,
      );
    for (let round = 0; round < rounds; round += 1) {
      await app.rows('delete from rate_limit');
      const [one, another] = [await app.signedIn('region-org-admin'), await app.signedIn('region-org-admin-2')];
      const replies = await atOnce(round, await locking(one, ids[1]), await locking(another, ids[0]));
      expect(replies.filter(isDone)).toHaveLength(1);
      const lasting = await app.rows(
        `select from lasting_organisation_administrator where organisation_id = ${region}`,
      );
      expect(lasting).toHaveLength(1);
      await free();
    }
  });
});
