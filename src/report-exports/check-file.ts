import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ReadDb } from '../db/access.ts';
import { findPackageByHash, findPackageByReference } from '../audit-package/audit-package.queries.ts';
import type { Checked } from './report-exports.pages.ts';
import { factsOfExport, factsOfPackage } from './report-exports.pages.ts';
import { referencePattern } from './report-export.ts';
import { findExportByHash, findExportByReference } from './report-exports.queries.ts';

/** What a file is known by: its hash, and the number of a report where one stands in its bytes or its name. */
export type Fingerprint = { sha256: string; reference: string | null };

/** Reads a file of any size once, as a stream. */
export async function fingerprintOf(file: string, fileName: string): Promise<Fingerprint> {
  const hash = createHash('sha256');
  let reference: string | null = null;
  let before = '';
  for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const bytes = Buffer.from(piece);
    hash.update(bytes);
    // A number may lie across two pieces. The last one counts: at the end of a zip, and in a PDF's description.
    const text = before + bytes.toString('latin1');
    const numbers = text.match(new RegExp(referencePattern, 'g'));
    reference = numbers?.at(-1) ?? reference;
    before = text.slice(-20);
  }
  return { sha256: hash.digest('hex'), reference: reference ?? referencePattern.exec(fileName)?.[0] ?? null };
}

/** Whether SEB made a file of these bytes (a report, a Revisionspakke or a file out of one), as far as the reader may know of it. */
export async function checkFingerprint(db: ReadDb, { sha256, reference }: Fingerprint): Promise<Checked> {
  const report = await findExportByHash(db, sha256, reference);
  if (report !== null) return { found: 'unchanged', facts: factsOfExport(report) };
  const audit = await findPackageByHash(db, sha256);
  if (audit !== null) return { found: 'unchanged', facts: factsOfPackage(audit, sha256) };
  if (reference === null) return { found: 'unknown', sha256 };
  const namedReport = await findExportByReference(db, reference);
  if (namedReport !== null) return { found: 'changed', facts: factsOfExport(namedReport), sha256 };
  const namedPackage = await findPackageByReference(db, reference);
  if (namedPackage !== null) return { found: 'changed', facts: factsOfPackage(namedPackage, null), sha256 };
  return { found: 'unknown', sha256 };
}
