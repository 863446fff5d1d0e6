import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindsOfGroup } from '../../src/audit/event-groups.ts';
import type { LogFilter } from '../../src/audit/log.queries.ts';
import { pageStatement, windowEndStatement } from '../../src/audit/log.queries.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';

let testDatabase: TestDatabase;
let app: pg.Client;

beforeAll(async () => {
  testDatabase = await createTestDatabase('demo');
  const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  // Enough that reading them all would never be the cheapest.
  await owner.query(`
    insert into audit_event (kind, at, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, target_user_id, target_name, detail)
    select (array['user.unlocked', 'role.assigned', 'role.withdrawn', 'signIn.accepted', 'change.refused'])[1 + n % 5],
      '2020-01-01'::timestamptz + n * interval '1 minute', u.organisation_id, 'x', 'PERSON', u.id, 'x', 'x', u.id + (n % 5 = 1)::int, 'x', '{}'
    from generate_series(1, 60000) n join (select id, organisation_id, row_number() over (order by id) as number, count(*) over () as all_of_them
      from app_user where id < (select max(id) from app_user)) u on u.number = 1 + n % u.all_of_them`);
  await owner.query('vacuum analyze audit_event');
  await owner.end();
  app = new pg.Client({ connectionString: testDatabase.appUrl });
  await app.connect();
}, 60_000);
afterAll(async () => {
  await app.end();
  await testDatabase.drop();
});

const nothing: LogFilter = {
  organisationId: null,
  actorIds: null,
  targetIds: null,
  kinds: null,
  from: null,
  to: null,
  withoutAdministrators: false,
  before: null,
};
const filters: Record<string, Partial<LogFilter>> = {
  none: {},
  'who it was': { actorIds: [3, 9] },
  'on whom': { targetIds: [3] },
  'what kind': { kinds: kindsOfGroup('brugere') },
  when: { from: '2020-01-05', to: '2020-01-05' },
  'who and what kind': { actorIds: [3], kinds: ['user.unlocked'] },
  'where a page begins': { before: '40000' },
};

it.each(
  Object.entries(filters).flatMap(([name, filter]) =>
    [null, 2].flatMap((organisationId) => [false, true].map((limited) => ({ name, filter, organisationId, limited }))),
  ),
)('no page reads the whole log: $name, organisation $organisationId, limited $limited', async (one) => {
  const filter = { ...nothing, ...one.filter, organisationId: one.organisationId, withoutAdministrators: one.limited };
  for (const { text, values } of [pageStatement(filter), windowEndStatement(filter)]) {
    await app.query('begin');
    await app.query(`select set_config('seb.organisations', $1, true)`, [String(one.organisationId ?? '*')]);
    const { rows } = await app.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, format json) ${text}`,
      values,
    );
    await app.query('rollback');
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan === undefined) throw new Error('there is no plan');
    expect(scansOf(plan, 'audit_event')).not.toContain('Seq Scan');
    expect(readBy(plan)).toBeLessThan(25_000);
  }
});

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};

function scansOf(plan: Plan, table: string): string[] {
  const own = plan['Relation Name'] === table ? [plan['Node Type']] : [];
  return [...own, ...(plan.Plans ?? []).flatMap((below) => scansOf(below, table))];
}

/** How many events were looked at. */
function readBy(plan: Plan): number {
  const own =
    plan['Relation Name'] === 'audit_event'
      ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
      : 0;
  return own + (plan.Plans ?? []).reduce((sum, below) => sum + readBy(below), 0);
}
