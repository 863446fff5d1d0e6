import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Changes } from '../src/audit/record-change.ts';
import { recordChange } from '../src/audit/record-change.ts';
import { whoOrdered } from '../src/audit/who-ordered.ts';
import type { Database } from '../src/db/client.ts';
import type { Actor } from '../src/permissions/actor.ts';
import type { Organisation } from '../src/users/users.changes.ts';
import { lockUser, unlockUser } from '../src/users/user-lock.changes.ts';
import { withClient } from './cluster.ts';
import { median } from './cpu.ts';
import type { Stage } from './stage.ts';

/** Changes a second: without the sealer, while it seals at some distance, and the median of the rounds' ratios. */
export type SealerFigures = { without: number; each: { seconds: number; perSecond: number; ratio: number }[] };

const writers = 4;
const rounds = 5;
const roundMs = 6000;
/** As often as the job runs (once in a round, then), and far more often. */
const distances = [60, 1];

/** Administrators of four organisations lock and open a user again and again, with and without the sealer beside them. */
export async function measureSealer(
  { cluster }: Stage,
  { database, queueMails }: Changes,
  seal: () => Promise<unknown>,
): Promise<SealerFigures> {
  const places = await withClient(cluster.superUrl, async (client) => {
    const { rows } = await client.query<Place>(placesText, [writers]);
    return rows;
  });
  const changes = { database, queueMails };
  const found = await Promise.all(places.map(async (place) => ({ ...place, actor: await actorOf(database, place) })));
  await countChanges(changes, found, null); // warm
  const without: number[] = [];
  const beside = distances.map((seconds) => ({ seconds, counts: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    without.push(await countChanges(changes, found, null));
    for (const { seconds, counts } of beside) counts.push(await countChanges(changes, found, { seal, seconds }));
  }
  const perSecond = (counts: readonly number[]): number => (median(counts) * 1000) / roundMs;
  return {
    without: perSecond(without),
    each: beside.map(({ seconds, counts }) => ({
      seconds,
      perSecond: perSecond(counts),
      ratio: median(counts.map((count, round) => count / (without[round] ?? count))),
    })),
  };
}

/** An organisation with an administrator and another of its users. */
type Place = { organisation: Organisation; administratorId: number; userId: number; version: number };

const placesText = `
  select jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name) as organisation, a.user_id as "administratorId", u.id as "userId", u.version
  from organisation o
    cross join lateral (select user_id from administrator where organisation_id = o.id and kind = 'ORGANISATION' order by user_id limit 1) a
    cross join lateral (select id, version from app_user where organisation_id = o.id and locked_from is null
      and id not in (select user_id from administrator where organisation_id = o.id) order by id limit 1) u
  where o.id > 1 order by o.id limit $1`;

async function actorOf(database: Database, { organisation, administratorId }: Place): Promise<Actor> {
  return (await whoOrdered(database, { orderedById: administratorId, cvr: organisation.cvr })).actor;
}

type Sealing = { seal: () => Promise<unknown>; seconds: number };

async function countChanges(
  changes: Changes,
  places: (Place & { actor: Actor })[],
  sealing: Sealing | null,
): Promise<number> {
  const until = performance.now() + roundMs;
  const isOver = (): boolean => performance.now() >= until;
  const counts = places.map((place) => changeOnAndOn(changes, place, isOver));
  const sealed = sealing === null ? null : sealOnAndOn(sealing, isOver);
  const done = await Promise.all(counts);
  await sealed;
  return done.reduce((sum, count) => sum + count, 0);
}

async function changeOnAndOn(
  changes: Changes,
  place: Place & { actor: Actor },
  isOver: () => boolean,
): Promise<number> {
  const { actor, organisation, userId } = place;
  let count = 0;
  for (; !isOver(); count += 1) {
    const once = { key: randomUUID(), action: 'bench', bodyDigest: 'bench' };
    const request = { actor, organisation, requestId: 'BENCH', networkAddress: null, once };
    await recordChange<object>(changes, request, (tx, current) =>
      place.version % 2 === 1
        ? lockUser(tx, current, organisation, { userId, version: place.version, lock: atOnce })
        : unlockUser(tx, current, organisation, { userId, version: place.version }),
    );
    place.version += 1;
  }
  return count;
}

const atOnce = { start: 'nu', from: null, until: null, reason: 'Måling' } as const;

async function sealOnAndOn({ seal, seconds }: Sealing, isOver: () => boolean): Promise<void> {
  await wait(roundMs / 10);
  while (!isOver()) {
    await seal();
    for (let waited = 0; waited < seconds * 1000 && !isOver(); waited += 100) await wait(100);
  }
}
