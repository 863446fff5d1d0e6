import type { ReadDb } from '../db/access.ts';
import { typed, typedSearch } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { page, seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { readWithin } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { Forbidden } from '../shared/errors.ts';
import type { Scope } from '../permissions/scope.ts';
import { scope } from '../permissions/scope.ts';
import { formatCvr, formatNumber } from '../shared/text.ts';
import type { OrganisationRow } from './organisations.queries.ts';
import { listOrganisations, organisationsPerPage } from './organisations.queries.ts';

export const organisationsRoutes: Route[] = [
  get('/organisationer', 'organisation.view', showOrganisations, (visit, work) =>
    readWithin(visit, administeredScope(visit.actor), work),
  ),
];

/** Where the actor has users to look after, or all for the system owner and the servicedesk. */
function administeredScope(actor: Actor): Scope {
  const seen = scope(actor, 'user.list');
  return seen === 'all' ? 'all' : actor.administrations.map((held) => held.organisationId);
}

/** Vælg brugerorganisation; somebody with one organisation is led straight to its users. */
async function showOrganisations(visit: Visit, db: ReadDb): Promise<Answer> {
  const within = administeredScope(visit.actor);
  if (within !== 'all' && within.length === 0)
    throw new Forbidden('Du er ikke administrator for nogen organisation.', 'organisation.view');
  const [only, ...others] = visit.actor.administrations;
  if (within !== 'all' && only !== undefined && others.length === 0)
    return seeOther(`/organisationer/${only.cvr}/brugere`);
  const search = typedSearch(visit.query, 'soeg');
  const rows = await listOrganisations(db, within, search, afterOf(visit));
  return organisationsPage(rows, search);
}

function afterOf({ query }: Visit): { name: string; id: number } | null {
  const id = typed(query, 'efterid');
  return /^\d{1,9}$/.test(id)
    ? { name: typed(query, 'efternavn').replace(/\p{C}/gu, ' ').slice(0, 300), id: Number(id) }
    : null;
}

function organisationsPage(rows: OrganisationRow[], search: string): Answer {
  const shown = rows.slice(0, organisationsPerPage);
  const last = shown.at(-1);
  const hasMore = rows.length > organisationsPerPage && last !== undefined;
  const next = hasMore
    ? new URLSearchParams([
        ...(search === '' ? [] : [['soeg', search]]),
        ['efternavn', last.name],
        ['efterid', String(last.id)],
      ])
    : null;
  const model = {
    search,
    rows: shown.map((row) => ({
      ...row,
      cvrText: formatCvr(row.cvr),
      users: formatNumber(row.users),
      href: `/organisationer/${row.cvr}/brugere`,
    })),
    next: next === null ? null : `/organisationer?${next.toString()}`,
  };
  return page('organisations/index', 'Vælg brugerorganisation', model, [{ label: 'Forside', href: '/' }]);
}
