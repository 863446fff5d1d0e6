import type { ReadDb } from '../db/access.ts';
import type { Posted } from '../http/forms.ts';
import { ids, typed } from '../http/forms.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { decide } from '../permissions/can.ts';
import { BadRequest, NotFound } from '../shared/errors.ts';
import type { UserFilter } from '../users/user-list.ts';
import { filterFields, readFilter } from '../users/user-list.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { listChosenUsers, listMatchingUsers } from '../users/users.queries.ts';

/** Who was chosen in the list: single users, or all that match its search. */
export type Selection = { kind: 'users'; userIds: number[] } | { kind: 'matching'; filter: UserFilter };

const mostSingly = 500;
/** More users than any organisation has at one time in one change. */
export const mostMatching = 60_000;

const chosenIds = ids('Vælg brugerne i brugeroversigten igen', mostSingly);

export function readSelection(from: Posted): Selection {
  if (typed(from, 'alle') === '1') return { kind: 'matching', filter: readFilter(from) };
  const parsed = chosenIds.safeParse(from.bruger);
  if (!parsed.success)
    throw new BadRequest(
      `${parsed.error.issues[0]?.message ?? 'Vælg brugerne igen'}, eller brug “Vælg alle, der passer til søgningen”.`,
      422,
    );
  return { kind: 'users', userIds: parsed.data };
}

/** The selection as fields of a URL. */
export function selectionFields(selection: Selection): [string, string][] {
  return selection.kind === 'matching'
    ? [['alle', '1'], ...filterFields(selection.filter)]
    : selection.userIds.map((id): [string, string] => ['bruger', String(id)]);
}

export type Chosen = {
  /** Who can be given roles by this actor now. */
  receivers: ChosenUser[];
  /** Receivers who are the actor, or a second user of the actor's name or e-mail (permissions, condition 6). */
  likeOneself: ChosenUser[];
  /** Who cannot, each with the reason in words. */
  leftOut: { userId: number; name: string; reason: string }[];
};

/** What a choice of users is for; each has its own conditions on who can be chosen. */
export type Purpose = 'role.assign' | 'role.withdraw' | 'user.clone';

/** The chosen users, parted by whether the actor may give them roles. An id of no user here refuses the whole request. */
export async function findChosen(
  db: ReadDb,
  actor: Actor,
  organisation: AddressedOrganisation,
  selection: Selection,
  purpose: Purpose = 'role.assign',
): Promise<Chosen> {
  return partChosen(actor, organisation, await chosenUsers(db, organisation.id, selection), purpose);
}

/** Users parted by whether the actor may give them roles (or what else the purpose is) now. */
export function partChosen(
  actor: Actor,
  organisation: AddressedOrganisation,
  users: readonly ChosenUser[],
  purpose: Purpose,
): Chosen {
  const receivers: ChosenUser[] = [];
  const leftOut: Chosen['leftOut'] = [];
  for (const user of users) {
    const reason = reasonAgainst(actor, organisation, user, purpose);
    if (reason === null) receivers.push(user);
    else leftOut.push({ userId: user.id, name: fullName(user), reason });
  }
  return { receivers, leftOut, likeOneself: receivers.filter((user) => isLikeOneself(actor, user)) };
}

async function chosenUsers(db: ReadDb, organisationId: number, selection: Selection): Promise<ChosenUser[]> {
  if (selection.kind === 'matching') return listMatchingUsers(db, organisationId, selection.filter, mostMatching);
  const users = await listChosenUsers(db, organisationId, selection.userIds);
  if (users.length !== selection.userIds.length)
    throw new NotFound('En af de valgte brugere findes ikke længere i organisationen. Vælg brugerne igen.');
  return users;
}

/** Why the user cannot be given (or lose) roles by this actor; null when nothing is in the way. */
export function reasonAgainst(
  actor: Actor,
  organisation: AddressedOrganisation,
  user: ChosenUser,
  purpose: Purpose,
): string | null {
  if (user.isLocked && purpose !== 'role.withdraw') return 'Brugeren er spærret.';
  const { id: organisationId, selfAssignmentAllowed } = organisation;
  const decision = decide(actor, purpose, { organisationId, selfAssignmentAllowed, user });
  return decision.allowed ? null : decision.reason;
}

// Made once: for thousands of users, a comparison that makes its own takes longer than all else.
const spelling = new Intl.Collator('da', { sensitivity: 'accent' });

export function isLikeOneself(actor: Actor, user: ChosenUser): boolean {
  const same = (a: string, b: string): boolean => spelling.compare(a, b) === 0;
  return user.id === actor.userId || same(fullName(user), fullName(actor)) || same(user.email, actor.email);
}
