import type { MailFault } from '../mail/mail-fault.ts';
import type { AdministratorKind } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { joinedWithAnd } from '../shared/text.ts';
import { administratorNames } from '../users/user.ts';

export type NamedService = { id: number; name: string };

/** A person who administers an organisation, or will; days as yyyy-mm-dd in Denmark, the last one included. */
export type Administrator = {
  id: number;
  userId: number;
  homeOrganisationId: number;
  homeName: string;
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  kind: AdministratorKind;
  /** SEB Ansvarsområde */
  area: string | null;
  /** The services that limit what the administrator may give; null = all that the organisation may give. */
  services: NamedService[] | null;
  startsOn: string;
  endsOn: string | null;
  hasBegun: boolean;
  isLocked: boolean;
  /** Without this person the organisation would have no lasting organisationsadministrator. */
  isLast: boolean;
  /** Why mails to the address do not come through; null where they do, as far as is known. */
  mailFault: MailFault | null;
  version: number;
};

/** Vikar: who does an administrator's work from–to. */
export type Substitute = {
  id: number;
  administratorId: number;
  userId: number;
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  startsOn: string;
  endsOn: string;
  hasBegun: boolean;
};

/** What the page lets one change about an administrator. */
export type Terms = {
  kind: AdministratorKind;
  area: string | null;
  serviceIds: number[] | null;
  startsOn: string;
  endsOn: string | null;
};

/** The guide's three kinds (3.2.1), widest first, each with its colour in words. */
export const kinds: readonly { kind: AdministratorKind; colour: string; may: string }[] = [
  {
    kind: 'ORGANISATION',
    colour: 'gul',
    may: 'Kan alt det, en brugeradministrator kan, og udpeger og fjerner administratorer.',
  },
  { kind: 'USER', colour: 'hvid', may: 'Opretter, retter, spærrer og sletter brugere, og tildeler og fjerner roller.' },
  { kind: 'READ_ONLY', colour: 'grøn', may: 'Ser brugere, roller og rapporter, men ændrer intet.' },
];

/** The part of a text that names a kind: "brugeradministratorrollen". */
export const roleNames: Record<AdministratorKind, string> = {
  ORGANISATION: 'organisationsadministratorrollen',
  USER: 'brugeradministratorrollen',
  READ_ONLY: 'read-only administratorrollen',
};

/** Whether these terms take the lasting organisationsadministrator away. */
export function takesAway({ kind, startsOn, endsOn }: Terms, today: string): boolean {
  return kind !== 'ORGANISATION' || endsOn !== null || startsOn > today;
}

export function termsOf({ kind, area, services, startsOn, endsOn }: Administrator): Terms {
  return { kind, area, serviceIds: services?.map((service) => service.id) ?? null, startsOn, endsOn };
}

export function periodText({
  startsOn,
  endsOn,
  hasBegun,
}: Pick<Administrator, 'startsOn' | 'endsOn' | 'hasBegun'>): string {
  if (endsOn === null) return hasBegun ? `Siden ${danishDay(startsOn)}` : `Fra ${danishDay(startsOn)}`;
  return `${danishDay(startsOn)} – ${danishDay(endsOn)}`;
}

export function servicesText(services: readonly NamedService[] | null): string {
  if (services === null) return 'Alle services';
  return services.length === 0 ? 'Ingen services' : joinedWithAnd(services.map((service) => service.name));
}

type Changes = Record<string, { from: string | null; to: string | null }>;

/** What differs, in words, as the log and the mails tell it. */
export function changesOf(before: Administrator, after: Terms, services: readonly NamedService[]): Changes {
  const named =
    after.serviceIds?.map((id) => services.find((one) => one.id === id) ?? { id, name: String(id) }) ?? null;
  const pairs: Record<string, [string | null, string | null]> = {
    kind: [administratorNames[before.kind], administratorNames[after.kind]],
    area: [before.area, after.area],
    services: [servicesText(before.services), servicesText(named)],
    startsOn: [danishDay(before.startsOn), danishDay(after.startsOn)],
    endsOn: [dayOrNone(before.endsOn), dayOrNone(after.endsOn)],
  };
  return Object.fromEntries(
    Object.entries(pairs)
      .filter(([, [from, to]]) => from !== to)
      .map(([field, [from, to]]) => [field, { from, to }]),
  );
}

function dayOrNone(isoDay: string | null): string | null {
  return isoDay === null ? null : danishDay(isoDay);
}
