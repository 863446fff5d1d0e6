import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import type { SystemChange } from '../audit/record-system-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import { organisationPath } from '../organisations/organisation.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { counted } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';
import { listSystemOwners } from './appointing.queries.ts';

/** So many days before an agreement runs out it is told, each time once. */
export const reminderDays = [90, 30, 7] as const;

export type Reminded = { reminded: number; failed: { agreementId: number; error: unknown }[] };

type Due = { id: number; organisation: { id: number; cvr: string; name: string }; lastDay: string; daysLeft: number };

/**
 * Reminds of every agreement that runs out; after downtime the narrowest reminder stands for those that were missed. Each
 * agreement is a transaction of its own: one that fails is tried again at the next run.
 */
export async function remindOfAgreements(changes: Changes, mailing: MailSetting): Promise<Reminded> {
  const due = await readPage(changes.database, 'all', (db) => db.rows<Due>(dueAgreements(null)));
  const result: Reminded = { reminded: 0, failed: [] };
  for (const { id, organisation } of due) {
    try {
      if (await recordSystemChange(changes, organisation.id, (tx) => remind(tx, id, mailing))) result.reminded += 1;
    } catch (error) {
      result.failed.push({ agreementId: id, error });
    }
  }
  return result;
}

/** Agreements whose next reminder has come, of open organisations, that nothing follows; or only the one. */
function dueAgreements(id: number | null): Sql {
  return sql`
    select g.id, g.valid_to::text as "lastDay", g.valid_to - danish_today() as "daysLeft",
      jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name) as organisation
    from agreement g join organisation o on o.id = g.organisation_id
    where (${id}::int is null or g.id = ${id}::int) and o.closed_at is null and g.ended_on is null
      and g.valid_to between danish_today() and danish_today() + 90
      and not exists (select from agreement r where r.renews_id = g.id and r.ended_on is null)
      and not exists (select from agreement_reminder m where m.agreement_id = g.id
        and m.days_before = (select min(step) from unnest(array[90, 30, 7]) as step where step >= g.valid_to - danish_today()))
    order by g.valid_to, g.id`;
}

/** False when another process was first, or it was renewed meanwhile. */
async function remind(tx: Tx, id: number, mailing: MailSetting): Promise<SystemChange<boolean>> {
  const [due] = await tx.rows<Due>(dueAgreements(id));
  if (due === undefined) return { outcome: false, events: [] };
  const { organisation, lastDay, daysLeft } = due;
  const passed = reminderDays.filter((days) => days >= daysLeft);
  await tx.rows(sql`
    insert into agreement_reminder (agreement_id, organisation_id, days_before)
    select ${id}::int, ${organisation.id}::int, step from unnest(${passed}::int[]) as step on conflict do nothing`);
  const daysBefore = Math.min(...passed);
  const reminded = event(
    'agreement.reminded',
    { organisation, target: null },
    { agreementId: id, lastDay, daysBefore },
  );
  return { outcome: true, events: [reminded], mails: await reminderMails(tx, due, mailing) };
}

async function reminderMails(tx: Tx, due: Due, mailing: MailSetting): Promise<OutgoingMail[]> {
  const { organisation, lastDay, daysLeft } = due;
  const administrators = await listOrganisationAdministrators(tx, organisation.id);
  const owners = await listSystemOwners(tx);
  const known = new Set(administrators.map(({ userId }) => userId));
  const people = [...administrators, ...owners.filter(({ userId }) => !known.has(userId))];
  const when = daysLeft === 0 ? 'i dag' : `om ${counted(daysLeft, 'dag', 'dage')}`;
  return people.map((person) =>
    mailOf(mailing, 'agreement.reminder', {
      to: { name: fullName(person), address: person.email },
      values: { organisation: organisation.name, dato: danishDay(lastDay), hvornår: when },
      facts: [
        ['Brugerorganisation', organisation.name],
        ['Sidste dag', danishDay(lastDay)],
      ],
      url: new URL(organisationPath(organisation, `/aftaler/${due.id}`), mailing.sebadminOrigin),
    }),
  );
}
