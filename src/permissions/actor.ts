export type AdministratorKind = 'ORGANISATION' | 'USER' | 'READ_ONLY';
export type SystemRoleKind = 'SYSTEM_OWNER' | 'SERVICEDESK';

export type Administration = {
  organisationId: number;
  cvr: string;
  name: string;
  kind: AdministratorKind;
  /** The services whose roles the person may give and take here; null = all that the organisation may give. */
  serviceIds: number[] | null;
};

/** The person behind a request, as the database knows them at this moment. */
export type Actor = {
  userId: number;
  firstName: string;
  lastName: string;
  email: string;
  username: string;
  /** The organisation that the person is a user of. */
  organisationId: number;
  organisationName: string;
  cvr: string;
  sessionEpoch: number;
  /** Not locked, not deleted, and the own organisation is open. */
  isActive: boolean;
  systemRoles: SystemRoleKind[];
  /** Administrations that are in force today, of open organisations, by organisation name. */
  administrations: Administration[];
};

/** Somebody with an employee identity of a CVR where no user is theirs, as their login told; only sebanmod lets them in. */
export type Employee = {
  /** Tells one employee's forms and sessions from another's. */
  key: string;
  cvr: string;
  /** As the login calls it, for a CVR that is not in SEB. */
  organisationName: string;
  organisation: { id: number; cvr: string; name: string } | null;
  uuid: string | null;
  rid: string | null;
  firstName: string;
  lastName: string;
  email: string | null;
  level: string;
};

/** Whoever is signed in. */
export type Person = Actor | Employee;

export function isUser(person: Person): person is Actor {
  return 'userId' in person;
}

/** A mark of the administrative roles, the same until one comes or goes. */
export function rightsOf(person: Person): string {
  if (!isUser(person)) return 'employee';
  const held = person.administrations.map(({ organisationId, kind }) => `${organisationId} ${kind}`);
  return [...person.systemRoles, ...held].toSorted().join(', ');
}

/** Whose a form, a draft or a count is. */
export function ownerOf(person: Person): string {
  return isUser(person) ? String(person.userId) : person.key;
}

/** The organisation of the person's CVR; null where it is not in SEB. */
export function organisationOfPerson(person: Person): { id: number; cvr: string; name: string } | null {
  if (!isUser(person)) return person.organisation;
  return { id: person.organisationId, cvr: person.cvr, name: person.organisationName };
}

export function fullName(person: { firstName: string; lastName: string }): string {
  return `${person.firstName} ${person.lastName}`;
}
