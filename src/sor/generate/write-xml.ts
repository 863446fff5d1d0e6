import type { GeneratedUnit } from './plan-units.ts';

const elements = {
  OWNER: 'InstitutionOwnerEntity',
  INSTITUTION: 'HealthInstitutionEntity',
  UNIT: 'OrganizationalUnitEntity',
} as const;

/** The same units as nested Sor.xml: what a unit has from the one above it (address) is left out. */
export function* xmlLines(units: Iterable<GeneratedUnit>): Generator<string> {
  yield '<?xml version="1.0" encoding="utf-8"?>\n';
  yield '<SorTree xmlns="urn:oio:sundhedsstyrelsen:organisation:1.0.0">\n';
  const open: GeneratedUnit[] = [];
  for (const unit of units) {
    while (open.length > 0 && open.at(-1) !== unit.parent) yield closingTag(open);
    open.push(unit);
    yield `${indent(open.length)}<${elements[unit.kind]}>\n${ownParts(unit, indent(open.length + 1))}`;
  }
  while (open.length > 0) yield closingTag(open);
  yield '</SorTree>\n';
}

function closingTag(open: GeneratedUnit[]): string {
  const margin = indent(open.length);
  const closed = open.pop();
  return closed ? `${margin}</${elements[closed.kind]}>\n` : '';
}

function ownParts(unit: GeneratedUnit, margin: string): string {
  const parts = [
    element('SorIdentifier', unit.code),
    element('EntityName', unit.name),
    element('EntityTypeName', unit.entityType),
    unit.kind === 'OWNER' ? element('CvrNumberIdentifier', unit.cvr) : '',
    element('ShakIdentifier', unit.shak),
    element('ProviderIdentifier', unit.provider),
    element('EanLocationCode', unit.ean),
    unit.address === unit.parent?.address ? '' : addressOf(unit),
    `<SorStatus>${element('FromDate', unit.from)}${element('ToDate', unit.to)}${element('FirstFromDate', unit.firstFrom)}</SorStatus>`,
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `${margin}${part}\n`)
    .join('');
}

function addressOf({ address }: GeneratedUnit): string {
  const lines = [
    element('StreetName', address.street),
    element('StreetBuildingIdentifier', address.building),
    element('PostCodeIdentifier', address.postcode),
    element('DistrictName', address.city),
  ];
  return `<PostalAddressInformation>${lines.join('')}</PostalAddressInformation>`;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const element = (name: string, text: string) =>
  text === '' ? '' : `<${name}>${text.replace(/[&<>]/g, (sign) => escapes[sign] ?? sign)}</${name}>`;
const indent = (depth: number) => ' '.repeat(depth);
