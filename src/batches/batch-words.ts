import { z } from 'zod';
import { assignment, during, placement, roleText, termChanges, terms } from '../audit/assignment-detail.ts';
import { changedFields, fieldList } from '../audit/event-types/event-type.ts';
import { counted, joinedWithAnd } from '../shared/text.ts';
import type { Batch, Entry, EntryKind } from './batch.ts';

/** "Tildelte rollen Læge til 3 brugere": a batch in one sentence without a stop. */
export function batchText(batch: Batch): string {
  if (batch.undid !== null) return `Fortrød ændringen ${batch.undid}: ${countsText(batch)}`;
  if (batch.isDeletion) return `Slettede ${counted(batch.users, 'bruger', 'brugere')}: ${countsText(batch)}`;
  if (batch.isClone) return `Klonede roller til ${counted(batch.users, 'bruger', 'brugere')}: ${countsText(batch)}`;
  if (batch.isImport) return `Indsatte fra Excel: ${countsText(batch)}`;
  const { given, withdrawn, changed, roleName } = batch;
  const users = counted(batch.users, 'bruger', 'brugere');
  const what = (count: number): string =>
    roleName === null ? counted(count, 'rolle', 'roller') : `rollen ${roleName}`;
  if (withdrawn + changed === 0) return `Tildelte ${what(given)} til ${users}`;
  if (given + changed === 0) return `Fjernede ${what(withdrawn)} fra ${users}`;
  if (given + withdrawn === 0) return `Rettede ${counted(changed, 'tildeling', 'tildelinger')} for ${users}`;
  return `Ændrede roller for ${users}: ${countsText(batch)}`;
}

function countsText({ created, edited, given, withdrawn, changed }: Batch): string {
  const parts = [
    ...(created === 0 ? [] : [counted(created, 'bruger oprettet', 'brugere oprettet')]),
    ...(edited === 0 ? [] : [counted(edited, 'bruger rettet', 'brugere rettet')]),
    ...(given === 0 ? [] : [counted(given, 'rolle tildelt', 'roller tildelt')]),
    ...(withdrawn === 0 ? [] : [counted(withdrawn, 'rolle fjernet', 'roller fjernet')]),
    ...(changed === 0 ? [] : [counted(changed, 'tildeling rettet', 'tildelinger rettet')]),
  ];
  return parts.length === 0 ? 'ingen roller' : joinedWithAnd(parts);
}

const change = z.object({
  ...assignment.pick({ role: true, roleName: true, service: true }).shape,
  from: terms,
  to: terms,
});
const edit = z.object({ changes: changedFields });

/** What happened to the user in a row: "Fik rollen Læge (LAEGE, FMK) ved Kirurgi (…), kun denne enhed". */
export function entryText({ kind, detail }: Entry): string {
  if (kind === 'CREATED') return 'Blev oprettet';
  if (kind === 'EDITED') {
    const read = edit.safeParse(detail);
    return read.success ? `Fik ændret ${fieldList(read.data.changes)}` : 'Fik ændret sine oplysninger';
  }
  if (kind === 'CHANGED') {
    const read = change.safeParse(detail);
    return read.success
      ? `Fik rettet ${roleText(read.data)}: ${termChanges(read.data.from, read.data.to)}`
      : 'Fik rettet en rolle';
  }
  const verb = kind === 'GIVEN' ? 'Fik' : 'Mistede';
  const read = assignment.safeParse(detail);
  return read.success
    ? `${verb} ${roleText(read.data)} ${placement(read.data)}${during(read.data)}`
    : `${verb} en rolle`;
}

/** What undoing a row does. */
export const inverseTexts: Record<EntryKind, string> = {
  GIVEN: 'Rollen fjernes.',
  WITHDRAWN: 'Rollen tildeles igen.',
  CHANGED: 'Tildelingen rettes tilbage.',
  CREATED: '',
  EDITED: '',
};
