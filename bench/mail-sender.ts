import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../src/db/client.ts';
import { planOf } from '../src/half-yearly/plan.ts';
import { runHalfYearly } from '../src/half-yearly/run.changes.ts';
import { openLog } from '../src/http/log.ts';
import { loadViews } from '../src/http/views.ts';
import { startJobs } from '../src/jobs/jobs.ts';
import { deliveredTexts } from '../src/mail/templates.ts';
import { peakMemory } from './cpu.ts';

export type MailsStart = { databaseUrl: string; smtpUrl: string };
/**
 * Of the process that writes and sends: seconds from the beginning until the last mail was written, and until the last one was
 * taken; its CPU seconds; megabytes when it had loaded all and begun nothing, when all was written, and at most.
 */
export type MailsSent = {
  mails: number;
  writingSeconds: number;
  seconds: number;
  cpuSeconds: number;
  memory: { atRest: number; written: number; peak: number };
};

process.once('message', (start: MailsStart) => {
  void open(start);
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));

/** The workers as the application has them; the run is begun at once instead of at its minute. */
async function open({ databaseUrl, smtpUrl }: MailsStart): Promise<void> {
  const database = openDatabase(databaseUrl, 8);
  const mailing = {
    views: loadViews(path.resolve(import.meta.dirname, '../views')),
    contact: { email: 'servicedesk@sundhedsdata.dk', phone: '+45 3332 3900', hours: 'Hverdage kl. 8-16' },
    texts: deliveredTexts,
    sebadminOrigin: 'https://sebadmin.example',
  };
  const log = openLog('info', '/dev/null');
  const jobs = await startJobs({ url: databaseUrl, database, smtpUrl, mailFrom: 'SEB <seb@seb.example>', log });
  const plan = planOf({ months: '10', day: '1', hour: '8', dormantDays: '180' }, undefined);
  process.on('message', () => void send());
  process.send?.('ready');

  async function send(): Promise<void> {
    const atRest = peakMemory(process.pid);
    const cpu = process.cpuUsage();
    const begun = performance.now();
    const passed = (): number => (performance.now() - begun) / 1000;
    const mails = await runHalfYearly(
      { database, queueMails: jobs.queueMails },
      mailing,
      plan,
      new Date('2026-10-01T08:00:00Z'),
    );
    const writingSeconds = passed();
    const written = peakMemory(process.pid);
    while ((await waiting()) > 0) await wait(50);
    const { user, system } = process.cpuUsage(cpu);
    const cpuSeconds = (user + system) / 1_000_000;
    const memory = { atRest, written, peak: peakMemory(process.pid) };
    process.send?.({ mails, writingSeconds, seconds: passed(), cpuSeconds, memory } satisfies MailsSent);
  }

  function waiting(): Promise<number> {
    return database.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`select set_config('seb.organisations', '*', true)`;
      return tx.mailOutbox.count({ where: { sentAt: null } });
    });
  }
}
