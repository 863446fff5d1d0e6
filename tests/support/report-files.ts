import { parse } from 'csv-parse/sync';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { fromBufferPromise } from 'yauzl';
import { readParts } from '../../src/user-import/xlsx-xml.ts';

// Files of reports read back: every reader answers the rows as texts, the heads of the columns first.

export type ReadFile = {
  rows: string[][];
  /** What else it says: title, filters, by whom; the properties. */
  about: string[];
  properties: Record<string, string>;
};

export function readCsv(file: Buffer): ReadFile {
  const rows: string[][] = parse(file, { delimiter: ';', bom: true, record_delimiter: '\r\n' });
  return { rows, about: [], properties: {} };
}

export async function zipParts(file: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(file, { lazyEntries: true });
  const parts = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(Buffer.from(piece));
    parts.set(entry.fileName, Buffer.concat(pieces));
  }
  return parts;
}

async function* once(bytes: Buffer | undefined): AsyncGenerator<Buffer> {
  if (bytes === undefined) throw new Error('A part of the file is missing');
  yield bytes;
}

export type XlsxCell = { place: string; type: string; style: number; text: string };

/** The cells of one sheet by row, as they are stored; the reader is strict about XML. */
export async function readSheet(parts: Map<string, Buffer>, name: string): Promise<XlsxCell[][]> {
  const rows: XlsxCell[][] = [];
  let cell: XlsxCell | null = null;
  await readParts(once(parts.get(name)), {
    open(element, { r = '', t = 'n', s = '0' }) {
      if (element === 'row') rows.push([]);
      if (element === 'c') rows.at(-1)?.push((cell = { place: r, type: t, style: Number(s), text: '' }));
    },
    text(text) {
      if (cell !== null) cell.text += text;
    },
    close(element) {
      if (element === 'c') cell = null;
    },
  });
  return rows;
}

export async function readXlsx(file: Buffer): Promise<ReadFile> {
  const parts = await zipParts(file);
  const sheets = [...parts.keys()].filter((name) => name.startsWith('xl/worksheets/')).toSorted();
  const [heads = [], ...rows] = await readSheet(parts, sheets[0] ?? '');
  const width = heads.length;
  const placed = rows.map((cells) => {
    const row = Array.from({ length: width }, () => '');
    for (const { place, text, type, style } of cells)
      row[columnOf(place)] = type === 'n' && style >= 4 ? dateOf(Number(text), style) : unescaped(text);
    return row;
  });
  const about = await readSheet(parts, sheets.at(-1) ?? '');
  return {
    rows: [heads.map(({ text }) => text), ...placed],
    about: about.flatMap((cells) => cells.map(({ text }) => text)),
    properties: await propertiesOf(parts.get('docProps/core.xml')),
  };
}

function columnOf(place: string): number {
  return [...place.replace(/\d/g, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Excel's number of days as what its format shows. */
function dateOf(days: number, style: number): string {
  const iso = new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400) * 1000).toISOString();
  const day = iso.slice(0, 10).split('-').toReversed().join('-');
  return style === 4 ? day : `${day} ${iso.slice(11, 16).replace(':', '.')}`;
}

/** As Excel reads it. */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

async function propertiesOf(part: Buffer | undefined): Promise<Record<string, string>> {
  const properties: Record<string, string> = {};
  let name = '';
  await readParts(once(part), {
    open: (element) => (name = element),
    text: (text) => (properties[name] = (properties[name] ?? '') + text),
  });
  return properties;
}

/** Rows of all tables (each begins with the repeated heads), and the other paragraphs. */
export async function readDocx(file: Buffer): Promise<ReadFile & { tables: number }> {
  const parts = await zipParts(file);
  const [rows, about]: [string[][], string[]] = [[], []];
  const state = { tables: 0, isInTable: false, isInRun: false, isText: false, paragraph: '' };
  await readParts(once(parts.get('word/document.xml')), {
    open(element) {
      if (element === 'tbl') [state.tables, state.isInTable] = [state.tables + 1, true];
      if (element === 'tr') rows.push([]);
      if (element === 'tc') rows.at(-1)?.push('');
      if (element === 'p') state.paragraph = '';
      if (element === 'r') state.isInRun = true;
      if (element === 't') state.isText = true;
      if (element === 'br') state.paragraph += '\n';
      if (element === 'tab' && state.isInRun) state.paragraph += '\t';
    },
    text(text) {
      if (state.isText) state.paragraph += text;
    },
    close(element) {
      if (element === 't') state.isText = false;
      if (element === 'r') state.isInRun = false;
      if (element === 'tbl') state.isInTable = false;
      if (element !== 'p') return;
      const row = rows.at(-1);
      if (state.isInTable && row !== undefined) row[row.length - 1] = state.paragraph;
      else about.push(state.paragraph);
    },
  });
  return { rows, about, tables: state.tables, properties: await propertiesOf(parts.get('docProps/core.xml')) };
}

type Node = { role?: string; type?: string; id?: string; children?: Node[] };

/** Rows out of the structure of a tagged PDF, each cell's text by the maps of its typefaces; a cell's lines are joined. */
export async function readPdf(file: Buffer): Promise<ReadFile & { pages: number; footers: string[] }> {
  const loading = getDocument({ data: new Uint8Array(file), verbosity: 0 });
  const document = await loading.promise;
  const [rows, about, footers]: [string[][], string[], string[]] = [[], [], []];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { texts, artifacts } = await textsOf(page);
    const root: Node = await page.getStructTree();
    const textUnder = (node: Node): string =>
      node.type === 'content' ? (texts.get(node.id ?? '') ?? '') : (node.children ?? []).map(textUnder).join('');
    for (const node of nodesOf(root)) {
      // Of several pages the reader tells the others' rows too, without what stands there; a row may be empty.
      const isHere = document.numPages === 1 || [...nodesOf(node)].some(({ id = '' }) => texts.has(id));
      if (node.role === 'TR' && isHere) rows.push((node.children ?? []).map(textUnder));
      if (node.role === 'H1' || node.role === 'P') about.push(textUnder(node));
    }
    footers.push(artifacts);
  }
  const { info } = await document.getMetadata();
  const pages = document.numPages;
  await loading.destroy();
  return { rows, about, footers, pages, properties: info as Record<string, string> };
}

type PdfPage = Awaited<ReturnType<Awaited<ReturnType<typeof getDocument>['promise']>['getPage']>>;

/** Texts by the name of their piece of the page; what belongs to none is an artifact. */
async function textsOf(page: PdfPage): Promise<{ texts: Map<string, string>; artifacts: string }> {
  const { items } = await page.getTextContent({ includeMarkedContent: true, disableNormalization: true });
  const texts = new Map<string, string>();
  const open: (string | null)[] = [];
  let artifacts = '';
  for (const item of items) {
    if ('str' in item) {
      // The reader's own guess at a space between two places.
      if (item.str === ' ' && item.height === 0) continue;
      const id = open.findLast((name) => name !== null);
      if (id === undefined) artifacts += item.str;
      else if (id !== null) texts.set(id, (texts.get(id) ?? '') + item.str);
    } else if (item.type === 'endMarkedContent') open.pop();
    else open.push(item.type === 'beginMarkedContentProps' ? item.id : null);
  }
  return { texts, artifacts };
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children ?? []) yield* nodesOf(child);
}
