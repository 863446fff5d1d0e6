import type { Database } from '../db/client.ts';
import { oneLine } from './recipient.ts';
import { claimMail, markFailed, markForRetry, markRefused, markSent } from './outbox.changes.ts';
import type { ClaimedMail } from './outbox.changes.ts';
import type { MailTransport } from './transport.ts';
import { MailRefused, RecipientRefused } from './transport.ts';

/** `done`: nothing more to do, whichever way it ended; `retry`: the job queue shall come back to it. */
export type SendOutcome = { status: 'done' | 'retry'; error: string | null };

/**
 * Sends one mail of the outbox. A process that dies between the server's "250" and the mark leaves the mail waiting: it is
 * sent once more, with the same Message-ID, by which mailboxes tell that it is the same.
 */
export async function sendMail(database: Database, transport: MailTransport, id: number): Promise<SendOutcome> {
  const mail = await claimMail(database, id);
  if (mail === null) return { status: 'done', error: null };
  try {
    await transport.send(mail);
  } catch (error) {
    return await afterFailure(database, mail, error);
  }
  await markSent(database, mail);
  return { status: 'done', error: null };
}

async function afterFailure(database: Database, mail: ClaimedMail, error: unknown): Promise<SendOutcome> {
  const reason = oneLine(error instanceof Error ? error.message : String(error)).slice(0, 500);
  if (error instanceof RecipientRefused || error instanceof MailRefused) {
    if (error instanceof RecipientRefused && error.byServer !== null)
      await markRefused(database, mail, reason, error.byServer.status);
    else await markFailed(database, mail, reason);
    return { status: 'done', error: reason };
  }
  const again = await markForRetry(database, mail, reason);
  return { status: again ? 'retry' : 'done', error: reason };
}
