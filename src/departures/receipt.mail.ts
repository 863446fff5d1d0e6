import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { counted } from '../shared/text.ts';
import type { User } from '../users/user.ts';
import { administratorNames } from '../users/user.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';
import type { Receipt } from './departure.ts';
import type { DueDeparture } from './departures.queries.ts';
import { listPlanners } from './departures.queries.ts';

const mostLines = 100;

/** The receipt to whoever planned the departure; when they administer no longer, to the organisationsadministratorer. */
export async function receiptMails(
  tx: Tx,
  departure: DueDeparture,
  user: User,
  receipt: Receipt,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const { organisation, id, lastDay } = departure;
  const planners = await listPlanners(tx, organisation.id, id);
  const receivers = planners.length > 0 ? planners : await listOrganisationAdministrators(tx, organisation.id);
  const lines = receiptLines(receipt);
  return receivers.map((person) =>
    mailOf(mailing, 'user.departed', {
      to: { name: fullName(person), address: person.email },
      values: {
        bruger: fullName(user),
        organisation: organisation.name,
        dato: danishDay(lastDay),
        fjernet: lines.length === 0 ? 'der var ingen roller at fjerne.' : 'dette er fjernet:',
        flere: lines.length > mostLines ? `Og ${counted(lines.length - mostLines, 'rolle', 'roller')} mere.` : '',
      },
      facts: lines.slice(0, mostLines),
      url: new URL(`/organisationer/${organisation.cvr}/brugere/${user.id}`, mailing.sebadminOrigin),
    }),
  );
}

function receiptLines({ roles, administrations }: Receipt): [string, string][] {
  return [
    ...administrations.map(({ kind, organisation }): [string, string] => [administratorNames[kind], organisation]),
    ...roles.map(({ service, role, placement }): [string, string] => [service, `${role}, ${placement}`]),
  ];
}
