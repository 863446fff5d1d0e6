import type { ISectionOptions, IStylesOptions } from 'docx';
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  HeadingLevel,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  ShadingType,
  Tab,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TabStopType,
  TextRun,
  WidthType,
} from 'docx';
import type { ZipFile } from 'yauzl';
import { fromBufferPromise } from 'yauzl';
import { aboutLines, checkHint } from './about-document.ts';
import { plainText } from './cells.ts';
import type { ReportDocument } from './document.ts';
import type { PageFormat } from './page-format.ts';
import { cellPadding, isAtRight, pageMargin } from './page-format.ts';

/** A Word file without its rows. */
export type DocxFrame = {
  /** Every part but the text itself, as it is. */
  parts: { name: string; bytes: Buffer }[];
  /** The text: up to the table, the table as far as its repeated header, and what follows it. */
  start: string;
  tableStart: string;
  end: string;
};

const textPart = 'word/document.xml';

/** The frame of a document, made by `docx`: styles, title, footer with page numbers, a table with its header row. */
export async function docxFrame(
  document: Pick<ReportDocument, 'head' | 'columns'>,
  page: PageFormat,
): Promise<DocxFrame> {
  const { head } = document;
  const file = new Document({
    title: plainText(head.title),
    creator: plainText(head.madeBy),
    lastModifiedBy: plainText(head.madeBy),
    keywords: head.reference,
    description: checkHint,
    styles: stylesFor(page),
    // Long Danish words in narrow columns break where a Dane would break them.
    hyphenation: { autoHyphenation: true },
    sections: [section(document, page)],
  });
  const zip = await fromBufferPromise(await Packer.toBuffer(file), { lazyEntries: true });
  const parts = await partsOf(zip);
  const text = parts.find(({ name }) => name === textPart)?.bytes.toString() ?? '';
  const [from, to] = [text.indexOf('<w:tbl>'), text.indexOf('</w:tbl>')];
  if (from < 0 || to < from) throw new Error('The frame of the Word file has no table');
  return {
    parts: parts.filter(({ name }) => name !== textPart),
    start: text.slice(0, from),
    tableStart: text.slice(from, to),
    end: text.slice(to + '</w:tbl>'.length),
  };
}

async function partsOf(zip: ZipFile): Promise<DocxFrame['parts']> {
  const parts: DocxFrame['parts'] = [];
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    parts.push({ name: entry.fileName, bytes: Buffer.concat(pieces) });
  }
  return parts;
}

const twips = (points: number): number => Math.round(points * 20);
const halfPoints = (points: number): number => Math.round(points * 2);

function stylesFor({ fontSize }: PageFormat): IStylesOptions {
  const language = { value: 'da-DK', eastAsia: 'da-DK', bidirectional: 'ar-SA' };
  return {
    default: {
      // A cell's text has no style of its own, which keeps a long table small.
      document: { run: { font: 'Calibri', size: halfPoints(fontSize), language } },
      heading1: { run: { size: 32, bold: true, color: '1A1A1A' }, paragraph: { spacing: { after: 120 } } },
      heading2: { run: { size: 22, bold: true, color: '1A1A1A' }, paragraph: { spacing: { before: 240, after: 120 } } },
    },
    paragraphStyles: [
      {
        id: 'Oplysning',
        name: 'Oplysning',
        basedOn: 'Normal',
        run: { size: 20 },
        paragraph: { spacing: { after: 20 }, indent: { left: 2400, hanging: 2400 } },
      },
      {
        id: 'Note',
        name: 'Note',
        basedOn: 'Normal',
        run: { size: 18 },
        paragraph: { spacing: { before: 80, after: 160 } },
      },
      { id: 'Tabelhoved', name: 'Tabelhoved', basedOn: 'Normal', run: { bold: true }, paragraph: { keepNext: true } },
      { id: 'Sidefod', name: 'Sidefod', basedOn: 'Normal', run: { size: 16, color: '454545' } },
    ],
  };
}

function section({ head, columns }: Pick<ReportDocument, 'head' | 'columns'>, page: PageFormat): ISectionOptions {
  const about = aboutLines(head).map(
    ([label, value]) =>
      new Paragraph({
        style: 'Oplysning',
        tabStops: [{ type: TabStopType.LEFT, position: 2400 }],
        children: [
          new TextRun({ text: plainText(label), bold: true }),
          new TextRun({ children: [new Tab(), plainText(value)] }),
        ],
      }),
  );
  const [width, height] = page.isLandscape ? [page.height, page.width] : [page.width, page.height];
  return {
    properties: {
      page: {
        // Turned by docx itself.
        size: {
          width: twips(width),
          height: twips(height),
          orientation: page.isLandscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
        },
        margin: {
          ...{
            top: twips(pageMargin),
            bottom: twips(pageMargin + 12),
            left: twips(pageMargin),
            right: twips(pageMargin),
          },
          footer: twips(pageMargin / 2),
        },
      },
    },
    footers: { default: new Footer({ children: [footer(head, page)] }) },
    children: [
      new Paragraph({ heading: HeadingLevel.HEADING_1, text: plainText(head.title) }),
      ...about,
      new Paragraph({ style: 'Note', text: checkHint }),
      headerOnly(columns, page),
    ],
  };
}

function footer({ title, reference }: ReportDocument['head'], page: PageFormat): Paragraph {
  return new Paragraph({
    style: 'Sidefod',
    tabStops: [{ type: TabStopType.RIGHT, position: twips(page.width - 2 * pageMargin) }],
    children: [
      new TextRun(`SEB · ${plainText(title)} · ${reference}`),
      new TextRun({ children: [new Tab(), 'Side ', PageNumber.CURRENT, ' af ', PageNumber.TOTAL_PAGES] }),
    ],
  });
}

function headerOnly(columns: ReportDocument['columns'], page: PageFormat): Table {
  const line = { style: BorderStyle.SINGLE, size: 4, color: 'BFBFBF' };
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
  const widths = page.columnWidths.map(twips);
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
    columnWidths: widths,
    margins: { left: twips(cellPadding / 2), right: twips(cellPadding / 2), top: 30, bottom: 30 },
    borders: { top: line, bottom: line, insideHorizontal: line, left: none, right: none, insideVertical: none },
    rows: [
      new TableRow({
        tableHeader: true,
        cantSplit: true,
        children: columns.map(
          (column, index) =>
            new TableCell({
              width: { size: widths[index] ?? 0, type: WidthType.DXA },
              shading: { type: ShadingType.CLEAR, fill: 'DCE6F0', color: 'auto' },
              children: [
                new Paragraph({
                  style: 'Tabelhoved',
                  text: plainText(column.label),
                  ...(isAtRight(column) ? { alignment: AlignmentType.RIGHT } : {}),
                }),
              ],
            }),
        ),
      }),
    ],
  });
}
