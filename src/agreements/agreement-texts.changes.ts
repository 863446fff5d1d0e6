import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan, ensureEverywhere } from '../permissions/can.ts';
import { Conflict, StaleForm } from '../shared/errors.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { tellOfText } from './tell-of-text.changes.ts';
import { findAcceptance, findDraft, findLatestText } from './agreement-texts.queries.ts';

export type Draft = { changes: string; body: string; version: number };

/** Writes the draft of the next version, or goes on with it. */
export async function saveDraft(
  tx: Tx,
  actor: Actor,
  { changes, body, version }: Draft,
): Promise<Change<{ number: number }>> {
  const as = ensureEverywhere(actor, 'systemSettings.manage');
  const draft = await findDraft(tx);
  if ((draft?.version ?? 0) !== version) throw new StaleForm();
  const [saved] = await tx.rows<{ number: number }>(
    draft === null
      ? sql`insert into agreement_text (number, body, changes, written_by_id)
          select coalesce(max(number), 0) + 1, ${body}, ${changes}, ${actor.userId}::int from agreement_text returning number`
      : sql`update agreement_text set body = ${body}, changes = ${changes}, written_by_id = ${actor.userId}::int, written_at = now(),
          version = version + 1 where id = ${draft.id}::int returning number`,
  );
  const number = saved?.number ?? 0;
  const drafted = event(
    'agreementText.drafted',
    { organisation: null, target: null },
    { number, characters: body.length },
  );
  return { outcome: { number }, as, events: [drafted] };
}

/** From now on this version applies; every organisation is asked to accept it, on the front page and by mail. */
export async function publishDraft(
  tx: Tx,
  actor: Actor,
  version: number,
  mailing: MailSetting,
): Promise<Change<{ number: number; told: number }>> {
  const as = ensureEverywhere(actor, 'systemSettings.manage');
  const draft = await findDraft(tx);
  if (draft === null || draft.version !== version) throw new StaleForm();
  await tx.rows(sql`update agreement_text set published_at = now(), version = version + 1 where id = ${draft.id}::int`);
  const { number, changes } = draft;
  const published = event('agreementText.published', { organisation: null, target: null }, { number, changes });
  const written = await tellOfText(tx, mailing, changes);
  return { outcome: { number, told: written.length }, as, events: [published], written };
}

/** An organisationsadministrator accepts the terms for the organisation; what somebody else accepted meanwhile stays. */
export async function acceptText(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  textId: number,
): Promise<Change<{ accepted: boolean; number: number }>> {
  const as = ensureCan(actor, 'agreement.accept', { organisationId: organisation.id });
  const latest = await findLatestText(tx);
  if (latest?.id !== textId)
    throw new Conflict('En nyere aftaletekst er udgivet, mens du læste. Åbn siden igen, og læs den nye tekst.');
  const { number } = latest;
  if ((await findAcceptance(tx, organisation.id, textId)) !== null)
    return { outcome: { accepted: false, number }, as, events: [] };
  await tx.rows(sql`
    insert into agreement_acceptance (organisation_id, text_id, accepted_by_id, accepted_by_name)
    values (${organisation.id}::int, ${textId}::int, ${actor.userId}::int, ${fullName(actor)})`);
  const accepted = event('agreement.accepted', { organisation, target: null }, { number });
  return { outcome: { accepted: true, number }, as, events: [accepted] };
}
