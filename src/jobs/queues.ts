import type { Queue } from 'pg-boss';

/** The schema that pg-boss keeps its tables in; the owner makes it, the application only uses it. */
export const jobSchema = 'pgboss';

type QueueSettings = Queue & {
  /** When it runs by itself (cron, UTC). */
  cron?: string;
};

/** What people order and wait for: a job that was cut off is soon taken up again, until it is done. */
const goesOn = {
  retryLimit: 20,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 120,
  expireInSeconds: 3600,
  heartbeatSeconds: 30,
  deleteAfterSeconds: 86_400,
} as const;

/**
 * All queues. `exclusive` means one job a key that waits or runs: a mail cannot be queued twice, however often the sweep
 * asks for it, and a run of the sweep or the cleaning never overlaps the next.
 */
export const queues = [
  {
    name: 'mail.send',
    policy: 'exclusive',
    // The outbox decides when to give up (outbox.changes.ts): until then pg-boss tries again, at last each quarter.
    retryLimit: 10_000,
    retryDelay: 20,
    retryBackoff: true,
    retryDelayMax: 900,
    expireInSeconds: 600,
    // A process that was killed stops its heartbeat, and its mails are taken up by another.
    heartbeatSeconds: 30,
    deleteAfterSeconds: 24 * 3600,
  },
  {
    name: 'mail.sweep',
    policy: 'exclusive',
    cron: '* * * * *',
    retryLimit: 0,
    expireInSeconds: 120,
    deleteAfterSeconds: 3600,
  },
  {
    name: 'audit.seal',
    policy: 'exclusive',
    cron: '* * * * *',
    // The next minute goes on where this one stopped. The first run of a large log takes a while.
    retryLimit: 0,
    expireInSeconds: 3600,
    heartbeatSeconds: 30,
    deleteAfterSeconds: 3600,
  },
  {
    name: 'audit.verify',
    policy: 'exclusive',
    // Looks for checks that somebody ordered, and whether the day's own is due.
    cron: '* * * * *',
    retryLimit: 0,
    expireInSeconds: 7200,
    heartbeatSeconds: 30,
    deleteAfterSeconds: 3600,
  },
  {
    name: 'auditPackage.make',
    policy: 'exclusive',
    // Looks for packages that somebody ordered; one that was cut off is begun anew.
    cron: '* * * * *',
    retryLimit: 0,
    expireInSeconds: 3600,
    heartbeatSeconds: 30,
    deleteAfterSeconds: 3600,
  },
  {
    name: 'cleanup.expired',
    policy: 'exclusive',
    cron: '17 * * * *',
    retryLimit: 2,
    expireInSeconds: 600,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'retention.carryOut',
    policy: 'exclusive',
    cron: '37 1 * * *',
    // Each portion is a transaction of its own.
    retryLimit: 2,
    retryDelay: 600,
    expireInSeconds: 3600,
    heartbeatSeconds: 30,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'user.import',
    policy: 'exclusive',
    // Each batch is a transaction of its own: a job that was cut off goes on where it stopped.
    ...goesOn,
  },
  {
    name: 'bulk.order',
    policy: 'exclusive',
    // As an import: each batch is a transaction of its own.
    ...goesOn,
  },
  {
    name: 'report.export',
    policy: 'exclusive',
    // A run that was cut off begins anew; after five the order is stopped and the person told (run-export.changes.ts).
    ...goesOn,
  },
  {
    name: 'departures.carryOut',
    policy: 'exclusive',
    // A last working day ends at midnight in Denmark, whose distance to UTC changes: looked at each quarter instead.
    cron: '*/15 * * * *',
    retryLimit: 0,
    expireInSeconds: 900,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'emergencyLocks.close',
    policy: 'exclusive',
    // The user is let in again by the clock; this only tells of it.
    cron: '*/5 * * * *',
    retryLimit: 0,
    expireInSeconds: 300,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'status.tellEnded',
    policy: 'exclusive',
    cron: '*/5 * * * *',
    retryLimit: 0,
    expireInSeconds: 240,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'reports.count',
    policy: 'exclusive',
    // Once a day; it asks each hour whether that is done, so that a day whose night was missed has its figures too.
    cron: '41 * * * *',
    retryLimit: 2,
    retryDelay: 600,
    expireInSeconds: 1800,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'services.retire',
    policy: 'exclusive',
    // As with departures: the day begins at midnight in Denmark. The database refuses from that moment on by itself.
    cron: '*/15 * * * *',
    retryLimit: 0,
    expireInSeconds: 300,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'agreements.remind',
    policy: 'exclusive',
    // In the morning, when somebody reads mail.
    cron: '40 5 * * *',
    retryLimit: 3,
    retryDelay: 600,
    expireInSeconds: 1800,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'identityProviders.refresh',
    policy: 'exclusive',
    // At night, when nobody notices a provider that changed over; tried again twice where the network was away.
    cron: '11 2 * * *',
    retryLimit: 2,
    retryDelay: 1800,
    expireInSeconds: 3600,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'requests.escalate',
    policy: 'exclusive',
    // Often enough that a day's first run lies in the morning, whatever the distance to UTC.
    cron: '10 5-15 * * *',
    retryLimit: 0,
    expireInSeconds: 900,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'organisations.refresh',
    policy: 'exclusive',
    // CVR asks for its large readers to come at night; a run that met silence is tried again twice.
    cron: '23 2 * * *',
    retryLimit: 2,
    retryDelay: 1800,
    expireInSeconds: 7200,
    deleteAfterSeconds: 86_400,
  },
  {
    name: 'halfYearly.run',
    policy: 'exclusive',
    // Looks each minute whether the day has come or somebody began a run, and carries on what a killed process left.
    cron: '* * * * *',
    retryLimit: 0,
    expireInSeconds: 3600,
    heartbeatSeconds: 30,
    deleteAfterSeconds: 3600,
  },
] as const satisfies readonly QueueSettings[];

export type QueueName = (typeof queues)[number]['name'];
