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

export function fullName(person: { firstName: string; lastName: string }): string {
  return `${person.firstName} ${person.lastName}`;
}
