import type { Actor } from '../permissions/actor.ts';
import { decide } from '../permissions/can.ts';
import { isWithin, outsideArea, serviceLimit } from '../permissions/service-limit.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { ChosenUser } from '../users/users.queries.ts';

/** One bulk change: the events of one request of one person in one organisation. */
export type Batch = {
  /** The request's reference, e.g. "7F3K-22QX-9ABM". */
  reference: string;
  actorUserId: number;
  actorName: string;
  at: Date;
  lastAt: Date;
  firstEventId: string;
  /** Whether its last event is less than 24 hours old: only then it can be undone. */
  isRecent: boolean;
  /** How many of its rows were undone. */
  undoneRows: number;
  given: number;
  withdrawn: number;
  changed: number;
  created: number;
  edited: number;
  users: number;
  /** The one role that all is about; null when there are several. */
  roleName: string | null;
  isClone: boolean;
  isImport: boolean;
  isDeletion: boolean;
  /** The reference of the change that this one undid. */
  undid: string | null;
};

export const hoursToUndo = 24;

/** The rows that can be undone as such: what happened to roles. */
export function roleRowsOf({ given, withdrawn, changed }: Batch): number {
  return given + withdrawn + changed;
}

export type EntryKind = 'GIVEN' | 'WITHDRAWN' | 'CHANGED' | 'CREATED' | 'EDITED';

/** Why a row cannot be undone, as far as the data tell; rights are judged besides. */
export type Fault =
  | 'created'
  | 'edited'
  | 'changed'
  | 'userDeleted'
  | 'userLocked'
  | 'over'
  | 'hasBegun'
  | 'oldEndPassed'
  | 'endUnknown'
  | 'roleNotGivable'
  | 'unitClosed'
  | 'heldAgain';

/** One event of a batch with what has become of it. */
export type Entry = {
  eventId: string;
  kind: EntryKind;
  userId: number;
  userName: string;
  assignmentId: number | null;
  roleId: number | null;
  serviceId: number | null;
  detail: unknown;
  /** Whether undoing it gives something, as opposed to taking it away. */
  gives: boolean;
  isUndone: boolean;
  fault: Fault | null;
  laterKind: string | null;
  laterBy: string | null;
  laterAt: Date | null;
};

/** What undoing would do to a row: `group` is the reason without names and times, for counting. */
export type Verdict = { state: 'possible' } | { state: 'undone' } | { state: 'left'; group: string; reason: string };

export const faultTexts: Record<Fault, string> = {
  created: 'Brugeren blev oprettet. Spær eller slet brugeren selv.',
  edited: 'Brugerens oplysninger blev rettet. Ret dem på brugerens side.',
  changed: 'Ændret siden.',
  userDeleted: 'Brugeren er slettet. En sletning kan ikke fortrydes.',
  userLocked: 'Brugeren er spærret.',
  over: 'Tildelingens periode er udløbet.',
  hasBegun: 'Tildelingen er begyndt, så startdatoen kan ikke flyttes tilbage. Ret eller fjern rollen selv.',
  oldEndPassed: 'Den tidligere slutdato er passeret. Fjern rollen selv, hvis den skal slutte nu.',
  endUnknown: 'SEB ved ikke, hvornår tildelingen skulle slutte. Tildel rollen igen selv.',
  roleNotGivable: 'Organisationen kan ikke længere tildele rollen.',
  unitClosed: 'SOR-enheden er lukket eller hører ikke længere til organisationen.',
  heldAgain: 'Brugeren har allerede fået rollen samme sted igen.',
};

/** Today's rules for one row, as for any new change: what the data say first, then what this actor may do to this user. */
export function judge(
  entry: Entry,
  user: ChosenUser | undefined,
  actor: Actor,
  { id: organisationId, selfAssignmentAllowed }: AddressedOrganisation,
): Verdict {
  if (entry.isUndone) return { state: 'undone' };
  if (entry.fault !== null) return left(faultTexts[entry.fault], entry.fault === 'changed' ? changedText(entry) : null);
  if (user === undefined) return left(faultTexts.userDeleted);
  const action = entry.kind === 'GIVEN' ? 'role.withdraw' : 'role.assign';
  const decision = decide(actor, action, { organisationId, selfAssignmentAllowed, user });
  if (!decision.allowed) return left(decision.reason);
  return isOutsideArea(entry, actor, organisationId) ? left(outsideArea) : { state: 'possible' };
}

/** Whether the role is of a service that the actor does not answer for; one's own may always be handed back. */
function isOutsideArea({ kind, userId, serviceId }: Entry, actor: Actor, organisationId: number): boolean {
  if (kind === 'GIVEN' && userId === actor.userId) return false;
  return serviceId !== null && !isWithin(serviceLimit(actor, organisationId), serviceId);
}

function left(group: string, reason: string | null = null): Verdict {
  return { state: 'left', group, reason: reason ?? group };
}

function changedText({ laterKind, laterBy, laterAt }: Entry): string {
  if (laterBy === null || laterAt === null) return faultTexts.changed;
  const what = laterKind === 'role.withdrawn' ? 'Fjernet' : 'Ændret';
  return `${what} siden af ${laterBy} ${formatDateTime(laterAt)}.`;
}
