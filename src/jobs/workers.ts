import type { JobResult, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { findWaitingMails } from '../mail/outbox.changes.ts';
import { sendMail } from '../mail/send-mail.ts';
import type { MailTransport } from '../mail/transport.ts';
import type { SealKey, TrustedKeys } from '../audit-seal/seal-key.ts';
import { sealLog } from '../audit-seal/seal.changes.ts';
import { runVerifications } from '../audit-seal/verification.changes.ts';
import { makePackages } from '../audit-package/audit-package.changes.ts';
import { escalationPlanOf } from '../access-requests/escalation-plan.ts';
import { escalateRequests } from '../access-requests/escalation.changes.ts';
import { remindOfAgreements } from '../agreements/reminders.changes.ts';
import type { CvrRegister } from '../cvr/company.ts';
import { carryOutDepartures } from '../departures/carry-out.changes.ts';
import { closeRunOutLocks } from '../emergency-locks/expiry.changes.ts';
import { listWaitingOrders } from '../bulk-orders/bulk-orders.queries.ts';
import { orderJob } from '../bulk-orders/order-job.ts';
import { countFigures } from '../reports/figures.changes.ts';
import { tellOfEnded } from '../status/tell-ended.changes.ts';
import { carryOutRetention, tellRemoved } from '../retention/carry-out.changes.ts';
import type { Retention } from '../retention/retention.ts';
import { usualRetention } from '../retention/retention.ts';
import { carryOutRetirements } from '../services/carry-out-retirements.changes.ts';
import type { FetchPolicy } from '../identity-providers/fetch-metadata.ts';
import { refreshProviders } from '../identity-providers/refresh.changes.ts';
import { refreshOrganisations } from '../organisations/refresh.changes.ts';
import { planOf } from '../half-yearly/plan.ts';
import { runHalfYearly } from '../half-yearly/run.changes.ts';
import type { KeptFresh } from '../shared/kept-fresh.ts';
import type { SystemSettings } from '../system-settings/setting.ts';
import type { MakeFile } from '../report-exports/export-processes.ts';
import { importJob } from '../user-import/import-job.ts';
import { listWaitingImports } from '../user-import/user-import.queries.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { removeExpired } from './expired.changes.ts';
import { makeFiles, sweepExports } from './export-work.ts';
import { carryOutOrders, importUsers } from './order-work.ts';
import { mailJob, outboxIdOf, queueMailsWith } from './mail-job.ts';
import type { QueueName } from './queues.ts';

/** What the work is done with. */
export type Workplace = {
  database: Database;
  transport: MailTransport;
  log: Pick<Logger, 'info' | 'warn'>;
  /** For changes that the system makes by itself; a process without it only sends mails and cleans up. */
  mailing?: MailSetting;
  /** Says when the half-yearly message is due and when requests are passed on; without it neither happens by itself. */
  settings?: KeptFresh<SystemSettings>;
  /** Where identity providers' metadata may be fetched from, at night. */
  metadataPolicy?: FetchPolicy;
  /** Makes the files of large reports. */
  makeFile?: MakeFile;
  /** Asked about every organisation at night. */
  cvr?: CvrRegister;
  /** How long things are kept, as the system owner has set it. */
  retention?: () => Retention;
  /** Seals the log, and checks it. */
  seal?: { key: SealKey; trusted: TrustedKeys };
};

type Job = { id: string; data: unknown };

/** Puts this process to work on every queue; other processes may do the same. */
export async function startWorkers(boss: PgBoss, workplace: Workplace): Promise<void> {
  const { name: send, ...sending } = mailWork;
  await boss.work(send, sending, (jobs) => sendMails(workplace, jobs));
  await boss.work('mail.sweep' satisfies QueueName, { pollingIntervalSeconds: 5 }, () => sweep(boss, workplace));
  await boss.work('cleanup.expired' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
    cleanUp(boss, workplace),
  );
  await boss.work('retention.carryOut' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
    retain(boss, workplace),
  );
  await boss.work('services.retire' satisfies QueueName, { pollingIntervalSeconds: 30 }, () => retire(boss, workplace));
  await boss.work('audit.seal' satisfies QueueName, { pollingIntervalSeconds: 5 }, () => seal(boss, workplace));
  await boss.work('audit.verify' satisfies QueueName, { pollingIntervalSeconds: 5 }, () => verify(boss, workplace));
  await boss.work('reports.count' satisfies QueueName, { pollingIntervalSeconds: 30 }, async () => {
    const counted = await countFigures(workplace.database);
    if (counted > 0) workplace.log.info({ counted }, 'The figures of the day were counted');
  });
  await boss.work('auditPackage.make' satisfies QueueName, { pollingIntervalSeconds: 5 }, () => pack(boss, workplace));
  const { mailing } = workplace;
  if (mailing === undefined) return;
  await boss.work('departures.carryOut' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
    carryOut(boss, workplace, mailing),
  );
  await boss.work('emergencyLocks.close' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
    closeLocks(boss, workplace, mailing),
  );
  await boss.work('status.tellEnded' satisfies QueueName, { pollingIntervalSeconds: 30 }, async () => {
    await tellOfEnded({ database: workplace.database, queueMails: queueMailsWith(boss) }, mailing);
  });
  await boss.work('user.import' satisfies QueueName, { pollingIntervalSeconds: 1 }, (jobs) =>
    importUsers(boss, workplace, mailing, jobs),
  );
  await boss.work('agreements.remind' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
    remind(boss, workplace, mailing),
  );
  await boss.work('halfYearly.run' satisfies QueueName, { pollingIntervalSeconds: 5 }, () =>
    sendHalfYearly(boss, workplace, mailing),
  );
  const { cvr, metadataPolicy, settings } = workplace;
  if (metadataPolicy !== undefined)
    await boss.work('identityProviders.refresh' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
      refreshMetadata(boss, workplace, { policy: metadataPolicy, mailing }),
    );
  if (settings !== undefined)
    await boss.work('requests.escalate' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
      escalate(boss, workplace, mailing, settings),
    );
  if (cvr !== undefined)
    await boss.work('organisations.refresh' satisfies QueueName, { pollingIntervalSeconds: 30 }, () =>
      refresh(boss, workplace, cvr),
    );
  const { makeFile } = workplace;
  // One at a time in each copy: the others wait their turn, and pages keep a core.
  if (makeFile !== undefined)
    await boss.work('report.export' satisfies QueueName, { pollingIntervalSeconds: 1 }, (jobs) =>
      makeFiles(boss, workplace, { mailing, makeFile }, jobs),
    );
  // Two at a time: a large organisation's order does not hold up a smaller one's.
  await boss.work('bulk.order' satisfies QueueName, { localConcurrency: 2, pollingIntervalSeconds: 1 }, (jobs) =>
    carryOutOrders(boss, workplace, mailing, jobs),
  );
}

const mailWork = {
  name: 'mail.send' satisfies QueueName,
  // Two at a time: a mail that a slow server holds up does not hold up all others.
  localConcurrency: 2,
  batchSize: 5,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 1,
  perJobResults: true,
} as const;

async function sendMails(workplace: Workplace, jobs: readonly Job[]): Promise<JobResult[]> {
  const results: JobResult[] = [];
  for (const job of jobs) results.push(await sendOne(workplace, job));
  return results;
}

async function sendOne({ database, transport, log }: Workplace, job: Job): Promise<JobResult> {
  const outboxId = outboxIdOf(job);
  try {
    const { status, error } = await sendMail(database, transport, outboxId);
    // The server's words may name the recipient, so they stay in the outbox (last_error).
    if (error !== null) log.warn({ outboxId, tryAgain: status === 'retry' }, 'A mail was not sent');
    return { id: job.id, status: status === 'done' ? 'completed' : 'failed' };
  } catch (error) {
    // One mail's fault must not send the others of the batch again.
    log.warn({ outboxId, err: error }, 'A mail could not be handled and is tried again');
    return { id: job.id, status: 'failed' };
  }
}

/** Finds mails, imports, orders and files that have no job: written while the queue was away, or whose job was lost. */
async function sweep(boss: PgBoss, { database }: Workplace): Promise<void> {
  const waiting = await findWaitingMails(database);
  if (waiting.length > 0) await boss.insert('mail.send' satisfies QueueName, waiting.map(mailJob));
  const imports = await listWaitingImports(database);
  if (imports.length > 0)
    await boss.insert(
      'user.import' satisfies QueueName,
      imports.map(({ id }) => importJob(id)),
    );
  const orders = await listWaitingOrders(database);
  if (orders.length > 0)
    await boss.insert(
      'bulk.order' satisfies QueueName,
      orders.map(({ id }) => orderJob(id)),
    );
  await sweepExports(boss, database);
}

async function refreshMetadata(
  boss: PgBoss,
  { database, log }: Workplace,
  by: Parameters<typeof refreshProviders>[1],
): Promise<void> {
  const { taken, unchanged, failed } = await refreshProviders({ database, queueMails: queueMailsWith(boss) }, by);
  for (const { slug, fault } of failed)
    log.warn({ provider: slug, fault }, 'Metadata of an identity provider could not be taken');
  log.info({ taken, unchanged }, 'Fetched the metadata of the identity providers');
}

async function cleanUp(boss: PgBoss, { database, log, retention }: Workplace): Promise<void> {
  const kept = retention?.() ?? usualRetention;
  const removed = await removeExpired(database, new Date(), kept);
  log.info(removed, 'Removed what had run out');
  const { mails = 0, emailChanges = 0, refusedSignIns = 0, userImports: imports = 0, bulkOrders: orders = 0 } = removed;
  const told = { mails, emailChanges, refusedSignIns, imports, orders };
  await tellRemoved({ database, queueMails: queueMailsWith(boss) }, told, kept);
}

async function retain(boss: PgBoss, { database, log, retention }: Workplace): Promise<void> {
  const kept = retention?.() ?? usualRetention;
  const removed = await carryOutRetention({ database, queueMails: queueMailsWith(boss) }, kept);
  log.info(removed, 'Removed what was kept long enough');
}

async function seal(boss: PgBoss, { database, log, mailing, seal: keys }: Workplace): Promise<void> {
  if (keys === undefined) return;
  const { events, days } = await sealLog({ database, queueMails: queueMailsWith(boss) }, keys.key, mailing ?? null);
  if (days > 0) log.info({ events, days }, 'The log was sealed and days were closed');
}

async function verify(boss: PgBoss, { database, log, mailing, seal: keys }: Workplace): Promise<void> {
  if (keys === undefined) return;
  const checked = await runVerifications({ database, queueMails: queueMailsWith(boss) }, keys.trusted, mailing ?? null);
  for (const { events, faults } of checked) {
    if (faults.length === 0) log.info({ events: Number(events) }, 'The log was checked, and everything fits');
    else
      log.warn({ events: Number(events), faults: faults.length, first: faults[0] }, 'The log does not fit its seals');
  }
}

async function pack(boss: PgBoss, { database, log, seal: keys }: Workplace): Promise<void> {
  if (keys === undefined) return;
  const made = await makePackages({ database, queueMails: queueMailsWith(boss) }, keys.key.publicKey);
  for (const { id, failure } of made) {
    if (failure === null) log.info({ packageId: id }, 'An audit package was made');
    else log.warn({ packageId: id, err: failure }, 'An audit package was interrupted and is tried again');
  }
}

async function carryOut(boss: PgBoss, { database, log }: Workplace, mailing: MailSetting): Promise<void> {
  const { carriedOut, failed } = await carryOutDepartures({ database, queueMails: queueMailsWith(boss) }, mailing);
  for (const { departureId, error } of failed)
    log.warn({ departureId, err: error }, 'A departure could not be carried out and is tried again');
  if (carriedOut > 0) log.info({ carriedOut }, 'Departures were carried out');
}

async function closeLocks(boss: PgBoss, { database, log }: Workplace, mailing: MailSetting): Promise<void> {
  const { closed, failed } = await closeRunOutLocks({ database, queueMails: queueMailsWith(boss) }, mailing);
  for (const { lockId, error } of failed)
    log.warn({ lockId, err: error }, 'An emergency lock could not be closed and is tried again');
  if (closed > 0) log.info({ closed }, 'Emergency locks ran out');
}

async function retire(boss: PgBoss, { database, log }: Workplace): Promise<void> {
  const retired = await carryOutRetirements({ database, queueMails: queueMailsWith(boss) });
  if (retired > 0) log.info({ retired }, 'Services or roles were retired');
}

async function sendHalfYearly(
  boss: PgBoss,
  { database, log, settings }: Workplace,
  mailing: MailSetting,
): Promise<void> {
  const kept = settings?.current();
  const plan = kept === undefined ? null : planOf(kept.halfYearly, kept.savedAt.halfYearly);
  const changes = { database, queueMails: queueMailsWith(boss) };
  const mails = await runHalfYearly(changes, mailing, plan);
  if (mails > 0) log.info({ mails }, 'Half-yearly messages were written');
}

async function remind(boss: PgBoss, { database, log }: Workplace, mailing: MailSetting): Promise<void> {
  const { reminded, failed } = await remindOfAgreements({ database, queueMails: queueMailsWith(boss) }, mailing);
  for (const { agreementId, error } of failed)
    log.warn({ agreementId, err: error }, 'Of an agreement nobody could be reminded, and it is tried again');
  if (reminded > 0) log.info({ reminded }, 'Agreements that run out were told of');
}

async function escalate(
  boss: PgBoss,
  { database, log }: Workplace,
  mailing: MailSetting,
  settings: KeptFresh<SystemSettings>,
): Promise<void> {
  await settings.fresh();
  const changes = { database, queueMails: queueMailsWith(boss) };
  const { escalated, failed } = await escalateRequests(changes, mailing, escalationPlanOf(settings.current().requests));
  for (const { requestId, error } of failed)
    log.warn({ requestId, err: error }, 'A request that nobody took could not be passed on and is tried again');
  if (escalated > 0) log.info({ escalated }, 'Requests that nobody took were passed on');
}

async function refresh(boss: PgBoss, { database, log }: Workplace, cvr: CvrRegister): Promise<void> {
  const done = await refreshOrganisations({ database, queueMails: queueMailsWith(boss) }, cvr);
  const { failed, unknown, fault, ...counts } = done;
  for (const { cvr: number, error } of failed)
    log.warn({ cvr: number, err: error }, 'What CVR says of an organisation could not be kept');
  if (unknown.length > 0) log.warn({ cvrs: unknown }, 'CVR does not know these organisations');
  log.info(counts, 'Organisations were looked up in CVR');
  // The queue tries again later; who was looked up already is looked up once more, which changes nothing.
  if (fault !== null) throw new Error(`CVR could not be asked: ${fault}`);
}
