import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { BadRequest } from '../shared/errors.ts';

/** A signed form as it is kept. */
export type SignedFile = { fileName: string; sha256: string; content: Buffer };

/** The database refuses more, too. */
export const mostMegabytes = 10;

/** Reads an uploaded file that must be a PDF, whatever its name says. @throws BadRequest */
export async function readSignedFile(file: string, fileName: string): Promise<SignedFile> {
  const handle = await open(file);
  try {
    const content = await handle.readFile();
    const fault = pdfFault(content);
    if (fault !== null) throw new BadRequest(fault, 422);
    return { fileName: plainName(fileName), sha256: createHash('sha256').update(content).digest('hex'), content };
  } finally {
    await handle.close();
  }
}

/** Why the bytes are no whole PDF, in Danish; null when they are one. */
export function pdfFault(content: Buffer): string | null {
  if (content.length === 0) return 'Filen er tom. Vælg den underskrevne blanket som PDF';
  if (!/^%PDF-[12]\.\d/.test(content.subarray(0, 16).toString('latin1')))
    return 'Filen er ikke en PDF. Scan blanketten til PDF, og vælg den';
  const end = content.subarray(-1100).toString('latin1');
  const trailer = /startxref\s+(\d{1,10})\s+%%EOF\s*$/.exec(end.slice(0, end.lastIndexOf('%%EOF') + 5));
  if (trailer === null) return 'PDF-filen er ikke hel: dens slutning mangler. Scan eller gem den igen';
  return pointsAtObjects(content, Number(trailer[1]))
    ? null
    : 'PDF-filen er ødelagt: dens indholdsfortegnelse kan ikke læses. Scan eller gem den igen';
}

/** At the offset that the end names stands a table of objects, or an object that is one. */
function pointsAtObjects(content: Buffer, offset: number): boolean {
  if (offset < 9 || offset >= content.length) return false;
  return /^\s*(xref\s|\d{1,10}\s+\d{1,5}\s+obj\b)/.test(content.subarray(offset, offset + 40).toString('latin1'));
}

/** The name as the person knows it, on one line and without what a path is made of. */
function plainName(fileName: string): string {
  const plain = fileName
    .normalize('NFC')
    .replace(/[\p{C}\\/:*?"<>|]+/gu, ' ')
    .trim()
    .slice(-200);
  return plain === '' ? 'autorisationsblanket.pdf' : plain;
}
