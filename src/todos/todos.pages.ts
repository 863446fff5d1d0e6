import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { organisationLine, usersPath } from '../users/users.pages.ts';
import type { Todo, TodoRow } from './todo.ts';
import { todoInWords } from './todo.ts';

export function todosPath({ cvr }: { cvr: string }): string {
  return `/organisationer/${cvr}/huskeliste`;
}

export type TodoLine = Omit<Todo, 'users'> & { action: string; from: string; links: { label: string; href: string }[] };

/** A to-do with the address that ticks it; `from` is the page to come back to. */
export function todoLine(organisation: { cvr: string }, row: TodoRow, from: 'forside' | 'liste'): TodoLine {
  const { users, ...todo } = todoInWords(row);
  const links = users.map(({ label, userId, page: below }) => ({
    label,
    href: usersPath(organisation, `/${userId}${below}`),
  }));
  return { ...todo, links, action: `${todosPath(organisation)}/${row.id}/udfoert`, from };
}

type Lists = { open: TodoRow[]; done: TodoRow[] };

/** Huskeliste: what waits, and what was ticked in the last 30 days. */
export function todosPage(organisation: AddressedOrganisation, mayTick: boolean, { open, done }: Lists): Page {
  return page(
    'todos/index',
    'Huskeliste',
    {
      organisation: { line: organisationLine(organisation) },
      mayTick,
      open: open.map((row) => todoLine(organisation, row, 'liste')),
      done: done.map(todoInWords),
    },
    [{ label: 'Forside', href: '/' }],
  );
}
