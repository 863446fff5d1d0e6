import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { formatDateTime } from '../shared/dates.ts';
import { formatNumber } from '../shared/text.ts';
import { sealPath } from '../audit-seal/audit-seal-path.ts';
import { organisationLine, usersPath } from '../users/users.pages.ts';
import { actorNames } from './actor-names.ts';
import { detailsOf } from './event-details.ts';
import { eventGroups, groupOf } from './event-groups.ts';
import { sentenceOf } from './events.ts';
import { addressOfSearch } from './log-filter.ts';
import type { LogPage, LogRow } from './log.queries.ts';
import { eventsPerPage } from './log.queries.ts';

type Organisation = Pick<AddressedOrganisation, 'cvr' | 'name'>;

/** The log of one organisation, or of all of them (null). */
export function logPath(organisation: { cvr: string } | null, rest = ''): string {
  return `${organisation === null ? '' : `/organisationer/${organisation.cvr}`}/log${rest}`;
}

/** One event as a line of a list. */
export function logLine(row: LogRow): { at: string; iso: string; sentence: string } {
  const actor = row.onBehalf ? `${row.actorName} (på organisationens vegne)` : row.actorName;
  const told = { actor, target: row.targetName ?? 'ukendt' };
  return { at: formatDateTime(row.at), iso: row.at.toISOString(), sentence: sentenceOf(row.kind, row.detail, told) };
}

export type LogShown = {
  organisation: AddressedOrganisation | null;
  found: LogPage;
  query: Posted;
  errors: FieldErrors;
  /** Which of the events found are not sealed yet. */
  unsealed: string[];
  isFirst: boolean;
  /** Some administrators do not see all of it, and are told so. */
  isLimited: boolean;
  /** Names that too many people have. */
  tooMany: string[];
};

/** Log: who did what to whom, newest first. */
export function logPage(shown: LogShown): Page {
  const { organisation, found, query, errors, isLimited, unsealed } = shown;
  const rows = found.rows.slice(0, eventsPerPage);
  const path = logPath(organisation);
  const link = (before: string | undefined): string =>
    `${path}?${new URLSearchParams([...addressOfSearch(query), ...(before === undefined ? [] : [['foer', before]])]).toString()}`;
  const made = page(
    'audit/log',
    'Log',
    {
      organisation: organisation === null ? null : organisationLine(organisation),
      fields: fieldsOf(query),
      errors,
      errorList: Object.entries(errors).map(([field, message]) => ({ field, message })),
      groups: eventGroups.map((group) => ({ ...group, isChosen: group.id === typed(query, 'slags') })),
      rows: rows.map((row) => ({
        ...logLine(row),
        href: logPath(organisation, `/${row.id}`),
        isSealed: !unsealed.includes(row.id),
        where: organisation === null ? row.organisationName : null,
      })),
      isLimited,
      tooMany: shown.tooMany,
      isFiltered: addressOfSearch(query).length > 0,
      first: shown.isFirst ? null : link(undefined),
      ...olderLinks(found, rows, link),
      paths: {
        form: path,
        seal: sealPath,
        lookUps: organisation === null ? '/opslag' : `/organisationer/${organisation.cvr}/opslag`,
      },
    },
    organisation === null ? [home] : organisationCrumb(organisation),
  );
  return Object.keys(errors).length === 0 ? made : rejected(made);
}

/** "Ældre" where more is known to be there; "Søg videre" where the search stopped to keep the page quick. */
function olderLinks(found: LogPage, rows: LogRow[], link: (before: string) => string): object {
  const last = rows.at(-1)?.id;
  if (found.rows.length > eventsPerPage && last !== undefined) return { next: link(last), searchOn: null };
  return { next: null, searchOn: found.resume === null ? null : link(found.resume) };
}

function fieldsOf(query: Posted): Record<string, string> {
  return Object.fromEntries(['hvem', 'paa', 'fra', 'til', 'cvr'].map((name) => [name, typed(query, name)]));
}

export type EventShown = {
  organisation: AddressedOrganisation | null;
  event: LogRow;
  seesAddresses: boolean;
  /** Its place in the chain; null while it is not sealed. */
  seal: { seq: string; hash: string } | null;
  /** The organisation of the event, for links to its users. */
  home: Organisation | null;
};

/** One event with everything that is kept about it. */
export function eventPage({ organisation, event, seesAddresses, seal, home: where }: EventShown): Page {
  const { differences, facts } = detailsOf(event.detail);
  return page(
    'audit/event',
    `Hændelse ${event.id}`,
    {
      ...logLine(event),
      target: event.targetName ?? '',
      differences,
      details: facts,
      facts: [
        { label: 'Tidspunkt', value: exactTime(event.at) },
        { label: 'Hvem', value: event.actorName },
        { label: 'I hvilken rolle', value: roleText(event) },
        ...(event.targetName === null ? [] : [{ label: 'På hvem', value: event.targetName }]),
        { label: 'Organisation', value: event.organisationName ?? 'Alle (hører ikke til én organisation)' },
        { label: 'Slags', value: `${groupOf(event.kind)} (${event.kind})` },
        ...(event.requestId === null ? [] : [{ label: 'Referencenummer', value: event.requestId }]),
        ...(seesAddresses && event.networkAddress !== null
          ? [{ label: 'Netværksadresse', value: event.networkAddress }]
          : []),
        { label: 'Forsegling', value: sealText(seal) },
      ],
      paths: {
        list: logPath(organisation),
        target: where === null || event.targetUserId === null ? null : usersPath(where, `/${event.targetUserId}/log`),
      },
    },
    [
      ...(organisation === null ? [home] : organisationCrumb(organisation)),
      { label: 'Log', href: logPath(organisation) },
    ],
  );
}

function sealText(seal: EventShown['seal']): string {
  if (seal === null) return 'Ikke forseglet endnu. Det sker inden for få minutter.';
  return `Forseglet som nr. ${formatNumber(Number(seal.seq))}, SHA-256 ${seal.hash}`;
}

function organisationCrumb(organisation: Organisation): Crumb[] {
  return [home, { label: organisation.name, href: `/organisationer/${organisation.cvr}` }];
}

function exactTime(moment: Date): string {
  const seconds = moment.toLocaleTimeString('da-DK', { timeZone: 'Europe/Copenhagen', second: '2-digit' });
  return `${formatDateTime(moment)}.${seconds.padStart(2, '0')}`;
}

function roleText({ actorRole, actorKind, onBehalf }: LogRow): string {
  if (actorKind === 'SYSTEM') return 'SEB selv';
  if (actorKind === 'OPERATOR') return 'Driften';
  if (actorRole === 'refused') return 'Ingen: handlingen blev afvist';
  const role = Object.hasOwn(actorNames, actorRole) ? actorNames[actorRole as ActorKind] : actorRole;
  return onBehalf ? `${role}, på organisationens vegne` : role;
}
