import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';

const everywhere = { organisation: null, target: null };

export async function addResearchRecipient(
  tx: Tx,
  actor: Actor,
  recipient: { name: string; email: string },
): Promise<Change<{ name: string }>> {
  const as = ensureEverywhere(actor, 'systemSettings.manage');
  const { name, email } = recipient;
  const known = await tx.rows(
    sql`select from research_recipient where lower(email) = lower(${email}) and ended_at is null`,
  );
  if (known.length > 0) throw new FieldRefused('email', 'Adressen står allerede på listen');
  await tx.rows(sql`insert into research_recipient (name, email) values (${name}, ${email})`);
  return { outcome: { name }, as, events: [event('researchRecipient.added', everywhere, recipient)] };
}

/** Nobody new can choose it; what was sent keeps its name. */
export async function endResearchRecipient(tx: Tx, actor: Actor, id: number): Promise<Change<{ name: string }>> {
  const as = ensureEverywhere(actor, 'systemSettings.manage');
  const [ended] = await tx.rows<{ name: string; email: string }>(sql`
    update research_recipient set ended_at = now(), version = version + 1 where id = ${id}::int and ended_at is null returning name, email`);
  if (ended === undefined) throw new NotFound();
  return { outcome: { name: ended.name }, as, events: [event('researchRecipient.ended', everywhere, ended)] };
}
