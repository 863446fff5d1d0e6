import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import writeXlsxFile from 'write-excel-file/node';

export type Part = {
  name: string;
  content: string | Buffer;
  /** What the directory claims instead of the truth. */ claims?: number;
};

/** A zip file by hand, for what no honest program writes. */
export function zipOf(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claims } of parts) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x0800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claims ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, place, Buffer.from(name)]));
    bodies.push(body);
    offset += body.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

const spreadsheet = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** A workbook by hand: the sheet's rows and the shared texts as XML. */
export function workbookOf(rows: string, sharedTexts: string | null = null, prologue = ''): Buffer {
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zipOf([
    {
      name: 'xl/workbook.xml',
      content: `<workbook ${spreadsheet} xmlns:r="${relations}"><sheets><sheet name="Ark1" sheetId="1" r:id="rId7"/><sheet name="Ark2" sheetId="2" r:id="rId8"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships><Relationship Id="rId8" Target="worksheets/other.xml"/><Relationship Id="rId7" Target="worksheets/first.xml"/></Relationships>`,
    },
    {
      name: 'xl/worksheets/first.xml',
      content: `${prologue}<worksheet ${spreadsheet}><sheetData>${rows}</sheetData></worksheet>`,
    },
    { name: 'xl/worksheets/other.xml', content: `<worksheet ${spreadsheet}><sheetData/></worksheet>` },
    ...(sharedTexts === null
      ? []
      : [{ name: 'xl/sharedStrings.xml', content: `<sst ${spreadsheet}>${sharedTexts}</sst>` }]),
  ]);
}

/** A workbook as a program writes it. */
export async function xlsxOf(rows: readonly (readonly (string | number | Date | null)[])[]): Promise<Buffer> {
  const data = rows.map((row) =>
    row.map((value) => (value instanceof Date ? { value, type: Date, format: 'dd-mm-yyyy' } : value)),
  );
  return (await writeXlsxFile(data as never).toBuffer()) as Buffer;
}

/** Runs the work with the bytes in a file of their own. */
export async function withFile<Result>(
  content: string | Buffer,
  work: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'seb-import-'));
  try {
    const file = path.join(folder, 'fil');
    writeFileSync(file, content);
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A form with a file, as browsers send it: the fields first. */
export function multipart(
  fields: Record<string, string>,
  file: { name: string; content: string | Buffer } | null,
): { body: Buffer; headers: Record<string, string> } {
  const boundary = `----seb${randomBytes(8).toString('hex')}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const opening = `--${boundary}\r\nContent-Disposition: form-data; name="fil"; filename="${file?.name ?? ''}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(parts.join('')),
    Buffer.from(opening),
    Buffer.from(file?.content ?? ''),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { body, headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` } };
}
