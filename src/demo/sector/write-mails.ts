import path from 'node:path';
import { event } from '../../audit/events.ts';
import { activeAdministrators } from '../../half-yearly/active-administrators.queries.ts';
import { halfYearlyMail } from '../../half-yearly/half-yearly.mail.ts';
import { loadViews } from '../../http/views.ts';
import type { OutgoingMail } from '../../mail/outgoing-mail.ts';
import { mailOf } from '../../mail/template-mail.ts';
import { deliveredTexts } from '../../mail/templates.ts';
import { demoOrganisations } from '../demo-people.ts';
import { nextIds, insertRows, type Connection } from './rows.ts';
import { system, type Told } from './told.ts';
import { userOf, type WrittenUser } from './write-users.ts';

const mailing = {
  views: loadViews(path.resolve(import.meta.dirname, '../../../views')),
  contact: { email: 'servicedesk@sundhedsdata.dk', phone: '+45 3332 3900', hours: 'Hverdage kl. 8-16' },
  texts: deliveredTexts,
  sebadminOrigin: 'http://sebadmin.localhost:3000',
};
const dormantDays = 180;

/** Whose mailbox is gone, and who moved to another address long ago. */
const [unreachable, moved] = ['region-3', 'region-user'];

/** The last half-yearly message, of which one mail came back, and a mail that the server refused. */
export async function writeMails(
  db: Connection,
  users: ReadonlyMap<string, WrittenUser>,
  today: string,
): Promise<Told[]> {
  const day = lastPlannedDay(today);
  const [bounced = 0, refused = 0] = await nextIds(db, 'mail_outbox', 2);
  const away = userOf(users, unreachable);
  const status = '5.1.1';
  await insertRows(db, 'mail_outbox', [
    {
      ...mailRow(bounced, reminder(away)),
      created_at: `${day} 08:00`,
      sent_at: `${day} 08:01`,
      failed_at: `${day} 08:04`,
      bounced_at: `${day} 08:04`,
      last_error: `Kom retur: ${status}: smtp; 550 ${status} User unknown`,
    },
    {
      ...mailRow(refused, oldAddress(userOf(users, moved))),
      created_at: `${today} 00:00`,
      sent_at: null,
      failed_at: `${today} 00:00`,
      bounced_at: null,
      last_error: `550 ${status} Recipient address rejected: User unknown`,
    },
  ]);
  await db.query(
    `insert into undeliverable_address (address, how, status, since, failed_at) values (lower($1), 'BOUNCED', $2, $3, $3)`,
    [away.email, status, `${day} 08:04`],
  );
  const shutOut = ['locked', 'closed-organisation'].map((key) => userOf(users, key).id);
  return writeRun(db, day, { userId: away.id, mailId: bounced, shutOut });
}

/** 1 April or 1 October, as SEB is delivered. */
function lastPlannedDay(today: string): string {
  const year = Number(today.slice(0, 4));
  const days = [`${year - 1}-10-01`, `${year}-04-01`, `${year}-10-01`];
  return days.findLast((day) => day < today) ?? `${year - 1}-10-01`;
}

function mailRow(id: number, { kind, to, subject, text, html }: OutgoingMail) {
  const message_id = `<demo-${id}@seb>`;
  return { id, message_id, kind, to_name: to.name, to_address: to.address, subject, text, html, attempts: 1 };
}

function reminder(user: WrittenUser): OutgoingMail {
  const { cvr, name } = demoOrganisations.region;
  const figures = { users: 180, roles: 640, locked: 4, dormant: 21, organisationAdministrators: 2 };
  return halfYearlyMail(
    mailing,
    { ...user, userId: user.id },
    [{ userId: user.id, cvr, name, ...figures }],
    dormantDays,
  );
}

function oldAddress({ name }: WrittenUser): OutgoingMail {
  const to = { name, address: 'soeren.gammel-adresse@region-eksempel.example' };
  return mailOf(mailing, 'email.changed', {
    to,
    values: { bruger: name, organisation: demoOrganisations.region.name },
  });
}

async function writeRun(
  db: Connection,
  day: string,
  { userId, mailId, shutOut }: { userId: number; mailId: number; shutOut: number[] },
): Promise<Told[]> {
  const { rows } = await db.query<{ id: number }>(
    `insert into half_yearly_run (planned_for, started_at, dormant_days, ended_at) values ($1, $2, $3, $4) returning id`,
    [day, `${day} 08:00`, dormantDays, `${day} 08:01`],
  );
  const runId = rows[0]?.id ?? 0;
  const { rowCount } = await db.query(
    `insert into half_yearly_recipient (run_id, user_id, done_at, mail_id, sent_at)
     select distinct $1::int, a.user_id, $2::timestamptz, case a.user_id when $3 then $4::int end, case when a.user_id <> $3 then $2::timestamptz end
     from (${activeAdministrators.text}) a where a.user_id <> all ($5)`,
    [runId, `${day} 08:01`, userId, mailId, shutOut],
  );
  const recipients = rowCount ?? 0;
  const everywhere = { organisation: null, target: null };
  return [
    {
      ...event('halfYearly.started', everywhere, { runId, plannedFor: day, recipients }),
      at: `${day} 08:00`,
      by: system,
    },
    {
      ...event('halfYearly.ended', everywhere, { runId, mails: recipients, leftOut: 0 }),
      at: `${day} 08:01`,
      by: system,
    },
  ];
}
