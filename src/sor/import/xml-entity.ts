import { streetLine, type SorRow } from './sor-row.ts';

type AddressKind = 'postal' | 'visiting' | 'activity';
type AddressPart = 'street' | 'building' | 'floor' | 'suite' | 'postcode' | 'city';
type OwnField =
  | 'code'
  | 'name'
  | 'entityType'
  | 'cvr'
  | 'shak'
  | 'provider'
  | 'ean'
  | 'eanInherited'
  | 'fromDate'
  | 'toDate'
  | 'firstFromDate';
export type XmlField = OwnField | `${AddressKind}.${AddressPart}`;

/** A unit while its element is open; `path` is where inside it the reading is. */
export type XmlEntity = {
  line: number;
  kind: SorRow['kind'];
  parent: XmlEntity | null;
  path: string[];
  fields: Partial<Record<XmlField, string>>;
};

const ownFields: Record<string, OwnField> = {
  SorIdentifier: 'code',
  EntityName: 'name',
  EntityTypeName: 'entityType',
  OwnerType: 'entityType',
  InstitutionType: 'entityType',
  UnitType: 'entityType',
  CvrNumberIdentifier: 'cvr',
  CVRnumberIdentifier: 'cvr',
  CvrNumberId: 'cvr',
  InstitutionOwnerCvrNumberId: 'cvr',
  ShakIdentifier: 'shak',
  ProviderIdentifier: 'provider',
  EanLocationCode: 'ean',
};
const statusFields: Record<string, OwnField> = {
  FromDate: 'fromDate',
  ToDate: 'toDate',
  FirstFromDate: 'firstFromDate',
};
const eanFields: Record<string, OwnField> = { EanLocationCode: 'ean', EntityInheritedIndicator: 'eanInherited' };
const addressKinds: Record<string, AddressKind> = {
  PostalAddressInformation: 'postal',
  VisitingAddressInformation: 'visiting',
  ActivityAddressInformation: 'activity',
};
const addressParts: Record<string, AddressPart> = {
  StreetName: 'street',
  StreetBuildingIdentifier: 'building',
  FloorIdentifier: 'floor',
  SuiteIdentifier: 'suite',
  PostCodeIdentifier: 'postcode',
  DistrictName: 'city',
};
const eanParts = new Set(['EanLocationCodeEntity', 'OptionalEanLocationCode', 'EanLocationCodeCollection']);
/** Parts of a unit that tell nothing that is kept. */
const unusedParts = new Set([
  ...[
    'VirtualAddressInformation',
    'ClinicalSpecialityCollection',
    'GeographicalParent',
    'LocalCode',
    'PharmacyIdentifier',
  ],
  ...['OrganizationalUnitInformation', 'ReplacesEntityCollection', 'ReplacedByEntityCollection', 'RegionCode'],
  ...['HealthInstitutionEntityCollection', 'OrganizationalUnitEntityCollection', 'SorNote', 'EntityInheritedIndicator'],
]);

/** The type codes (SNOMED CT) that stand where a name is expected in files without type names. */
const typeNames: Record<string, string> = {
  '22232009': 'hospital',
  '394761003': 'lægepraksis',
  '550671000005100': 'speciallægepraksis',
  '264372000': 'apotek',
};

/** Inside these parts, units are only mentioned. */
export function isIgnoredPart(name: string): boolean {
  return name.startsWith('Replace');
}

/** Which fact the element at this path is; undefined where it is known and not kept, null where it is unknown. */
export function fieldOf(path: readonly string[]): XmlField | null | undefined {
  const [first = '', ...rest] = path;
  const last = path.at(-1) ?? '';
  if (rest.length === 0 && ownFields[first]) return ownFields[first];
  if (first === 'SorStatus') return rest.length === 1 ? statusFields[last] : undefined;
  if (eanParts.has(first)) return path.includes('SorStatus') ? undefined : eanFields[last];

  const kind = addressKinds[first];
  if (kind) return addressParts[last] ? `${kind}.${addressParts[last]}` : undefined;
  return unusedParts.has(first) ? undefined : null;
}

/** The rows of an owner and all its units, given in the file's order; what is missing is as in the unit above. */
export function* rowsOf(entities: readonly XmlEntity[]): Generator<SorRow> {
  const above: { entity: XmlEntity; row: SorRow }[] = [];
  for (const entity of entities) {
    while (above.length > 0 && above.at(-1)?.entity !== entity.parent) above.pop();
    const row = rowOf(entity, above.at(-1)?.row ?? null);
    above.push({ entity, row });
    yield row;
  }
}

function rowOf({ line, kind, fields }: XmlEntity, above: SorRow | null): SorRow {
  const code = fields.code ?? '';
  const entityType = fields.entityType ?? '';
  return {
    line,
    code,
    kind,
    name: fields.name ?? '',
    entityType: typeNames[entityType] ?? entityType,
    parentCode: above?.code ?? null,
    ownerCvr: fields.cvr ?? above?.ownerCvr ?? null,
    institutionCode: kind === 'INSTITUTION' ? code : (above?.institutionCode ?? null),
    shakCode: fields.shak ?? null,
    providerCode: fields.provider ?? null,
    eanCode: fields.eanInherited === 'true' ? (above?.eanCode ?? null) : (fields.ean ?? null),
    ...addressOf(fields, above),
    validFrom: fields.firstFromDate ?? fields.fromDate ?? null,
    closedOn: fields.toDate ?? null,
  };
}

function addressOf(fields: XmlEntity['fields'], above: SorRow | null): Pick<SorRow, 'street' | 'postcode' | 'city'> {
  const kinds: AddressKind[] = ['postal', 'visiting', 'activity'];
  const kind = kinds.find((each) => fields[`${each}.street`] ?? fields[`${each}.postcode`]);
  if (!kind) return { street: above?.street ?? null, postcode: above?.postcode ?? null, city: above?.city ?? null };

  const part = (name: AddressPart) => fields[`${kind}.${name}`] ?? null;
  const street = streetLine(part('street'), part('building'), part('floor'), part('suite'));
  return { street, postcode: part('postcode'), city: part('city') };
}
