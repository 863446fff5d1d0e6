export type Portal = 'sebadmin' | 'sebanmod';

/** A login that was sent to an identity provider and has not come back. `id` is its RelayState. */
export type PendingLogin = {
  id: string;
  requestId: string;
  providerId: string;
  portal: Portal;
  returnTo: string;
  /** The session (its hash) that the new one takes the place of. */
  replacesSession: string | null;
  /** The provider must let the person prove anew who they are. */
  forceAuthn: boolean;
  createdAt: Date;
};

/** What the login must remember between two requests, shared by all processes. */
export interface PendingLogins {
  save(login: PendingLogin): Promise<void>;
  /** Takes the login out for good; null when there is none or it is more than 15 minutes old. */
  take(requestId: string): Promise<PendingLogin | null>;
  /** Notes that an assertion was used; false when it was used before. It may be forgotten after `until`. */
  rememberAssertion(providerId: string, assertionId: string, until: Date): Promise<boolean>;
}
