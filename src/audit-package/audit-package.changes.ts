import type { Writable } from 'node:stream';
import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change, Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import { mayNoLonger, whoOrdered } from '../audit/who-ordered.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { pieceWriter } from '../db/pieces.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { Decision } from '../permissions/can.ts';
import { decide } from '../permissions/can.ts';
import { newReference } from '../report-exports/report-export.ts';
import { Conflict, Forbidden } from '../shared/errors.ts';
import type { WaitingPackage } from './audit-package.queries.ts';
import { listOwnPackages, listWaitingPackages } from './audit-package.queries.ts';
import type { PackageWritten } from './write-package.ts';
import { writePackage } from './write-package.ts';

/** A package is there for so many days. */
export const keptDays = 7;

/** By which right, and whether without addresses and administrators, the actor has the organisation's package. @throws Forbidden */
export function ensurePackage(
  actor: Actor,
  organisationId: number,
): { as: Extract<Decision, { allowed: true }>['as']; isLimited: boolean } {
  const right = decide(actor, 'report.other', { organisationId });
  const log = decide(actor, 'auditLog.view', { organisationId });
  if (!right.allowed || right.limit === 'withoutAuditPackage' || !log.allowed)
    throw new Forbidden(
      'Revisionspakken kan en organisationsadministrator eller brugeradministrator bestille.',
      'report.other',
    );
  return { as: right.as, isLimited: log.limit === 'withoutAddressesAndAdministrators' };
}

type Organisation = { id: number; cvr: string; name: string };

/** Orders a package; a job makes it within a minute. */
export async function orderPackage(
  tx: Tx,
  { actor, onRecord }: { actor: Actor; onRecord: ActorOnRecord },
  organisation: Organisation,
  { from, to }: { from: string; to: string },
): Promise<Change<{ id: number }>> {
  const { as } = ensurePackage(actor, organisation.id);
  const own = await listOwnPackages(tx, organisation.id, actor.userId);
  if (own.some(({ endedAt }) => endedAt === null))
    throw new Conflict(
      'Du har allerede bestilt en revisionspakke, som ikke er færdig. Vent på den, og bestil så en ny.',
    );
  const [made] = await tx.rows<{ id: number }>(sql`
    insert into audit_package (organisation_id, ordered_by_id, ordered_by_name, from_day, to_day, request_id, reference)
    values (${organisation.id}::int, ${actor.userId}::int, ${onRecord.name}, ${from}::date, ${to}::date, ${onRecord.requestId}, ${newReference()})
    returning id`);
  if (made === undefined) throw new Error('the package was not ordered');
  const detail = { packageId: made.id, from, to };
  return { outcome: made, as, events: [event('auditPackage.ordered', { organisation, target: null }, detail)] };
}

export type Made = { id: number; failure: unknown };

/** Makes the packages that wait, in the name and with the rights of who ordered them, and removes those whose week is over. */
export async function makePackages(changes: Changes, publicKey: string): Promise<Made[]> {
  await removeOld(changes);
  const made: Made[] = [];
  for (const waiting of await readPage(changes.database, 'all', listWaitingPackages))
    made.push({ id: waiting.id, failure: await makeOne(changes, publicKey, waiting) });
  return made;
}

async function makeOne(changes: Changes, publicKey: string, waiting: WaitingPackage): Promise<unknown> {
  const { database } = changes;
  const ordered = { orderedById: waiting.orderedById, cvr: waiting.cvr };
  try {
    const { actor, organisation } = await whoOrdered(database, ordered);
    if (organisation === null || !actor.isActive)
      throw new Forbidden('Brugeren, der bestilte den, er spærret', 'report.other');
    const { isLimited } = ensurePackage(actor, organisation.id);
    const contents = { organisationId: organisation.id, from: waiting.from, to: waiting.to, isLimited };
    const madeBy = `${fullName(actor)}, ${actor.organisationName}`;
    const onStep = (step: string): Promise<void> => keepStep(changes, waiting, step);
    const made = { madeBy, madeAt: new Date(), reference: waiting.reference ?? waiting.requestId };
    const written = await writePackage(
      { database, contents, organisation, publicKey, onStep, ...made },
      partsOf(database, waiting.id),
    );
    await end(changes, waiting, organisation, { ...written, isLimited });
    return null;
  } catch (error) {
    // What may work another time is tried again by the next run; a right that is gone is not.
    if (!(await mayNoLonger(database, ordered, error))) return error;
    const { organisation } = await whoOrdered(database, ordered);
    if (organisation !== null) await end(changes, waiting, organisation, { failure: noLonger });
    return null;
  }
}

const noLonger = 'Den, der bestilte den, har ikke længere ret til det';

/** Keeps the file in the database. */
function partsOf({ pool }: Database, packageId: number): Writable {
  return pieceWriter(async (number, content) => {
    await pool.query('select keep_package_part($1, $2, $3)', [packageId, number, content]);
  });
}

function keepStep(changes: Changes, { id, organisationId }: WaitingPackage, step: string): Promise<void> {
  return recordSystemChange(changes, organisationId, async (tx) => {
    await tx.rows(sql`update audit_package set step = ${step} where id = ${id}::int`);
    return { outcome: undefined, events: [] };
  });
}

type End = (Pick<PackageWritten, 'sha256' | 'bytes' | 'hashes'> & { isLimited: boolean }) | { failure: string };

function end(
  changes: Changes,
  { id, from, to }: WaitingPackage,
  organisation: Organisation,
  ended: End,
): Promise<void> {
  const period = { packageId: id, from, to };
  const about = { organisation, target: null };
  return recordSystemChange(changes, organisation.id, async (tx) => {
    if ('failure' in ended) {
      await tx.rows(sql`update audit_package set ended_at = now(), failure = ${ended.failure} where id = ${id}::int`);
      return {
        outcome: undefined,
        events: [event('auditPackage.failed', about, { ...period, reason: ended.failure })],
      };
    }
    const { sha256, bytes, hashes, isLimited } = ended;
    await tx.rows(sql`
      update audit_package set ended_at = now(), step = null, sha256 = ${sha256}, bytes = ${bytes}::bigint,
        hashes = ${[sha256, ...hashes]}::text[], is_limited = ${isLimited}::boolean where id = ${id}::int`);
    return { outcome: undefined, events: [event('auditPackage.made', about, { ...period, sha256, bytes })] };
  });
}

function removeOld(changes: Changes): Promise<void> {
  return recordSystemChange(changes, null, async (tx) => {
    // The row stays: "Kontrollér" knows the file by it for as long as somebody keeps it.
    await tx.rows(sql`
      with removed as (
        update audit_package set removed_at = now()
        where removed_at is null and ended_at < now() - make_interval(days => ${keptDays}::int) returning id)
      delete from audit_package_part where package_id in (select id from removed)`);
    return { outcome: undefined, events: [] };
  });
}
