import { danishDay } from '../shared/dates.ts';
import { codeWords, fieldLabels } from './event-labels.ts';

// An event's own detail as a reader sees it: what was before beside what is after, and everything else as facts.

export type Difference = { label: string; before: string; after: string };
export type EventDetails = { differences: Difference[]; facts: { label: string; value: string }[] };

/** Reads any event, also one that an older version of SEB wrote: what it does not know the words of is shown as it is. */
export function detailsOf(detail: unknown): EventDetails {
  const fields = isRecord(detail) ? detail : {};
  const differences = [...changesIn(fields.changes), ...wholeIn(fields)];
  const told = new Set(['changes', ...(wholeIn(fields).length === 0 ? [] : ['from', 'to'])]);
  const facts = Object.entries(fields)
    .filter(([name]) => !told.has(name) && saysSomething(fields, name))
    .map(([name, value]) => ({ label: labelOf(name), value: textOf(value) }));
  return { differences, facts };
}

function changesIn(changes: unknown): Difference[] {
  if (!isRecord(changes)) return [];
  return Object.entries(changes).flatMap(([name, change]) =>
    isRecord(change) ? [{ label: labelOf(name), before: textOf(change.from), after: textOf(change.to) }] : [],
  );
}

/** `from` and `to` of the event itself: two values, or two sets of fields of which those that differ are shown. */
function wholeIn({ from, to }: Record<string, unknown>): Difference[] {
  if (isRecord(from) && isRecord(to)) {
    return [...new Set([...Object.keys(from), ...Object.keys(to)])]
      .filter((name) => textOf(from[name]) !== textOf(to[name]))
      .map((name) => ({ label: labelOf(name), before: textOf(from[name]), after: textOf(to[name]) }));
  }
  return from === undefined || to === undefined ? [] : [{ label: 'Værdi', before: textOf(from), after: textOf(to) }];
}

function labelOf(name: string): string {
  const label = fieldLabels[name] ?? name;
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'ja' : 'nej';
  if (Array.isArray(value)) return value.length === 0 ? 'ingen' : value.map(textOf).join(', ');
  // What was chosen for a report, in the words of its page.
  if (isRecord(value) && typeof value.label === 'string' && 'value' in value)
    return `${value.label}: ${textOf(value.value)}`;
  if (isRecord(value)) return factsIn(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return danishDay(text);
  return codeWords[text] ?? text;
}

function factsIn(value: Record<string, unknown>): string {
  return Object.entries(value)
    .filter(([name]) => saysSomething(value, name))
    .map(([name, one]) => `${fieldLabels[name] ?? name}: ${textOf(one)}`)
    .join('; ');
}

/** An assignment without a unit keeps a scope (the guide's 3), which would only puzzle whoever reads it. */
function saysSomething(fields: Record<string, unknown>, name: string): boolean {
  const value = fields[name];
  return value !== null && value !== '' && !(name === 'scope' && fields.sorCode === null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
