import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import { writtenByStatement } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';

/** What the system owner does in an organisation's place, as log and mail tell it. */
export type Act = { organisation: Organisation; act: string; reason: string };

/**
 * Makes a change one in the organisation's place: its events are marked, one more tells the reason, and the organisation's
 * organisationsadministratorer get a mail. What changed nothing is told to nobody.
 */
export async function markOnBehalf<Outcome>(
  tx: Tx,
  actor: Actor,
  { organisation, act, reason }: Act,
  change: Change<Outcome>,
  mailing: MailSetting,
): Promise<Change<Outcome>> {
  if (change.events === writtenByStatement) throw new Error('an act on behalf lists its events');
  const target = change.events.find((one) => one.target !== null)?.target ?? null;
  if (target === null) return { ...change, onBehalf: true };
  const acted = event('organisation.actedFor', { organisation, target }, { act, reason });
  const mails = await tellAdministrators(tx, actor, { organisation, act, reason }, target, mailing);
  return { ...change, onBehalf: true, events: [...change.events, acted], mails: [...(change.mails ?? []), ...mails] };
}

async function tellAdministrators(
  tx: Tx,
  actor: Actor,
  { organisation, act, reason }: Act,
  target: NonNullable<AuditEvent['target']>,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const told = await listOrganisationAdministrators(tx, organisation.id);
  return told.map((person) =>
    mailOf(mailing, 'organisation.actedFor', {
      to: { name: fullName(person), address: person.email },
      values: { handling: act, bruger: target.name, organisation: organisation.name },
      facts: [
        ['Bruger', target.name],
        ['Begrundelse', reason],
        ['Udført af', `${fullName(actor)}, systemejer`],
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      url: new URL(`/organisationer/${organisation.cvr}/brugere`, mailing.sebadminOrigin),
    }),
  );
}
