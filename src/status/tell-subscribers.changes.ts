import { randomBytes } from 'node:crypto';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Occasion, Told } from './status.mail.ts';
import { statusMail } from './status.mail.ts';

/**
 * Writes a mail for each confirmed address that wants to know, in one statement however many they are; each gets a code of
 * its own in place of the one that the text was written with. Returns the mails' ids, to be queued with the change.
 */
export async function tellSubscribers(tx: Tx, mailing: MailSetting, told: Told, occasion: Occasion): Promise<number[]> {
  // Made anew each time, so that no message can hold it.
  const code = randomBytes(24).toString('hex');
  const { kind, subject, text, html, unsubscribeUrl } = statusMail(mailing, told, occasion, code);
  const serviceIds = told.services.map(({ id }) => id);
  const written = await tx.rows<{ id: number }>(sql`
    insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html, unsubscribe_url)
    select '<' || gen_random_uuid() || '@seb>', ${kind}, '', s.email, ${subject}, replace(${text}, ${code}, s.unsubscribe_token),
      replace(${html}, ${code}, s.unsubscribe_token), replace(${unsubscribeUrl ?? null}::text, ${code}, s.unsubscribe_token)
    from status_subscription s
    where s.confirmed_at is not null and (s.concerns_all or ${told.concernsAll}::boolean or exists (
      select from status_subscription_service c where c.subscription_id = s.id and c.service_id = any (${serviceIds}::int[])))
    returning id`);
  return written.map(({ id }) => id);
}
