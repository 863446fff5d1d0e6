import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';

export type AuditPackage = {
  id: number;
  organisationId: number;
  orderedById: number;
  /** yyyy-mm-dd, both included. */
  from: string;
  to: string;
  requestId: string;
  createdAt: Date;
  step: string | null;
  endedAt: Date | null;
  sha256: string | null;
  bytes: string | null;
  failure: string | null;
  /** Made without what a brugeradministrator does not see; null while it waits. */
  isLimited: boolean | null;
};

const columns = sql`p.id, p.organisation_id as "organisationId", p.ordered_by_id as "orderedById", p.from_day::text as "from",
  p.to_day::text as "to", p.request_id as "requestId", p.created_at as "createdAt", p.step, p.ended_at as "endedAt", p.sha256,
  p.bytes::text, p.failure, p.is_limited as "isLimited"`;

/** Those that the person ordered about the organisation, the latest first. */
export function listOwnPackages(db: ReadDb, organisationId: number, userId: number): Promise<AuditPackage[]> {
  return db.rows<AuditPackage>(sql`
    select ${columns} from audit_package p where p.organisation_id = ${organisationId}::int and p.ordered_by_id = ${userId}::int
    order by p.id desc limit 20`);
}

/** One of the person's own; null for anybody else's. */
export async function findOwnPackage(
  db: ReadDb,
  organisationId: number,
  userId: number,
  id: number,
): Promise<AuditPackage | null> {
  const [found] = await db.rows<AuditPackage>(sql`
    select ${columns} from audit_package p
    where p.id = ${id}::int and p.organisation_id = ${organisationId}::int and p.ordered_by_id = ${userId}::int`);
  return found ?? null;
}

export type WaitingPackage = AuditPackage & { cvr: string };

export function listWaitingPackages(db: ReadDb): Promise<WaitingPackage[]> {
  return db.rows<WaitingPackage>(sql`
    select ${columns}, o.cvr from audit_package p join organisation o on o.id = p.organisation_id
    where p.ended_at is null order by p.id limit 5`);
}

/** The whole file. */
export async function readPackage(db: ReadDb, id: number): Promise<Buffer> {
  const parts = await db.rows<{ content: Buffer }>(
    sql`select content from audit_package_part where package_id = ${id}::int order by number`,
  );
  return Buffer.concat(parts.map(({ content }) => content));
}
