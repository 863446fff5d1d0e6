import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { MailText } from '../mail/mail-template.ts';
import { textFields } from '../mail/mail-template.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { TemplateName } from '../mail/templates.ts';
import { deliveredTexts, templateOf, textOver } from '../mail/templates.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { StaleForm } from '../shared/errors.ts';
import { fieldLabels } from './mail-template-fields.ts';
import { listTextVersions } from './mail-templates.queries.ts';

/** `version` is the one that was edited: 0 = as delivered. */
export type TextEdit = { name: TemplateName; version: number; text: MailText };

/** Saves a text as its next version; the earlier ones stay. */
export async function saveMailText(
  tx: Tx,
  actor: Actor,
  { name, version, text }: TextEdit,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureEverywhere(actor, 'mailTemplate.manage');
  const before = textOver(deliveredTexts(name), await latestValue(tx, name, version));
  const changed = textFields.filter((field) => text[field] !== before[field]);
  if (changed.length === 0) return { outcome: { changed: false }, as, events: [] };
  await addVersion(tx, actor, name, version + 1, JSON.stringify(text));
  const fields = changed.map((field) => fieldLabels[field].toLowerCase());
  const saved = { title: templateOf(name).title, version: version + 1, fields };
  const events = [event('mailText.saved', { organisation: null, target: null }, saved)];
  return { outcome: { changed: true }, as, events };
}

/** Gendan standardtekst: a version of its own, so that what was written before can still be read. */
export async function restoreMailText(
  tx: Tx,
  actor: Actor,
  { name, version }: Omit<TextEdit, 'text'>,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureEverywhere(actor, 'mailTemplate.manage');
  if ((await latestValue(tx, name, version)) === null) return { outcome: { changed: false }, as, events: [] };
  await addVersion(tx, actor, name, version + 1, null);
  const restored = { title: templateOf(name).title, version: version + 1 };
  const events = [event('mailText.restored', { organisation: null, target: null }, restored)];
  return { outcome: { changed: true }, as, events };
}

/** Send en prøve til mig: the preview as a mail, to see it as its readers will. */
export async function tryMailText(
  _tx: Tx,
  actor: Actor,
  { name, example }: { name: TemplateName; example: OutgoingMail },
): Promise<Change<{ address: string }>> {
  const as = ensureEverywhere(actor, 'mailTemplate.manage');
  const { kind, subject, text, html } = example;
  const mail = { kind, text, html, subject: `Prøve: ${subject}`, to: { name: fullName(actor), address: actor.email } };
  const events = [event('mailText.tried', { organisation: null, target: null }, { title: templateOf(name).title })];
  return { outcome: { address: actor.email }, as, events, mails: [mail] };
}

async function latestValue(tx: Tx, name: TemplateName, version: number): Promise<unknown> {
  const [latest] = await listTextVersions(tx, name);
  if ((latest?.version ?? 0) !== version) throw new StaleForm();
  return latest?.value ?? null;
}

async function addVersion(
  tx: Tx,
  actor: Actor,
  name: TemplateName,
  version: number,
  value: string | null,
): Promise<void> {
  await tx.rows(sql`
    insert into mail_template (name, version, value, saved_by_id)
    values (${name}, ${version}::int, ${value}::text::jsonb, ${actor.userId}::int)`);
}
