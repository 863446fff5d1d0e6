import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import type { Action, ActorKind } from '../permissions/rules.ts';
import { Conflict, FieldRefused, StaleForm } from '../shared/errors.ts';
import { setDone } from '../todos/todos.changes.ts';
import type { User } from '../users/user.ts';
import { asInput } from '../users/user.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import {
  editUser,
  refuseTakingOverMore,
  tellAdministratorsOfNewLogin,
  tellOfNewLogin,
} from '../users/users.changes.ts';
import type { ConflictDecision, LoginConflict } from './conflict.ts';
import { openDecisions } from './conflict.ts';
import type { ConflictInput } from './conflict.forms.ts';
import { getConflict } from './login-todos.queries.ts';

/** Both users count: whoever may not touch one of them decides nothing about the login. */
export function ensureOfConflict(
  actor: Actor,
  action: Action & `identityConflict.${string}`,
  organisationId: number,
  { byRid, byUuid }: Pick<LoginConflict, 'byRid' | 'byUuid'>,
): ActorKind {
  for (const user of [byRid, byUuid]) if (user !== null) ensureCan(actor, action, { organisationId, user });
  return ensureCan(actor, action, { organisationId });
}

type Deciding = { tx: Tx; actor: Actor; organisation: Organisation; conflict: LoginConflict; mailing: MailSetting };
type Settled = { events: AuditEvent[]; mails: readonly OutgoingMail[] };

/** Says whose a login is that belongs to two users: moves its UUID or its RID, or changes nothing; the to-do is done. */
export async function decideConflict(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { todoId, input }: { todoId: number; input: ConflictInput },
  mailing: MailSetting,
): Promise<Change<{ decision: ConflictDecision }>> {
  const conflict = await getConflict(tx, organisation.id, todoId);
  const as = ensureOfConflict(actor, 'identityConflict.decide', organisation.id, conflict);
  if (conflict.isDone) throw new Conflict('Konflikten er allerede afgjort. Intet er ændret. Se huskelisten.');
  const decision = input.afgoerelse;
  if (isStale(conflict, input)) throw new StaleForm();
  if (!openDecisions(conflict).includes(decision))
    throw new FieldRefused('afgoerelse', 'Det kan ikke vælges, som brugerne er nu. Vælg et andet svar.');
  const { events, mails } = await settle({ tx, actor, organisation, conflict, mailing }, decision, input.rid ?? '');
  await setDone(tx, actor, todoId);
  return { outcome: { decision }, as, events: [decided(organisation, conflict, decision), ...events], mails };
}

function isStale({ byRid, byUuid }: LoginConflict, { ridVersion, uuidVersion }: ConflictInput): boolean {
  return byRid?.version !== ridVersion || byUuid?.version !== uuidVersion;
}

function decided(organisation: Organisation, conflict: LoginConflict, decision: ConflictDecision): AuditEvent {
  const { facts, byRid, byUuid } = conflict;
  const named = byRid ?? byUuid;
  const target = named === null ? null : { userId: named.id, name: fullName(named) };
  const { uuid, rid, provider, name, other } = facts;
  return event(
    'identity.conflictDecided',
    { organisation, target },
    { decision, uuid, rid, provider, byRid: name, byUuid: other?.name ?? null },
  );
}

function settle(deciding: Deciding, decision: ConflictDecision, newRid: string): Promise<Settled> {
  const { byRid, byUuid } = deciding.conflict;
  if (decision === 'uuid' && byRid !== null) return moveUuid(deciding, byRid);
  if (decision === 'rid' && byRid !== null && byUuid !== null) return moveRid(deciding, { byRid, byUuid }, newRid);
  return Promise.resolve({ events: [], mails: [] });
}

/** The RID's user gets the login's UUID; whoever had it keeps the rest and is bound anew at the next own login. */
async function moveUuid({ tx, actor, organisation, conflict, mailing }: Deciding, byRid: User): Promise<Settled> {
  const { byUuid, facts } = conflict;
  const uuid = facts.uuid ?? '';
  refuseTakingOverMore(actor, byRid, 'afgoerelse');
  const of = (user: User) => ({ organisation, target: { userId: user.id, name: fullName(user) } });
  const told = await tellOfNewLogin(tx, byRid, actor, organisation, mailing);
  const events = [event('user.uuidMoved', of(byRid), { uuid, from: byUuid === null ? null : fullName(byUuid) })];
  if (byUuid === null) {
    await rebind(tx, byRid, uuid);
    return { events, mails: told };
  }
  await rebind(tx, byUuid, null);
  await rebind(tx, byRid, uuid);
  return {
    events: [...events, event('user.uuidRemoved', of(byUuid), { uuid, to: fullName(byRid) })],
    mails: [...told, ...(await tellOfNewLogin(tx, byUuid, actor, organisation, mailing))],
  };
}

/** Whoever was signed in by the former login is signed out. */
async function rebind(tx: Tx, user: User, uuid: string | null): Promise<void> {
  await tx.appUser.update({
    where: { id: user.id },
    data: { uuid, sessionEpoch: user.sessionEpoch + 1, version: user.version + 1 },
  });
}

/** The UUID's user gets the login's RID, whose former holder gets another one, with all that a new RID entails. */
async function moveRid(
  { tx, actor, organisation, conflict, mailing }: Deciding,
  { byRid, byUuid }: { byRid: User; byUuid: User },
  newRid: string,
): Promise<Settled> {
  const { rid } = conflict.facts;
  refuseTakingOverMore(actor, byUuid, 'afgoerelse');
  if (newRid === rid) throw new FieldRefused('rid', 'Skriv et andet RID-nummer end loginets');
  const edit = { userId: byRid.id, version: byRid.version, input: { ...asInput(byRid), rid: newRid } };
  const former = await editUser(tx, actor, organisation, edit, mailing);
  await tx.appUser.update({ where: { id: byUuid.id }, data: { rid, version: byUuid.version + 1 } });
  const about = { organisation, target: { userId: byUuid.id, name: fullName(byUuid) } };
  const given = event('user.ridChanged', about, { from: byUuid.rid, to: rid, hadUuid: false });
  return {
    events: [...former.events, given],
    mails: [...(former.mails ?? []), ...(await tellAdministratorsOfNewLogin(tx, byUuid, actor, organisation, mailing))],
  };
}
