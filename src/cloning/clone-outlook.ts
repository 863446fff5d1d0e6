import type { ReadDb } from '../db/access.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can, ensureCan } from '../permissions/can.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { findChosenUnits } from '../role-assignments/assign.queries.ts';
import type { Chosen } from '../role-assignments/selection.ts';
import { findChosen, partChosen } from '../role-assignments/selection.ts';
import { NotFound } from '../shared/errors.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { listChosenUsers } from '../users/users.queries.ts';
import type { ClonePlan } from './clone-plan.ts';
import { planClone } from './clone-plan.ts';
import type { ClonePreview } from './cloning.queries.ts';
import { clonedRows, listCloneableRoles, previewKeeping, previewReplacing } from './cloning.queries.ts';

/** The two organisations of a clone; often the same. */
export type Between = { from: AddressedOrganisation; to: AddressedOrganisation };

export type Cloning = {
  sourceId: number;
  assignmentIds: number[];
  receiverIds: number[];
  /** The source's unit and the one that takes its place. */
  units: [from: string, to: string][];
  isReplacing: boolean;
  reason: string | null;
  caseNumber: string | null;
};

/** What is cloned and how, without the receivers. */
export type CloneTerms = Omit<Cloning, 'receiverIds'>;

/** What a clone comes to now: who can receive, which roles are given, and what it does to each receiver. */
export type CloneOutlook = { source: ChosenUser; chosen: Chosen; plan: ClonePlan; rows: ClonePreview[] };

/** The preview and the change ask the same: both organisations' rules, read at this moment. */
export async function foresee(db: ReadDb, actor: Actor, between: Between, cloning: Cloning): Promise<CloneOutlook> {
  const { to } = between;
  const source = await getSource(db, actor, between, cloning.sourceId);
  const chosen = await findChosen(db, actor, to, { kind: 'users', userIds: cloning.receiverIds }, 'user.clone');
  return foreseeFor(db, actor, between, cloning, { source, chosen: ableReceivers(actor, to, chosen, cloning) });
}

/** The user whose roles are cloned, if the actor may do that in both organisations. @throws NotFound, Forbidden */
export async function getSource(
  db: ReadDb,
  actor: Actor,
  { from, to }: Between,
  sourceId: number,
): Promise<ChosenUser> {
  ensureCan(actor, 'user.clone', { organisationId: from.id });
  ensureCan(actor, 'user.clone', { organisationId: to.id });
  const [source] = await listChosenUsers(db, from.id, [sourceId]);
  if (source === undefined)
    throw new NotFound('Brugeren findes ikke i organisationen. Find brugeren i brugeroversigten.');
  ensureCan(actor, 'user.view', { organisationId: from.id, user: source });
  return source;
}

/** What cloning comes to for receivers who were found already. */
export async function foreseeFor(
  db: ReadDb,
  actor: Actor,
  { from, to }: Between,
  terms: CloneTerms,
  { source, chosen }: Pick<CloneOutlook, 'source' | 'chosen'>,
): Promise<CloneOutlook> {
  const roles = await listCloneableRoles(db, actor, { organisationId: from.id, userId: source.id }, to);
  const units = await findChosenUnits(
    db,
    to,
    terms.units.map(([, code]) => code),
  );
  const choices = new Map(terms.units.map(([code], index) => [code, units[index] ?? { code: '', unit: null }]));
  const plan = planClone(roles, terms.assignmentIds, choices, to.name);
  const receiverIds = chosen.receivers.map((user) => user.id);
  const wanted = clonedRows({ organisationId: from.id, userId: source.id }, to.id, receiverIds, plan.given);
  const rows = terms.isReplacing
    ? await previewReplacing(db, to.id, receiverIds, wanted, serviceLimit(actor, to.id))
    : await previewKeeping(db, wanted);
  return { source, chosen, plan, rows };
}

/** Users parted by whether they can be cloned to now. */
export function partReceivers(
  actor: Actor,
  to: AddressedOrganisation,
  users: readonly ChosenUser[],
  terms: CloneTerms,
): Chosen {
  return ableReceivers(actor, to, partChosen(actor, to, users, 'user.clone'), terms);
}

function ableReceivers(actor: Actor, to: AddressedOrganisation, chosen: Chosen, terms: CloneTerms): Chosen {
  const { sourceId, isReplacing } = terms;
  const mayLose = (user: ChosenUser): boolean =>
    !isReplacing || can(actor, 'role.withdraw', { organisationId: to.id, user });
  const reasonAgainst = (user: ChosenUser): string | null => {
    if (user.id === sourceId) return 'Brugeren kan ikke klones til sig selv.';
    return mayLose(user) ? null : 'Du kan ikke fjerne brugerens eksisterende roller.';
  };
  const isAble = (user: ChosenUser): boolean => reasonAgainst(user) === null;
  const refused = chosen.receivers.filter((user) => !isAble(user));
  return {
    receivers: chosen.receivers.filter(isAble),
    likeOneself: chosen.likeOneself.filter(isAble),
    leftOut: [
      ...chosen.leftOut,
      ...refused.map((user) => ({ userId: user.id, name: fullName(user), reason: reasonAgainst(user) ?? '' })),
    ],
  };
}

export function totalsOf(rows: readonly ClonePreview[]): Omit<ClonePreview, 'userId'> {
  const sum = (of: (row: ClonePreview) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    added: sum((row) => row.added),
    alreadyThere: sum((row) => row.alreadyThere),
    withdrawn: sum((row) => row.withdrawn),
  };
}
