import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { organisationLine } from '../users/users.pages.ts';
import type { Todo, TodoRow } from './todo.ts';
import { todoInWords } from './todo.ts';

export function todosPath({ cvr }: { cvr: string }): string {
  return `/organisationer/${cvr}/huskeliste`;
}

export type TodoLine = Todo & { action: string; from: string };

/** A to-do with the address that ticks it; `from` is the page to come back to. */
export function todoLine(organisation: { cvr: string }, row: TodoRow, from: 'forside' | 'liste'): TodoLine {
  return { ...todoInWords(row), action: `${todosPath(organisation)}/${row.id}/udfoert`, from };
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
