import { cvrSeries, makeGln, makeSorCode } from '../../shared/danish-numbers.ts';
import * as names from './names.ts';
import { seededRandom, type Random } from './random.ts';

export type GeneratedUnit = {
  code: string;
  kind: 'OWNER' | 'INSTITUTION' | 'UNIT';
  name: string;
  entityType: string;
  parent: GeneratedUnit | null;
  owner: GeneratedUnit | null;
  institution: GeneratedUnit | null;
  cvr: string;
  shak: string;
  provider: string;
  ean: string;
  address: Address;
  firstFrom: string;
  from: string;
  to: string;
};

type Address = { street: string; building: string; postcode: string; city: string };
type Draft = Pick<GeneratedUnit, 'name' | 'entityType'> &
  Partial<Pick<GeneratedUnit, 'shak' | 'provider' | 'ean' | 'address'>>;
export type Plan = { units: number; seed?: number; firstItemNumber?: number };

/** How many units one unit of each level holds on average: hospital, centre, department, ward, team, post. */
const hospitalLevels = [2500, 400, 60, 12, 4, 1];
const municipalLevels = [150, 20, 4, 1];

/** Exactly so many units, each after its parent, as a walk through the tree goes; the same for the same plan. */
export function* planUnits({ units, seed = 1, firstItemNumber = 9_000_001 }: Plan): Generator<GeneratedUnit> {
  const make = unitMaker(seededRandom(seed), firstItemNumber);
  let left = units;
  for (const [form, size] of ownerSizes(units)) {
    const count = Math.min(size, left);
    if (count < 1) return;
    left -= count;
    yield* make[form](count);
  }
}

/** One large region, four lesser ones and the municipalities where there is room, and practices for the rest. */
function* ownerSizes(units: number): Generator<['region' | 'municipality' | 'practice', number]> {
  const lesserRegions = units >= 2000 ? names.regions.length - 1 : 0;
  const municipalities = Math.min(98, Math.max(1, Math.round(units / 1200)));
  yield ['region', Math.ceil(units * 0.3)];
  for (let made = 0; made < lesserRegions; made += 1) yield ['region', Math.round(units * 0.06)];
  for (let made = 0; made < municipalities; made += 1)
    yield ['municipality', Math.ceil((units * 0.26) / municipalities)];
  for (let made = 0; ; made += 1) yield ['practice', 3 + (made % 5)];
}

function unitMaker(random: Random, firstItemNumber: number) {
  // A series (399…) in which no company has a number.
  const cvrNumbers = cvrSeries(3_992_001);
  const made = { units: 0, regions: 0, municipalities: 0, institutions: 0 };

  const address = (): Address => ({
    street: random.pick(names.streets),
    building: `${1 + random.below(120)}${random.oncePer(6) ? 'B' : ''}`,
    postcode: String(800 + random.below(9100)).padStart(4, '0'),
    city: town(random),
  });

  function unit(parent: GeneratedUnit | null, kind: GeneratedUnit['kind'], draft: Draft): GeneratedUnit {
    const year = 2007 + random.below(18);
    const fresh: GeneratedUnit = {
      code: makeSorCode(firstItemNumber + made.units),
      kind,
      parent,
      owner: parent?.owner ?? parent,
      institution: parent?.institution ?? null,
      cvr: parent?.cvr ?? cvrNumbers.next().value,
      shak: '',
      provider: '',
      ean: '',
      address: parent?.address ?? address(),
      firstFrom: `${year}-01-01`,
      from: random.oncePer(3) ? `${year + 1}-03-01` : `${year}-01-01`,
      to: '',
      ...draft,
    };
    if (kind === 'INSTITUTION') fresh.institution = fresh;
    made.units += 1;
    return fresh;
  }

  function institution(owner: GeneratedUnit, draft: Draft): GeneratedUnit {
    made.institutions += 1;
    return unit(owner, 'INSTITUTION', { ean: gln(made.institutions), address: address(), ...draft });
  }

  function* region(count: number): Generator<GeneratedUnit> {
    const place = made.regions++ % names.regions.length;
    const owner = unit(null, 'OWNER', { name: names.regions[place] ?? names.regions[0], entityType: 'region' });
    yield owner;
    yield* split(count - 1, hospitalLevels[0] ?? 1, function* (share, at) {
      const name = `${owner.name.slice('Region '.length)} ${names.hospitals[at % names.hospitals.length]}`;
      const hospital = institution(owner, {
        name,
        entityType: 'hospital',
        shak: String(1000 + (made.institutions % 9000)),
      });
      yield hospital;
      yield* departments(hospital, share - 1, 1, random.pick(names.specialties));
    });
  }

  function* departments(
    above: GeneratedUnit,
    count: number,
    level: number,
    specialty: string,
  ): Generator<GeneratedUnit> {
    yield* split(count, hospitalLevels[level] ?? 1, function* (share, at) {
      const own = level === 2 ? random.pick(names.specialties) : specialty;
      const entityType = level < 3 ? 'administrativ enhed' : 'klinisk enhed';
      const shak = level === 2 ? `${above.shak}${String(at % 100).padStart(2, '0')}` : above.shak;
      const moved = level === 1 && random.oncePer(2) ? { address: address() } : {};
      const draft = { name: hospitalUnitName(random, level, own, at), entityType, shak, ...moved };
      const department = closing(unit(above, 'UNIT', draft), share);
      yield department;
      yield* departments(department, share - 1, level + 1, own);
    });
  }

  function* municipality(count: number): Generator<GeneratedUnit> {
    const owner = unit(null, 'OWNER', { name: `${townAt(made.municipalities++)} Kommune`, entityType: 'kommune' });
    yield owner;
    yield* split(count - 1, municipalLevels[0] ?? 1, function* (share, at) {
      const service = names.municipalServices[at % names.municipalServices.length];
      const office = institution(owner, { name: `${owner.name}, ${service}`, entityType: 'kommunal forvaltning' });
      yield office;
      yield* areas(office, share - 1, 1);
    });
  }

  const areas = function* (above: GeneratedUnit, count: number, level: number): Generator<GeneratedUnit> {
    yield* split(count, municipalLevels[level] ?? 1, function* (share, at) {
      const name = municipalUnitName(level, at);
      const moved = level === 1 && random.oncePer(3) ? { address: address() } : {};
      const area = closing(unit(above, 'UNIT', { name, entityType: 'kommunal enhed', ...moved }), share);
      yield area;
      yield* areas(area, share - 1, level + 1);
    });
  };

  function* practice(count: number): Generator<GeneratedUnit> {
    const { owner: word, form, entityType, rooms } = random.pick(names.practices);
    const place = address();
    const name = `${word} ${place.street}, ${place.city}`;
    const owner = unit(null, 'OWNER', { name: `${name} ${form}`, entityType: 'privat', address: place });
    yield owner;
    if (count < 2) return;
    const provider = String(10_000 + made.institutions).padStart(6, '0');
    const house = institution(owner, { name, entityType, address: place, provider });
    yield house;
    for (let at = 0; at < count - 2; at += 1) {
      const room = `${rooms[at % rooms.length]}${at < rooms.length ? '' : ` ${at}`}`;
      yield closing(unit(house, 'UNIT', { name: room, entityType, provider }), 1);
    }
  }

  /** Only units without units below them close, so that no open unit stands below a closed one. */
  function closing(of: GeneratedUnit, size: number): GeneratedUnit {
    if (size > 1 || !random.oncePer(14)) return of;
    const month = String(1 + random.below(12)).padStart(2, '0');
    return { ...of, to: `${random.oncePer(3) ? 2025 : 2027 + random.below(3)}-${month}-28` };
  }

  return { region, municipality, practice };
}

/** Shares out `count` units in parts of about `size`. */
function* split(
  count: number,
  size: number,
  part: (share: number, at: number) => Generator<GeneratedUnit>,
): Generator<GeneratedUnit> {
  const parts = Math.ceil(count / size);
  for (let at = 0, left = count; at < parts; at += 1) {
    const share = Math.ceil(left / (parts - at));
    left -= share;
    yield* part(share, at);
  }
}

const town = (random: Random) => random.pick(names.townBeginnings) + random.pick(names.townEndings);
/** Every beginning with every ending, each once before any comes again. */
function townAt(place: number): string {
  const beginnings = names.townBeginnings.length;
  const ending = (place + Math.floor(place / beginnings)) % names.townEndings.length;
  return `${names.townBeginnings[place % beginnings]}${names.townEndings[ending]}`;
}
const gln = (serial: number) => makeGln(`579${String(900_000_000 + serial)}`);

function hospitalUnitName(random: Random, level: number, specialty: string, at: number): string {
  if (level === 1) return names.centres[at % names.centres.length] ?? names.centres[0];
  if (level === 2) return `${specialty} Afdeling ${String.fromCharCode(65 + (at % 26))}`;
  if (level === 3) return `${specialty} ${random.pick(names.wards)} ${at + 1}`;
  return level === 4 ? `${random.pick(names.teams)}, ${specialty}` : `${random.pick(names.posts)} ${at + 1}`;
}

function municipalUnitName(level: number, at: number): string {
  if (level === 1) return names.municipalAreas[at % names.municipalAreas.length] ?? names.municipalAreas[0];
  return level === 2 ? `Distrikt ${names.districts[at % names.districts.length]}` : `Gruppe ${at + 1}`;
}
