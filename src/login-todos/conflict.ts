import type { ConflictFacts } from '../todos/todo.ts';
import type { User } from '../users/user.ts';

/** A to-do about a login that belongs to two users, with the two as they are now; null where one is deleted. */
export type LoginConflict = {
  todoId: number;
  createdOn: string;
  isDone: boolean;
  facts: ConflictFacts;
  /** Who has the RID that the login carried. */
  byRid: User | null;
  /** Who has its UUID; null where nobody had. */
  byUuid: User | null;
};

/** uuid: the login is the RID's user's · rid: it is the UUID's user's · afvis: nothing is changed. */
export const decisions = ['uuid', 'rid', 'afvis'] as const;
export type ConflictDecision = (typeof decisions)[number];

/** Which ends there are: only rejecting where the conflict went away by itself, or the UUID was not kept. */
export function openDecisions(conflict: LoginConflict): ConflictDecision[] {
  if (conflict.isDone) return [];
  if (!isStill(conflict)) return ['afvis'];
  return conflict.byUuid === null ? ['uuid', 'afvis'] : ['uuid', 'rid', 'afvis'];
}

/** Whether the users still stand as the login met them. */
export function isStill({ facts, byRid, byUuid }: LoginConflict): boolean {
  if (facts.uuid === null || byRid === null || byRid.rid !== facts.rid) return false;
  if (facts.other === null) return byRid.uuid !== null && byRid.uuid !== facts.uuid;
  return byUuid !== null && byUuid.uuid === facts.uuid;
}

/** The facts with the RID numbers beside the names, where two people of one name could not be told apart. */
export function toldApart(facts: ConflictFacts): ConflictFacts {
  const { name, rid, other } = facts;
  if (other === null || name !== other.name) return facts;
  const withRid = (number: string): string => `${name} (RID-nummer ${number})`;
  return { ...facts, name: withRid(rid), other: { ...other, name: withRid(other.rid) } };
}
