import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';

export type ResearchRecipient = { id: number; name: string; email: string };

/** Whom requests about Forskermaskinen can be told to, by name. */
export function listResearchRecipients(db: ReadDb): Promise<ResearchRecipient[]> {
  return db.rows<ResearchRecipient>(
    sql`select id, name, email from research_recipient where ended_at is null order by name, id`,
  );
}
