import type { Tx } from '../db/access.ts';
import { translateDatabaseError } from '../db/errors.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { inOneTransaction, openChange, writeEvents, writeMails } from './change-steps.ts';
import type { AuditEvent } from './events.ts';
import type { Changes } from './record-change.ts';

export type SystemChange<Outcome> = {
  outcome: Outcome;
  events: readonly AuditEvent[];
  mails?: readonly OutgoingMail[];
  /** Ids of mails that a statement of the change wrote into the outbox itself. */
  written?: readonly number[];
};

/** What the log calls the system where people stand otherwise. */
export const systemName = 'SEB';

/**
 * A change that the system makes by itself when its time has come, in one transaction with the organisation locked (null:
 * what belongs to all, see openChange), its
 * events (actor_kind SYSTEM) and its mails. Nobody's form is behind it: `work` looks under the lock whether it is still to
 * be done, so that a second run finds nothing.
 */
export async function recordSystemChange<Outcome>(
  changes: Changes,
  organisationId: number | null,
  work: (tx: Tx) => Promise<SystemChange<Outcome>>,
): Promise<Outcome> {
  try {
    return await inOneTransaction(changes.database, async (prisma) => {
      const { outcome, events, mails = [], written = [] } = await work(await openChange(prisma, organisationId));
      await writeEvents(prisma, events, author);
      await changes.queueMails(prisma, [...(await writeMails(prisma, organisationId, mails)), ...written]);
      return outcome;
    });
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

const author = {
  kind: 'SYSTEM',
  userId: null,
  name: systemName,
  role: 'system',
  requestId: null,
  networkAddress: null,
  onBehalf: false,
} as const;
