import type { Crumb, Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { organisationLine, usersPath } from '../users/users.pages.ts';
import type { Task } from './tasks.ts';
import type { Todo, TodoRow } from './todo.ts';
import { todoInWords } from './todo.ts';

export function todosPath({ cvr }: { cvr: string }): string {
  return `/organisationer/${cvr}/huskeliste`;
}

/** The way back from a to-do's own page, for whoever has the list. */
export function todoCrumbs(organisation: { cvr: string }, hasList: boolean): Crumb[] {
  return hasList ? [home, { label: 'Huskeliste', href: todosPath(organisation) }] : [home];
}

export type TodoLine = Omit<Todo, 'users' | 'ownPage'> & {
  /** Where it is ticked; null where its own page is the only way. */
  action: string | null;
  from: string;
  own: { label: string; href: string } | null;
  links: { label: string; href: string }[];
};

/** A to-do with the address that ticks it; `from` is the page to come back to. */
export function todoLine(organisation: { cvr: string }, row: TodoRow, from: 'forside' | 'liste'): TodoLine {
  const { users, ownPage, ...todo } = todoInWords(row);
  const path = `${todosPath(organisation)}/${row.id}`;
  const links = users.map(({ label, userId }) => ({ label, href: usersPath(organisation, `/${userId}`) }));
  const own = ownPage === null ? null : { label: ownPage.label, href: `${path}/${ownPage.path}` };
  return { ...todo, links, own, action: ownPage?.isOnlyWay === true ? null : `${path}/udfoert`, from };
}

type Lists = { tasks: Task[]; open: TodoRow[]; done: TodoRow[] };

/** Huskeliste: what SEB waits for a decision about, what waits to be ticked, and what was ticked in the last 30 days. */
export function todosPage(organisation: AddressedOrganisation, mayTick: boolean, { tasks, open, done }: Lists): Page {
  return page(
    'todos/index',
    'Huskeliste',
    {
      organisation: { line: organisationLine(organisation) },
      mayTick,
      tasks,
      open: open.map((row) => todoLine(organisation, row, 'liste')),
      done: done.map(todoInWords),
    },
    todoCrumbs(organisation, false),
  );
}
