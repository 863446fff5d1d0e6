import type { Tx } from '../db/access.ts';
import { translateDatabaseError } from '../db/errors.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { inOneTransaction, openUnlocked, writeMails } from './change-steps.ts';
import type { Changes } from './record-change.ts';

/**
 * What somebody does who is not signed in, with its mails, in one transaction. Nothing audited can be changed by it, since it
 * writes no event and the database demands one; it waits for nobody's lock, so that strangers hold up no change.
 */
export async function recordVisitorChange<Outcome>(
  changes: Changes,
  work: (tx: Tx) => Promise<{ outcome: Outcome; mails?: readonly OutgoingMail[] }>,
): Promise<Outcome> {
  try {
    return await inOneTransaction(changes.database, async (prisma) => {
      const { outcome, mails = [] } = await work(await openUnlocked(prisma));
      await changes.queueMails(prisma, await writeMails(prisma, null, mails));
      return outcome;
    });
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
