import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ActorOnRecord, Change } from '../../src/audit/record-change.ts';
import { recordChange } from '../../src/audit/record-change.ts';
import type { Tx } from '../../src/db/access.ts';
import { readPage } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import type { Prisma } from '../../src/db/generated/client.ts';
import { sql } from '../../src/db/sql.ts';
import { closeOrganisation, reopenOrganisation } from '../../src/organisations/organisation-state.changes.ts';
import { loadViews } from '../../src/http/views.ts';
import { deliveredTexts } from '../../src/mail/templates.ts';
import type { AddressedOrganisation } from '../../src/pages/visit.ts';
import type { Actor } from '../../src/permissions/actor.ts';
import { accessSource, hadAccess } from '../../src/reports/access-columns.queries.ts';
import { assignRoles } from '../../src/role-assignments/assign.changes.ts';
import { editAssignment } from '../../src/role-assignments/assignment-terms.changes.ts';
import type { AssignmentScope } from '../../src/role-assignments/assignment.ts';
import { withdrawAssignments } from '../../src/role-assignments/role-assignments.changes.ts';
import { findChosen } from '../../src/role-assignments/selection.ts';
import { dayInDenmark } from '../../src/shared/dates.ts';
import { AppError } from '../../src/shared/errors.ts';
import { lockUser, unlockUser } from '../../src/users/user-lock.changes.ts';
import { editUser } from '../../src/users/users.changes.ts';
import { getUser } from '../../src/users/users.queries.ts';
import type { Held } from '../support/assignment-log.ts';
import { heldBy, lastEventOf, replayed } from '../support/assignment-log.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Pool;
let organisation: AddressedOrganisation;
let admin: Actor;
let systemOwner: Actor;
let users: number[];
let roleIds: number[];
let units: string[];

const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row>(text, values)).rows;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.appUrl, 4);
  owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 2 });
  users = await ordinaryUsers({ rows }, cvrs.region, 3);
  organisation = only(
    await rows<AddressedOrganisation>(
      `select id, cvr, name, false as "isClosed", false as "selfAssignmentAllowed" from organisation where cvr = $1`,
      [cvrs.region],
    ),
  );
  const administrator = await idOf({ rows }, 'region-org-admin');
  const actorOf = async (userId: number): Promise<Actor> =>
    only(await rows<{ actor: Actor }>('select request_actor($1, null) as actor', [userId])).actor;
  admin = await actorOf(administrator);
  systemOwner = await actorOf(await idOf({ rows }, 'system-owner'));
  const placed = await givableRoles({ rows }, cvrs.region, true);
  const anywhere = await givableRoles({ rows }, cvrs.region, false);
  roleIds = [...placed.slice(0, 2), ...anywhere.slice(0, 1)].map(({ id }) => id);
  const open = await rows<{ code: string }>(
    'select code from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 2',
    [cvrs.region],
  );
  units = open.map(({ code }) => code);
});
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await testDatabase.drop();
});

type Work = (tx: Tx, actor: Actor, onRecord: ActorOnRecord) => Promise<Change<Prisma.InputJsonValue>>;

/** What is refused leaves everything as it was. */
async function act(work: Work, actor = admin): Promise<void> {
  const once = { key: randomUUID(), action: 'role.assign', bodyDigest: 'test' };
  const request = { actor, organisation, requestId: randomUUID(), networkAddress: null, once };
  await recordChange({ database, queueMails: async () => undefined }, request, work).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
  });
}

const mailing = {
  views: loadViews(path.resolve('views')),
  contact: { email: 'a@b.example', phone: '1', hours: 'altid' },
  texts: deliveredTexts,
  sebadminOrigin: 'http://sebadmin.localhost',
};
const reasons = { reason: null, caseNumber: null };
const tomorrow = dayInDenmark(new Date(Date.now() + 86_400_000));

type Step =
  | { do: 'assign'; to: number; role: number; at: number; scope: AssignmentScope; startsLater: boolean }
  | { do: 'withdraw'; which: number }
  | { do: 'move'; which: number; at: number; scope: AssignmentScope }
  | { do: 'lock' | 'unlock'; who: number; isLater: boolean }
  | { do: 'rename'; who: number; name: string }
  | { do: 'close' }
  | { do: 'reopen' };

const index = fc.nat(40);
const scope = fc.constantFrom<AssignmentScope>('UNIT_AND_SUBUNITS', 'UNIT_ONLY');
const stepOfUsers: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('assign' as const),
    to: index,
    role: index,
    at: index,
    scope,
    startsLater: fc.boolean(),
  }),
  fc.record({ do: fc.constant('withdraw' as const), which: index }),
  fc.record({ do: fc.constant('move' as const), which: index, at: index, scope }),
  fc.record({ do: fc.constant('move' as const), which: index, at: index, scope }),
  fc.record({ do: fc.constantFrom('lock' as const, 'unlock' as const), who: index, isLater: fc.boolean() }),
  fc.record({ do: fc.constant('rename' as const), who: index, name: fc.constantFrom('Ærø', 'Åkjær', 'Nørgård') }),
);
// While it is closed nobody of it can do anything: not often, and not for long.
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: stepOfUsers },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

const at = <Item>(list: readonly Item[], index: number): Item => {
  const item = list[index % list.length];
  if (item === undefined) throw new Error('the list is empty');
  return item;
};

async function take(taken: Step): Promise<void> {
  if (taken.do === 'assign') return assign(taken);
  if (taken.do === 'withdraw' || taken.do === 'move') return changeHeld(taken);
  if (taken.do === 'close' || taken.do === 'reopen') return closeOrOpen(taken.do);
  const userId = at(users, taken.who);
  await act(async (tx, now) => {
    const user = await getUser(tx, organisation.id, userId);
    const about = { userId, version: user.version };
    if (taken.do === 'rename') {
      const { firstName, email, rid, address, postcode, city, phone, remark } = user;
      const input = { firstName, lastName: taken.name, email, rid, address, postcode, city, phone, remark };
      return editUser(tx, now, organisation, { ...about, input }, mailing);
    }
    if (taken.do === 'unlock') return unlockUser(tx, now, organisation, about);
    const lock = {
      start: taken.isLater ? ('dato' as const) : ('nu' as const),
      from: taken.isLater ? tomorrow : null,
      until: null,
      reason: 'Prøve',
    };
    return lockUser(tx, now, organisation, { ...about, lock });
  });
}

async function closeOrOpen(deed: 'close' | 'reopen'): Promise<void> {
  const { version } = only(
    await rows<{ version: number }>('select version from organisation where id = $1', [organisation.id]),
  );
  const how = deed === 'close' ? closeOrganisation : reopenOrganisation;
  await act((tx, now) => how(tx, now, { id: organisation.id, version, reason: 'Prøve' }, mailing), systemOwner);
}

const isClosedNow = async (): Promise<boolean> =>
  only(
    await rows<{ isClosed: boolean }>('select closed_at is not null as "isClosed" from organisation where id = $1', [
      organisation.id,
    ]),
  ).isClosed;

/** What the log says of the organisation. */
async function closedReplayed(before: boolean, since: string, until: string): Promise<boolean> {
  const [last] = await rows<{ kind: string }>(
    `select kind from audit_event where id > $1::bigint and id <= $2::bigint and organisation_id = $3
       and kind in ('organisation.closed', 'organisation.reopened') order by id desc limit 1`,
    [since, until, organisation.id],
  );
  return last === undefined ? before : last.kind === 'organisation.closed';
}

async function assign({ to, role, at: unit, scope, startsLater }: Step & { do: 'assign' }): Promise<void> {
  const what = { roleIds: [at(roleIds, role)], sorCodes: [at(units, unit)], scope, stop: null };
  await act(async (tx, now, onRecord) => {
    const chosen = await findChosen(tx, now, organisation, { kind: 'users', userIds: [at(users, to)] });
    const expected = { receivers: null, added: null, withdrawn: null };
    const asked = { ...what, start: startsLater ? tomorrow : null, chosen, expected, ...reasons };
    return assignRoles(tx, { actor: now, onRecord, organisation }, asked, mailing);
  });
}

async function changeHeld(taken: Step & { do: 'withdraw' | 'move' }): Promise<void> {
  const held = [...(await heldBy({ rows }, users))];
  if (held.length === 0) return;
  const [id, { userId, sorCode, from, until }] = at(held, taken.which);
  if (taken.do === 'withdraw')
    return act((tx, now) => withdrawAssignments(tx, now, organisation, { assignmentIds: [id] }));
  if (sorCode === null) return;
  const terms = { sorCode: at(units, taken.at), scope: taken.scope, startsOn: from ?? '', endsOn: until };
  const { version } = only(await rows<{ version: number }>('select version from role_assignment where id = $1', [id]));
  await act((tx, now, onRecord) =>
    editAssignment(tx, now, onRecord, organisation, { userId, assignmentId: id, version, terms, ...reasons }, mailing),
  );
}

type Person = { lastName: string; isLocked: boolean };

const readPeople = async (): Promise<Map<number, Person>> =>
  new Map(
    (
      await rows<Person & { id: number }>(
        `select id, last_name as "lastName", coalesce(locked_from <= now() and (locked_until is null or locked_until > now()), false) as "isLocked"
         from app_user where id = any ($1)`,
        [users],
      )
    ).map(({ id, ...person }) => [id, person]),
  );

/** What the log says of the people: of a lock that lies ahead nothing yet. */
async function peopleReplayed(before: Map<number, Person>, since: string, until: string): Promise<Map<number, Person>> {
  const people = new Map([...before].map(([id, person]) => [id, { ...person }]));
  const events = await rows<{ kind: string; userId: number; detail: Record<string, unknown> }>(
    `select kind, target_user_id as "userId", detail from audit_event
     where id > $1::bigint and id <= $2::bigint and target_user_id = any ($3) order by id`,
    [since, until, users],
  );
  for (const { kind, userId, detail } of events) {
    const person = people.get(userId);
    if (person === undefined) continue;
    if (kind === 'user.locked' && detail['from'] === null) person.isLocked = true;
    if (kind === 'user.unlocked') person.isLocked = false;
    const changes = kind === 'user.edited' ? (detail['changes'] as Record<string, { to: string }>) : {};
    person.lastName = changes['lastName']?.to ?? person.lastName;
  }
  return people;
}

function accessOf(people: Map<number, Person>, held: Map<number, Held>): string[] {
  const today = dayInDenmark();
  return [...held.values()]
    .filter(({ userId, from, until }) => {
      const begins = from ?? today;
      return !people.get(userId)?.isLocked && begins <= today && (until === null || until >= today);
    })
    .map(({ userId, roleId, sorCode, scope }) =>
      [userId, people.get(userId)?.lastName, roleId, sorCode, scope].join('|'),
    )
    .toSorted();
}

/** What the report's own conditions say of a moment. */
async function accessAsOf(moment: string): Promise<string[]> {
  const span = {
    from: sql`${moment}::text::timestamptz`,
    to: sql`${moment}::text::timestamptz + interval '1 millisecond'`,
  };
  const found = await readPage(database, [organisation.id], (db) =>
    db.rows<{ line: string }>(sql`
      select array_to_string(array[p.user_id::text, p.last_name, g.role_id::text, coalesce(g.sor_code, ''), g.scope::text], '|') as line
      from ${accessSource} where p.organisation_id = ${organisation.id}::int and p.user_id = any (${users}::int[]) and ${hadAccess(span)}`),
  );
  return found.map(({ line }) => line).toSorted();
}

/** Tried first: chance alone would now and then move, rename or close nothing. */
const everyStep: Step[] = [
  ...[0, 1].map((to): Step => ({ do: 'assign', to, role: to, at: 0, scope: 'UNIT_ONLY', startsLater: false })),
  ...[0, 1, 2, 3, 4, 5].map((which): Step => ({ do: 'move', which, at: 1, scope: 'UNIT_AND_SUBUNITS' })),
  ...[0, 1, 2, 3, 4, 5].map((which): Step => ({ do: 'move', which, at: 0, scope: 'UNIT_ONLY' })),
  ...['Ærø', 'Åkjær', 'Nørgård', 'Ærø', 'Åkjær'].map((name): Step => ({ do: 'rename', who: 0, name })),
  { do: 'close' },
  { do: 'reopen' },
];

it('tells of any moment what a replay of the log tells', { timeout: 120_000 }, async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 14 }), async (steps) => {
      const before = {
        people: await readPeople(),
        held: await heldBy({ rows }, users),
        isClosed: await isClosedNow(),
        event: await lastEventOf({ rows }),
      };
      const checkpoints: { moment: string; event: string }[] = [];
      for (const taken of steps) {
        await take(taken);
        const [{ moment } = { moment: '' }] = await rows<{ moment: string }>(
          'select pg_sleep(0.002), clock_timestamp()::text as moment',
        );
        checkpoints.push({ moment, event: await lastEventOf({ rows }) });
        await rows('select pg_sleep(0.003)');
      }
      for (const { moment, event } of checkpoints) {
        const people = await peopleReplayed(before.people, before.event, event);
        const held = await replayed({ rows }, users, before.held, before.event, event);
        const isClosed = await closedReplayed(before.isClosed, before.event, event);
        expect(await accessAsOf(moment)).toEqual(isClosed ? [] : accessOf(people, held));
        seen += 1;
      }
      const people = await readPeople();
      expect(people).toEqual(await peopleReplayed(before.people, before.event, await lastEventOf({ rows })));
    }),
    { numRuns: 9, examples: [[everyStep]] },
  );
  if (await isClosedNow()) await closeOrOpen('reopen');
  expect(seen).toBeGreaterThan(60);
  const { moved, renamed, closed } = only(
    await rows<{ moved: number; renamed: number; closed: number }>(
      `select (select count(*)::int from assignment_past) as moved, (select count(*)::int from user_period where not is_latest) as renamed,
         (select count(*)::int from organisation_closing where organisation_id = $1 and valid_to is not null) as closed`,
      [organisation.id],
    ),
  );
  expect([moved > 2, renamed > 3, closed > 0]).toEqual([true, true, true]);
});

it('keeps what was administered, and what things were called', async () => {
  const [user = 0] = users;
  const region = organisation.id;
  const change = async (statement: string): Promise<void> => {
    await operate({ rows }, statement);
    await rows('select pg_sleep(0.01)');
  };
  const { service } = only(await rows<{ service: number }>('select min(id) as service from service'));
  const { name } = only(await rows<{ name: string }>('select name from service where id = $1', [service]));
  const { before } = only(await rows<{ before: string }>('select clock_timestamp()::text as before'));
  await change(
    `insert into administrator (organisation_id, user_id, home_organisation_id, kind) values (${region}, ${user}, ${region}, 'USER')`,
  );
  await change(`update administrator set kind = 'ORGANISATION' where user_id = ${user}`);
  await change(`update administrator set valid_to = now() where user_id = ${user}`);
  await change(`update service set name = 'Nyt navn' where id = ${service}`);
  const periods = await rows<{ kind: string; isOver: boolean; follows: boolean }>(
    `select kind, valid_to is not null as "isOver", valid_from = lag(valid_to, 1, valid_from) over (order by valid_from) as follows
     from administrator_period where user_id = $1 order by valid_from`,
    [user],
  );
  expect(periods).toEqual([
    { kind: 'USER', isOver: true, follows: true },
    { kind: 'ORGANISATION', isOver: true, follows: true },
  ]);
  const former = await rows<{ name: string; wasSo: boolean }>(
    `select name, valid_to > $2::timestamptz as "wasSo" from former_name where noun = 'SERVICE' and id = $1`,
    [service, before],
  );
  expect(former).toEqual([{ name, wasSo: true }]);
});

it('keeps which roles an organisation might give, through withdrawing and giving again', async () => {
  const [roleId] = roleIds;
  const right = `where organisation_id = ${organisation.id} and role_id = ${roleId}`;
  const moments: string[] = [];
  const change = async (set: string): Promise<void> => {
    await operate({ rows }, `update organisation_role set ${set} ${right}`);
    const [{ moment } = { moment: '' }] = await rows<{ moment: string }>(
      'select pg_sleep(0.005), clock_timestamp()::text as moment',
    );
    moments.push(moment);
    await rows('select pg_sleep(0.005)');
  };
  await change('granted_at = granted_at');
  await change('withdrawn_at = now()');
  await change('granted_at = now(), withdrawn_at = null');
  const counted = await Promise.all(
    moments.map((moment) =>
      rows(
        `select from right_period ${right} and valid_from <= $1::timestamptz and (valid_to is null or valid_to > $1::timestamptz)`,
        [moment],
      ),
    ),
  );
  expect(counted.map((found) => found.length)).toEqual([1, 0, 1]);
});

it('ends the history of who is deleted, and begins none for what is undone at once', async () => {
  const [, user = 0] = users;
  await operate(
    { rows },
    `update app_user set last_name = 'Kort' where id = ${user};
     update app_user set last_name = 'Længere', locked_from = now() where id = ${user};
     update role_assignment set valid_to = greatest(valid_from, now()), withdrawn_at = now() where user_id = ${user} and withdrawn_at is null;
     update app_user set deleted_at = now() where id = ${user}`,
  );
  const periods = await rows<{ last_name: string; isOver: boolean; is_latest: boolean }>(
    `select last_name, valid_to is not null as "isOver", is_latest from user_period where user_id = $1 order by valid_from desc limit 2`,
    [user],
  );
  expect(periods[0]).toMatchObject({ isOver: true, is_latest: true });
  expect(periods.map(({ last_name }) => last_name)).not.toContain('Længere');
});
