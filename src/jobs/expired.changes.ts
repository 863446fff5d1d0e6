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
  const [, mails, emailChanges, refusedSignIns, userImports, bulkOrders, subscriptions] = await prisma.$transaction([
    prisma.$queryRaw`select set_config('seb.organisations', '*', true)`,
    // Names and addresses stand in mails: what was sent is in the log, so its text need not stay.
    prisma.mailOutbox.deleteMany({ where: { sentAt: before(kept.mails * 24) } }),
    prisma.emailChange.deleteMany({ where: { expiresAt: before(kept.emailChanges * 24) } }),
    prisma.refusedSignIn.deleteMany({ where: { at: before(kept.refusedSignIns * 24) } }),
    // With all their rows: what came of them is in the log.
    prisma.userImport.deleteMany({ where: { createdAt: before(kept.imports * 24), state: { not: 'QUEUED' } } }),
    prisma.bulkOrder.deleteMany({ where: { endedAt: before(kept.orders * 24) } }),
    // An address that never said yes goes within two days, and the mail that asked it.
    prisma.statusSubscription.deleteMany({ where: { confirmedAt: null, createdAt: before(48) } }),
    prisma.mailOutbox.deleteMany({ where: { kind: 'status.confirm', createdAt: before(48) } }),
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
  }).map(([name, { count }]) => [name, count]);
  return Object.fromEntries(counts) as Record<string, number>;
}
