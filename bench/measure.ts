import type { Child } from './children.ts';
import type { Client } from './client.ts';
import { median, serverCpu } from './cpu.ts';

/** A server's page to ask for again and again. */
export type Subject = { child: Child; client: Client; postmaster: number; path: string };

/** Milliseconds for one request. */
export type Cost = { node: number; postgres: number; wall: number };

const requests = 150;
const rounds = 7;
// What a server that has run for a while needs for a request: a young process still compiles.
const warmUp = 1500;

/** Asks all subjects in turn, round for round, so that a slow minute of the machine meets all of them. */
export async function measureSideBySide<Name extends string>(
  subjects: Record<Name, Subject>,
): Promise<Record<Name, Cost[]>> {
  const names = Object.keys(subjects) as Name[];
  const costs = Object.fromEntries(names.map((name): [Name, Cost[]] => [name, []])) as Record<Name, Cost[]>;
  for (const name of names) await askFor(subjects[name], warmUp);
  for (let round = 0; round < rounds; round += 1) {
    // In turning order, so that none is always the one after the slow one.
    for (const name of round % 2 === 0 ? names : names.toReversed()) costs[name].push(await costOf(subjects[name]));
  }
  return costs;
}

async function costOf(subject: Subject): Promise<Cost> {
  const before = await readings(subject);
  await askFor(subject, requests);
  const after = await readings(subject);
  return {
    node: (after.node - before.node) / requests,
    postgres: (after.postgres - before.postgres) / requests,
    wall: (after.at - before.at) / requests,
  };
}

async function askFor({ client, path }: Subject, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const { status } = await client.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }
}

export async function readings({
  child,
  postmaster,
}: Pick<Subject, 'child' | 'postmaster'>): Promise<{ node: number; postgres: number; at: number }> {
  const { user, system } = await child.ask<NodeJS.CpuUsage>({ ask: 'cpu' });
  return { node: (user + system) / 1000, postgres: serverCpu(postmaster), at: performance.now() };
}

export const cpuOf = ({ node, postgres }: Cost): number => node + postgres;

/** The median over the rounds of one server's CPU by the other's in the same round. */
export function ratio(costs: readonly Cost[], to: readonly Cost[]): number {
  return median(costs.map((cost, round) => cpuOf(cost) / cpuOf(to[round] ?? cost)));
}

export function medianCost(costs: readonly Cost[]): Cost {
  const of = (pick: (cost: Cost) => number): number => median(costs.map(pick));
  return { node: of((cost) => cost.node), postgres: of((cost) => cost.postgres), wall: of((cost) => cost.wall) };
}
