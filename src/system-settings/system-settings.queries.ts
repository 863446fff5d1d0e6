import type { ReadDb } from '../db/access.ts';
import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { SettingName, SystemSettings } from './setting.ts';
import { settingsInForce } from './setting.ts';

/** All settings in force; no organisation's wall is asked, since they belong to all. */
export async function readSettings(database: Database, delivered: SystemSettings): Promise<SystemSettings> {
  const saved = await lookUp<{ name: string; value: unknown; savedAt: Date }>(
    database,
    sql`select distinct on (name) name, value, saved_at as "savedAt" from system_setting order by name, version desc`,
  );
  return settingsInForce(delivered, saved);
}

export type SavedSetting = { version: number; value: unknown; savedAt: Date; savedBy: string | null };

/** The newest saved versions, newest first, at most fifty; none where it is still as delivered. Seen by who sees all. */
export function listVersions(db: ReadDb, name: SettingName): Promise<SavedSetting[]> {
  return db.rows<SavedSetting>(sql`
    select s.version, s.value, s.saved_at as "savedAt", u.first_name || ' ' || u.last_name as "savedBy"
    from system_setting s left join app_user u on u.id = s.saved_by_id
    where s.name = ${name} order by s.version desc limit 50`);
}

export async function findVersion(db: ReadDb, name: SettingName, version: number): Promise<SavedSetting | null> {
  const [found] = await db.rows<SavedSetting>(sql`
    select s.version, s.value, s.saved_at as "savedAt", u.first_name || ' ' || u.last_name as "savedBy"
    from system_setting s left join app_user u on u.id = s.saved_by_id
    where s.name = ${name} and s.version = ${version}::int`);
  return found ?? null;
}

/** Who saved each setting last, and when. */
export function listLatest(db: ReadDb): Promise<{ name: string; savedAt: Date; savedBy: string | null }[]> {
  return db.rows(sql`
    select distinct on (s.name) s.name, s.saved_at as "savedAt", u.first_name || ' ' || u.last_name as "savedBy"
    from system_setting s left join app_user u on u.id = s.saved_by_id order by s.name, s.version desc`);
}
