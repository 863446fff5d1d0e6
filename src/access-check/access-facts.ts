/** A user as an access check needs one: deleted ones too. Days as dd-mm-åååå, moments with the time. */
export type CheckedUser = {
  id: number;
  firstName: string;
  lastName: string;
  rid: string;
  username: string;
  uuid: string | null;
  createdOn: string;
  deletedOn: string | null;
  isLocked: boolean;
  lockedFrom: string | null;
  lockedUntil: string | null;
  plannedLockFrom: string | null;
  lockReason: string | null;
  /** When the servicedesk's lock ends; null without one. */
  emergencyLockUntil: string | null;
  lastWorkingDay: string | null;
  isAdministrator: boolean;
  organisationClosedOn: string | null;
  lastLogin: string | null;
  lastLevel: string | null;
  lastCarriedCpr: boolean | null;
};

/** A role that was not withdrawn, with all that may keep it from working. */
export type CheckedRole = {
  roleName: string;
  serviceId: number;
  serviceName: string;
  sorCode: string | null;
  unitName: string | null;
  state: 'active' | 'future' | 'ended';
  validFrom: string;
  validTo: string | null;
  needsCpr: boolean;
  isRetired: boolean;
  rightIsWithdrawn: boolean;
  unitClosedOn: string | null;
  unitIsAnothers: boolean;
};

/** A login that was refused, as it was noted. */
export type RefusedLogin = {
  reference: string;
  at: string;
  /** After the user's latest accepted login: it may be why they cannot get in now. */
  isLatest: boolean;
  portal: 'sebadmin' | 'sebanmod';
  reason: string;
  provider: string | null;
  cvr: string | null;
  organisationName: string | null;
  organisationId: number | null;
  level: string | null;
  requiredLevel: string | null;
  carriedCpr: boolean | null;
  name: string | null;
  uuid: string | null;
  rid: string | null;
};

/** What is going on with services (or all of SEB) that the user's roles are for. */
export type Disruption = { title: string; concerns: string; period: string };

export type AccessFacts = {
  user: CheckedUser;
  roles: CheckedRole[];
  refused: RefusedLogin[];
  disruptions: Disruption[];
};

const levels: Record<string, string> = { Low: 'Lav', Substantial: 'Betydelig', High: 'Høj' };

export function levelName(level: string): string {
  return levels[level] ?? level;
}
