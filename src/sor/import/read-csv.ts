import { Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { refuse, type FaultList } from './refusal.ts';
import { streetLine, textOrNull, type ReadNotes, type SorRow, type UntoldColumn } from './sor-row.ts';

type Columns = Map<string, number>;
type Cell = (column: string) => string | null;
type CsvRecord = { record: string[]; info: Info };

const required = [
  'SorId',
  'SorType',
  'EntityName',
  'EntityTypeName',
  'HealthInstitutionSorId',
  'InstitutionOwnerCvrNumberId',
  'ToDate',
];
const addressParts = ['StreetName', 'StreetBuildingId', 'FloorId', 'SuiteId', 'PostCodeId', 'DistrictName'];
const addressKinds = ['PostalAddress', 'VisitingAddress', 'ActivityAddress'];
const optional = ['ParentSorId', 'ShakId', 'ProviderId', 'EanLocationCode', 'FirstFromDate', 'FromDate'];
/** Columns that the file is known to have and that nothing here needs. */
const unused = [
  'OrganisationalLevelCode',
  'OrganisationalLevelName',
  'HealthInstitutionEntityName',
  'HealthInstitutionEntityTypeName',
  'InstitutionOwnerEntityTypeName',
  'UpdatedAt',
];
const known = new Set(
  [...required, ...optional, ...unused, ...addressKinds.flatMap((kind) => addressParts.map((part) => kind + part))].map(
    (name) => name.toLowerCase(),
  ),
);

const kinds: Record<string, SorRow['kind']> = { IE: 'OWNER', SI: 'INSTITUTION', OE: 'UNIT' };

/** The units of SorEntity_daily.csv in the file's order; columns are found by their names in the first line. */
export async function* readCsvRows(
  text: AsyncIterable<string>,
  notes: ReadNotes,
  faults: FaultList,
): AsyncGenerator<SorRow> {
  let columns: Columns | null = null;
  for await (const { record, info } of records(text)) {
    const line = firstLine(record, info.lines);
    if (columns === null) {
      columns = readHeader(record, notes);
    } else if (record.length !== columns.size) {
      faults.add(line, `${record.length} fields where ${columns.size} are expected; is the file cut off?`);
    } else {
      const row = rowOf(cellReader(columns, record), line, faults);
      if (row) yield row;
    }
  }
}

/** The parser tells where a record ends; a quoted text in it may hold line breaks. */
function firstLine(record: string[], lastLine: number): number {
  return lastLine - (record.join('').match(/\n/g)?.length ?? 0);
}

async function* records(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: ';',
    info: true,
    relax_column_count: true,
    // Codes come as ="347801000016001", a quote inside a field that does not begin with one.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: 100_000,
  });
  const source = Readable.from(text, { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  const parsed: AsyncIterable<CsvRecord> = source.pipe(parser);
  try {
    yield* parsed;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const cut = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE';
    refuse(Number(error['lines']), cut ? 'a quoted text has no end; is the file cut off?' : error.message);
  } finally {
    source.destroy();
  }
}

function readHeader(header: string[], notes: ReadNotes): Columns {
  const names = header.map((name) => name.trim());
  const columns: Columns = new Map(names.map((name, place) => [name.toLowerCase(), place]));
  if (/ï»¿|Ã|\ufffd/.test(names.join(''))) refuse(1, 'wrong encoding: the letters of the first line are broken');
  if (!columns.has('sorid')) refuse(1, 'this is not a SOR file: the first line names no column SorId');
  const missing = required.filter((name) => !columns.has(name.toLowerCase()));
  if (missing.length > 0) refuse(1, `missing column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`);
  if (columns.size < names.length) refuse(1, 'two columns have the same name');

  notes.unknownColumns = names.filter((name) => !known.has(name.toLowerCase()));
  notes.untold = untoldBy(columns);
  return columns;
}

function untoldBy(columns: Columns): UntoldColumn[] {
  const toldBy: [UntoldColumn, string[]][] = [
    ['parentCode', ['ParentSorId']],
    ['shakCode', ['ShakId']],
    ['providerCode', ['ProviderId']],
    ['eanCode', ['EanLocationCode']],
    ['address', addressKinds.map((kind) => `${kind}StreetName`)],
    ['validFrom', ['FirstFromDate', 'FromDate']],
  ];
  return toldBy.filter(([, names]) => !names.some((name) => columns.has(name.toLowerCase()))).map(([column]) => column);
}

function cellReader(columns: Columns, record: string[]): Cell {
  return (column) => {
    const place = columns.get(column.toLowerCase());
    return place === undefined ? null : textOrNull(record[place]?.replace(/^="(.*)"$/, '$1'));
  };
}

function rowOf(cell: Cell, line: number, faults: FaultList): SorRow | null {
  const kind = kinds[cell('SorType')?.toUpperCase() ?? ''];
  if (!kind) {
    faults.add(line, `SorType is "${cell('SorType') ?? ''}", expected IE, SI or OE`);
    return null;
  }
  const code = cell('SorId') ?? '';
  const institution = cell('HealthInstitutionSorId');
  return {
    line,
    code,
    kind,
    name: cell('EntityName') ?? '',
    entityType: cell('EntityTypeName') ?? '',
    parentCode: cell('ParentSorId'),
    ownerCvr: cell('InstitutionOwnerCvrNumberId'),
    institutionCode: kind === 'INSTITUTION' ? code : institution,
    shakCode: cell('ShakId'),
    providerCode: cell('ProviderId'),
    eanCode: cell('EanLocationCode'),
    ...addressOf(cell),
    validFrom: cell('FirstFromDate') ?? cell('FromDate'),
    closedOn: cell('ToDate'),
  };
}

/** The postal address, or the first other one that is given. */
function addressOf(cell: Cell): Pick<SorRow, 'street' | 'postcode' | 'city'> {
  const kind = addressKinds.find((each) => cell(`${each}StreetName`) ?? cell(`${each}PostCodeId`)) ?? 'PostalAddress';
  const [street = null, building = null, floor = null, suite = null, postcode = null, city = null] = addressParts.map(
    (part) => cell(kind + part),
  );
  return { street: streetLine(street, building, floor, suite), postcode, city };
}
