import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveredTexts } from '../../src/mail/templates.ts';
import type { ActorOnRecord, Change } from '../../src/audit/record-change.ts';
import { recordChange } from '../../src/audit/record-change.ts';
import { undoBatch } from '../../src/batches/undo.changes.ts';
import { cloneRoles } from '../../src/cloning/cloning.changes.ts';
import type { Tx } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import type { Prisma } from '../../src/db/generated/client.ts';
import { loadViews } from '../../src/http/views.ts';
import type { AddressedOrganisation } from '../../src/pages/visit.ts';
import type { Actor } from '../../src/permissions/actor.ts';
import { editAssignment } from '../../src/role-assignments/assignment-terms.changes.ts';
import type { AssignmentScope } from '../../src/role-assignments/assignment.ts';
import { placeOrder } from '../../src/bulk-orders/place-order.changes.ts';
import { runOrder } from '../../src/bulk-orders/run-order.changes.ts';
import { ensureCan } from '../../src/permissions/can.ts';
import { assignRoles } from '../../src/role-assignments/assign.changes.ts';
import { withdrawAssignments } from '../../src/role-assignments/role-assignments.changes.ts';
import { findChosen } from '../../src/role-assignments/selection.ts';
import { withdrawFromChosen } from '../../src/role-assignments/withdrawal.changes.ts';
import { dayInDenmark } from '../../src/shared/dates.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Held } from '../support/assignment-log.ts';
import { brokenAssignments, heldBy, lastEventOf, replayed } from '../support/assignment-log.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { cvrs, givableRoles, idOf, only, ordinaryUsers } from '../support/sector.ts';

let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Pool;
let organisation: AddressedOrganisation;
let actors: Actor[];
let users: number[];
let roleIds: number[];
let units: string[];

const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row>(text, values)).rows;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.appUrl, 6);
  owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 2 });
  const facts = { rows };
  users = await ordinaryUsers(facts, cvrs.region, 4);
  organisation = only(
    await rows<AddressedOrganisation>(
      `select id, cvr, name, false as "isClosed", self_assignment_allowed as "selfAssignmentAllowed" from organisation where cvr = $1`,
      [cvrs.region],
    ),
  );
  actors = await Promise.all(
    ['region-org-admin', 'region-user-admin'].map(async (key) => {
      const found = await rows<{ actor: Actor }>('select request_actor($1, null) as actor', [await idOf(facts, key)]);
      return only(found).actor;
    }),
  );
  const [withUnit, without] = [
    await givableRoles(facts, cvrs.region, true),
    await givableRoles(facts, cvrs.region, false),
  ];
  roleIds = [...withUnit.slice(0, 2), ...without.slice(0, 1)].map(({ id }) => id);
  const open = await rows<{ code: string }>(
    'select code from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 2',
    [cvrs.region],
  );
  units = open.map(({ code }) => code);
});
afterAll(async () => {
  await database.close();
  await owner.end();
  await testDatabase.drop();
});

const heldNow = () => heldBy({ rows }, users);
const replay = (before: Map<number, Held>, since: string) => replayed({ rows }, users, before, since);

const lastEvent = () => lastEventOf({ rows });

type Work = (tx: Tx, actor: Actor, onRecord: ActorOnRecord) => Promise<Change<Prisma.InputJsonValue>>;

/** What was changed so far, newest last: any of it can be undone by who did it. */
const batches: { reference: string; actor: Actor }[] = [];

/** One change by one of the administrators; refusals are answers, anything else is a fault. */
async function act(actor: Actor, work: Work): Promise<'done' | 'refused'> {
  const request = {
    actor,
    organisation,
    requestId: randomUUID(),
    networkAddress: null,
    once: { key: randomUUID(), action: 'role.assign', bodyDigest: 'test' },
  };
  try {
    await recordChange({ database, queueMails: async () => undefined }, request, work);
    batches.push({ reference: request.requestId, actor });
    return 'done';
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return 'refused';
    throw error;
  }
}

/** As `act`; what became an order is carried out by a job, user by user. */
async function order(
  actor: Actor,
  work: (tx: Tx, actor: Actor, onRecord: ActorOnRecord) => Promise<Change<{ orderId: number | null }>>,
): Promise<'done' | 'refused'> {
  let placed: number | null = null;
  const result = await act(actor, async (tx, now, onRecord) => {
    const change = await work(tx, now, onRecord);
    placed = change.outcome.orderId;
    return change;
  });
  if (result === 'refused' || placed === null) return result;
  await rows('update bulk_order set batch_size = 1 where id = $1', [placed]);
  await runOrder({ database, queueMails: async () => undefined }, mailing, placed);
  const [ended] = await rows<{ state: string }>('select state from bulk_order where id = $1', [placed]);
  orders.set(ended?.state ?? '', (orders.get(ended?.state ?? '') ?? 0) + 1);
  return result;
}
const orders = new Map<string, number>();

const mailing = {
  views: loadViews(path.resolve('views')),
  contact: { email: 'a@b.example', phone: '1', hours: 'altid' },
  texts: deliveredTexts,
  sebadminOrigin: 'http://sebadmin.localhost',
};
const day = (offset: number | null): string | null =>
  offset === null ? null : dayInDenmark(new Date(Date.now() + offset * 86_400_000));

type Step =
  | {
      do: 'assign';
      to: number[];
      roles: number[];
      at: number[];
      scope: AssignmentScope;
      start: number | null;
      length: number | null;
      asOrder: boolean;
    }
  | { do: 'withdraw'; which: number }
  | { do: 'withdrawMany'; from: number[]; role: number; at: number; asOrder: boolean }
  | { do: 'edit'; which: number; at: number; scope: AssignmentScope; stop: number | null }
  | { do: 'clone'; from: number; to: number[]; isReplacing: boolean; asOrder: boolean }
  | { do: 'undo'; which: number };

const some = (length: number) => fc.uniqueArray(fc.nat(length - 1), { minLength: 1, maxLength: length });
const scope = fc.constantFrom<AssignmentScope>('UNIT_AND_SUBUNITS', 'UNIT_ONLY');
const offset = fc.option(fc.integer({ min: 0, max: 6 }), { nil: null });
const changing: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('assign' as const),
    to: some(4),
    roles: some(3),
    at: some(2),
    scope,
    start: offset,
    length: offset,
    asOrder: fc.boolean(),
  }),
  fc.record({ do: fc.constant('withdraw' as const), which: fc.nat(50) }),
  fc.record({
    do: fc.constant('withdrawMany' as const),
    from: some(4),
    role: fc.nat(2),
    at: fc.nat(2),
    asOrder: fc.boolean(),
  }),
  fc.record({ do: fc.constant('edit' as const), which: fc.nat(50), at: fc.nat(1), scope, stop: offset }),
  fc.record({
    do: fc.constant('clone' as const),
    from: fc.nat(3),
    to: some(4),
    isReplacing: fc.boolean(),
    asOrder: fc.boolean(),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: changing },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('undo' as const), which: fc.nat(3) }) },
);
const pick = <Item>(list: Item[], indexes: number[]): Item[] =>
  indexes.flatMap((index) => list.slice(index, index + 1));
const unlimited = { receivers: null, added: null, withdrawn: null };

async function take(taken: Step, actor: Actor): Promise<'done' | 'refused'> {
  const reasons = { reason: null, caseNumber: null };
  const assignments = [...(await heldNow())];
  switch (taken.do) {
    case 'assign': {
      const start = day(taken.start);
      const stop = taken.length === null ? null : day((taken.start ?? 0) + taken.length);
      const what = {
        roleIds: pick(roleIds, taken.roles),
        sorCodes: pick(units, taken.at),
        scope: taken.scope,
        start,
        stop,
      };
      const selection = { kind: 'users' as const, userIds: pick(users, taken.to).toSorted((a, b) => a - b) };
      if (taken.asOrder)
        return order(actor, (tx, now, onRecord) =>
          placeOrder(
            tx,
            { onRecord, organisation, as: ensureCan(now, 'role.assign', { organisationId: organisation.id }) },
            {
              kind: 'ASSIGN',
              terms: { ...what, ...reasons },
              userIds: selection.userIds,
              perUser: 1,
              assignments: 1,
              summary: 'prøve',
              sourceOrganisationId: null,
            },
          ),
        );
      return act(actor, async (tx, now, onRecord) => {
        const chosen = await findChosen(tx, now, organisation, selection);
        const asked = { ...what, chosen, expected: unlimited, ...reasons };
        return assignRoles(tx, { actor: now, onRecord, organisation }, asked, mailing);
      });
    }
    case 'withdraw': {
      const [id] = assignments[taken.which % Math.max(1, assignments.length)] ?? [];
      if (id === undefined) return 'refused';
      return act(actor, (tx, now) => withdrawAssignments(tx, now, organisation, { assignmentIds: [id] }));
    }
    case 'withdrawMany': {
      const selection = { kind: 'users' as const, userIds: pick(users, taken.from) };
      const keys = [`${roleIds[taken.role]}_${units[taken.at] ?? '0'}`];
      const asked = { selection, keys, expected: null, mostAtOnce: taken.asOrder ? 0 : 500 };
      return order(actor, (tx, now, onRecord) => withdrawFromChosen(tx, now, onRecord, organisation, asked));
    }
    case 'edit': {
      const [id, held] = assignments[taken.which % Math.max(1, assignments.length)] ?? [];
      if (id === undefined || held === undefined) return 'refused';
      const hasUnit = held.sorCode !== null;
      const terms = {
        sorCode: hasUnit ? (units[taken.at] ?? null) : null,
        scope: hasUnit ? taken.scope : ('UNIT_AND_SUBUNITS' as const),
        startsOn: held.from ?? '',
        endsOn: taken.stop === null ? null : (day(taken.stop) ?? '') < (held.from ?? '') ? held.from : day(taken.stop),
      };
      const { version } = only(
        await rows<{ version: number }>('select version from role_assignment where id = $1', [id]),
      );
      return act(actor, (tx, now, onRecord) =>
        editAssignment(
          tx,
          now,
          onRecord,
          organisation,
          { userId: held.userId, assignmentId: id, version, terms, ...reasons },
          mailing,
        ),
      );
    }
    case 'clone': {
      const [sourceId = 0] = pick(users, [taken.from]);
      const assignmentIds = assignments.filter(([, held]) => held.userId === sourceId).map(([id]) => id);
      const cloning = {
        sourceId,
        assignmentIds,
        receiverIds: pick(users, taken.to),
        units: [],
        isReplacing: taken.isReplacing,
        mostAtOnce: taken.asOrder ? 0 : 500,
        ...reasons,
      };
      return order(actor, (tx, now, onRecord) =>
        cloneRoles(tx, now, onRecord, { from: organisation, to: organisation }, cloning, unlimited, mailing),
      );
    }
    case 'undo': {
      const batch = batches.at(-1 - taken.which);
      return batch === undefined ? 'refused' : undo(batch);
    }
  }
}

function undo({ reference, actor }: { reference: string; actor: Actor }): Promise<'done' | 'refused'> {
  const request = { reference, expected: null, reason: null };
  return act(actor, (tx, now, onRecord) => undoBatch(tx, now, onRecord, organisation, request, mailing));
}

/** What each user holds, whichever assignment it is; what is given back begins anew. */
async function holdings(): Promise<string[]> {
  const today = dayInDenmark();
  const told = (held: Held) => JSON.stringify({ ...held, from: (held.from ?? '') <= today ? 'begun' : held.from });
  return [...(await heldNow()).values()].map(told).toSorted();
}

/** What must hold whatever happened; the tables' own constraints are not trusted here. */
async function expectInvariants(): Promise<void> {
  expect(await brokenAssignments({ rows }, users)).toEqual([]);
}

// Tried first: chance alone would now and then leave one of them out, or have each of its kind refused.
const giveAll: Step = {
  ...{ do: 'assign', to: [0, 1, 2, 3], roles: [0, 1, 2], at: [0], scope: 'UNIT_ONLY' },
  ...{ start: null, length: null, asOrder: false },
};
const editSome = [0, 1, 2].map((which): Step => ({ do: 'edit', which, at: 1, scope: 'UNIT_AND_SUBUNITS', stop: 6 }));
const withdrawOne: Step = { do: 'withdraw', which: 0 };
const withdrawMany: Step = { do: 'withdrawMany', from: [0, 1], role: 2, at: 2, asOrder: true };
const cloneOne: Step = { do: 'clone', from: 2, to: [1, 3], isReplacing: true, asOrder: false };
const everyStep = [giveAll, withdrawOne, { do: 'undo', which: 0 } as const, ...editSome, withdrawMany, cloneOne];

describe('assignments after = assignments before + events', () => {
  it('for any sequence of giving, editing, withdrawing and cloning', async () => {
    const done: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(1), async (steps, who) => {
        const [before, since] = [await heldNow(), await lastEvent()];
        for (const one of steps) {
          const result = await take(one, only(actors.slice(who)));
          if (result === 'done') done[one.do] = (done[one.do] ?? 0) + 1;
        }
        expect(await heldNow()).toEqual(await replay(before, since));
        await expectInvariants();
      }),
      { numRuns: 24, endOnFailure: true, examples: [[everyStep, 0]] },
    );
    // Each of them was really done at some time, not only refused.
    expect(Object.keys(done).toSorted()).toEqual(['assign', 'clone', 'edit', 'undo', 'withdraw', 'withdrawMany']);
    expect(orders.get('DONE')).toBeGreaterThan(0);
    expect(orders.get('QUEUED')).toBeUndefined();
  }, 60_000);

  it('when two administrators do the opposite at the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(step, step, async (one, other) => {
        const [before, since] = [await heldNow(), await lastEvent()];
        const [first, second] = actors;
        if (first === undefined || second === undefined) throw new Error('two administrators are needed');
        await Promise.all([take(one, first), take(other, second), take(other, first), take(one, second)]);
        expect(await heldNow()).toEqual(await replay(before, since));
        await expectInvariants();
      }),
      { numRuns: 10, endOnFailure: true },
    );
  }, 60_000);
});

describe('assignments after undoing = assignments before the change', () => {
  it('for any change, whatever was done before it, and back again', async () => {
    const undone: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), changing, fc.nat(1), async (steps, last, who) => {
        const actor = only(actors.slice(who));
        for (const one of steps) await take(one, actor);
        const before = await holdings();
        const sinceBatch = batches.length;
        if ((await take(last, actor)) === 'refused') return;
        const batch = only(batches.slice(sinceBatch));
        const after = await holdings();
        // A change that came to nothing is no batch.
        expect(await undo(batch)).toBe(JSON.stringify(after) === JSON.stringify(before) ? 'refused' : 'done');
        expect(await holdings()).toEqual(before);
        if (JSON.stringify(after) !== JSON.stringify(before)) {
          undone[last.do] = (undone[last.do] ?? 0) + 1;
          expect(await undo(batch)).toBe('refused');
          expect(await undo(only(batches.slice(-1)))).toBe('done');
          expect(await holdings()).toEqual(after);
        }
        await expectInvariants();
      }),
      {
        ...{ numRuns: 14, endOnFailure: true },
        examples: [giveAll, withdrawOne, withdrawMany, cloneOne].map((last): [Step[], Step, number] => [
          last === giveAll ? [] : [giveAll],
          last,
          0,
        ]),
      },
    );
    expect(Object.keys(undone).length).toBeGreaterThanOrEqual(3);
  }, 90_000);
});
