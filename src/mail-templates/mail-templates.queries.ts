import type { ReadDb } from '../db/access.ts';
import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { MailTexts, TemplateName } from '../mail/templates.ts';
import { textsInForce } from '../mail/templates.ts';

/** The texts of all mails in force; no organisation's wall is asked, since they belong to all. */
export async function readTexts(database: Database): Promise<MailTexts> {
  const saved = await lookUp<{ name: string; value: unknown }>(
    database,
    sql`select distinct on (name) name, value from mail_template order by name, version desc`,
  );
  return textsInForce(saved);
}

/** A saved text; null as its value is the delivered one again. */
export type SavedText = { version: number; value: unknown; savedAt: Date; savedBy: string | null };

/** The newest saved versions, newest first, at most fifty. Seen by who sees all. */
export function listTextVersions(db: ReadDb, name: TemplateName): Promise<SavedText[]> {
  return db.rows<SavedText>(sql`
    select t.version, t.value, t.saved_at as "savedAt", u.first_name || ' ' || u.last_name as "savedBy"
    from mail_template t left join app_user u on u.id = t.saved_by_id
    where t.name = ${name} order by t.version desc limit 50`);
}

export async function findTextVersion(db: ReadDb, name: TemplateName, version: number): Promise<SavedText | null> {
  const [found] = await db.rows<SavedText>(sql`
    select t.version, t.value, t.saved_at as "savedAt", u.first_name || ' ' || u.last_name as "savedBy"
    from mail_template t left join app_user u on u.id = t.saved_by_id
    where t.name = ${name} and t.version = ${version}::int`);
  return found ?? null;
}

/** Who saved each text last, and when. */
export function listLatestTexts(
  db: ReadDb,
): Promise<{ name: string; isDelivered: boolean; savedAt: Date; savedBy: string | null }[]> {
  return db.rows(sql`
    select distinct on (t.name) t.name, t.value is null as "isDelivered", t.saved_at as "savedAt",
      u.first_name || ' ' || u.last_name as "savedBy"
    from mail_template t left join app_user u on u.id = t.saved_by_id order by t.name, t.version desc`);
}
