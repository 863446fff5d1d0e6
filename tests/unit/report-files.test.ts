import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockOf, plainText, shownText } from '../../src/reports/cells.ts';
import type { CellFormat, CellValue, DocumentColumn, ReportDocument } from '../../src/reports/document.ts';
import { pageFormat } from '../../src/reports/page-format.ts';
import { toCsv } from '../../src/reports/to-csv.ts';
import { toDocx } from '../../src/reports/to-docx.ts';
import { toPdf } from '../../src/reports/to-pdf.ts';
import { toXlsx } from '../../src/reports/to-xlsx.ts';
import type { Written } from '../../src/reports/write-hashed.ts';
import { sheetText } from '../../src/reports/xlsx-parts.ts';
import { anyText } from '../support/any-text.ts';
import { readCsv, readDocx, readPdf, readSheet, readXlsx, zipParts } from '../support/report-files.ts';

const head: ReportDocument['head'] = {
  title: 'Alle brugere i et CVR',
  organisation: { name: 'Region Eksempel', cvr: '39910012' },
  filters: [{ label: 'Rolle', value: 'Se <alt> & "mere"' }],
  madeBy: 'Åse Østergård, Region Eksempel',
  madeAt: new Date('2026-11-30T11:05:00Z'),
  reference: 'SEB-7K2Q-9FJM',
};
const columns: DocumentColumn[] = [
  column('Navn', 20, 'text'),
  column('RID', 10, 'code'),
  column('SOR-kode', 19, 'code'),
  column('Antal', 8, 'number'),
  column('Fra', 11, 'date'),
  column('Seneste login', 16, 'dateTime'),
  column('Spærret', 8, 'yesNo'),
];
const rows: CellValue[][] = [
  [
    'Łukasz Őze Ştefan Ţepeş Æsop Ørsted Ågård Ýmir Þór Ħal Žižka',
    '000123',
    '441211000016003',
    1234,
    '2026-11-30',
    '2026-06-30T22:30:05Z',
    true,
  ],
  ['=1+1', '+45', '-1', -5, null, null, false],
  ['@SUM(A1)', '', null, 0.5, '1899-12-31', '2026-01-01T00:00:00.500Z', null],
  ['linje et\nlinje to', '\t=1', '_x0041_', 0, 'infinity', 'i morgen', true],
  ['شكرا 🎉👩🏽‍⚕️ שלום', '1', '2', 1_000_000, '0999-01-01', '2026-10-25T00:30:00Z', false],
  ['Klinisk-skriveadgang/med@udvidet.ansvar for patienter', 'x'.repeat(60), '3', 3, '2024-02-29', null, null],
];

function column(label: string, width: number, format: CellFormat): DocumentColumn {
  return { label, width, format };
}

function documentOf(rowsOf: CellValue[][], columnsOf = columns, batch = 2): ReportDocument {
  return { head, columns: columnsOf, rows: batches(rowsOf, batch) };
}

async function* batches(all: CellValue[][], size: number): AsyncGenerator<CellValue[][]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

type Writer = (document: ReportDocument, out: PassThrough) => Promise<Written>;

async function made(write: Writer, document: ReportDocument): Promise<Buffer> {
  const out = new PassThrough();
  const [file, written] = await Promise.all([buffer(out), write(document, out)]);
  expect(written.sha256).toBe(createHash('sha256').update(file).digest('hex'));
  expect(written.bytes).toBe(file.length);
  return file;
}

const heads = columns.map(({ label }) => label);
const shown = (all: CellValue[][]): string[][] =>
  all.map((row) => row.map((value, index) => shownText(value, columns[index]?.format ?? 'text')));

describe('what a cell shows', () => {
  it('is Danish, by the Danish clock', () => {
    expect(shown(rows)[0]?.slice(3)).toEqual(['1.234', '30-11-2026', '01-07-2026 00.30', 'Ja']);
    // The hour that comes twice at the end of summer time, and a winter's.
    expect(clockOf('2026-10-25T00:30:00Z')?.time).toBe('02:30:00');
    expect(clockOf('2026-10-25T01:30:00Z')?.time).toBe('02:30:00');
    expect(clockOf('2026-01-01T23:30:00Z')).toEqual({ year: '2026', month: '01', day: '02', time: '00:30:00' });
    expect(shownText('2026-02-30', 'date')).toBe('2026-02-30');
    expect(shownText(Number.NaN, 'number')).toBe('');
  });

  it('holds nothing that XML forbids, whatever the text', () => {
    expect(plainText('a\0b\u001f\ufffe\ud800\r\nc')).toBe('a\ufffdb\ufffd\ufffd\ufffd\nc');
    fc.assert(
      fc.property(anyText(), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(plainText(text)).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]/);
        expect(plainText(text).isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a CSV file', () => {
  it('has every cell, its formulas made harmless', async () => {
    const { rows: read } = readCsv(await made(toCsv, documentOf(rows)));
    expect(read).toEqual([
      heads,
      [rows[0]?.[0], '000123', '441211000016003', '1234', '2026-11-30', '2026-07-01 00:30:05', 'Ja'],
      ["'=1+1", "'+45", "'-1", '-5', '', '', 'Nej'],
      ["'@SUM(A1)", '', '', '0,5', '1899-12-31', '2026-01-01 01:00:00', ''],
      ['linje et\nlinje to', "'\t=1", '_x0041_', '0', 'infinity', 'i morgen', 'Ja'],
      [rows[4]?.[0], '1', '2', '1000000', '0999-01-01', '2026-10-25 02:30:00', 'Nej'],
      [rows[5]?.[0], rows[5]?.[1], '3', '3', '2024-02-29', '', ''],
    ]);
  });

  it('begins with the mark of UTF-8 and ends its lines as Excel does', async () => {
    const file = await made(toCsv, documentOf([]));
    expect(file.toString()).toBe('\ufeffNavn;RID;SOR-kode;Antal;Fra;Seneste login;Spærret\r\n');
  });
});

describe('an Excel file', () => {
  it('has every cell as what it is', async () => {
    const file = await made(toXlsx, documentOf(rows));
    const { rows: read, about, properties } = await readXlsx(file);
    expect(read.slice(0, 3)).toEqual([
      heads,
      [rows[0]?.[0], '000123', '441211000016003', '1234', '30-11-2026', '01-07-2026 00.30', 'Ja'],
      ['=1+1', '+45', '-1', '-5', '', '', 'Nej'],
    ]);
    expect(read[4]).toEqual(['linje et\nlinje to', '\t=1', '_x0041_', '0', 'infinity', 'i morgen', 'Ja']);
    expect(about).toEqual([
      ...['Alle brugere i et CVR', 'Organisation', 'Region Eksempel (CVR 39 91 00 12)'],
      ...['Rolle', 'Se <alt> & "mere"', 'Lavet af', 'Åse Østergård, Region Eksempel'],
      ...['Lavet', '30-11-2026 kl. 12.05', 'Rapportnummer', 'SEB-7K2Q-9FJM', 'Antal rækker', '6'],
      expect.stringContaining('Kontrollér'),
    ]);
    expect(properties).toMatchObject({ title: head.title, language: 'da-DK', keywords: head.reference });
  });

  it('stores codes and what looks like a formula as text, dates and numbers as numbers', async () => {
    const parts = await zipParts(await made(toXlsx, documentOf(rows)));
    const [, first = [], second = [], third = []] = await readSheet(parts, 'xl/worksheets/sheet1.xml');
    const types = (cells: typeof first): string[] => cells.map(({ place, type }) => `${place} ${type}`);
    expect(types(first)).toEqual([
      ...['A2 inlineStr', 'B2 inlineStr', 'C2 inlineStr'],
      ...['D2 n', 'E2 n', 'F2 n', 'G2 inlineStr'],
    ]);
    // quotePrefix: the cell stays text when it is edited.
    expect(second.slice(0, 3).map(({ style }) => style)).toEqual([6, 6, 6]);
    expect(types(third)).toContain('E4 inlineStr'); // before Excel's calendar
    expect(parts.get('xl/worksheets/sheet1.xml')?.toString()).not.toContain('<f>');
  });

  it('has a frozen header, a filter over all rows, widths and the same header on every printed page', async () => {
    const parts = await zipParts(await made(toXlsx, documentOf(rows)));
    const sheet = parts.get('xl/worksheets/sheet1.xml')?.toString() ?? '';
    expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
    expect(sheet).toContain('<autoFilter ref="A1:G7"/>');
    expect(sheet).toContain('<col min="3" max="3" width="22" style="2" customWidth="1"/>');
    // The order that the schema demands; Excel repairs any other.
    const order = [
      'sheetPr',
      'sheetViews',
      'sheetFormatPr',
      'cols',
      'sheetData',
      'autoFilter',
      'pageMargins',
      'pageSetup',
      'headerFooter',
      'ignoredErrors',
    ];
    expect(order.map((name) => sheet.indexOf(`<${name}`)).toSorted((one, other) => one - other)).toEqual(
      order.map((name) => sheet.indexOf(`<${name}`)),
    );
    const workbook = parts.get('xl/workbook.xml')?.toString() ?? '';
    expect(workbook).toContain(`<definedName name="_xlnm.Print_Titles" localSheetId="0">'Rapport'!$1:$1</definedName>`);
    expect(workbook).toMatch(/name="Rapport".*name="Om rapporten"/);
  });

  it('breaks a long text, which the next cell would cut off or which would run over the edge of the paper', async () => {
    const two = [column('Navn', 5, 'text'), column('Hændelse', 5, 'text')];
    const parts = await zipParts(
      await made(
        toXlsx,
        documentOf(
          [
            ['et meget langt navn', 'kort'],
            ['navn', 'en lang hændelse'],
          ],
          two,
        ),
      ),
    );
    const [, short = [], long = []] = await readSheet(parts, 'xl/worksheets/sheet1.xml');
    expect([...short, ...long].map(({ style }) => style)).toEqual([10, 2, 2, 10]);
    expect(parts.get('xl/worksheets/sheet1.xml')?.toString()).toContain('<row r="2" ht="30">');
    const formats =
      parts
        .get('xl/styles.xml')
        ?.toString()
        .match(/<cellXfs.*<\/cellXfs>/s)?.[0] ?? '';
    expect(formats.match(/<xf .*?(?:\/>|<\/xf>)/g)?.[10]).toContain('wrapText="1"');
  });

  it('names every part it has, and no other', async () => {
    const parts = await zipParts(await made(toXlsx, documentOf(rows)));
    const types = parts.get('[Content_Types].xml')?.toString() ?? '';
    const named = [...types.matchAll(/PartName="\/([^"]+)"/g)].map(([, name]) => name);
    expect([...parts.keys()].filter((name) => !/\.rels$|^\[/.test(name)).toSorted()).toEqual(named.toSorted());
  });

  it('cuts what Excel cannot hold, and says so', () => {
    expect(sheetText('x'.repeat(40_000))).toHaveLength(32_767);
    expect(sheetText('x'.repeat(40_000))).toMatch(/ … \(afkortet\)$/);
    expect(sheetText(`${'x'.repeat(32_753)}🎉🎉🎉🎉🎉🎉🎉🎉`).isWellFormed()).toBe(true);
    expect(sheetText('x'.repeat(32_767))).toBe('x'.repeat(32_767));
  });
});

describe('a Word file', () => {
  it('has every cell, the head of the report and a header row that is repeated', async () => {
    const file = await made(toDocx, documentOf(rows));
    const { rows: read, about, properties } = await readDocx(file);
    expect(read).toEqual([heads, ...shown(rows)]);
    expect(about.slice(0, 3)).toEqual([
      head.title,
      'Organisation\tRegion Eksempel (CVR 39 91 00 12)',
      'Rolle\tSe <alt> & "mere"',
    ]);
    expect(properties).toMatchObject({ title: head.title, keywords: head.reference });
    const parts = await zipParts(file);
    const text = parts.get('word/document.xml')?.toString() ?? '';
    expect(text.match(/<w:tblHeader\/>/g)).toHaveLength(1);
    expect(text).toContain('<w:pStyle w:val="Heading1"/>');
    expect(parts.get('word/styles.xml')?.toString()).toContain('w:val="da-DK"');
    const footer = parts.get('word/footer1.xml')?.toString() ?? '';
    expect(footer).toMatch(/PAGE.*NUMPAGES/s);
  });

  it('begins a new table, with a heading, before Word would give up', async () => {
    const many = Array.from({ length: 10_001 }, (_, index): CellValue[] => [index]);
    const {
      rows: read,
      about,
      tables,
    } = await readDocx(await made(toDocx, documentOf(many, [column('Nr.', 6, 'number')], 1000)));
    expect(tables).toBe(2);
    expect(read).toHaveLength(10_003);
    expect(about).toContain('Fra række 10.001');
  });
});

describe('a PDF file', () => {
  it('gives back every cell by its structure, and tells its pages', async () => {
    const { rows: read, about, properties, footers, pages } = await readPdf(await made(toPdf, documentOf(rows)));
    expect(read.map((row) => row.map(unspaced))).toEqual([heads, ...shown(rows)].map((row) => row.map(unspaced)));
    expect(about[0]).toBe(head.title);
    expect(about).toContain('Se <alt> & "mere"');
    expect(unspaced(footers[0] ?? '')).toContain(`${head.reference}Side1af${pages}`);
    expect(properties).toMatchObject({ Title: head.title, Language: 'da-DK', Keywords: head.reference });
  });

  it('repeats the header on each page, and cuts a row that no page holds', async () => {
    const many = Array.from({ length: 200 }, (_, index): CellValue[] => [
      `Nr. ${index}`,
      index === 60 ? 'ord '.repeat(9_000) : null,
    ]);
    const two = [column('Navn', 12, 'text'), column('Note', 20, 'text')];
    const { rows: read, footers, pages } = await readPdf(await made(toPdf, documentOf(many, two, 1000)));
    expect(pages).toBeGreaterThan(10);
    expect(footers.slice(1).every((footer) => footer.startsWith('NavnNote'))).toBe(true);
    expect(unspaced(footers.at(-1) ?? '')).toContain(`Side${pages}af${pages}`);
    const text = read
      .slice(1)
      .map(([, note = '']) => note)
      .join('');
    expect(text.replaceAll(' ', '')).toBe('ord'.repeat(9_000));
    expect(read.filter(([name]) => name?.startsWith('Nr.'))).toHaveLength(200);
  });
});

/** The reader of PDF leaves out spaces and joiners at the end of lines, and turns what is written from the right. */
function unspaced(text: string): string {
  const seen = text.normalize('NFC').replace(/[\s\p{Cf}]/gu, '');
  return /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(seen) ? [...seen].toSorted().join('') : seen;
}

describe('every form', () => {
  const forms: [name: string, write: Writer, read: (file: Buffer) => Promise<{ rows: string[][] }>][] = [
    ['CSV', toCsv, async (file) => readCsv(file)],
    ['Excel', toXlsx, readXlsx],
    ['Word', toDocx, readDocx],
    ['PDF', toPdf, readPdf],
  ];

  it.each(forms)('is a whole %s file for no rows, one column and twenty', async (_, write, read) => {
    expect((await read(await made(write, documentOf([])))).rows).toEqual([heads]);
    const one = [column('Navn', 10, 'text')];
    expect((await read(await made(write, documentOf([['Åse'], ['']], one)))).rows).toHaveLength(3);
    const twenty = Array.from({ length: 20 }, (__, index) => column(`Kolonne ${index}`, 15, 'text'));
    const wide = twenty.map(({ label }) => `${label} med tekst`);
    const { rows: read20 } = await read(await made(write, documentOf([wide], twenty)));
    expect(read20.map((row) => row.map(unspaced))).toEqual([
      twenty.map(({ label }) => unspaced(label)),
      wide.map(unspaced),
    ]);
  });

  it.each(forms)(
    'is a whole %s file whatever stands in the cells',
    async (_, write, read) => {
      const text = fc.oneof(anyText(), fc.string({ unit: 'grapheme' }), fc.constantFrom('=1', '\ud800', '\ufffe\0'));
      const value = fc.oneof(
        text,
        fc.double(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      );
      const cells = fc.array(fc.array(value, { minLength: 7, maxLength: 7 }), { maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(cells, async (made5) => {
          const { rows: back } = await read(await made(write, documentOf(made5)));
          expect(back).toHaveLength(made5.length + 1);
          expect(back.every((row) => row.length === columns.length)).toBe(true);
        }),
        { numRuns: 8, endOnFailure: true },
      );
    },
    20_000,
  );

  it.each(forms)('ends where the rows of a %s file end badly, and closes what it read', async (_, write) => {
    let isClosed = false;
    async function* failing(): AsyncGenerator<CellValue[][]> {
      try {
        yield rows;
        throw new Error('The database is away');
      } finally {
        isClosed = true;
      }
    }
    const out = new PassThrough();
    out.resume();
    await expect(write({ head, columns, rows: failing() }, out)).rejects.toThrow('The database is away');
    expect(isClosed).toBe(true);
    expect(out.destroyed).toBe(true);
  });

  it.each(forms)('gives up its rows when nobody takes the %s file any more', async (_, write) => {
    let isClosed = false;
    const out = new PassThrough();
    out.resume();
    async function* endless(): AsyncGenerator<CellValue[][]> {
      try {
        for (let batch = 0; ; batch += 1) {
          if (batch === 3) out.destroy(new Error('The reader left'));
          yield rows;
          await new Promise(setImmediate);
        }
      } finally {
        isClosed = true;
      }
    }
    await expect(write({ head, columns, rows: endless() }, out)).rejects.toThrow('The reader left');
    await expect.poll(() => isClosed).toBe(true);
  });
});

it('puts columns on paper upright while they fit, and never wider than the page', () => {
  const few = pageFormat([column('Navn', 30, 'text'), column('RID', 12, 'code')]);
  expect([few.isLandscape, few.fontSize]).toEqual([false, 9]);
  const wide = pageFormat([...columns, column('E-mail', 30, 'text')]);
  expect([wide.isLandscape, wide.fontSize]).toEqual([true, 9]);
  const many = pageFormat(Array.from({ length: 20 }, () => column('Betegnelse', 30, 'text')));
  expect(many.fontSize).toBe(6);
  expect(many.columnWidths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(many.width - 72);
});
