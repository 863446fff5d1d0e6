import type { AssignmentScope } from '../role-assignments/assignment.ts';
import { counted } from '../shared/text.ts';

export type RequestKind = 'ORDINARY' | 'RESEARCH';

export const kindNames: Record<RequestKind, string> = {
  ORDINARY: 'Almindelig brugeradgang',
  RESEARCH: 'Forskermaskinen',
};

/** How far a request has come; the database works it out of its moments. */
export type RequestState = 'open' | 'taken' | 'granted' | 'partly' | 'rejected' | 'withdrawn';

export const stateNames: Record<RequestState, string> = {
  open: 'Venter',
  taken: 'Under behandling',
  granted: 'Godkendt',
  partly: 'Godkendt i en del',
  rejected: 'Afvist',
  withdrawn: 'Trukket tilbage',
};

export const stateTones: Record<RequestState, string> = {
  open: 'info',
  taken: 'info',
  granted: 'success',
  partly: 'success',
  rejected: 'warning',
  withdrawn: 'warning',
};

export const isWaiting = ({ state }: { state: RequestState }): boolean => state === 'open' || state === 'taken';

export type AskedRole = {
  id: number;
  code: string;
  name: string;
  serviceId: number;
  serviceName: string;
  needsSor: boolean;
  needsCpr: boolean;
  /** The organisation may give it now. */
  isGivable: boolean;
};

export type GivenRole = {
  roleName: string;
  roleCode: string;
  serviceName: string;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope;
  /** yyyy-mm-dd; null: at once, or without end */
  startsOn: string | null;
  endsOn: string | null;
};

/** The user whom the request is about: who asked, or who has the login's UUID or RID by now. */
export type Subject = {
  id: number;
  firstName: string;
  lastName: string;
  isAdministrator: boolean;
};

export type AccessRequest = {
  id: number;
  organisation: { id: number; cvr: string; name: string; selfAssignmentAllowed: boolean };
  kind: RequestKind;
  saysNewUser: boolean;
  userId: number | null;
  uuid: string | null;
  rid: string | null;
  firstName: string;
  lastName: string;
  level: string;
  email: string;
  wanted: string;
  sorCode: string | null;
  unitName: string | null;
  startsOn: string | null;
  endsOn: string | null;
  projectNumber: string | null;
  dataOwnerApproval: string | null;
  researchRecipient: string | null;
  recipientId: number | null;
  recipientName: string | null;
  fallbackId: number | null;
  fallbackName: string | null;
  takenById: number | null;
  takenByName: string | null;
  escalation: number;
  /** "21-11-2026 kl. 14.14" */
  createdAt: string;
  state: RequestState;
  decidedByName: string | null;
  decidedAt: string | null;
  decisionReason: string | null;
  version: number;
  roles: AskedRole[];
  given: GivenRole[];
  /** Users of the organisation that it may be about: two when UUID and RID are two people's. */
  subjects: Subject[];
};

/** Somebody who may decide on a request; the names are shown to the employee, the address is not. */
export type Decider = {
  userId: number;
  firstName: string;
  lastName: string;
  email: string;
  kind: 'ORGANISATION' | 'USER';
  area: string | null;
};

export type Comment = {
  authorId: number | null;
  authorName: string;
  body: string;
  createdAt: string;
};

/** What an employee asks for, as the form read it. */
export type RequestInput = {
  kind: RequestKind;
  saysNewUser: boolean;
  email: string;
  wanted: string;
  roleIds: number[];
  sorCode: string | null;
  startsOn: string | null;
  endsOn: string | null;
  projectNumber: string | null;
  dataOwnerApproval: string | null;
  researchRecipientId: number | null;
  /** Null where nobody can decide: then it stands on the servicedesk's list. */
  recipientId: number | null;
  fallbackId: number | null;
};

/** How many roles were picked, for lists. */
export function wishedText(roles: number): string {
  return roles === 0 ? 'ingen roller valgt' : counted(roles, 'rolle', 'roller');
}

/** So many requests of one person may wait at a time. */
export const mostWaiting = 5;

/** "Ny bruger" as the employee chose it. */
export function newUserText({ saysNewUser }: { saysNewUser: boolean }): string {
  return saysNewUser ? 'Ny bruger' : 'Yderligere adgange til eksisterende bruger';
}
