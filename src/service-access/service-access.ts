/** How far a request has come. */
export type RequestState = 'open' | 'granted' | 'partly' | 'rejected' | 'withdrawn';

export const stateNames: Record<RequestState, string> = {
  open: 'Venter på systemejeren',
  granted: 'Godkendt',
  partly: 'Godkendt i en del',
  rejected: 'Afvist',
  withdrawn: 'Trukket tilbage',
};
export const requestStates = Object.keys(stateNames) as RequestState[];

export type RequestedRole = {
  id: number;
  code: string;
  name: string;
  needsSor: boolean;
  needsCpr: boolean;
  isGranted: boolean | null;
  /** The organisation may give it already, or it has been retired since. */
  mayGive: boolean;
  isOpen: boolean;
};

/** An organisation's request for roles of one service. */
export type AccessRequest = {
  id: number;
  organisation: { id: number; cvr: string; name: string; isClosed: boolean };
  serviceId: number;
  serviceCode: string;
  serviceName: string;
  purpose: string;
  legalBasis: string;
  contactName: string;
  contactEmail: string;
  contactPhone: string | null;
  /** The sikkerhedsansvarlig who asked outside SEB, and when (dd-mm-åååå). */
  askedBy: string | null;
  askedOn: string | null;
  createdById: number;
  createdByName: string;
  /** "21-11-2026 kl. 14.14" */
  createdAt: string;
  state: RequestState;
  decidedByName: string | null;
  decidedAt: string | null;
  decisionReason: string | null;
  roles: RequestedRole[];
};

export type RequestInput = {
  serviceId: number;
  roleIds: number[];
  purpose: string;
  legalBasis: string;
  contactName: string;
  contactEmail: string;
  contactPhone: string | null;
  /** Only where the system owner registers what came by letter or mail. */
  asked: { by: string; on: string } | null;
};
