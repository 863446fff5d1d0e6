import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { readWithin } from '../pages/visit.ts';
import { formatCvr, formatNumber } from '../shared/text.ts';
import { administratorsPath } from './administrators.pages.ts';
import { fewPerPage, listOrganisationsWithFewAdministrators } from './few-administrators.queries.ts';

export const fewAdministratorsPath = '/system/faa-administratorer';

export const fewAdministratorsRoutes: Route[] = [
  get(fewAdministratorsPath, 'report.organisations', show, (visit, work) => readWithin(visit, 'all', work)),
];

/** Organisations that hang by one organisationsadministrator, or by none. */
async function show(visit: Visit, db: ReadDb): Promise<Answer> {
  const rows = await listOrganisationsWithFewAdministrators(db, afterOf(visit));
  const shown = rows.slice(0, fewPerPage);
  const last = shown.at(-1);
  const next =
    rows.length > fewPerPage && last !== undefined
      ? new URLSearchParams([
          ['efternavn', last.name],
          ['efterid', String(last.id)],
        ])
      : null;
  return page(
    'administrators/few',
    'Få organisationsadministratorer',
    {
      rows: shown.map((row) => ({
        ...row,
        cvrText: formatCvr(row.cvr),
        users: formatNumber(row.users),
        href: administratorsPath(row),
        isNone: row.administrators === 0,
      })),
      next: next === null ? null : `${fewAdministratorsPath}?${next.toString()}`,
    },
    [{ label: 'Forside', href: '/' }],
  );
}

function afterOf({ query }: Visit): { name: string; id: number } | null {
  const id = typed(query, 'efterid');
  return /^\d{1,9}$/.test(id)
    ? { name: typed(query, 'efternavn').replace(/\p{C}/gu, ' ').slice(0, 300), id: Number(id) }
    : null;
}
