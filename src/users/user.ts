import type { MailFault } from '../mail/mail-fault.ts';
import type { AdministratorKind, SystemRoleKind } from '../permissions/actor.ts';

/** A user as the list shows one. */
export type UserRow = {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  isLocked: boolean;
  /** The last day of the lock, dd-mm-åååå; null while locked without end or not locked. */
  lockedUntil: string | null;
  /** dd-mm-åååå kl. tt.mm of a lock that ends at a time of that day, as an emergency lock does; else null. */
  lockEndsAt: string | null;
  administratorKind: AdministratorKind | null;
  /** Gone, the organisation (or another that the person administers) would have no lasting organisationsadministrator. */
  isLastOrganisationAdministrator: boolean;
  roleCount: number;
  /** dd-mm-åååå, null = never. */
  lastLogin: string | null;
};

/** A user's own page. */
export type User = Omit<UserRow, 'roleCount' | 'lastLogin'> & {
  username: string;
  uuid: string | null;
  address: string | null;
  postcode: string | null;
  city: string | null;
  phone: string | null;
  remark: string | null;
  lockReason: string | null;
  /** dd-mm-åååå when the lock lies ahead, else null. */
  plannedLockFrom: string | null;
  /** yyyy-mm-dd, the first and the last day of a lock, whenever it is. */
  lockedFromDay: string | null;
  lockedUntilDay: string | null;
  version: number;
  sessionEpoch: number;
  /** dd-mm-åååå kl. tt.mm, null = never. */
  lastLogin: string | null;
  createdOn: string;
  /** A last working day was set and not cancelled. */
  hasDeparture: boolean;
  /** The servicedesk's lock of 72 hours is in force: only its own page opens it. */
  hasEmergencyLock: boolean;
  /** Administrator of any kind anywhere, also one that begins later, or holder of a system role. */
  isAdministrator: boolean;
  /** Rights that reach beyond this organisation: whoever takes over the login takes them over too. */
  systemRoles: SystemRoleKind[];
  otherAdministrations: number[];
  /** Why mails to the address do not come through; null where they do, as far as is known. */
  mailFault: MailFault | null;
};

/** "Aktiv", "Spærret", "Spærret til og med 30-11-2026" or, at a time of the day, "Spærret til 30-11-2026 kl. 14.05". */
export function statusText(user: Pick<UserRow, 'isLocked' | 'lockedUntil' | 'lockEndsAt'>): string {
  return user.isLocked ? `Spærret${lockEndText(user)}` : 'Aktiv';
}

/** " til og med 30-11-2026"; nothing of a lock without an end. */
export function lockEndText({ lockedUntil, lockEndsAt }: Pick<UserRow, 'lockedUntil' | 'lockEndsAt'>): string {
  if (lockEndsAt !== null) return ` til ${lockEndsAt}`;
  return lockedUntil === null ? '' : ` til og med ${lockedUntil}`;
}

export const administratorNames: Record<AdministratorKind, string> = {
  ORGANISATION: 'Organisationsadministrator',
  USER: 'Brugeradministrator',
  READ_ONLY: 'Read-only administrator',
};

/** The fields that an administrator types, in the form's order. */
export const userFields = [
  'firstName',
  'lastName',
  'email',
  'rid',
  'address',
  'postcode',
  'city',
  'phone',
  'remark',
] as const;
export type UserField = (typeof userFields)[number];

export type UserInput = Record<'firstName' | 'lastName' | 'email' | 'rid', string> &
  Record<'address' | 'postcode' | 'city' | 'phone' | 'remark', string | null>;

/** A user's own values of those fields. */
export function asInput(user: UserInput): UserInput {
  return Object.fromEntries(userFields.map((field) => [field, user[field]])) as UserInput;
}

/** What differs between a user and the new input, as the log keeps it. */
export function changedFields(
  before: UserInput,
  after: UserInput,
): Record<string, { from: string | null; to: string | null }> {
  const changes: Record<string, { from: string | null; to: string | null }> = {};
  for (const field of userFields) {
    if (before[field] !== after[field]) changes[field] = { from: before[field], to: after[field] };
  }
  return changes;
}

/** The letters of a new SEB-brugernavn: two of the first and two of the last name, folded to a–z ("Åse Østergård" → "asos"). */
export function usernameLetters(firstName: string, lastName: string): string {
  const letters = (name: string): string =>
    name
      .toLowerCase()
      .replaceAll('æ', 'ae')
      .replaceAll('ø', 'o')
      .replaceAll('å', 'a')
      .normalize('NFD')
      .replace(/[^a-z]/g, '')
      .slice(0, 2);
  return (letters(firstName) + letters(lastName)).padEnd(2, 'x');
}
