import type { EventKind } from './events.ts';
import { eventTypes } from './events.ts';

// What the log can be narrowed to: kinds of events that people think of as one. What a group means is told by nouns, so
// that a new event falls into its group by its name.

type Group = { id: string; label: string; nouns: readonly string[]; kinds?: readonly EventKind[] };

const groups: readonly Group[] = [
  { id: 'brugere', label: 'Brugere', nouns: ['user', 'todo', 'departure'] },
  { id: 'roller', label: 'Tildelinger af roller', nouns: ['role', 'batch', 'bulkOrder'] },
  { id: 'anmodninger', label: 'Anmodninger om adgang', nouns: ['request', 'researchRecipient'] },
  { id: 'administratorer', label: 'Administratorer og systemroller', nouns: ['administrator', 'systemRole'] },
  { id: 'login', label: 'Login', nouns: ['signIn', 'session', 'identity'] },
  { id: 'afvist', label: 'Afviste ændringer og login', nouns: [], kinds: ['change.refused', 'signIn.refused'] },
  { id: 'organisation', label: 'Organisationer og aftaler', nouns: ['organisation', 'agreement', 'agreementText'] },
  { id: 'services', label: 'Services, roller og rettigheder', nouns: ['service', 'organisationRole', 'serviceAccess'] },
  { id: 'rapporter', label: 'Rapporter og mails', nouns: ['report', 'auditPackage', 'mail', 'mailText', 'halfYearly'] },
  { id: 'andet', label: 'Andet', nouns: [] },
];

const nounOf = (kind: string): string => kind.split('.', 1)[0] ?? '';
const named = new Set(groups.flatMap(({ nouns }) => nouns));
const listed = new Set<string>(groups.flatMap(({ kinds }) => kinds ?? []));

/** The groups that a filter offers. */
export const eventGroups: readonly { id: string; label: string }[] = groups.map(({ id, label }) => ({ id, label }));

/** "Brugere", for an event of any version of SEB. */
export function groupOf(kind: string): string {
  const listing = groups.find(({ kinds }) => kinds?.some((one) => one === kind));
  return (listing ?? groups.find(({ nouns }) => nouns.includes(nounOf(kind))))?.label ?? 'Andet';
}

/** The kinds of a group; null for a word that is none. */
export function kindsOfGroup(id: string): EventKind[] | null {
  const group = groups.find((one) => one.id === id);
  if (group === undefined) return null;
  const all = Object.keys(eventTypes) as EventKind[];
  if (group.id === 'andet') return all.filter((kind) => !named.has(nounOf(kind)) && !listed.has(kind));
  return all.filter((kind) => group.nouns.includes(nounOf(kind)) || (group.kinds ?? []).includes(kind));
}
