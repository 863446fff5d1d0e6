import type { FirstLogin } from '../agreements/first-login.queries.ts';
import { digestOf } from '../http/keys.ts';
import type { EmployeeIdentity } from '../http/session.ts';
import { reaches } from './saml/assurance-level.ts';
import type { SamlIdentity } from './saml/saml-identity.ts';

/** A user that a login may be, as the database function login_candidates tells it. */
export type Candidate = {
  userId: number;
  organisationId: number;
  organisationName: string;
  isClosed: boolean;
  uuid: string | null;
  rid: string;
  firstName: string;
  lastName: string;
  email: string;
  isLocked: boolean;
  isDeleted: boolean;
  sessionEpoch: number;
};

export type SignInRefusal =
  | 'privatePerson'
  | 'noCvr'
  | 'noIdentifier'
  | 'unknown'
  | 'deleted'
  | 'locked'
  | 'organisationClosed'
  | 'uuidOfAnother'
  | 'uuidMissing'
  | 'conflict'
  | 'noAdministratorRole'
  | 'firstLoginTooLate'
  | 'firstLoginTooLow'
  | 'firstLoginOfAnother';

export type Match = { found: true; user: Candidate; bindsUuid: boolean } | { found: false; refusal: SignInRefusal };

const no = (refusal: SignInRefusal): Match => ({ found: false, refusal });

/** Which user a verified identity is: UUID first, then CVR and RID with an empty UUID (product rules; oiosaml facts 6). */
export function matchUser(
  identity: Pick<SamlIdentity, 'isPrivatePerson' | 'cvr' | 'uuid' | 'rid'>,
  candidates: Candidate[],
): Match {
  if (identity.isPrivatePerson) return no('privatePerson');
  if (identity.cvr === null) return no('noCvr');
  if (identity.uuid === null && identity.rid === null) return no('noIdentifier');
  const present = candidates.filter((candidate) => !candidate.isDeleted);
  const byUuid = present.find((candidate) => identity.uuid !== null && candidate.uuid === identity.uuid);
  const byRid = present.find((candidate) => identity.rid !== null && candidate.rid === identity.rid);
  if (byUuid !== undefined && byRid !== undefined && byUuid.userId !== byRid.userId) return no('conflict');
  const user = byUuid ?? byRid;
  if (user === undefined) return no(candidates.length > 0 ? 'deleted' : 'unknown');
  // Found by RID, but the RID is bound to another login already: re-issued or taken over, so a person decides.
  if (byUuid === undefined && user.uuid !== null) return no(identity.uuid === null ? 'uuidMissing' : 'uuidOfAnother');
  return stateOf(user, byUuid === undefined && user.uuid === null && identity.uuid !== null);
}

/** Who an employee is that SEB has no user for; null without a CVR, or without a number of the person's own. */
export function employeeOf(identity: SamlIdentity): EmployeeIdentity | null {
  const { isPrivatePerson, cvr, uuid, rid, organisationName, email } = identity;
  const number = uuid ?? rid;
  if (isPrivatePerson || cvr === null || number === null) return null;
  const key = `e${digestOf(`${cvr} ${number}`).slice(0, 24)}`;
  return { key, cvr, organisationName, uuid, rid, ...namesOf(identity), email };
}

/** The last word of the full name is the last name where the login tells no names apart. */
export function namesOf({
  firstName,
  lastName,
  fullName,
}: SamlIdentity): Pick<EmployeeIdentity, 'firstName' | 'lastName'> {
  if (firstName !== '' && lastName !== '') return { firstName, lastName };
  const words = fullName.split(' ');
  return {
    firstName: words.slice(0, -1).join(' ') || fullName,
    lastName: words.length > 1 ? (words.at(-1) ?? '') : '',
  };
}

/** The users that a login without one contradicts: the holder of its RID, and the one of its UUID where that is another. */
export function conflictOf(
  identity: Pick<SamlIdentity, 'uuid' | 'rid'>,
  candidates: readonly Candidate[],
): { byRid: Candidate; byUuid: Candidate | null } | null {
  const present = candidates.filter((candidate) => !candidate.isDeleted);
  const byRid = present.find((candidate) => identity.rid !== null && candidate.rid === identity.rid);
  const byUuid = present.find((candidate) => identity.uuid !== null && candidate.uuid === identity.uuid) ?? null;
  return byRid === undefined ? null : { byRid, byUuid };
}

export type Difference = { name: string | null; email: string | null };

/** The name and e-mail of a login where they are others than in SEB; null when neither is. Case and spaces do not count. */
export function differenceOf(
  { fullName, emails }: Pick<SamlIdentity, 'fullName' | 'emails'>,
  { firstName, lastName, email }: Pick<Candidate, 'firstName' | 'lastName' | 'email'>,
): Difference | null {
  const isSameName = fullName === '' || folded(fullName) === folded(`${firstName} ${lastName}`);
  const isSameEmail = emails.length === 0 || emails.some((one) => folded(one) === folded(email));
  if (isSameName && isSameEmail) return null;
  return { name: isSameName ? null : fullName, email: isSameEmail ? null : (emails[0] ?? null) };
}

function folded(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim().toLocaleLowerCase('da');
}

function stateOf(user: Candidate, bindsUuid: boolean): Match {
  if (user.isClosed) return no('organisationClosed');
  if (user.isLocked) return no('locked');
  return { found: true, user, bindsUuid };
}

/**
 * Why the first login of somebody whom an agreement names is not let in (permissions, condition 7): it must carry the RID or
 * UUID that the agreement names, at level Substantial, in time. The CVR is right already, since the user was found by it.
 */
export function firstLoginRefusal(
  identity: Pick<SamlIdentity, 'uuid' | 'rid' | 'level'>,
  { isOver, namedRid, namedUuid }: Pick<FirstLogin, 'isOver' | 'namedRid' | 'namedUuid'>,
): SignInRefusal | null {
  if (isOver) return 'firstLoginTooLate';
  if (!reaches(identity.level, 'Substantial')) return 'firstLoginTooLow';
  const carriesNamed =
    (namedUuid !== null && identity.uuid === namedUuid) || (namedRid !== null && identity.rid === namedRid);
  return carriesNamed ? null : 'firstLoginOfAnother';
}
