import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import type { Giving } from '../role-assignments/grants.changes.ts';
import { giveWanted, tellOversight } from '../role-assignments/grants.changes.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { isLikeOneself } from '../role-assignments/selection.ts';
import { withdrawWhere } from '../role-assignments/withdrawal.changes.ts';
import { Conflict, FieldRefused } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Entry } from './batch.ts';
import { endsAgain, startsAgain } from './entries.queries.ts';
import type { Outlook } from './undo.ts';
import { countLeft, countPossible, foreseeUndo, givesOneself } from './undo.ts';

export type UndoRequest = {
  reference: string;
  /** How many rows the preview said could be undone; null when there was none. */
  expected: number | null;
  reason: string | null;
};

export type Undone = { withdrawn: number; assigned: number; changedBack: number; left: number };

/**
 * Makes the inverse change of every row of a batch that nobody has touched since, under today's rules: what the preview
 * showed, or nothing. First what goes, then what comes back, so that nothing stands in its own way.
 */
export async function undoBatch(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  organisation: AddressedOrganisation,
  { reference, expected, reason: typedReason }: UndoRequest,
  mailing: MailSetting,
): Promise<Change<Undone>> {
  const as = ensureCan(actor, 'bulk.undo', { organisationId: organisation.id });
  const outlook = await foreseeUndo(tx, actor, organisation, reference);
  const possible = countPossible(outlook);
  if (expected !== null && expected !== possible) throw new PreviewOutdated();
  if (possible === 0) throw new Conflict('Der er intet tilbage at fortryde. Åbn siden igen, og se hvorfor.');
  if (typedReason === null && givesOneself(outlook, actor))
    throw new FieldRefused('begrundelse', 'Skriv en begrundelse. Det kræves, når du giver dig selv roller igen');
  const reason = `Fortrudt ændring ${reference}${typedReason === null ? '' : `: ${typedReason}`}`;
  const likeOneself = [...outlook.receivers.values()].filter((user) => isLikeOneself(actor, user));
  const giving: Giving = { actor, onRecord, organisation, as, likeOneself, reason, caseNumber: null };
  const done = {
    withdrawn: await takeAway(tx, outlook.withdrawn, { ...giving, reason }),
    changedBack: await changeBack(tx, outlook.changedBack, giving),
    assigned: await giveBack(tx, outlook.givenBack, giving),
    left: countLeft(outlook),
  };
  // Under the lock nothing else can have come between; a rule of the database that leaves a row out must not pass unseen.
  if (done.withdrawn + done.changedBack + done.assigned !== possible) throw new PreviewOutdated();
  const undone = event('batch.undone', { organisation, target: null }, { batch: reference, ...done });
  return { outcome: done, as, events: [undone], mails: await tell(tx, outlook, giving, mailing) };
}

async function takeAway(tx: Tx, entries: Entry[], giving: Giving & { reason: string }): Promise<number> {
  if (entries.length === 0) return 0;
  return (await withdrawWhere(tx, sql`g.id = any (${idsOf(entries)}::int[])`, giving)).withdrawn;
}

/** Gives the withdrawn assignments back for what remains of their periods, and remembers which each one replaces. */
async function giveBack(tx: Tx, entries: Entry[], giving: Giving): Promise<number> {
  if (entries.length === 0) return 0;
  const { id: organisationId } = giving.organisation;
  const ids = idsOf(entries);
  const begins = sql`greatest(g.valid_from, now())::timestamptz(3)`;
  const ends = sql`nullif(g.end_before, 'infinity')`;
  const wanted = sql`
    select u.id as user_id, u.first_name || ' ' || u.last_name as user_name, r.id as role_id, r.code as role, r.name as role_name,
      s.code as service, g.sor_code, g.scope, ${begins} as valid_from, ${ends} as valid_to,
      case when g.valid_from > now() then to_char(g.valid_from at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') end as starts_on,
      to_char((${ends} - interval '1 millisecond') at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as ends_on
    from role_assignment g join app_user u on u.id = g.user_id join role r on r.id = g.role_id join service s on s.id = r.service_id
    where g.organisation_id = ${organisationId}::int and g.id = any (${ids}::int[])`;
  const { added } = await giveWanted(tx, wanted, giving);
  // Looked up one by one: joined by user, role and place at once, thousands of rows take seconds.
  await tx.rows(sql`
    with restored as materialized (
      select g.id, (select n.id from role_assignment n
        where n.user_id = g.user_id and n.role_id = g.role_id and coalesce(n.sor_code, '0') = coalesce(g.sor_code, '0')
          and n.id <> g.id and n.withdrawn_at is null and n.valid_from = ${begins}) as by_id
      from role_assignment g where g.organisation_id = ${organisationId}::int and g.id = any (${ids}::int[]))
    update role_assignment n set restores_id = restored.id from restored where n.id = restored.by_id`);
  return added;
}

/** Sets the terms that stood before, in one statement that writes its log lines too. */
async function changeBack(tx: Tx, entries: Entry[], giving: Giving): Promise<number> {
  if (entries.length === 0) return 0;
  const { onRecord, organisation, as, reason } = giving;
  const [counted] = await tx.rows<{ changed: number }>(sql`
    with e as (
      select a.target_user_id, a.target_name, a.detail, (a.detail ->> 'assignmentId')::int as assignment_id, 'CHANGED' as kind,
        a.detail -> 'from' as f, a.detail -> 'to' as t
      from audit_event a where a.organisation_id = ${organisation.id}::int and a.id = any (${entries.map((entry) => entry.eventId)}::bigint[])),
    changed as (
      update role_assignment g set sor_code = e.f ->> 'sorCode', scope = (e.f ->> 'scope')::assignment_scope,
        valid_from = ${startsAgain}, valid_to = ${endsAgain}, version = g.version + 1
      from e where g.id = e.assignment_id and g.organisation_id = ${organisation.id}::int
      returning g.id),
    logged as (
      insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
        target_user_id, target_name, detail, request_id, network_address)
      select 'role.assignmentChanged', ${organisation.id}::int, ${organisation.name}::text, 'PERSON', ${onRecord.userId}::int,
        ${onRecord.name}::text, ${as}::text, e.target_user_id, e.target_name,
        e.detail || jsonb_build_object('from', e.t, 'to', e.f, 'reason', ${reason}::text, 'caseNumber', null),
        ${onRecord.requestId}::text, ${onRecord.networkAddress}::text
      from e join changed c on c.id = e.assignment_id)
    select count(*)::int as changed from changed`);
  return counted?.changed ?? 0;
}

function idsOf(entries: readonly Entry[]): number[] {
  return entries.flatMap(({ assignmentId }) => (assignmentId === null ? [] : [assignmentId]));
}

/** Roles that come back to oneself, or to a second user of one's own name, are told like any that one gives so. */
function tell(
  tx: Tx,
  { givenBack, changedBack }: Outlook,
  giving: Giving,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const ids = new Set(giving.likeOneself.map((user) => user.id));
  const given = [...givenBack, ...changedBack].filter((entry) => entry.gives && ids.has(entry.userId));
  const roleIds = new Set(given.flatMap(({ roleId }) => (roleId === null ? [] : [roleId])));
  return tellOversight(tx, giving, [...roleIds], mailing);
}
