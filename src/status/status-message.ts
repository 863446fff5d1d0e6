import { formatDate, formatDateTime, formatTime } from '../shared/dates.ts';
import { joinedWithAnd } from '../shared/text.ts';

export type Severity = 'GREEN' | 'YELLOW' | 'RED';
export type Kind = 'MESSAGE' | 'WINDOW';
export type State = 'planned' | 'ongoing' | 'over' | 'cancelled';

/** What a message concerns: all of SEB, or the services named. */
export type Concern = { concernsAll: boolean; services: readonly { id: number; name: string }[] };

export type Period = { startsAt: Date; endsAt: Date | null; cancelledAt: Date | null };

/** A message that is going on or will begin, as front pages and the pages of services show it. */
export type BoardMessage = Concern &
  Omit<Period, 'cancelledAt'> & { id: number; title: string; kind: Kind; severity: Severity };

/** All that is going on and planned. */
export type StatusBoard = readonly BoardMessage[];

export const severities = ['GREEN', 'YELLOW', 'RED'] as const satisfies readonly Severity[];
export const severityNames: Record<Severity, string> = { GREEN: 'Grøn', YELLOW: 'Gul', RED: 'Rød' };
/** What a message of this severity does to those who work. */
export const effects: Record<Severity, string> = {
  GREEN: 'Grøn – virker som normalt',
  YELLOW: 'Gul – ustabilt eller delvist nede',
  RED: 'Rød – nede',
};
export const kindNames: Record<Kind, string> = { MESSAGE: 'Driftsmeddelelse', WINDOW: 'Servicevindue' };
export const stateNames: Record<State, string> = {
  planned: 'Planlagt',
  ongoing: 'I gang',
  over: 'Overstået',
  cancelled: 'Aflyst',
};

/** By the clock alone: nobody needs to press anything for a window to begin and to end. */
export function stateOf({ startsAt, endsAt, cancelledAt }: Period, now: Date): State {
  if (cancelledAt !== null) return 'cancelled';
  if (endsAt !== null && endsAt <= now) return 'over';
  return startsAt <= now ? 'ongoing' : 'planned';
}

/** The status of SEB as a whole. A service in trouble makes it yellow at most: the others work. */
export type Overall = { severity: Severity; sentence: string };

export function overallStatus(board: StatusBoard, now: Date): Overall {
  const ongoing = ongoingOf(board, now);
  const ofAll = worst(ongoing.filter(({ concernsAll }) => concernsAll));
  if (ofAll === 'RED') return { severity: 'RED', sentence: 'SEB er helt eller delvist nede.' };
  if (ofAll === 'YELLOW') return { severity: 'YELLOW', sentence: 'Der er forstyrrelser i SEB.' };
  const disturbed = ongoing.filter(({ severity }) => severity !== 'GREEN').flatMap(({ services }) => services);
  if (disturbed.length === 0) return { severity: 'GREEN', sentence: 'SEB kører som normalt.' };
  const names = shortList([...new Set(disturbed.map(({ name }) => name))]);
  return { severity: 'YELLOW', sentence: `SEB kører, men der er forstyrrelser på ${names}.` };
}

/** What is going on now. */
export function ongoingOf(board: StatusBoard, now: Date): BoardMessage[] {
  return board.filter((message) => stateOf({ ...message, cancelledAt: null }, now) === 'ongoing');
}

const soonMs = 7 * 24 * 3_600_000;

/** What begins within a week. */
export function comingOf(board: StatusBoard, now: Date): BoardMessage[] {
  return board.filter(({ startsAt }) => startsAt > now && startsAt.getTime() - now.getTime() < soonMs);
}

/** Whether a message is about a service, by name or as a part of all of SEB. */
export function isAbout({ concernsAll, services }: Concern, serviceId: number): boolean {
  return concernsAll || services.some(({ id }) => id === serviceId);
}

function worst(messages: readonly BoardMessage[]): Severity {
  return severities.findLast((severity) => messages.some((message) => message.severity === severity)) ?? 'GREEN';
}

/** "Hele SEB", or the services' names. */
export function concernText({ concernsAll, services }: Concern): string {
  return concernsAll ? 'Hele SEB' : joinedWithAnd(services.map(({ name }) => name));
}

function shortList(names: readonly string[]): string {
  if (names.length <= 3) return joinedWithAnd([...names]);
  return `${names.slice(0, 2).join(', ')} og ${names.length - 2} andre services`;
}

/** "11-04-2025 kl. 13.00 til 14.00", "fra 11-04-2025 kl. 13.00 indtil videre" */
export function periodText({ startsAt, endsAt }: Pick<Period, 'startsAt' | 'endsAt'>): string {
  if (endsAt === null) return `fra ${formatDateTime(startsAt)} indtil videre`;
  const isOneDay = formatDate(startsAt) === formatDate(endsAt);
  return `${formatDateTime(startsAt)} til ${isOneDay ? `kl. ${formatTime(endsAt)}` : formatDateTime(endsAt)}`;
}
