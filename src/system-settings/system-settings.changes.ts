import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { StaleForm } from '../shared/errors.ts';
import type { SettingName, SettingValue } from './setting.ts';
import { fieldsOf, settingTypes, valueOver } from './setting.ts';
import { listVersions } from './system-settings.queries.ts';

/** `version` is the one that was edited: 0 = as delivered. */
export type SettingEdit = { name: SettingName; version: number; value: SettingValue; delivered: SettingValue };

/** Saves a setting as its next version; the earlier ones stay. */
export async function saveSetting(
  tx: Tx,
  actor: Actor,
  { name, version, value, delivered }: SettingEdit,
): Promise<Change<{ version: number; changed: boolean }>> {
  const as = ensureEverywhere(actor, 'systemSettings.manage');
  const [latest] = await listVersions(tx, name);
  if ((latest?.version ?? 0) !== version) throw new StaleForm();
  const before = valueOver(delivered, latest?.value);
  const changed = Object.keys(value).filter((field) => value[field] !== before[field]);
  if (changed.length === 0) return { outcome: { version, changed: false }, as, events: [] };
  await tx.rows(sql`
    insert into system_setting (name, version, value, saved_by_id)
    values (${name}, ${version + 1}::int, ${JSON.stringify(value)}::text::jsonb, ${actor.userId}::int)`);
  const detail = { title: settingTypes[name].title, version: version + 1, ...toldOf(name, changed, before, value) };
  return {
    outcome: { version: version + 1, changed: true },
    as,
    events: [event('setting.saved', { organisation: null, target: null }, detail)],
  };
}

// A line is told as it was and is; a whole text would fill the log, and its versions are kept.
function toldOf(name: SettingName, changed: readonly string[], before: SettingValue, after: SettingValue) {
  const fields = fieldsOf(name);
  const labelOf = (field: string): string => fields[field]?.label ?? field;
  const [texts, lines] = [
    changed.filter((field) => fields[field]?.kind === 'markup'),
    changed.filter((field) => fields[field]?.kind !== 'markup'),
  ];
  return {
    changes: Object.fromEntries(
      lines.map((field) => [labelOf(field), { from: before[field] ?? null, to: after[field] ?? null }]),
    ),
    texts: texts.map(labelOf),
  };
}
