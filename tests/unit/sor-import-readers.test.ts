import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readCsvRows } from '../../src/sor/import/read-csv.ts';
import { readXmlRows } from '../../src/sor/import/read-xml.ts';
import { FaultList, SorFileRefused } from '../../src/sor/import/refusal.ts';
import type { ReadNotes, SorRow } from '../../src/sor/import/sor-row.ts';
import { sorText } from '../support/sor-files.ts';

const header = 'SorId;SorType;EntityName;EntityTypeName;HealthInstitutionSorId;InstitutionOwnerCvrNumberId;ToDate';

function inPieces(text: string, length = 7): AsyncIterable<string> {
  const pieces = text.match(new RegExp(`[^]{1,${length}}`, 'gu')) ?? [];
  return Readable.from(pieces);
}

async function all(reading: AsyncIterable<SorRow>): Promise<SorRow[]> {
  const rows: SorRow[] = [];
  for await (const row of reading) rows.push(row);
  return rows;
}

async function readCsv(text: string) {
  const notes: ReadNotes = { unknownColumns: [], untold: [], replaced: 0 };
  const faults = new FaultList();
  const rows = await all(readCsvRows(inPieces(text), notes, faults));
  faults.refuseIfAny();
  return { rows, notes };
}

async function readXml(text: string) {
  const notes: ReadNotes = { unknownColumns: [], untold: [], replaced: 0 };
  return { rows: await all(readXmlRows(inPieces(text), notes)), notes };
}

async function faultsOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SorFileRefused)) throw error;
  return error.message;
}

const tree = (inside: string) =>
  `<?xml version="1.0"?>\n<SorTree xmlns="urn:oio:sundhedsstyrelsen:organisation:1.0.0">${inside}</SorTree>`;
/** The formats have their units on different lines. */
const withoutLines = (rows: SorRow[]) => rows.map((row) => ({ ...row, line: 0 }));

it('reads equal units from both formats', async () => {
  const csv = await readCsv(await sorText('csv', 400));
  const xml = await readXml(await sorText('xml', 400));
  expect(csv.rows).toHaveLength(400);
  expect(withoutLines(xml.rows)).toEqual(withoutLines(csv.rows));
});

describe('SorEntity_daily.csv', () => {
  it('finds columns by name in any order and case, and takes codes out of ="…", quoted or not', async () => {
    const { rows } = await readCsv(
      'todate;SORTYPE;SorId;EntityName;EntityTypeName;HealthInstitutionSorId;InstitutionOwnerCvrNumberId\r\n' +
        ';SI;="8321000016007"; Test  Øst ;hospital;="8321000016007";33257872\r\n' +
        ';"OE";"=""7141000016000""";"A ""B"" C";"afdeling";"=""8321000016007""";"33257872"',
    );
    expect(rows[0]).toMatchObject({
      line: 2,
      code: '8321000016007',
      name: 'Test Øst',
      institutionCode: '8321000016007',
    });
    expect(rows[1]).toMatchObject({ line: 3, code: '7141000016000', name: 'A "B" C', kind: 'UNIT', closedOn: null });
  });

  it('tells unknown columns and what the file leaves out', async () => {
    const { notes } = await readCsv(`${header};Farve\n1;SI;A;b;1;33257872;;rød`);
    expect(notes.unknownColumns).toEqual(['Farve']);
    expect(notes.untold).toEqual(['parentCode', 'shakCode', 'providerCode', 'eanCode', 'address', 'validFrom']);
  });

  it('joins the address, and uses the visiting address where there is no postal one', async () => {
    const parts = ['StreetName', 'StreetBuildingId', 'FloorId', 'SuiteId', 'PostCodeId', 'DistrictName'];
    const columns = ['PostalAddress', 'VisitingAddress'].flatMap((kind) => parts.map((part) => kind + part)).join(';');
    const { rows } = await readCsv(`${header};${columns}\n1;SI;A;b;1;3;;;;;;;;Algade;7;2;tv;0800;Høje Taastrup`);
    expect(rows[0]).toMatchObject({ street: 'Algade 7, 2. tv', postcode: '0800', city: 'Høje Taastrup' });
  });

  it('counts lines rightly past empty lines and line breaks in quotes', async () => {
    const { rows } = await readCsv(`${header}\n1;SI;"A\nB";c;1;3;\n\n2;OE;D;e;1;3;\n`);
    expect(rows.map(({ line, name }) => [line, name])).toEqual([
      [2, 'A B'],
      [5, 'D'],
    ]);
  });

  it('refuses a file without a needed column, naming it', async () => {
    expect(await faultsOf(readCsv('SorId;SorType;EntityName\n'))).toContain(
      'line 1: missing columns EntityTypeName, HealthInstitutionSorId, InstitutionOwnerCvrNumberId, ToDate',
    );
  });

  it.each(['navn;adresse\nA;b', 'hello', '{"a": 1}'])('refuses what is not a SOR file: %j', async (text) => {
    expect(await faultsOf(readCsv(text))).toContain('line 1: this is not a SOR file');
  });

  it('names the line that is cut off', async () => {
    expect(await faultsOf(readCsv(`${header}\n1;SI;A;b;1;3;\n2;OE;D`))).toContain(
      'line 3: 3 fields where 7 are expected',
    );
    expect(await faultsOf(readCsv(`${header}\n1;SI;A;b;1;3;\n2;OE;"D`))).toContain('line 3: a quoted text has no end');
  });

  it('lists twenty faults and counts the rest', async () => {
    const message = await faultsOf(readCsv(`${header}\n${'1;XX;A;b;1;3;\n'.repeat(25)}`));
    expect(message).toContain('line 21: SorType is "XX", expected IE, SI or OE');
    expect(message).not.toContain('line 22');
    expect(message).toContain('… and 5 more');
  });
});

describe('Sor.xml', () => {
  it('reads facts that stand after the units inside, wrappers, prefixes and CDATA', async () => {
    const { rows } = await readXml(`<s:SorTree xmlns:s="urn:oio:sundhedsstyrelsen:organisation:1.0.0">
      <s:InstitutionOwnerEntity>
        <s:HealthInstitutionEntityCollection><s:HealthInstitutionEntity>
          <s:SorIdentifier>8321000016007</s:SorIdentifier><s:EntityName><![CDATA[Hjerte & Lunge]]></s:EntityName>
          <s:InstitutionType>22232009</s:InstitutionType>
        </s:HealthInstitutionEntity></s:HealthInstitutionEntityCollection>
        <s:SorIdentifier>7141000016000</s:SorIdentifier><s:EntityName>Region &#198;</s:EntityName>
        <s:CvrNumberIdentifier>33257872</s:CvrNumberIdentifier>
        <s:PostalAddressInformation><x><s:StreetName>Algade</s:StreetName></x><s:PostCodeIdentifier>0800</s:PostCodeIdentifier></s:PostalAddressInformation>
      </s:InstitutionOwnerEntity></s:SorTree>`);
    expect(rows.map(({ code, parentCode, name }) => [code, parentCode, name])).toEqual([
      ['7141000016000', null, 'Region Æ'],
      ['8321000016007', '7141000016000', 'Hjerte & Lunge'],
    ]);
    expect(rows[1]).toMatchObject({
      ownerCvr: '33257872',
      street: 'Algade',
      postcode: '0800',
      entityType: 'hospital',
      line: 3,
    });
  });

  it('keeps the dates of the unit apart from those of its EAN number and of its successor', async () => {
    const { rows, notes } = await readXml(
      tree(`<InstitutionOwnerEntity><SorIdentifier>7141000016000</SorIdentifier>
        <EanLocationCodeEntity><EanLocationCode>5790000141227</EanLocationCode>
          <SorStatus><ToDate>2020-01-01</ToDate></SorStatus></EanLocationCodeEntity>
        <ReplacedByEntityCollection><HealthInstitutionEntity><SorIdentifier>1</SorIdentifier></HealthInstitutionEntity></ReplacedByEntityCollection>
        <SorStatus><FromDate>2015-01-01</FromDate><FirstFromDate>2007-01-01</FirstFromDate></SorStatus>
        <Farve>rød</Farve>
      </InstitutionOwnerEntity>`),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ eanCode: '5790000141227', validFrom: '2007-01-01', closedOn: null });
    expect(notes).toMatchObject({ replaced: 1, unknownColumns: ['Farve'] });
  });

  it.each([
    [
      'cut off',
      tree('<InstitutionOwnerEntity>\n<SorIdentifier>71').replace('</SorTree>', ''),
      'line 3: the XML has no end',
    ],
    ['broken', tree('<InstitutionOwnerEntity>\n</HealthInstitutionEntity>'), 'line 3: the XML is broken'],
    ['of another kind', '<html></html>', 'line 1: this is not a SOR file: it begins with <html>'],
    ['of another namespace', '<SorTree></SorTree>', 'line 1: this is not a SOR file: its namespace is ""'],
    ['with a DOCTYPE', '<!DOCTYPE a [<!ENTITY b "c">]><SorTree/>', 'line 1: a document type definition'],
    ['wrongly nested', tree('\n<OrganizationalUnitEntity/>'), 'line 3: <OrganizationalUnitEntity> stands in no owner'],
  ])('refuses a file that is %s', async (_, text, message) => {
    expect(await faultsOf(readXml(text))).toContain(message);
  });
});
