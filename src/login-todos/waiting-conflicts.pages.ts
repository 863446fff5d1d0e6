import type { Crumb, Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import { formatCvr } from '../shared/text.ts';
import { conflictFacts } from '../todos/todo.ts';
import { todosPath } from '../todos/todos.pages.ts';
import { toldApart } from './conflict.ts';
import type { WaitingConflict } from './login-todos.queries.ts';
import { conflictsPerPage } from './login-todos.queries.ts';

export const waitingConflictsPath = '/loginkonflikter';

/** The way back from a conflict's own page, for whoever sees those of all organisations. */
export const waitingConflictsCrumbs: Crumb[] = [
  home,
  { label: 'Logins, der skal afgøres', href: waitingConflictsPath },
];

/** Logins, der skal afgøres: those of two users, of all organisations. */
export function waitingConflictsPage(rows: WaitingConflict[], isFirstPage: boolean): Page {
  const shown = rows.slice(0, conflictsPerPage);
  const last = shown.at(-1);
  const model = {
    rows: shown.map(rowModel),
    first: isFirstPage ? null : waitingConflictsPath,
    next: rows.length > conflictsPerPage && last !== undefined ? `${waitingConflictsPath}?efter=${last.id}` : null,
  };
  return page('login-todos/waiting', 'Logins, der skal afgøres', model, [home]);
}

function rowModel({ id, cvr, organisationName, createdOn, facts }: WaitingConflict) {
  const found = conflictFacts(facts);
  const known = found === null ? null : toldApart(found);
  return {
    createdOn,
    organisationName,
    cvrText: formatCvr(cvr),
    login: known?.loginName || 'Nogen',
    provider: known?.provider ?? '',
    byRid: known?.name ?? '',
    byUuid: known?.other?.name ?? null,
    href: `${todosPath({ cvr })}/${id}/konflikt`,
  };
}
