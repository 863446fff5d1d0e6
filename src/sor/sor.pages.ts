import type { Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { organisationLine } from '../users/users.pages.ts';
import type { SorStep, SorUnit } from './sor-unit.ts';
import { unitsPerPage } from './sor.queries.ts';

/** The picker's own words in its URL; everything else belongs to the page that asked for a unit and is handed back. */
const ownFields = new Set(['enhed', 'efternavn', 'efterkode', 'find', '_form']);

/** A name typed where a code belongs is what "Find SOR-enhed" searches for; empty when codes or nothing stood there. */
export function nameTyped(query: Posted): string {
  return [typed(query, 'sornyt'), typed(query, fieldAsking(query) ?? 'sor')].find(isName) ?? '';
}

function isName(text: string): boolean {
  return /\p{L}/u.test(text);
}

/** The field that the chosen unit takes the place of; null when it is added to those chosen before. */
function fieldAsking(query: Posted): string | null {
  const field = typed(query, 'felt');
  return /^(?:sor|enhed-\d{6,18})$/.test(field) ? field : null;
}

type Picker = {
  organisation: AddressedOrganisation;
  query: Posted;
  search: string;
  /** The unit whose children are shown; null at the top and while searching. */
  within: SorUnit | null;
  way: SorStep[];
  units: SorUnit[];
};

/** The SOR picker: search by name or code, or walk the tree; choosing leads back to the page that asked. */
export function sorPage({ organisation, query, search, within, way, units }: Picker): Page {
  const base = `/organisationer/${organisation.cvr}/sor`;
  const carried = carriedFields(query);
  const link = (own: [string, string][]): string => `${base}?${new URLSearchParams([...carried, ...own]).toString()}`;
  const back = (code: string | null): string =>
    `${askingPath(organisation, query)}?${new URLSearchParams(withChosen(carried, fieldAsking(query), code)).toString()}`;
  const isPicking = carried.some(([name]) => ['bruger', 'alle', 'retur'].includes(name));
  const shown = units.slice(0, unitsPerPage);
  const last = shown.at(-1);
  const hasMore = units.length > unitsPerPage && last !== undefined;
  const here: [string, string][] =
    search === '' ? (within === null ? [] : [['enhed', within.code]]) : [['find', search]];
  return page(
    'sor/index',
    isPicking ? 'Vælg SOR-enhed' : 'SOR-enheder',
    {
      organisation: { line: organisationLine(organisation) },
      isPicking,
      carried,
      search,
      way: way.map((step, index) => ({
        ...step,
        href: index === way.length - 1 ? null : link([['enhed', step.code]]),
      })),
      within: within === null ? null : { ...within, choose: isPicking && !within.isClosed ? back(within.code) : null },
      units: shown.map((unit) => ({
        ...unit,
        walk: unit.hasChildren ? link([['enhed', unit.code]]) : null,
        choose: isPicking && !unit.isClosed ? back(unit.code) : null,
      })),
      next: hasMore ? link([...here, ['efternavn', last.name], ['efterkode', last.code]]) : null,
      paths: { form: base, top: link([]), back: isPicking ? back(null) : null },
    },
    [home],
  );
}

// Pages that ask for a unit, besides Tildel roller, say where to go back to; nothing else is gone to.
const askingPages =
  /^\/organisationer\/\d{8}\/(?:brugere\/\d{1,10}\/(?:roller\/\d{1,10}|klon)|lukkede-enheder\/\d{6,18}\/flyt|anmodninger\/\d{1,10}\/godkend)$/;

function askingPath({ cvr }: AddressedOrganisation, query: Posted): string {
  const asked = typed(query, 'retur');
  return askingPages.test(asked) ? asked : `/organisationer/${cvr}/tildel-roller`;
}

/** The fields to hand back: the unit is added to those chosen before, or takes the place of what stood in the field named. */
function withChosen(carried: [string, string][], named: string | null, code: string | null): [string, string][] {
  const kept = carried.filter(([name]) => !['felt', 'retur'].includes(name));
  if (code === null) return kept;
  return [...kept.filter(([name]) => name !== named), [named ?? 'sor', code]];
}

function carriedFields(query: Posted): [string, string][] {
  return Object.entries(query)
    .filter(([name]) => !ownFields.has(name) && !name.startsWith('_'))
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]))
    .filter(([name, value]) => value !== '' && !(name === 'sornyt' && isName(value)));
}

/** Where the list goes on: by name, then code. */
export function afterOf(query: Posted): { name: string; code: string } | null {
  const code = typed(query, 'efterkode');
  return /^\d{6,18}$/.test(code)
    ? { name: typed(query, 'efternavn').replace(/\p{C}/gu, ' ').slice(0, 300), code }
    : null;
}
