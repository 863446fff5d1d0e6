import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Prisma } from '../db/generated/client.ts';
import { sql } from '../db/sql.ts';
import type { StoredMail } from './transport.ts';

export type ClaimedMail = StoredMail & { id: number; triedSince: Date };

const hour = 3_600_000;
/** So long a mail is tried; after that what it tells is old news, and an administrator sees it among the failed ones. */
const tryForHours = 48;

/** Counts an attempt and gives the mail; null when it has been sent or given up meanwhile. */
export async function claimMail(database: Database, id: number): Promise<ClaimedMail | null> {
  const [mail] = await lookUp<ClaimedMail>(
    database,
    sql`select id, message_id as "messageId", to_name as "toName", to_address as "toAddress", subject, text, html,
      unsubscribe_url as "unsubscribeUrl", tried_since as "triedSince" from claim_mail(${id}::int)`,
  );
  return mail ?? null;
}

/** What a server takes is no longer refused; whether it arrives is told later, if at all (bounces/). */
export async function markSent(database: Database, { id }: ClaimedMail): Promise<void> {
  await lookUp(database, sql`select mark_mail_sent(${id}::int)`);
}

/** For good, and the address is marked: the mail server said that it cannot get mail. */
export async function markRefused(
  database: Database,
  mail: ClaimedMail,
  reason: string,
  status: string | null,
): Promise<void> {
  await acrossOrganisations(database, async (tx) => {
    await tx.mailOutbox.updateMany({
      where: { id: mail.id, sentAt: null },
      data: { failedAt: new Date(), lastError: reason },
    });
    await markAddress(tx, { address: mail.toAddress, how: 'REFUSED', status });
  });
}

type Fault = { address: string; how: 'REFUSED' | 'BOUNCED'; status: string | null };

/** `since` stays that of the first failure after a mail came through. */
export async function markAddress(tx: Prisma.TransactionClient, { address, how, status }: Fault): Promise<void> {
  const failed = { how, status, failedAt: new Date() };
  await tx.undeliverableAddress.upsert({
    where: { address: address.toLowerCase() },
    create: { address: address.toLowerCase(), ...failed },
    update: failed,
  });
}

/** For good: nobody tries again. */
export async function markFailed(database: Database, mail: ClaimedMail, reason: string): Promise<void> {
  await mark(database, mail, { failedAt: new Date(), lastError: reason });
}

/** Keeps the reason; a mail that has been tried long enough is failed for good, and then the answer is false. */
export async function markForRetry(database: Database, mail: ClaimedMail, reason: string): Promise<boolean> {
  const isTooOld = Date.now() - mail.triedSince.getTime() > tryForHours * hour;
  if (isTooOld) await markFailed(database, mail, reason);
  else await mark(database, mail, { lastError: reason });
  return !isTooOld;
}

/** Mails that have waited for a while, whether they have a job or lost it. */
export async function findWaitingMails(database: Database): Promise<number[]> {
  const rows = await acrossOrganisations(database, (tx) =>
    tx.mailOutbox.findMany({
      where: { sentAt: null, failedAt: null, createdAt: { lt: new Date(Date.now() - 30_000) } },
      select: { id: true },
      orderBy: { id: 'asc' },
    }),
  );
  return rows.map(({ id }) => id);
}

async function mark(
  database: Database,
  { id }: ClaimedMail,
  data: Prisma.MailOutboxUpdateManyMutationInput,
): Promise<void> {
  await acrossOrganisations(database, (tx) => tx.mailOutbox.updateMany({ where: { id, sentAt: null }, data }));
}

/** The postman serves every organisation, so its transactions see all of them, and hold nothing but the outbox. */
export function acrossOrganisations<Result>(
  { prisma }: Database,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select set_config('seb.organisations', '*', true)`;
    return work(tx);
  });
}
