import { createHash } from 'node:crypto';
import type { ReadDb } from '../db/access.ts';
import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import type { GivenRoot } from './root-statement.ts';
import { digestOfStatement, rootsIn } from './root-statement.ts';
import type { TrustedKeys } from './seal-key.ts';
import { isSignedBy } from './seal-key.ts';
import type { SealedEvent, StoredRoot } from './verification.queries.ts';
import {
  listBrokenGuards,
  listRoots,
  listSealed,
  listSlippedIn,
  listWrongRights,
  readSealState,
} from './verification.queries.ts';

export type Checking = {
  keys: TrustedKeys;
  /** Roots that were kept outside the database: only they show that its end was cut off. */
  outside: readonly GivenRoot[];
  /** Told now and then how many events were checked. */
  onProgress?(events: bigint): Promise<void>;
};

export type Checked = { events: bigint; faults: Fault[] };

/** More faults than this tell nothing more. */
const mostFaults = 50;

/**
 * Checks the whole log as it was when this began: each sealed event against its place in the chain, the chain against the
 * roots, the roots against their signatures and those kept outside, what lies beside the chain, and the database's own guards.
 * Reads a portion at a time, so that memory does not grow with the log.
 */
export async function verifyLog(db: ReadDb, checking: Checking): Promise<Checked> {
  const state = await readSealState(db);
  const lastSeq = BigInt(state.lastSeq);
  const roots = await listRoots(db);
  const chain = await checkChain(db, roots, lastSeq, checking);
  const faults = [
    ...chain.faults,
    ...(await slippedIn(db, BigInt(state.lowestId) - 1n, BigInt(state.highestId))),
    ...roots.flatMap((root, index) => faultsOfRoot(root, roots[index - 1], lastSeq, checking.keys)),
    ...checking.outside.flatMap((given) => faultsOfOutside(given, roots, chain.hashes, lastSeq, checking.keys)),
    ...(await listWrongRights(db)).map(({ about }) => fault('right', { about })),
    ...(await listBrokenGuards(db)).map(({ about }) => fault('trigger', { about })),
  ];
  return { events: chain.events, faults: faults.slice(0, mostFaults) };
}

type Walk = {
  events: bigint;
  hash: Buffer;
  faults: Fault[];
  /** The hash at each place that a root speaks of. */
  hashes: Map<bigint, string>;
};

async function checkChain(db: ReadDb, roots: readonly StoredRoot[], upTo: bigint, checking: Checking): Promise<Walk> {
  const walk: Walk = { events: 0n, hash: createHash('sha256').digest(), faults: [], hashes: new Map() };
  const places = new Set([
    ...roots.map((root) => BigInt(root.lastSeq)),
    ...checking.outside.map(({ root }) => root.lastSeq),
  ]);
  walk.hashes.set(0n, walk.hash.toString('hex'));
  let last = 0n;
  for (;;) {
    const sealed = await listSealed(db, last, upTo);
    for (const one of sealed) {
      const seq = BigInt(one.seq);
      if (seq !== last + 1n) tell(walk, fault('gap', { seq: String(last + 1n) }));
      checkLink(walk, one);
      if (places.has(seq)) walk.hashes.set(seq, one.hash.toString('hex'));
      last = seq;
    }
    if (sealed.length === 0) break;
    await checking.onProgress?.(walk.events);
  }
  tellOfRoots(walk, roots);
  return walk;
}

// After a fault it goes on from what is stored, so that one changed event is one fault.
function checkLink(walk: Walk, { seq, eventId, hash, content }: SealedEvent): void {
  walk.events += 1n;
  if (content === null) tell(walk, fault('missing', { seq, eventId }));
  else if (!createHash('sha256').update(walk.hash).update(content, 'utf8').digest().equals(hash))
    tell(walk, fault('changed', { seq, eventId }));
  walk.hash = hash;
}

function tellOfRoots(walk: Walk, roots: readonly StoredRoot[]): void {
  for (const { day, lastSeq, hash } of roots) {
    const there = walk.hashes.get(BigInt(lastSeq));
    // What reaches beyond the chain is told of with the roots.
    if (there !== undefined && there !== hash) tell(walk, fault('root', { day, seq: lastSeq }));
  }
}

function tell(walk: Walk, found: Fault): void {
  if (walk.faults.length < mostFaults) walk.faults.push(found);
}

const idsAtATime = 200_000n;

async function slippedIn(db: ReadDb, below: bigint, highest: bigint): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (let from = below; from < highest && faults.length < mostFaults; from += idsAtATime) {
    const found = await listSlippedIn(db, from, from + idsAtATime);
    faults.push(...found.map(({ id }) => fault('slippedIn', { eventId: id })));
  }
  return faults;
}

function faultsOfRoot(stored: StoredRoot, before: StoredRoot | undefined, lastSeq: bigint, keys: TrustedKeys): Fault[] {
  const { day, statement, signature, keyId } = stored;
  const faults: Fault[] = [];
  if (before !== undefined && nextDay(before.day) !== day)
    faults.push(fault('rootMissing', { day: nextDay(before.day) }));
  if (BigInt(stored.lastSeq) > lastSeq) faults.push(fault('tail', { day, seq: stored.lastSeq }));
  const [said] = rootsIn(statement);
  const isSame =
    said !== undefined &&
    said.statement === statement &&
    said.root.day === day &&
    String(said.root.lastSeq) === stored.lastSeq &&
    String(said.root.lastEventId) === stored.lastEventId &&
    said.root.hash === stored.hash &&
    said.root.keyId === keyId &&
    said.root.previous === (before === undefined ? null : digestOfStatement(before.statement));
  if (!isSame) faults.push(fault('statement', { day }));
  return [...faults, ...faultsOfSignature({ day, statement, signature, keyId }, keys)];
}

type Signed = { day: string; statement: string; signature: Buffer; keyId: string };

function faultsOfSignature({ day, statement, signature, keyId }: Signed, keys: TrustedKeys): Fault[] {
  const key = keys.get(keyId);
  if (key === undefined) return [fault('key', { day, about: keyId })];
  return isSignedBy(key, statement, signature) ? [] : [fault('signature', { day })];
}

function faultsOfOutside(
  { root, statement, signature }: GivenRoot,
  roots: readonly StoredRoot[],
  hashes: ReadonlyMap<bigint, string>,
  lastSeq: bigint,
  keys: TrustedKeys,
): Fault[] {
  const { day, keyId } = root;
  const signed = signature === null ? [] : faultsOfSignature({ day, statement, signature, keyId }, keys);
  // A root that nobody signed proves nothing about the log.
  if (signed.length > 0) return signed;
  if (root.lastSeq > lastSeq) return [fault('tail', { day, seq: String(root.lastSeq) })];
  const stored = roots.find((one) => one.day === day);
  const isSame = stored?.statement === statement && hashes.get(root.lastSeq) === root.hash;
  return isSame ? [] : [fault('outside', { day })];
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
