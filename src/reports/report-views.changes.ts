import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan, ensureEverywhere } from '../permissions/can.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import { mostViews } from './report-view.ts';

// One's own views are no change of an organisation: they tell who looks at what how, and no log needs them.

type Place = { id: number } | null;

function ensure(actor: Actor, place: Place): ActorKind {
  return place === null
    ? ensureEverywhere(actor, 'report.organisations')
    : ensureCan(actor, 'report.other', { organisationId: place.id });
}

export async function saveReportView(
  tx: Tx,
  actor: Actor,
  place: Place,
  view: { reportId: string; name: string; choice: string },
): Promise<Change<{ id: number }>> {
  const as = ensure(actor, place);
  const [{ count } = { count: 0 }] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from report_view where user_id = ${actor.userId}::int and organisation_id is not distinct from ${place?.id ?? null}::int`);
  if (count >= mostViews)
    throw new FieldRefused('navn', `Du har allerede ${mostViews} visninger. Slet en, du ikke bruger`);
  const [saved] = await tx.rows<{ id: number }>(sql`
    insert into report_view (user_id, organisation_id, report_id, name, choice)
    values (${actor.userId}::int, ${place?.id ?? null}::int, ${view.reportId}, ${view.name}, ${view.choice})
    on conflict do nothing returning id`);
  if (saved === undefined) throw new FieldRefused('navn', 'Du har allerede en visning med det navn. Skriv et andet');
  return { outcome: { id: saved.id }, as, events: [] };
}

export async function renameReportView(
  tx: Tx,
  actor: Actor,
  place: Place,
  { id, name }: { id: number; name: string },
): Promise<Change<{ id: number }>> {
  const as = ensure(actor, place);
  const [taken] = await tx.rows(sql`
    select from report_view where user_id = ${actor.userId}::int and organisation_id is not distinct from ${place?.id ?? null}::int
      and lower(name) = lower(${name}) and id <> ${id}::int`);
  if (taken !== undefined) throw new FieldRefused('navn', 'Du har allerede en visning med det navn. Skriv et andet');
  const renamed = await tx.rows(sql`
    update report_view set name = ${name} where id = ${id}::int and user_id = ${actor.userId}::int
      and organisation_id is not distinct from ${place?.id ?? null}::int returning id`);
  if (renamed.length === 0) throw new NotFound();
  return { outcome: { id }, as, events: [] };
}

export async function deleteReportView(
  tx: Tx,
  actor: Actor,
  place: Place,
  id: number,
): Promise<Change<{ id: number }>> {
  const as = ensure(actor, place);
  const gone = await tx.rows(sql`
    delete from report_view where id = ${id}::int and user_id = ${actor.userId}::int
      and organisation_id is not distinct from ${place?.id ?? null}::int returning id`);
  if (gone.length === 0) throw new NotFound();
  return { outcome: { id }, as, events: [] };
}
