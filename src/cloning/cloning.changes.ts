import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can, ensureCan } from '../permissions/can.ts';
import { findChosenUnits } from '../role-assignments/assign.queries.ts';
import { giveWanted, tellOversight } from '../role-assignments/grants.changes.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import type { Chosen } from '../role-assignments/selection.ts';
import { findChosen } from '../role-assignments/selection.ts';
import { withdrawWhere } from '../role-assignments/withdrawal.changes.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { listChosenUsers } from '../users/users.queries.ts';
import type { ReadDb } from '../db/access.ts';
import type { ClonePlan } from './clone-plan.ts';
import { planClone } from './clone-plan.ts';
import type { ClonePreview } from './cloning.queries.ts';
import {
  clonedRows,
  listCloneableRoles,
  previewKeeping,
  previewReplacing,
  replacedByClone,
} from './cloning.queries.ts';

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

export type Expected = { receivers: number | null; added: number | null; withdrawn: number | null };
export type Cloned = { receivers: number; added: number; alreadyThere: number; withdrawn: number; leftOut: number };

/** What a clone comes to now: who can receive, which roles are given, and what it does to each receiver. */
export type CloneOutlook = { source: ChosenUser; chosen: Chosen; plan: ClonePlan; rows: ClonePreview[] };

/** The preview and the change ask the same: both organisations' rules, read at this moment. */
export async function foresee(
  db: ReadDb,
  actor: Actor,
  { from, to }: Between,
  cloning: Cloning,
): Promise<CloneOutlook> {
  const [source] = await listChosenUsers(db, from.id, [cloning.sourceId]);
  if (source === undefined)
    throw new NotFound('Brugeren findes ikke i organisationen. Find brugeren i brugeroversigten.');
  ensureCan(actor, 'user.view', { organisationId: from.id, user: source });
  ensureCan(actor, 'user.clone', { organisationId: from.id });
  ensureCan(actor, 'user.clone', { organisationId: to.id });
  const chosen = withoutSource(await findReceivers(db, actor, to, cloning), source);
  const roles = await listCloneableRoles(db, { organisationId: from.id, userId: source.id }, to);
  const units = await findChosenUnits(
    db,
    to,
    cloning.units.map(([, code]) => code),
  );
  const choices = new Map(cloning.units.map(([code], index) => [code, units[index] ?? { code: '', unit: null }]));
  const plan = planClone(roles, cloning.assignmentIds, choices, to.name);
  const receiverIds = chosen.receivers.map((user) => user.id);
  const wanted = clonedRows({ organisationId: from.id, userId: source.id }, to.id, receiverIds, plan.given);
  const rows = cloning.isReplacing
    ? await previewReplacing(db, to.id, receiverIds, wanted)
    : await previewKeeping(db, wanted);
  return { source, chosen, plan, rows };
}

async function findReceivers(
  db: ReadDb,
  actor: Actor,
  to: AddressedOrganisation,
  { receiverIds, isReplacing }: Cloning,
): Promise<Chosen> {
  const chosen = await findChosen(db, actor, to, { kind: 'users', userIds: receiverIds }, 'user.clone');
  if (!isReplacing) return chosen;
  const mayLose = (user: ChosenUser): boolean => can(actor, 'role.withdraw', { organisationId: to.id, user });
  const refused = chosen.receivers.filter((user) => !mayLose(user));
  return {
    receivers: chosen.receivers.filter(mayLose),
    likeOneself: chosen.likeOneself.filter(mayLose),
    leftOut: [
      ...chosen.leftOut,
      ...refused.map((user) => ({ name: fullName(user), reason: 'Du kan ikke fjerne brugerens eksisterende roller.' })),
    ],
  };
}

function withoutSource(chosen: Chosen, source: ChosenUser): Chosen {
  const isOther = (user: ChosenUser): boolean => user.id !== source.id;
  if (chosen.receivers.every(isOther)) return chosen;
  return {
    receivers: chosen.receivers.filter(isOther),
    likeOneself: chosen.likeOneself.filter(isOther),
    leftOut: [...chosen.leftOut, { name: fullName(source), reason: 'Brugeren kan ikke klones til sig selv.' }],
  };
}

/** Gives the source's chosen roles to the receivers, and takes theirs away if wanted: what the preview showed, or nothing. */
export async function cloneRoles(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  between: Between,
  cloning: Cloning,
  expected: Expected,
  mailing: MailSetting,
): Promise<Change<Cloned>> {
  const { from, to } = between;
  const { source, chosen, plan, rows } = await foresee(tx, actor, between, cloning);
  const { receivers, likeOneself, leftOut } = chosen;
  const foreseen = totalsOf(rows);
  refuseIfOutdated(expected, { receivers: receivers.length, ...foreseen });
  if (receivers.length === 0 || plan.given.length === 0)
    throw new Conflict('Der er ingen roller eller modtagere at klone til nu. Åbn siden igen, og se hvorfor.');
  const as = ensureCan(actor, 'user.clone', { organisationId: to.id });
  const receiverIds = receivers.map((user) => user.id);
  const origin = { organisationId: from.id, userId: source.id };
  const wanted = clonedRows(origin, to.id, receiverIds, plan.given);
  const { withdrawn } = cloning.isReplacing
    ? await withdrawWhere(tx, replacedByClone(receiverIds, wanted), { onRecord, organisation: to, as })
    : { withdrawn: 0 };
  const { reason, caseNumber } = cloning;
  const giving = { actor, onRecord, organisation: to, as, likeOneself, reason, caseNumber };
  const { added } = await giveWanted(tx, wanted, giving);
  if (added !== foreseen.added || withdrawn !== foreseen.withdrawn) throw new PreviewOutdated();
  const roleIds = [...new Set(plan.given.map((one) => one.role.roleId))];
  const isEmpty = added === 0 && withdrawn === 0;
  return {
    outcome: { receivers: receivers.length, ...foreseen, leftOut: leftOut.length + plan.leftOut.length },
    as,
    events: isEmpty ? [] : eventsOf(actor, between, cloning, source, receivers, rows),
    mails: added === 0 ? [] : await tellOversight(tx, giving, roleIds, mailing),
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

function refuseIfOutdated(expected: Expected, now: { receivers: number; added: number; withdrawn: number }): void {
  for (const what of ['receivers', 'added', 'withdrawn'] as const)
    if (expected[what] !== null && expected[what] !== now[what]) throw new PreviewOutdated();
}

// Besides the line for each assignment: what happened to each receiver, and in the source's own organisation that it was
// cloned from. Neither organisation's log names a person of the other.
function eventsOf(
  actor: Actor,
  { from, to }: Between,
  { reason, caseNumber }: Cloning,
  source: ChosenUser,
  receivers: readonly ChosenUser[],
  rows: readonly ClonePreview[],
): AuditEvent[] {
  const isSame = from.id === to.id;
  const origin = {
    sourceUserId: isSame ? source.id : null,
    sourceName: isSame ? fullName(source) : null,
    sourceOrganisation: from.name,
  };
  const changed = rows.filter((row) => row.added > 0 || row.withdrawn > 0);
  const as = ensureCan(actor, 'user.clone', { organisationId: from.id });
  return [
    ...changed.flatMap(({ userId, ...counts }) => {
      const receiver = receivers.find((user) => user.id === userId);
      if (receiver === undefined) return [];
      const about = { organisation: to, target: { userId, name: fullName(receiver) } };
      return [event('user.cloned', about, { ...origin, ...counts, reason, caseNumber })];
    }),
    {
      ...event(
        'user.clonedFrom',
        { organisation: from, target: { userId: source.id, name: fullName(source) } },
        { organisation: to.name, receivers: changed.length },
      ),
      as,
    },
  ];
}
