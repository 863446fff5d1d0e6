/** A mail as it goes into the outbox: one recipient, both forms, no CPR and no RID in it. */
export type OutgoingMail = {
  kind: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  /** Where a mail that was subscribed to is unsubscribed with one press (RFC 8058). */
  unsubscribeUrl?: string;
};
