import { actorNames } from '../audit/actor-names.ts';
import { addressOfSearch } from '../audit/log-filter.ts';
import { logPath } from '../audit/log.pages.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { formatDateTime } from '../shared/dates.ts';
import { organisationLine } from '../users/users.pages.ts';
import type { LookUpRow, Place } from './look-ups.queries.ts';
import { lookUpsPerPage } from './look-ups.queries.ts';

export const ownLookUpsPath = '/hvem-har-set';

export function lookUpsPath(organisation: { cvr: string } | null): string {
  return organisation === null ? '/opslag' : `/organisationer/${organisation.cvr}/opslag`;
}

const pageNames: Record<string, string> = {
  '': 'brugerens side',
  adgangstjek: 'adgangstjek af brugeren',
  fratraedelse: 'fratrædelse for brugeren',
  klon: 'kloning til eller fra brugeren',
  log: 'ændringsloggen for brugeren',
  rapport: 'en rapport om brugeren',
  rediger: 'brugerens oplysninger',
  roller: 'brugerens roller',
  slet: 'sletning af brugeren',
  spaer: 'spærring af brugeren',
  vikar: 'vikar for administratoren',
};

function pageName(route: string): string {
  return pageNames[route] ?? pageNames[route.split('/', 1)[0] ?? ''] ?? 'en side om brugeren';
}

function roleName(role: string): string {
  return Object.hasOwn(actorNames, role) ? actorNames[role as ActorKind] : role;
}

function timeOf({ at }: LookUpRow): { at: string; iso: string } {
  return { at: formatDateTime(at), iso: at.toISOString() };
}

/** Who looked at what, as one sentence. */
export function lookUpLine(row: LookUpRow): { at: string; iso: string; sentence: string } {
  const who = `${row.actorName} (${roleName(row.actorRole)})`;
  const where = row.organisationName === null ? 'alle organisationer' : row.organisationName;
  const sentence =
    row.search === null
      ? `${who} så ${pageName(row.page)}: ${row.targetName ?? 'en bruger i en anden organisation'}.`
      : `${who} søgte efter “${row.search}” i ${where}.`;
  return { ...timeOf(row), sentence };
}

export type LookUpsShown = {
  organisation: AddressedOrganisation | null;
  rows: LookUpRow[];
  query: Posted;
  errors: FieldErrors;
  isFirst: boolean;
  isLimited: boolean;
  tooMany: string[];
};

/** Opslag: who saw whose information. */
export function lookUpsPage({ organisation, rows, query, errors, ...shown }: LookUpsShown): Page {
  const path = lookUpsPath(organisation);
  const link = (extra: [string, string][]): string =>
    `${path}?${new URLSearchParams([...addressOfSearch(query), ...extra]).toString()}`;
  const made = page(
    'look-ups/index',
    'Opslag',
    {
      organisation: organisation === null ? 'Alle organisationer' : organisationLine(organisation),
      fields: Object.fromEntries(['hvem', 'paa', 'fra', 'til'].map((name) => [name, typed(query, name)])),
      errors,
      errorList: Object.entries(errors).map(([field, message]) => ({ field, message })),
      isLimited: shown.isLimited,
      tooMany: shown.tooMany,
      isFiltered: addressOfSearch(query).length > 0,
      rows: rows.slice(0, lookUpsPerPage).map(lookUpLine),
      first: shown.isFirst ? null : link([]),
      next: nextOf(rows, link),
      paths: { form: path },
    },
    [home, { label: 'Log', href: logPath(organisation) }],
  );
  return Object.keys(errors).length === 0 ? made : rejected(made);
}

/** Hvem har set mine oplysninger. */
export function ownLookUpsPage(rows: LookUpRow[], isFirst: boolean): Page {
  const link = (extra: [string, string][]): string => `${ownLookUpsPath}?${new URLSearchParams(extra).toString()}`;
  return page('look-ups/own', 'Hvem har set mine oplysninger', {
    rows: rows.slice(0, lookUpsPerPage).map((row) => ({
      ...timeOf(row),
      sentence: `${row.actorName} (${roleName(row.actorRole)}) så ${pageName(row.page)}.`,
    })),
    first: isFirst ? null : ownLookUpsPath,
    next: nextOf(rows, link),
  });
}

function nextOf(rows: LookUpRow[], link: (extra: [string, string][]) => string): string | null {
  const last = rows.length > lookUpsPerPage ? rows[lookUpsPerPage - 1] : undefined;
  return last === undefined
    ? null
    : link([
        ['efter', last.exactly],
        ['nr', last.id],
      ]);
}

/** Where a page begins, out of its address; null for the first page and for anything odd. */
export function placeIn(query: Posted): Place | null {
  const [at, id] = [typed(query, 'efter'), typed(query, 'nr')];
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at) && !Number.isNaN(Date.parse(at)) && /^\d{1,18}$/.test(id)
    ? { at, id }
    : null;
}
