import type { ReadDb } from '../db/access.ts';
import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { noSql, sql } from '../db/sql.ts';
import type { BoardMessage, Kind, Severity, StatusBoard } from './status-message.ts';

export type Message = BoardMessage & {
  cancelledAt: Date | null;
  createdAt: Date;
  version: number;
  /** Newest first; each moment as text. */
  updates: { id: number; body: string; at: string }[];
};

const columns = sql`m.id, m.title, m.kind, m.severity::text as severity, m.concerns_all as "concernsAll",
  m.starts_at as "startsAt", m.ends_at as "endsAt",
  coalesce((select json_agg(json_build_object('id', s.id, 'name', s.name) order by s.name)
    from status_message_service c join service s on s.id = c.service_id where c.message_id = m.id), '[]') as services`;
const thread = sql`m.cancelled_at as "cancelledAt", m.created_at as "createdAt", m.version,
  (select json_agg(json_build_object('id', u.id, 'body', u.body, 'at', u.written_at) order by u.id desc)
    from status_update u where u.message_id = m.id) as updates`;
const isOver = sql`(m.cancelled_at is not null or coalesce(m.ends_at <= now(), false))`;

/** What is going on, and what begins within the next weeks. */
export function readBoard(database: Database): Promise<StatusBoard> {
  return lookUp<BoardMessage>(
    database,
    sql`select ${columns} from status_message m
      where not ${isOver} and m.starts_at < now() + interval '8 days' order by m.starts_at, m.id limit 100`,
  );
}

/** What is going on and planned, by its beginning. */
export function listOpenMessages(db: ReadDb): Promise<Message[]> {
  return db.rows<Message>(
    sql`select ${columns}, ${thread} from status_message m where not ${isOver} order by m.starts_at, m.id limit 200`,
  );
}

export const historyPageSize = 20;

/** What is over or was called off, the latest first; one more than a page. */
export function listOldMessages(db: ReadDb, before: { startsAt: string; id: number } | null): Promise<Message[]> {
  return db.rows<Message>(sql`
    select ${columns}, ${thread} from status_message m
    where ${isOver} ${before === null ? noSql : sql`and (m.starts_at, m.id) < (${before.startsAt}::timestamptz, ${before.id}::int)`}
    order by m.starts_at desc, m.id desc limit ${historyPageSize + 1}::int`);
}

export async function findMessage(db: ReadDb, id: number): Promise<Message | null> {
  const [found] = await db.rows<Message>(
    sql`select ${columns}, ${thread} from status_message m where m.id = ${id}::int`,
  );
  return found ?? null;
}

export type FeedItem = {
  updateId: number;
  messageId: number;
  title: string;
  kind: Kind;
  severity: Severity;
  concernsAll: boolean;
  services: readonly { id: number; name: string }[];
  startsAt: Date;
  endsAt: Date | null;
  body: string;
  writtenAt: Date;
};

/** The latest texts of all messages, for news readers. */
export function listFeed(db: ReadDb): Promise<FeedItem[]> {
  return db.rows<FeedItem>(sql`
    select u.id as "updateId", u.body, u.written_at as "writtenAt", m.id as "messageId", ${columns}
    from status_update u join status_message m on m.id = u.message_id order by u.id desc limit 30`);
}

export type ServiceChoice = { id: number; code: string; name: string };

/** The services that a message can concern. */
export function listServiceChoices(db: ReadDb): Promise<ServiceChoice[]> {
  return db.rows<ServiceChoice>(
    sql`select id, code, name from service where retired_at is null or retired_at > now() order by name, id`,
  );
}
