import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { readToday } from '../users/users.queries.ts';
import type { Concerned, Retiring, Successor } from './retirement.ts';
import { cancelledMails, retirementMails } from './retirement.mail.ts';
import { findSuccessor, getRetiring, listConcerned, listTold } from './retirement.queries.ts';

const common = { organisation: null, target: null };

export type RetirementPlan = Pick<Retiring, 'kind' | 'id' | 'version'> & {
  /** yyyy-mm-dd: from this day it cannot be given. */
  day: string;
  /** "fut" or "fut/clinical_viewer" */
  successorCodes: string | null;
  reason: string;
  /** What the page showed. */
  expected: { organisations: number; users: number };
};

/**
 * Decides that a service or role goes at a day, or moves that day. What users hold stays theirs: only the organisation ends
 * it (the guide, 6.1.1), so each one concerned gets a to-do and a mail that name the successor. `locked` are the organisations
 * that the change was opened for. @throws PreviewOutdated when others are concerned than the page showed
 */
export async function planRetirement(
  tx: Tx,
  actor: Actor,
  plan: RetirementPlan,
  locked: readonly number[],
  mailing: MailSetting,
): Promise<Change<{ organisations: number }>> {
  const as = ensureEverywhere(actor, plan.kind === 'service' ? 'service.retire' : 'role.retire');
  const before = await getRetiring(tx, plan);
  if (before.version !== plan.version) throw new StaleForm();
  if (plan.day < (await readToday(tx))) throw new FieldRefused('dag', 'Dagen er gået. Vælg i dag eller en senere dag');
  const successor = await successorOf(tx, before, plan.successorCodes);
  const concerned = await listConcerned(tx, plan);
  const users = concerned.reduce((sum, one) => sum + one.users, 0);
  if (concerned.length !== plan.expected.organisations || users !== plan.expected.users) throw new PreviewOutdated();
  const others = (await listTold(tx, plan)).filter(({ id }) => concerned.every((one) => one.id !== id));
  if ([...concerned, ...others].some(({ id }) => !locked.includes(id))) throw new PreviewOutdated();
  await writeRetirement(tx, plan, successor);
  await tickTold(tx, actor, plan);
  await remind(tx, before, { concerned, day: plan.day, successor });
  const what = { code: before.code, name: before.name, service: before.service };
  const facts = { ...what, day: plan.day, successor: successor?.name ?? null };
  const planned = event('service.retirementPlanned', common, {
    ...facts,
    before: before.retiresOn,
    organisations: concerned.length,
    users,
    reason: plan.reason,
  });
  // Those who were told of an earlier day and have nothing to do with it any longer: their to-do is gone too.
  const told = [...concerned, ...others.map((one) => ({ ...one, users: 0 }))].map(({ id, name, users: holders }) =>
    event('service.retirementTold', { organisation: { id, name }, target: null }, { ...facts, users: holders }),
  );
  return {
    outcome: { organisations: concerned.length },
    as,
    events: [planned, ...told],
    mails: await retirementMails(tx, before, { concerned, ...facts }, mailing),
  };
}

async function successorOf(tx: Tx, retiring: Retiring, codes: string | null): Promise<Successor | null> {
  if (codes === null) return null;
  const successor = await findSuccessor(tx, codes);
  if (successor === null)
    throw new FieldRefused(
      'afloeser',
      'Der er ingen åben service eller rolle med den kode. Skriv fx fut eller fut/clinical_viewer',
    );
  const isItself =
    retiring.kind === 'role'
      ? successor.roleId === retiring.id || (successor.roleId === null && codes === retiring.service)
      : successor.serviceId === retiring.id;
  if (isItself) throw new FieldRefused('afloeser', 'Vælg noget andet end det, der udfases');
  return successor;
}

async function writeRetirement(tx: Tx, { kind, id, day }: RetirementPlan, successor: Successor | null): Promise<void> {
  const roleId = successor?.roleId ?? null;
  const serviceId = roleId === null ? (successor?.serviceId ?? null) : null;
  // At once where the day is today; else the job of carry-out-retirements does it.
  const now = sql`case when ${day}::text::date <= danish_today() then now() end`;
  await tx.rows(
    kind === 'service'
      ? sql`update service set retires_on = ${day}::text::date, retired_at = ${now}, successor_id = ${serviceId}::int,
          successor_role_id = ${roleId}::int, version = version + 1 where id = ${id}::int`
      : sql`update role set retires_on = ${day}::text::date, retired_at = ${now}, successor_service_id = ${serviceId}::int,
          successor_id = ${roleId}::int, version = version + 1 where id = ${id}::int`,
  );
}

/** What the organisations were told before no longer counts. */
async function tickTold(tx: Tx, actor: Actor, { kind, id }: Pick<Retiring, 'kind' | 'id'>): Promise<void> {
  await tx.rows(sql`
    update todo set done_at = now(), done_by_id = ${actor.userId}::int
    where kind = ${`${kind}.retirement`}::text and facts ->> 'id' = ${String(id)}::text and done_at is null`);
}

type Told = { concerned: Concerned[]; day: string; successor: Successor | null };

async function remind(tx: Tx, retiring: Retiring, { concerned, day, successor }: Told): Promise<void> {
  const { kind, id, code, name } = retiring;
  const facts = { id, code, name, day, successor: successor?.name ?? null };
  await tx.rows(sql`
    insert into todo (organisation_id, kind, facts)
    select c.id, ${`${kind}.retirement`}::text, ${JSON.stringify(facts)}::text::jsonb || jsonb_build_object('users', c.users)
    from jsonb_to_recordset(${JSON.stringify(concerned.map(({ id: of, users }) => ({ id: of, users })))}::text::jsonb) as c (id int, users int)`);
}

/** Cancels a retirement that is planned, or opens again what was retired; one that is open already stays so. */
export async function cancelRetirement(
  tx: Tx,
  actor: Actor,
  which: Pick<Retiring, 'kind' | 'id' | 'version'>,
  locked: readonly number[],
  mailing: MailSetting,
): Promise<Change<{ cancelled: boolean }>> {
  const as = ensureEverywhere(actor, which.kind === 'service' ? 'service.retire' : 'role.retire');
  const before = await getRetiring(tx, which);
  if (before.retiresOn === null && !before.isRetired) return { outcome: { cancelled: false }, as, events: [] };
  if (before.version !== which.version) throw new StaleForm();
  const waiting = await listTold(tx, which);
  const concerned = await listConcerned(tx, which);
  if ([...waiting, ...concerned].some(({ id }) => !locked.includes(id))) throw new PreviewOutdated();
  await tx.rows(
    which.kind === 'service'
      ? sql`update service set retires_on = null, retired_at = null, successor_id = null, successor_role_id = null,
          version = version + 1 where id = ${which.id}::int`
      : sql`update role set retires_on = null, retired_at = null, successor_service_id = null, successor_id = null,
          version = version + 1 where id = ${which.id}::int`,
  );
  await tickTold(tx, actor, which);
  const day = before.retiresOn ?? (await readToday(tx));
  const detail = { code: before.code, name: before.name, service: before.service, day };
  const organisations = new Map([...waiting, ...concerned].map(({ id, name }) => [id, { id, name }]));
  return {
    outcome: { cancelled: true },
    as,
    events: [
      event('service.retirementCancelled', common, detail),
      ...[...organisations.values()].map((organisation) =>
        event('service.retirementCancelled', { organisation, target: null }, detail),
      ),
    ],
    mails: await cancelledMails(tx, before, concerned, mailing),
  };
}
