import type { Told } from '../organisations/organisation.mail.ts';
import type { Fact } from '../mail/mail-template.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { TemplateName } from '../mail/templates.ts';
import { fullName } from '../permissions/actor.ts';
import { placementText } from '../role-assignments/assignment.ts';
import { danishDay, dayInDenmark } from '../shared/dates.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { AccessRequest, GivenRole } from './access-request.ts';
import { kindNames, newUserText } from './access-request.ts';

export type RequestMailing = MailSetting & { sebanmodOrigin: string };

type To = { firstName: string; lastName: string; email: string };
type Words<Name extends TemplateName> = { told: Told<Name>; facts?: readonly Fact[] };

const addressOf = (person: To): OutgoingMail['to'] => ({ name: fullName(person), address: person.email });
const numberOf = ({ id }: AccessRequest): { nr: string } => ({ nr: String(id) });

/** To the one who asked, at the work address of the request. */
function toEmployee<Name extends TemplateName>(
  request: AccessRequest,
  { told: [name, values], facts = [] }: Words<Name>,
  mailing: RequestMailing,
): OutgoingMail {
  const url = new URL(`/mine-anmodninger/${request.id}`, mailing.sebanmodOrigin);
  return mailOf(mailing, name, { to: addressOf(request), values, facts, url });
}

/** To somebody who may decide, or the servicedesk; the link leads to the request after login. */
function toDecider<Name extends TemplateName>(
  to: To,
  request: AccessRequest,
  { told: [name, values], facts = [] }: Words<Name>,
  mailing: MailSetting,
): OutgoingMail {
  const path = `/organisationer/${request.organisation.cvr}/anmodninger/${request.id}`;
  const url = new URL(path, mailing.sebadminOrigin);
  return mailOf(mailing, name, { to: addressOf(to), values, facts, url });
}

/** Everything that somebody needs who decides, but no RID and no UUID. */
export function factsOf(request: AccessRequest): (readonly [string, string])[] {
  const { startsOn, endsOn } = request;
  const from = startsOn === null ? '' : `fra ${danishDay(startsOn)}`;
  const to = endsOn === null ? '' : `til og med ${danishDay(endsOn)}`;
  const facts: (readonly [string, string | null])[] = [
    ['Brugerorganisation', request.organisation.name],
    ['Anmodet af', fullName(request)],
    ['Arbejdsmail', request.email],
    ['Anmodning om', `${kindNames[request.kind]}: ${newUserText(request)}`],
    ['Har brug for', request.wanted],
    ['Roller', request.roles.map(({ name, serviceName }) => `${name} (${serviceName})`).join(', ')],
    ['SOR-enhed', request.sorCode === null ? null : placementText(request)],
    ['Periode', [from, to].filter(Boolean).join(' ')],
    ['Projektnummer', request.projectNumber],
    ['Dataejerens godkendelse', request.dataOwnerApproval],
    ['Modtager for Forskermaskinen', request.researchRecipient],
    ['Modtager', request.recipientName],
    ['Hvis modtageren er væk', request.fallbackName],
  ];
  return facts.filter((fact): fact is readonly [string, string] => fact[1] !== null && fact[1] !== '');
}

/** "Læge (FMK) ved Kirurgisk Afdeling (…), til og med 31-12-2026" */
export function givenText({ roleName, serviceName, sorCode, unitName, startsOn, endsOn }: GivenRole): string {
  const at = sorCode === null ? '' : ` ved ${placementText({ sorCode, unitName })}`;
  const from = startsOn === null ? '' : `, fra ${danishDay(startsOn)}`;
  const to = endsOn === null ? '' : `, til og med ${danishDay(endsOn)}`;
  return `${roleName} (${serviceName})${at}${from}${to}`;
}

/** A new request: the receipt, to whom it was sent, and to the one who follows Forskermaskinen. */
export function sentMails(
  request: AccessRequest,
  { recipient, research }: { recipient: To | null; research: { name: string; email: string } | null },
  mailing: RequestMailing,
): OutgoingMail[] {
  const facts = factsOf(request);
  const values = { ...numberOf(request), person: fullName(request), organisation: request.organisation.name };
  const follows = research && { name: research.name, address: research.email };
  return [
    receipt(request, facts, mailing),
    ...(recipient === null
      ? []
      : [toDecider(recipient, request, { told: ['request.received', values], facts }, mailing)]),
    ...(follows === null ? [] : [mailOf(mailing, 'request.research', { to: follows, values, facts })]),
  ];
}

function receipt(request: AccessRequest, facts: readonly Fact[], mailing: RequestMailing): OutgoingMail {
  const { recipientName: modtager } = request;
  const nr = numberOf(request);
  if (modtager === null) return toEmployee(request, { told: ['request.receiptWithoutDecider', nr], facts }, mailing);
  return toEmployee(request, { told: ['request.receipt', { ...nr, modtager }], facts }, mailing);
}

export function withdrawnMail(to: To, request: AccessRequest, mailing: RequestMailing): OutgoingMail {
  const values = { ...numberOf(request), person: fullName(request) };
  return toDecider(to, request, { told: ['request.withdrawn', values] }, mailing);
}

export function handedOverMail(to: To, request: AccessRequest, by: string, mailing: RequestMailing): OutgoingMail {
  const values = { ...numberOf(request), person: fullName(request), administrator: by };
  return toDecider(to, request, { told: ['request.handedOver', values], facts: factsOf(request) }, mailing);
}

/** What the employee wrote, to whoever has the request. */
export function commentMail(to: To, request: AccessRequest, body: string, mailing: RequestMailing): OutgoingMail {
  const values = { ...numberOf(request), person: fullName(request) };
  return toDecider(to, request, { told: ['request.commented', values], facts: [['Kommentar', body]] }, mailing);
}

/** What an administrator wrote, to the employee. */
export function answerMail(request: AccessRequest, by: string, body: string, mailing: RequestMailing): OutgoingMail {
  const values = { ...numberOf(request), administrator: by };
  return toEmployee(request, { told: ['request.answeredComment', values], facts: [['Kommentar', body]] }, mailing);
}

/** The answer, as it was decided. */
export function decidedMail(request: AccessRequest, by: string, mailing: RequestMailing): OutgoingMail {
  const values = { ...numberOf(request), administrator: by };
  const facts: Fact[] = [
    ['Brugerorganisation', request.organisation.name],
    ...(request.given.length === 0 ? [] : [['Du har fået', request.given.map(givenText).join('; ')] as const]),
    ...(request.decisionReason === null ? [] : [['Begrundelse', request.decisionReason] as const]),
  ];
  if (request.state !== 'granted' && request.state !== 'partly')
    return toEmployee(request, { told: ['request.rejected', values], facts }, mailing);
  const name = request.state === 'granted' ? 'request.granted' : 'request.partlyGranted';
  return toEmployee(request, { told: [name, { ...values, adgang: accessText(request) }], facts }, mailing);
}

function accessText({ given }: AccessRequest): string {
  if (given.length === 0) return 'Du er oprettet som bruger i SEB, men har ikke fået roller endnu.';
  const isLater = given.every(({ startsOn }) => startsOn !== null && startsOn > dayInDenmark());
  return isLater
    ? 'Log på med det login, du anmodede med. Du har adgang fra den dato, der står herunder.'
    : 'Log på med det login, du anmodede med, så har du adgang.';
}

/** To another administrator: whoever it was sent to did not take it in time. */
export function escalatedMail(to: To, request: AccessRequest, mailing: MailSetting): OutgoingMail {
  const values = {
    ...numberOf(request),
    person: fullName(request),
    tidspunkt: request.createdAt,
    modtager: request.recipientName ?? 'Modtageren',
  };
  return toDecider(to, request, { told: ['request.escalated', values], facts: factsOf(request) }, mailing);
}

/** Without what people wrote, which the servicedesk does not read. */
export function servicedeskMail(to: To, request: AccessRequest, mailing: MailSetting): OutgoingMail {
  const { name } = request.organisation;
  const values = { ...numberOf(request), organisation: name, tidspunkt: request.createdAt };
  const facts: Fact[] = [['Brugerorganisation', name]];
  return toDecider(to, request, { told: ['request.escalatedToServicedesk', values], facts }, mailing);
}
