import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { TemplateName } from '../mail/templates.ts';
import type { Told } from '../organisations/organisation.mail.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { counted } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Ended } from './end-assignments.changes.ts';
import { listAdministratorsOfMany } from './recipients.queries.ts';
import type { NamedRole, RightsOf } from './rights.changes.ts';

const mostNamed = 20;

/** To each organisationsadministrator: what the organisation may give from now on. */
export async function grantedMails(
  tx: Tx,
  changed: RightsOf[],
  reason: string | null,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  return mailsTo(tx, changed, mailing, ({ roles }) => ({
    told: ['organisationRole.granted', {}],
    facts: [...roleFacts(roles), ...(reason === null ? [] : [['Begrundelse', reason] as [string, string]])],
  }));
}

type Withdrawn = { endedIn: Map<number, Ended>; lastDay: string | null; reason: string };

/** To each organisationsadministrator: what the organisation can no longer give, and what its users lose. */
export async function withdrawnMails(
  tx: Tx,
  changed: RightsOf[],
  { endedIn, lastDay, reason }: Withdrawn,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  return mailsTo(tx, changed, mailing, ({ organisation, roles }) => ({
    told: ['organisationRole.withdrawn', { virkning: endedText(endedIn.get(organisation.id), lastDay) }],
    facts: [...roleFacts(roles), ['Begrundelse', reason]],
  }));
}

export function endedText(ended: Pick<Ended, 'assignments' | 'users'> | undefined, lastDay: string | null): string {
  if (ended === undefined) return 'Ingen brugere i organisationen havde rollerne.';
  const what = `${counted(ended.assignments, 'tildeling', 'tildelinger')} til ${counted(ended.users, 'bruger', 'brugere')}`;
  return lastDay === null
    ? `${what} er fjernet med det samme.`
    : `${what} slutter senest ${danishDay(lastDay)}. Indtil da kan brugerne bruge rollerne.`;
}

function roleFacts(roles: NamedRole[]): [string, string][] {
  const named = roles
    .slice(0, mostNamed)
    .map(({ roleName, role, serviceName }): [string, string] => [serviceName, `${roleName} (${role})`]);
  const more = roles.length - named.length;
  return more > 0 ? [...named, ['Og', counted(more, 'rolle mere', 'roller mere')]] : named;
}

type Words<Name extends TemplateName> = { told: Told<Name>; facts: [string, string][] };

async function mailsTo<Name extends TemplateName>(
  tx: Tx,
  changed: RightsOf[],
  mailing: MailSetting,
  wordsFor: (rights: RightsOf) => Words<Name>,
): Promise<OutgoingMail[]> {
  const byId = new Map(changed.map((rights) => [rights.organisation.id, rights]));
  const people = await listAdministratorsOfMany(tx, [...byId.keys()]);
  return people.flatMap((person) => {
    const rights = byId.get(person.organisationId);
    if (rights === undefined) return [];
    const { facts, told } = wordsFor(rights);
    const [template, values] = told;
    return [
      mailOf(mailing, template, {
        values,
        to: { name: fullName(person), address: person.email },
        facts: [['Brugerorganisation', rights.organisation.name], ...facts],
        url: new URL(`/organisationer/${rights.organisation.cvr}/rettigheder`, mailing.sebadminOrigin),
      }),
    ];
  });
}
