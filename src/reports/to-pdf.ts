import type { Writable } from 'node:stream';
import { plainText } from './cells.ts';
import type { DocumentHead, ReportDocument } from './document.ts';
import type { PdfFile } from './pdf-file.ts';
import { pdfFile, pdfLevel, pdfText } from './pdf-file.ts';
import type { Packer } from './packer.ts';
import { openPacker } from './packer.ts';
import type { PdfFont } from './pdf-font.ts';
import { openPdfFont } from './pdf-font.ts';
import { letterhead, pagesOf } from './pdf-layout.ts';
import type { Page } from './pdf-page.ts';
import { textOperators } from './pdf-page.ts';
import type { PdfStructure } from './pdf-structure.ts';
import { pdfStructure } from './pdf-structure.ts';
import { fontFiles } from '../shared/typeface.ts';
import type { PageFormat } from './page-format.ts';
import { pageFormat } from './page-format.ts';
import type { Written } from './write-hashed.ts';
import { writeHashed } from './write-hashed.ts';
import { xmlText } from './xml-text.ts';

/** Pages that are packed while the next ones are laid out; few, so that nothing else waits long for its turn. */
const underWay = 4;

/** A tagged PDF, written page by page with operators of its own: a library that keeps a model of it takes ten times as long. */
export async function toPdf(document: ReportDocument, out: Writable): Promise<Written> {
  const count = { rows: 0 };
  const packer = openPacker(pdfLevel);
  try {
    const written = await writeHashed(piecesOf(document, count, packer), out);
    return { ...written, ...count };
  } finally {
    packer.close();
  }
}

export type Fonts = { text: PdfFont; bold: PdfFont };

async function* piecesOf(document: ReportDocument, count: { rows: number }, packer: Packer): AsyncGenerator<Buffer> {
  const fonts = { text: await openPdfFont(fontFiles.text), bold: await openPdfFont(fontFiles.bold) };
  const format = pageFormat(document.columns);
  const file = pdfFile(packer);
  const [resources, text, bold, total, metadata] = file.allocate(5);
  const structure = pdfStructure(file);
  yield file.start();
  const pages = pagesOf(document, { format, fonts, count });
  yield* packedPages(pages, structure, { ...format, resources });
  const trees = structure.end();
  yield* trees.pieces;
  yield await file.stream(
    total,
    formOf(format, { resources, text }),
    Buffer.from(totalPages(fonts, trees.pages), 'latin1'),
  );
  yield* fonts.text.embed(file, text);
  yield* fonts.bold.embed(file, bold);
  yield file.object(resources, `<</Font<</F1 ${text} 0 R/F2 ${bold} 0 R>>/XObject<</T ${total} 0 R>>>>`);
  yield file.plainStream(metadata, '/Type/Metadata/Subtype/XML', Buffer.from(metadataOf(document.head)));
  yield* ending(file, document.head, `${trees.catalog}/Metadata ${metadata} 0 R`);
}

async function* packedPages(
  pages: AsyncIterable<Page>,
  structure: PdfStructure,
  media: { width: number; height: number; resources: number },
): AsyncGenerator<Buffer> {
  const waiting: Promise<Buffer[]>[] = [];
  let last = Promise.resolve<Buffer[]>([]);
  for await (const page of pages) {
    // In order: where an object stands in the file is known when it is written.
    const before = last;
    last = before.then(() => structure.addPage(page, media));
    // Whoever reads the pages may leave before they have come to this one.
    last.catch(() => undefined);
    waiting.push(last);
    if (waiting.length >= underWay) yield* (await waiting.shift()) ?? [];
  }
  for (const pieces of waiting) yield* await pieces;
}

/** How many pages there are is known at the end: every page shows this one form in its footer. */
function totalPages({ text }: Fonts, pages: number): string {
  const [line] = text.linesOf(`af ${pages.toLocaleString('da-DK')}`, Number.POSITIVE_INFINITY);
  return textOperators(line === undefined ? [] : [line], letterhead.footer, {
    x: 0,
    y: 2,
    lineHeight: 0,
    rightEdge: null,
  });
}

function formOf({ width }: PageFormat, { text }: { resources: number; text: number }): string {
  return `/Type/XObject/Subtype/Form/BBox[0 0 ${width} 12]/Resources<</Font<</F1 ${text} 0 R>>>>`;
}

async function* ending(
  file: PdfFile,
  { title, madeBy, madeAt, reference }: DocumentHead,
  entries: string,
): AsyncGenerator<Buffer> {
  const [catalog, info] = [file.allocate(1)[0] ?? 0, file.allocate(1)[0] ?? 0];
  const at = `D:${madeAt.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  yield file.object(
    info,
    `<</Title${pdfText(plainText(title))}/Author${pdfText(plainText(madeBy))}/Creator(SEB)/Producer(SEB)/Keywords${pdfText(reference)}/CreationDate(${at})>>`,
  );
  yield file.object(catalog, `<</Type/Catalog/Lang(da-DK)/ViewerPreferences<</DisplayDocTitle true>>${entries}>>`);
  yield await file.end(`/Root ${catalog} 0 R/Info ${info} 0 R`);
}

/** Unpacked, so that "Kontrollér" finds the number of the report in a file that was changed, too. */
function metadataOf({ title, madeBy, madeAt, reference }: DocumentHead): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">${xmlText(title)}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>${xmlText(madeBy)}</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>da-DK</rdf:li></rdf:Bag></dc:language><xmp:CreateDate>${madeAt.toISOString()}</xmp:CreateDate><xmp:CreatorTool>SEB</xmp:CreatorTool><pdf:Keywords>${xmlText(reference)}</pdf:Keywords></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`;
}
