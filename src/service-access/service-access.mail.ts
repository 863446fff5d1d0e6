import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { TemplateName } from '../mail/templates.ts';
import type { LoggedRole } from '../organisation-roles/rights.changes.ts';
import type { Actor } from '../permissions/actor.ts';
import type { Told } from '../organisations/organisation.mail.ts';
import { fullName } from '../permissions/actor.ts';
import { formatCvr } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';
import { listDeciders } from './service-access.queries.ts';
import type { AccessRequest } from './service-access.ts';

type Receiver = OutgoingMail['to'] & { path: string };
type Words<Name extends TemplateName> = { told: Told<Name>; facts: [string, string][] };

/** A new request: to the system owner, and as a receipt to the organisation and its contact. */
export async function requestedMails(
  tx: Tx,
  request: AccessRequest,
  actor: Actor,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const by = request.askedBy === null ? fullName(actor) : `${request.askedBy} (registreret af ${fullName(actor)})`;
  const words: Words<'serviceAccess.requested'> = {
    told: ['serviceAccess.requested', { organisation: request.organisation.name, service: request.serviceName }],
    facts: [
      ['Anmodet af', by],
      ['Roller', request.roles.map(({ name }) => name).join(', ')],
      ['Formål', request.purpose],
      ['Hjemmel', request.legalBasis],
    ],
  };
  return mailsTo(await bothParties(tx, request), request, words, mailing);
}

/** The organisation took it back: to the system owner, who need not look at it any longer. */
export async function withdrawnMails(
  tx: Tx,
  request: AccessRequest,
  actor: Actor,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const words: Words<'serviceAccess.withdrawn'> = {
    told: ['serviceAccess.withdrawn', { person: fullName(actor), service: request.serviceName }],
    facts: [],
  };
  return mailsTo(await deciders(tx, request), request, words, mailing);
}

type Decision = { actor: Actor; granted: LoggedRole[]; rejected: LoggedRole[]; reason: string | null };

/** The decision: to both parties. */
export async function decidedMails(
  tx: Tx,
  request: AccessRequest,
  { actor, granted, rejected, reason }: Decision,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const names = (roles: LoggedRole[]): string => roles.map(({ roleName }) => roleName).join(', ');
  const words: Words<'serviceAccess.decided' | 'serviceAccess.rejected'> = {
    told: [granted.length === 0 ? 'serviceAccess.rejected' : 'serviceAccess.decided', { service: request.serviceName }],
    facts: [
      ...(granted.length === 0 ? [] : [['Godkendt', names(granted)] as [string, string]]),
      ...(rejected.length === 0 ? [] : [['Afvist', names(rejected)] as [string, string]]),
      ...(reason === null ? [] : [['Begrundelse', reason] as [string, string]]),
      ['Afgjort af', fullName(actor)] as [string, string],
    ],
  };
  return mailsTo(await bothParties(tx, request), request, words, mailing);
}

async function bothParties(tx: Tx, request: AccessRequest): Promise<Receiver[]> {
  const path = `/organisationer/${request.organisation.cvr}/rettigheder/anmodninger/${request.id}`;
  const administrators = await listOrganisationAdministrators(tx, request.organisation.id);
  const inside = administrators.map((person) => ({ name: fullName(person), address: person.email, path }));
  const contact = { name: request.contactName, address: request.contactEmail, path };
  return [...inside, contact, ...(await deciders(tx, request))];
}

async function deciders(tx: Tx, request: AccessRequest): Promise<Receiver[]> {
  const people = await listDeciders(tx);
  const path = `/system/anmodninger/${request.id}`;
  return people.map((person) => ({ name: fullName(person), address: person.email, path }));
}

/** One mail an address: the contact may be one of the administrators. */
function mailsTo<Name extends TemplateName>(
  receivers: Receiver[],
  { organisation, id }: AccessRequest,
  { facts, told: [template, values] }: Words<Name>,
  mailing: MailSetting,
): OutgoingMail[] {
  const byAddress = new Map(receivers.toReversed().map((receiver) => [receiver.address.toLowerCase(), receiver]));
  return [...byAddress.values()].toReversed().map(({ path, ...to }) =>
    mailOf(mailing, template, {
      to,
      values,
      facts: [
        ['Brugerorganisation', `${organisation.name}, CVR ${formatCvr(organisation.cvr)}`],
        ['Anmodning', `Nr. ${id}`],
        ...facts,
      ],
      url: new URL(path, mailing.sebadminOrigin),
    }),
  );
}
