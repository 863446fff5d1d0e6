import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { MailSetting } from '../users/users.changes.ts';

/**
 * Writes a mail for each organisationsadministrator of an open organisation, in one statement however many they are; who has
 * several organisations gets one. Returns the mails' ids, to be queued with the change.
 */
export async function tellOfText(tx: Tx, mailing: MailSetting, changes: string): Promise<number[]> {
  const { kind, subject, text, html } = mailOf(mailing, 'agreementText.published', {
    to: { name: '', address: '' },
    values: { nyt: changes.split(/\n+/) },
    url: new URL('/', mailing.sebadminOrigin),
  });
  const written = await tx.rows<{ id: number }>(sql`
    insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html)
    select '<' || gen_random_uuid() || '@seb>', ${kind}, a.first_name || ' ' || a.last_name, a.email, ${subject}, ${text}, ${html}
    from (select distinct on (a.user_id) a.* from organisation o cross join lateral organisation_administrator_addresses(o.id) a
      where o.closed_at is null order by a.user_id) a
    returning id`);
  return written.map(({ id }) => id);
}
