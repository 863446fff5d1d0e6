import type { AddressedOrganisation } from '../pages/visit.ts';
import { placementText, scopeNames } from '../role-assignments/assignment.ts';
import type { UserField } from '../users/user.ts';
import { userFields } from '../users/user.ts';
import { labelOf } from '../users/users.forms.ts';
import { usersPath } from '../users/users.pages.ts';
import { columns } from './columns.ts';
import { scopeIn } from './import-row.ts';
import { reasonText } from './reasons.ts';
import type { JudgedRow, RowKind } from './user-import.queries.ts';

export const kindNames: Record<RowKind, string> = { NEW: 'Ny', CHANGED: 'Ændres', SAME: 'Findes', ERROR: 'Fejl' };
export const kindNamesDone: Record<RowKind, string> = { ...kindNames, CHANGED: 'Ændret' };

/** A row of the file: whose it is, and what it does, or did once it was carried out. */
export function rowModel(organisation: AddressedOrganisation, row: JudgedRow): object {
  const [firstName = '', lastName = '', , rid = ''] = row.cells;
  return {
    line: row.line,
    kind: row.kind,
    kindName: (row.isDone ? kindNamesDone : kindNames)[row.kind],
    name: row.userName ?? `${firstName} ${lastName}`.trim(),
    rid,
    href: row.userId === null ? null : usersPath(organisation, `/${row.userId}`),
    effects: effectsOf(row),
    reason: reasonText(row.reason, row.about),
    note: row.note,
  };
}

function effectsOf(row: JudgedRow): string[] {
  return [
    ...(row.kind === 'NEW' && row.isLeader ? [row.isDone ? 'Brugeren blev oprettet' : 'Brugeren oprettes'] : []),
    ...userFields.flatMap((field) => changeText(row, field)),
    ...(row.givesRole ? [`${row.isDone ? 'Fik' : 'Får'} rollen ${row.roleName ?? ''}${placeOf(row)}`] : []),
  ];
}

function changeText({ changes }: JudgedRow, field: UserField): string[] {
  const change = changes[field];
  return change === undefined ? [] : [`${labelOf(field)}: ${change.from ?? 'tom'} → ${change.to ?? 'tom'}`];
}

function placeOf(row: JudgedRow): string {
  if (row.unitName === null) return '';
  const cell = (wanted: string): string => row.cells[columns.findIndex(({ name }) => name === wanted)] ?? '';
  const scope = scopeIn(cell('scope'));
  const unit = placementText({ sorCode: cell('sor'), unitName: row.unitName });
  return ` ved ${[unit, scope === null ? '' : scopeNames[scope].toLowerCase()].filter(Boolean).join(', ')}`;
}
