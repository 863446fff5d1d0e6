import type { Cursor } from '../http/keyset.ts';
import { encodeCursor } from '../http/keyset.ts';
import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { BoardMessage, Severity, StatusBoard } from './status-message.ts';
import {
  comingOf,
  concernText,
  effects,
  isAbout,
  kindNames,
  ongoingOf,
  overallStatus,
  periodText,
  severityNames,
  stateNames,
  stateOf,
} from './status-message.ts';
import type { Message } from './status.queries.ts';
import { historyPageSize } from './status.queries.ts';

export const statusPath = '/drift';
export const statusCrumbs = [home, { label: 'Driftsstatus', href: statusPath }];

/** The status in words as front pages show it (views/status/box.ejs): the colour never stands alone. */
export type StatusBox = {
  severity: Severity;
  word: string;
  sentence: string;
  messages: { lead: string; title: string; href: string; text: string }[];
};

export function statusBox(board: StatusBoard, now: Date): StatusBox {
  const { severity, sentence } = overallStatus(board, now);
  const messages = [...ongoingOf(board, now), ...comingOf(board, now)].slice(0, 5);
  return {
    severity,
    word: severityNames[severity],
    sentence,
    messages: messages.map((message) => ({
      lead: leadOf(message, now),
      title: message.title,
      href: `${statusPath}/${message.id}`,
      text: `${concernText(message)}, ${periodText(message)}`,
    })),
  };
}

/** What is going on and coming for one service, for the pages where its roles are given (views/status/notices.ejs). */
export function serviceNotices(board: StatusBoard, serviceId: number, now: Date): StatusBox[] {
  return [...ongoingOf(board, now), ...comingOf(board, now)]
    .filter((message) => isAbout(message, serviceId))
    .map((message) => ({
      severity: message.severity,
      word: message.startsAt <= now ? severityNames[message.severity] : stateNames.planned,
      sentence: `${leadOf(message, now)}:`,
      messages: [{ lead: '', title: message.title, href: `${statusPath}/${message.id}`, text: periodText(message) }],
    }));
}

function leadOf(message: BoardMessage, now: Date): string {
  return message.startsAt <= now
    ? `${kindNames[message.kind]} nu`
    : `${stateNames.planned} ${kindNames[message.kind].toLowerCase()}`;
}

export type MessageModel = ReturnType<typeof messageModel>;

/** One message with its thread, newest text first. */
export function messageModel(message: Message, now: Date) {
  const { id, title, severity, kind, createdAt, updates } = message;
  const state = stateOf(message, now);
  return {
    id,
    title,
    href: `${statusPath}/${id}`,
    colour: state === 'ongoing' || state === 'planned' ? `seb-status-${severity}` : 'seb-status-old',
    kindName: kindNames[kind],
    state,
    stateName: stateNames[state],
    effect: effects[severity],
    concern: concernText(message),
    period: periodText(message),
    created: formatDateTime(createdAt),
    updated: formatDateTime(new Date(updates[0]?.at ?? createdAt)),
    updates: updates.map(({ body, at }, index) => ({
      body,
      at: formatDateTime(new Date(at)),
      isFirst: index === updates.length - 1,
    })),
  };
}

type Listed = { board: StatusBoard; open: Message[]; old: Message[]; isFirstPage: boolean; now: Date };

/** The public page: the status, what is going on, what is planned, and what was. */
export function publicStatusPage({ board, open, old, isFirstPage, now }: Listed): Page {
  const shown = old.slice(0, historyPageSize);
  const models = open.map((message) => messageModel(message, now));
  return page(
    'status/index',
    'Driftsstatus',
    {
      // The boxes of front pages name the messages; here they stand below.
      box: { ...statusBox(board, now), messages: [] },
      ongoing: models.filter(({ state }) => state === 'ongoing'),
      planned: models.filter(({ state }) => state === 'planned'),
      old: shown.map((message) => messageModel(message, now)),
      isFirstPage,
      first: isFirstPage ? null : statusPath,
      next: old.length > historyPageSize ? nextHref(statusPath, shown.at(-1)) : null,
    },
    [home],
  );
}

export function nextHref(path: string, last: Message | undefined): string | null {
  if (last === undefined) return null;
  const cursor: Cursor = { direction: 'after', values: [last.startsAt.toISOString()], id: last.id, page: 2 };
  return `${path}?${new URLSearchParams({ fra: encodeCursor(cursor) }).toString()}`;
}

/** One message by itself, where mails and news readers lead to. */
export function messagePage(message: Message, now: Date): Page {
  return page('status/show', message.title, { message: messageModel(message, now) }, statusCrumbs);
}
