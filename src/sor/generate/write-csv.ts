import type { GeneratedUnit } from './plan-units.ts';

const sorTypes = { OWNER: 'IE', INSTITUTION: 'SI', UNIT: 'OE' } as const;
const ownerOf = (unit: GeneratedUnit) => unit.owner ?? unit;

/** Each column of the file in order, with what a unit has in it. */
const columns: [header: string, cell: (unit: GeneratedUnit) => string][] = [
  ['SorId', (unit) => excelText(unit.code)],
  ['SorType', (unit) => quoted(sorTypes[unit.kind])],
  ['ParentSorId', (unit) => excelText(unit.parent?.code ?? '')],
  ['EntityName', (unit) => quoted(unit.name)],
  ['EntityTypeName', (unit) => quoted(unit.entityType)],
  ['InstitutionOwnerCvrNumberId', (unit) => quoted(unit.cvr)],
  ['InstitutionOwnerEntityTypeName', (unit) => quoted(ownerOf(unit).entityType)],
  ['HealthInstitutionSorId', (unit) => excelText(unit.institution?.code ?? '')],
  ['HealthInstitutionEntityName', (unit) => quoted(unit.institution?.name ?? '')],
  ['ShakId', (unit) => quoted(unit.shak)],
  ['ProviderId', (unit) => quoted(unit.provider)],
  ['EanLocationCode', (unit) => excelText(unit.ean)],
  ['PostalAddressStreetName', (unit) => quoted(unit.address.street)],
  ['PostalAddressStreetBuildingId', (unit) => quoted(unit.address.building)],
  ['PostalAddressPostCodeId', (unit) => quoted(unit.address.postcode)],
  ['PostalAddressDistrictName', (unit) => quoted(unit.address.city)],
  ['FirstFromDate', (unit) => quoted(unit.firstFrom)],
  ['FromDate', (unit) => quoted(unit.from)],
  ['ToDate', (unit) => quoted(unit.to)],
];

/** SOR's daily file, line by line: BOM, semicolons, quotes, and codes written so that Excel takes them for text. */
export function* csvLines(units: Iterable<GeneratedUnit>): Generator<string> {
  yield `\ufeff${columns.map(([header]) => header).join(';')}\r\n`;
  for (const unit of units) yield `${columns.map(([, cell]) => cell(unit)).join(';')}\r\n`;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const excelText = (code: string) => (code === '' ? '""' : `"=""${code}"""`);
