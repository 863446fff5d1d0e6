import type { ReadDb } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { readPieces } from '../db/pieces.ts';
import type { Sql } from '../db/sql.ts';
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
  /** Printed in its sheets; null in packages of the first days. */
  reference: string | null;
  orderedByName: string | null;
  /** Whether the file can still be fetched. */
  isThere: boolean;
};

const columns = sql`p.id, p.organisation_id as "organisationId", p.ordered_by_id as "orderedById", p.from_day::text as "from",
  p.to_day::text as "to", p.request_id as "requestId", p.created_at as "createdAt", p.step, p.ended_at as "endedAt", p.sha256,
  p.bytes::text, p.failure, p.is_limited as "isLimited", p.reference, p.ordered_by_name as "orderedByName",
  p.sha256 is not null and p.removed_at is null as "isThere"`;

/** Those that the person ordered about the organisation, the latest first. */
export function listOwnPackages(db: ReadDb, organisationId: number, userId: number): Promise<AuditPackage[]> {
  return db.rows<AuditPackage>(sql`
    select ${columns} from audit_package p
    where p.organisation_id = ${organisationId}::int and p.ordered_by_id = ${userId}::int and p.removed_at is null
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

/** A package as "Kontrollér" knows it. */
export type KnownPackage = AuditPackage & { organisationName: string; cvr: string };

async function findKnown(db: ReadDb, where: Sql): Promise<KnownPackage | null> {
  const [found] = await db.rows<KnownPackage>(sql`
    select ${columns}, o.name as "organisationName", o.cvr from audit_package p join organisation o on o.id = p.organisation_id
    where ${where} order by p.id desc limit 1`);
  return found ?? null;
}

/** The latest package that is, or holds, a file of this hash. */
export function findPackageByHash(db: ReadDb, sha256: string): Promise<KnownPackage | null> {
  return findKnown(db, sql`p.hashes @> array[${sha256}::text]`);
}

export function findPackageByReference(db: ReadDb, reference: string): Promise<KnownPackage | null> {
  return findKnown(db, sql`p.reference = ${reference} and p.sha256 is not null`);
}

/** The bytes of its file, piece by piece. */
export function packagePieces(
  database: Database,
  { id, organisationId }: Pick<AuditPackage, 'id' | 'organisationId'>,
): AsyncGenerator<Buffer> {
  return readPieces(
    database,
    [organisationId],
    (number) => sql`select content from audit_package_part where package_id = ${id}::int and number = ${number}::int`,
  );
}
