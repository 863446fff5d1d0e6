import { danishDay } from '../shared/dates.ts';
import { changedFieldNames } from './event-types/event-type.ts';

// An event's own detail as a reader sees it: what was before beside what is after, and everything else as facts.

export type Difference = { label: string; before: string; after: string };
export type EventDetails = { differences: Difference[]; facts: { label: string; value: string }[] };

const labels: Record<string, string> = {
  ...changedFieldNames,
  action: 'handling',
  added: 'nye',
  agreementId: 'aftale nr.',
  alreadyThere: 'fandtes i forvejen',
  assigned: 'tildelte roller',
  assignmentId: 'tildeling nr.',
  assignments: 'tildelinger',
  away: 'vikar for',
  batch: 'den fortrudte ændrings referencenummer',
  browser: 'browser',
  caseNumber: 'sagsnummer',
  ceasedOn: 'ophørt',
  changed: 'ændrede',
  closed: 'lukkede',
  code: 'kode',
  created: 'oprettede',
  cvr: 'CVR-nummer',
  endsOn: 'til og med',
  errors: 'rækker med fejl',
  fileName: 'fil',
  hadUuid: 'var bundet til et login',
  importId: 'indsættelse nr.',
  isAllowed: 'tilladt',
  kind: 'slags',
  lastDay: 'sidste arbejdsdag',
  leftOut: 'udeladt',
  legalBasis: 'hjemmel',
  level: 'sikringsniveau',
  loggedInAt: 'logget på',
  name: 'navn',
  orderId: 'stor ændring nr.',
  organisation: 'organisation',
  path: 'side',
  period: 'periode',
  portal: 'portal',
  provider: 'loginudbyder',
  purpose: 'formål',
  reason: 'begrundelse',
  receivers: 'modtagere',
  role: 'rollekode',
  roleName: 'rolle',
  roles: 'roller',
  rows: 'rækker',
  scope: 'omfang',
  service: 'service',
  services: 'services',
  sessions: 'sessioner',
  sha256: 'SHA-256',
  sorCode: 'SOR-kode',
  sourceName: 'klonet fra',
  sourceOrganisation: 'klonet fra organisation',
  startsOn: 'fra og med',
  status: 'status',
  successor: 'afløser',
  title: 'titel',
  unitName: 'SOR-enhed',
  until: 'til og med',
  username: 'SEB-brugernavn',
  users: 'brugere',
  uuid: 'UUID',
  version: 'version',
  withdrawn: 'fjernede roller',
};

const words: Record<string, string> = {
  UNIT_AND_SUBUNITS: 'denne enhed og underenheder',
  UNIT_ONLY: 'kun denne enhed',
  SYSTEM_OWNER: 'systemejer',
  SERVICEDESK: 'servicedesk',
  ORGANISATION: 'organisationsadministrator',
  USER: 'brugeradministrator',
  READ_ONLY: 'read-only administrator',
};

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
  const label = labels[name] ?? name;
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'ja' : 'nej';
  if (Array.isArray(value)) return value.length === 0 ? 'ingen' : value.map(textOf).join(', ');
  if (isRecord(value)) return factsIn(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return danishDay(text);
  return words[text] ?? text;
}

function factsIn(value: Record<string, unknown>): string {
  return Object.entries(value)
    .filter(([name]) => saysSomething(value, name))
    .map(([name, one]) => `${labels[name] ?? name}: ${textOf(one)}`)
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
