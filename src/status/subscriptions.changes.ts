import { randomBytes } from 'node:crypto';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { digestOf } from '../http/keys.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { MailWriting } from '../mail/template-mail.ts';
import { confirmSubscriptionMail } from './status.mail.ts';
import type { Wish } from './subscriptions.forms.ts';

type Mailing = MailWriting & { origin: string };

/**
 * Keeps the wish and asks the address whether it is its own. An address that is subscribed is asked too, and told nothing
 * else: nobody learns from here whose address is there. Pressed twice within a minute it is one wish.
 */
export async function askToSubscribe(
  tx: Tx,
  { email, concernsAll, serviceIds }: Wish,
  { origin, ...mailing }: Mailing,
): Promise<{ outcome: null; mails: OutgoingMail[] }> {
  const token = newToken();
  const [wish] = await tx.rows<{ id: number }>(sql`
    insert into status_subscription (email, confirm_digest, unsubscribe_token, concerns_all)
    select ${email}, ${digestOf(token)}, ${newToken()}, ${concernsAll}::boolean
    where not exists (select from status_subscription
      where lower(email) = lower(${email}) and confirmed_at is null and created_at > now() - interval '1 minute')
    returning id`);
  if (wish === undefined) return { outcome: null, mails: [] };
  await tx.rows(sql`
    insert into status_subscription_service (subscription_id, service_id)
    select ${wish.id}::int, id from service where id = any (${serviceIds}::int[])`);
  return { outcome: null, mails: [confirmSubscriptionMail(mailing, { address: email, origin, token })] };
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export type Confirmed = 'confirmed' | 'alreadyConfirmed' | 'unknown';

/** Makes the wish count, in place of earlier ones of the address. */
export async function confirmSubscription(tx: Tx, token: string): Promise<{ outcome: Confirmed }> {
  const [wish] = await tx.rows<{ id: number; isConfirmed: boolean }>(sql`
    select id, confirmed_at is not null as "isConfirmed" from status_subscription
    where confirm_digest = ${digestOf(token)} and (confirmed_at is not null or created_at > now() - interval '48 hours') for update`);
  if (wish === undefined) return { outcome: 'unknown' };
  if (wish.isConfirmed) return { outcome: 'alreadyConfirmed' };
  await tx.rows(sql`
    delete from status_subscription o using status_subscription n
    where n.id = ${wish.id}::int and lower(o.email) = lower(n.email) and o.id <> n.id`);
  await tx.rows(sql`update status_subscription set confirmed_at = now() where id = ${wish.id}::int`);
  return { outcome: 'confirmed' };
}

/** Forgets the address, with the mails to it that wait or were sent; false when nobody is behind the code any longer. */
export async function unsubscribe(tx: Tx, token: string): Promise<{ outcome: boolean }> {
  const [gone] = await tx.rows<{ email: string }>(
    sql`delete from status_subscription where unsubscribe_token = ${token} returning email`,
  );
  if (gone === undefined) return { outcome: false };
  await tx.rows(
    sql`delete from mail_outbox where lower(to_address) = lower(${gone.email}) and kind like 'status.%' and organisation_id is null`,
  );
  return { outcome: true };
}
