import type { AssignmentScope } from '../role-assignments/assignment.ts';

/** A role as the finder shows it to an organisation. */
export type FoundRole = {
  id: number;
  code: string;
  name: string;
  description: string;
  synonyms: string[];
  serviceId: number;
  serviceCode: string;
  serviceName: string;
  needsSor: boolean;
  needsCpr: boolean;
  /** The organisation may give it now, and neither role nor service is retired. */
  isGivable: boolean;
  /** Users of the organisation who hold it now. */
  holders: number;
};

/** One who holds a role, at one unit. */
export type RoleHolder = {
  assignmentId: number;
  userId: number;
  firstName: string;
  lastName: string;
  email: string;
  isLocked: boolean;
  isAdministrator: boolean;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope;
  validFrom: string;
  validTo: string | null;
};
