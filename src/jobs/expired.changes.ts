import type { Retention } from '../retention/retention.ts';
import { usualRetention } from '../retention/retention.ts';
import type { Database } from '../db/client.ts';

const hour = 3_600_000;

/** Removes what has run out and nobody can use again; sessions are pruned by their own store. */
export async function removeExpired(
  { prisma }: Database,
  now: Date = new Date(),
  kept: Retention = usualRetention,
): Promise<Record<string, number>> {
  const before = (hours: number) => ({ lt: new Date(now.getTime() - hours * hour) });
  const removed = {
    formDrafts: await prisma.formDraft.deleteMany({ where: { expiresAt: { lt: now } } }),
    // A login is judged within a quarter of an hour; an hour leaves room for its refusal to be told.
    pendingLogins: await prisma.pendingLogin.deleteMany({ where: { createdAt: before(1) } }),
    usedAssertions: await prisma.usedAssertion.deleteMany({ where: { expiresAt: { lt: now } } }),
    idempotencyKeys: await prisma.idempotencyKey.deleteMany({ where: { createdAt: before(7 * 24) } }),
    rateLimits: await prisma.rateLimit.deleteMany({ where: { expire: { lt: BigInt(now.getTime()) } } }),
  };
  const [evidence] = await prisma.$queryRaw<{ count: number }[]>`select remove_old_login_evidence() as count`;
  const [, , mails, , emailChanges, refusedSignIns, userImports, bulkOrders, subscriptions, , , reportFiles] =
    await prisma.$transaction([
      prisma.$queryRaw`select set_config('seb.organisations', '*', true)`,
      // What became of a half-yearly mail stays in its run.
      prisma.$executeRaw`update half_yearly_recipient r set sent_at = m.sent_at, failed_at = m.failed_at
      from mail_outbox m where m.id = r.mail_id and r.sent_at is null and r.failed_at is null
        and coalesce(m.given_up_at, m.sent_at) < ${new Date(now.getTime() - (kept.mails * 24 - 1) * hour)}::timestamptz`,
      // Names and addresses stand in mails: what was sent is in the log, so its text need not stay. One that failed stays until
      // somebody has sent it again or given it up.
      prisma.mailOutbox.deleteMany({
        where: { OR: [{ sentAt: before(kept.mails * 24), failedAt: null }, { givenUpAt: before(kept.mails * 24) }] },
      }),
      // A server that takes every mail says nothing about the mailbox: what came back counts until a later mail stayed away.
      prisma.$executeRaw`delete from undeliverable_address a where a.how = 'BOUNCED' and exists (
      select from mail_outbox m where lower(m.to_address) = a.address and m.sent_at > a.failed_at
        and m.sent_at < now() - interval '5 days' and m.failed_at is null)`,
      prisma.emailChange.deleteMany({ where: { expiresAt: before(kept.emailChanges * 24) } }),
      prisma.refusedSignIn.deleteMany({ where: { at: before(kept.refusedSignIns * 24) } }),
      // With all their rows: what came of them is in the log.
      prisma.userImport.deleteMany({ where: { createdAt: before(kept.imports * 24), state: { not: 'QUEUED' } } }),
      prisma.bulkOrder.deleteMany({ where: { endedAt: before(kept.orders * 24) } }),
      // An address that never said yes goes within two days, and the mail that asked it.
      prisma.statusSubscription.deleteMany({ where: { confirmedAt: null, createdAt: before(48) } }),
      prisma.mailOutbox.deleteMany({ where: { kind: 'status.confirm', createdAt: before(48) } }),
      // The row stays: "Kontrollér" knows the file by it for as long as somebody keeps it.
      prisma.reportExport.updateMany({ where: { expiresAt: { lt: now }, removedAt: null }, data: { removedAt: now } }),
      prisma.reportExportPiece.deleteMany({ where: { export: { removedAt: { not: null } } } }),
    ]);
  const counts = Object.entries({
    ...removed,
    loginEvidence: evidence ?? { count: 0 },
    mails,
    emailChanges,
    refusedSignIns,
    userImports,
    bulkOrders,
    subscriptions,
    reportFiles,
  }).map(([name, { count }]) => [name, count]);
  return Object.fromEntries(counts) as Record<string, number>;
}
