import type { ReadDb } from '../db/access.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { Conflict, Forbidden, NotFound } from '../shared/errors.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { listChosenUsers } from '../users/users.queries.ts';
import type { Batch, Entry, Verdict } from './batch.ts';
import { hoursToUndo, judge } from './batch.ts';
import { findBatch, isUnderWay } from './batches.queries.ts';
import { listAllEntries } from './entries.queries.ts';

export type Judged = { entry: Entry; verdict: Verdict };

/** What undoing a batch comes to now. */
export type Outlook = {
  batch: Batch;
  /** Rows that can be undone, by what undoing does. */
  withdrawn: Entry[];
  givenBack: Entry[];
  changedBack: Entry[];
  undoneBefore: number;
  /** The rows that stay, counted by why. */
  left: { reason: string; count: number }[];
  /** Who is given something, by id. */
  receivers: Map<number, ChosenUser>;
};

export const notYours = 'Kun den, der lavede ændringen, kan fortryde den. Bed vedkommende om det, eller ret den selv.';

/** The batch, if this actor may undo it at all now. @throws NotFound, Forbidden, Conflict */
export async function getUndoable(
  db: ReadDb,
  actor: Actor,
  organisation: AddressedOrganisation,
  reference: string,
): Promise<Batch> {
  const batch = await findBatch(db, organisation.id, reference);
  if (batch === null) throw new NotFound();
  if (batch.actorUserId !== actor.userId) throw new Forbidden(notYours, 'bulk.undo');
  if (!batch.isRecent)
    throw new Conflict(
      `Ændringen er mere end ${hoursToUndo} timer gammel og kan ikke længere fortrydes. Ret den selv i stedet.`,
    );
  if (await isUnderWay(db, organisation.id, reference))
    throw new Conflict('Ændringen er stadig i gang. Vent, til den er færdig, og fortryd den så.');
  return batch;
}

/** The preview and the change ask the same: today's rules, row by row. */
export async function foreseeUndo(
  db: ReadDb,
  actor: Actor,
  organisation: AddressedOrganisation,
  reference: string,
): Promise<Outlook> {
  const batch = await getUndoable(db, actor, organisation, reference);
  const { judged, users } = await judgeEntries(
    db,
    actor,
    organisation,
    await listAllEntries(db, organisation, reference),
  );
  const possible = judged.filter(({ verdict }) => verdict.state === 'possible').map(({ entry }) => entry);
  const gives = new Set(possible.filter((entry) => entry.gives).map((entry) => entry.userId));
  return {
    batch,
    withdrawn: possible.filter((entry) => entry.kind === 'GIVEN'),
    givenBack: possible.filter((entry) => entry.kind === 'WITHDRAWN'),
    changedBack: possible.filter((entry) => entry.kind === 'CHANGED'),
    undoneBefore: judged.filter(({ verdict }) => verdict.state === 'undone').length,
    left: countReasons(judged),
    receivers: new Map([...users].filter(([id]) => gives.has(id))),
  };
}

export async function judgeEntries(
  db: ReadDb,
  actor: Actor,
  organisation: AddressedOrganisation,
  entries: readonly Entry[],
): Promise<{ judged: Judged[]; users: Map<number, ChosenUser> }> {
  const userIds = [...new Set(entries.map((entry) => entry.userId))];
  const found = userIds.length === 0 ? [] : await listChosenUsers(db, organisation.id, userIds);
  const users = new Map(found.map((user) => [user.id, user]));
  const judged = entries.map((entry) => ({
    entry,
    verdict: judge(entry, users.get(entry.userId), actor, organisation),
  }));
  return { judged, users };
}

function countReasons(judged: readonly Judged[]): Outlook['left'] {
  const counts = new Map<string, number>();
  for (const { verdict } of judged)
    if (verdict.state === 'left') counts.set(verdict.group, (counts.get(verdict.group) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count);
}

export function countPossible({ withdrawn, givenBack, changedBack }: Outlook): number {
  return withdrawn.length + givenBack.length + changedBack.length;
}

export function countLeft({ left }: Outlook): number {
  return left.reduce((sum, { count }) => sum + count, 0);
}

/** Giving oneself something back needs a written reason, like every role that one gives oneself (permissions, condition 6). */
export function givesOneself({ receivers }: Outlook, actor: Actor): boolean {
  return receivers.has(actor.userId);
}
