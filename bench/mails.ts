import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { prepareJobSchema } from '../src/jobs/job-schema.ts';
import { startChild } from './children.ts';
import { postmasterOf, startBenchCluster, withClient } from './cluster.ts';
import { serverCpu } from './cpu.ts';
import type { MailsSent, MailsStart } from './mail-sender.ts';

export type MailFigures = MailsSent & { serverCpuSeconds: number; received: number; repeated: number };

const organisations = 1000;
const people = 5000;

/** The half-yearly message to 5,000 administrators of 1,000 organisations with 25,000 users, to an SMTP server on this machine. */
export async function measureMails(say: (line: string) => void): Promise<MailFigures> {
  const cluster = await startBenchCluster();
  await prepareJobSchema(cluster.ownerUrl);
  await withClient(cluster.superUrl, async (client) => {
    await client.query(data);
    await client.query('analyze');
  });
  const smtp = await countingServer();
  say(`sending ${people.toLocaleString('en')} half-yearly mails …`);
  const start: MailsStart = { databaseUrl: cluster.appUrl, smtpUrl: smtp.url };
  const sender = await startChild('mail-sender.ts', start);
  const postmaster = postmasterOf(cluster);
  const cpuBefore = serverCpu(postmaster);
  const sent = await sender.ask<MailsSent>({ ask: 'send' });
  const serverCpuSeconds = (serverCpu(postmaster) - cpuBefore) / 1000;
  await sender.stop();
  await smtp.close();
  return { ...sent, serverCpuSeconds, received: smtp.ids.length, repeated: smtp.ids.length - new Set(smtp.ids).size };
}

// As the superuser and without triggers: what is measured begins with the run.
const data = `
  set session_replication_role = replica;
  insert into organisation (cvr, name) select (10000000 + n)::text, 'Organisation ' || n from generate_series(1, ${organisations}) n;
  insert into organisation_state (organisation_id) select id from organisation;
  insert into app_user (organisation_id, username, rid, first_name, last_name, email, created_at)
    select 1 + (n - 1) % ${organisations}, 'bena' || (100000 + n), n::text, 'Fornavn' || n, 'Efternavn', 'bruger' || n || '@x.example', now() - interval '1 year'
    from generate_series(1, 25000) n;
  insert into user_login (user_id, organisation_id, provider_id, level, carried_cpr, last_login_at)
    select id, organisation_id, 'bench', 'Substantial', false, now() - (id % 400) * interval '1 day' from app_user where id % 3 > 0;
  insert into administrator (organisation_id, user_id, home_organisation_id, kind, valid_from)
    select organisation_id, id, organisation_id, case when id <= 2 * ${organisations} then 'ORGANISATION' else 'USER' end::administrator_kind, now() - interval '1 year'
    from app_user where id <= ${people};
  insert into service (code, name, owner, source) values ('bench', 'Service', 'Bench', 'bench');
  insert into role (service_id, code, name, needs_sor, needs_cpr, source) select s.id, 'r' || n, 'Rolle ' || n, false, false, 'bench' from service s, generate_series(1, 5) n;
  insert into role_assignment (organisation_id, user_id, role_id, valid_from)
    select u.organisation_id, u.id, r.id, now() - interval '1 year' from app_user u, role r;
  set session_replication_role = origin;`;

/** Takes every mail and keeps nothing but its Message-ID. */
async function countingServer() {
  const ids: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        ids.push(/^Message-ID: *(\S+)/im.exec(Buffer.concat(chunks).toString('latin1'))?.[1] ?? '');
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { ids, url: `smtp://127.0.0.1:${port}`, close };
}

/** One line for the report. */
export function mailReport(figures: MailFigures): string {
  const { mails, writingSeconds, seconds, cpuSeconds, serverCpuSeconds, memory, received, repeated } = figures;
  const rate = (value: number): string => Math.round(mails / value).toLocaleString('en');
  return [
    `${mails.toLocaleString('en')} half-yearly mails: ${rate(seconds)} mails a second from the first to the last 250`,
    `(${seconds.toFixed(1)} s, of which written after ${writingSeconds.toFixed(1)} s); ${rate(cpuSeconds)} a CPU second of the sender`,
    `(${cpuSeconds.toFixed(1)} s; PostgreSQL ${serverCpuSeconds.toFixed(1)} s); the sender's memory ${memory.atRest} MB at rest,`,
    `${memory.written} MB when all was written, ${memory.peak} MB at most,`,
    `received ${received.toLocaleString('en')}, repeated ${repeated}`,
  ].join(' ');
}
