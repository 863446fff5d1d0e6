import { makeSorCode } from '../../shared/danish-numbers.ts';
import { demoOrganisations } from '../demo-people.ts';
import { addDays } from './calendar.ts';
import { addressOf, organisationKeys, type OrganisationKey } from './organisations.ts';
import { clinicUnits, closedUnits, municipalityUnits, practiceUnits, systemOwnerUnits } from './other-units.ts';
import { regionUnits } from './region-units.ts';

export type DemoUnit = {
  code: string;
  kind: 'OWNER' | 'INSTITUTION' | 'UNIT';
  name: string;
  entityType: string;
  parentCode: string | null;
  institutionCode: string | null;
  shakCode: string | null;
  ownerCvr: string;
  street: string;
  postcode: string;
  city: string;
  validFrom: string;
  closedOn: string | null;
  organisation: OrganisationKey;
  /** Names from the owner down, joined by " / ", to find units by where they are. */
  path: string;
};

type Line = { depth: number; name: string; entityType: string | null; closedOn: string | null };

/** High enough for no real unit and none of the SOR generator to have it. */
const firstItemNumber = 9_500_001;

const outlines: Record<OrganisationKey, string> = {
  systemOwner: systemOwnerUnits,
  region: regionUnits,
  municipality: municipalityUnits,
  practice: practiceUnits,
  clinic: clinicUnits,
  closed: closedUnits,
};

/** Only hospitals have SHAK codes: four digits, to which each department adds two and each unit below a letter or digit. */
const hospitalShak: Record<string, string> = {
  'Eksempel Universitetshospital': '9901',
  'Regionshospitalet Nordfjord': '9902',
};

/** All SOR units of the sector, parents before children. */
export function makeSorUnits(today: string): DemoUnit[] {
  const units: DemoUnit[] = [];
  for (const organisation of organisationKeys) addUnits(units, organisation, today);
  return units;
}

function addUnits(units: DemoUnit[], organisation: OrganisationKey, today: string): void {
  const above: DemoUnit[] = [];
  let entityType = '';
  for (const text of outlines[organisation].split('\n').filter(Boolean)) {
    const line = readLine(text, today);
    entityType = line.entityType ?? entityType;
    above.length = line.depth;
    const siblings = units.filter(({ parentCode }) => parentCode === above.at(-1)?.code).length;
    const unit = makeUnit({
      ...line,
      entityType,
      organisation,
      above,
      siblings,
      itemNumber: firstItemNumber + units.length,
    });
    units.push(unit);
    above.push(unit);
  }
}

type Sketch = Line & {
  entityType: string;
  organisation: OrganisationKey;
  above: readonly DemoUnit[];
  siblings: number;
  itemNumber: number;
};

function makeUnit({ depth, name, entityType, closedOn, organisation, above, siblings, itemNumber }: Sketch): DemoUnit {
  const code = makeSorCode(itemNumber);
  const institution = depth === 0 ? null : (above[1] ?? { code, name });
  return {
    code,
    kind: depth === 0 ? 'OWNER' : depth === 1 ? 'INSTITUTION' : 'UNIT',
    name,
    entityType,
    parentCode: above.at(-1)?.code ?? null,
    institutionCode: institution?.code ?? null,
    shakCode: shakCode(name, above, siblings),
    ownerCvr: demoOrganisations[organisation].cvr,
    ...addressOf(organisation, institution?.name ?? name),
    validFrom: depth < 2 ? '2007-01-01' : addDays('2007-02-01', 31 * (itemNumber % 60)),
    closedOn,
    organisation,
    path: [...above.map((unit) => unit.name), name].join(' / '),
  };
}

function shakCode(name: string, above: readonly DemoUnit[], siblings: number): string | null {
  const parent = above.at(-1)?.shakCode;
  if (!parent) return hospitalShak[name] ?? null;
  if (above.length === 2) return `${parent}${String(siblings + 1).padStart(2, '0')}`;
  return above.length === 3 ? `${parent}${(siblings + 1).toString(36).toUpperCase()}` : null;
}

/** Depth by indentation of two spaces; the marks are told in region-units.ts. */
function readLine(text: string, today: string): Line {
  const read = /^(?<indent> *)(?<name>[^|†→]+?)(?: \| (?<type>[^†→]+?))?(?: † (?<date>\S+)| → (?<days>\d+))?$/.exec(
    text,
  )?.groups;
  if (!read?.['name']) throw new Error(`not a unit: ${text}`);
  const { indent = '', name, type, date, days } = read;
  const closedOn = days === undefined ? (date ?? null) : addDays(today, Number(days));
  return { depth: indent.length / 2, name, entityType: type ?? null, closedOn };
}
