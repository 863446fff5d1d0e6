import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { placementText } from '../role-assignments/assignment.ts';
import { danishDay } from '../shared/dates.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { AccessRequest, GivenRole } from './access-request.ts';
import { kindNames, newUserText } from './access-request.ts';

export type RequestMailing = MailSetting & { sebanmodOrigin: string };

type To = { firstName: string; lastName: string; email: string };
type Words = {
  kind: string;
  subject: string;
  paragraphs: string[];
  facts?: (readonly [string, string])[];
  closing?: string[];
};

const addressOf = (person: To): OutgoingMail['to'] => ({ name: fullName(person), address: person.email });

/** To the one who asked, at the work address of the request. */
export function mailToEmployee(request: AccessRequest, words: Words, mailing: RequestMailing): OutgoingMail {
  const url = new URL(`/mine-anmodninger/${request.id}`, mailing.sebanmodOrigin);
  const { views, contact } = mailing;
  return writeMail(views, { ...words, to: addressOf(request), link: { label: 'Se din anmodning', url }, contact });
}

/** To somebody who may decide; the link leads to the request after login. */
export function mailToDecider(to: To, request: AccessRequest, words: Words, mailing: MailSetting): OutgoingMail {
  const path = `/organisationer/${request.organisation.cvr}/anmodninger/${request.id}`;
  const { views, contact, sebadminOrigin } = mailing;
  const link = { label: 'Åbn anmodningen', url: new URL(path, sebadminOrigin) };
  return writeMail(views, { ...words, to: addressOf(to), link, contact });
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
    ['Modtager', request.recipientName],
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
  const name = fullName(request);
  const facts = factsOf(request);
  const receipt = mailToEmployee(
    request,
    {
      kind: 'request.receipt',
      subject: `Din anmodning om adgang er sendt (nr. ${request.id})`,
      paragraphs: [
        request.recipientName === null
          ? 'Vi har modtaget din anmodning. Organisationen har ingen administrator, som kan svare lige nu, så servicedesk hjælper videre.'
          : `Vi har modtaget din anmodning og sendt den til ${request.recipientName}. Du får en mail, når der er svar.`,
      ],
      facts,
    },
    mailing,
  );
  const words = {
    kind: 'request.received',
    subject: `${name} anmoder om adgang i SEB (nr. ${request.id})`,
    paragraphs: [
      `${name} i ${request.organisation.name} har sendt dig en anmodning om adgang. Tag den, og svar på den i SEB.`,
    ],
    facts,
  };
  const { views, contact } = mailing;
  const follows = research && {
    ...words,
    kind: 'request.research',
    to: { name: research.name, address: research.email },
    paragraphs: [
      `${name} i ${request.organisation.name} anmoder om adgang til Forskermaskinen. Organisationens egen administrator afgør anmodningen; du får denne mail, fordi du står som modtager for Forskermaskinen.`,
    ],
    contact,
  };
  return [
    receipt,
    ...(recipient === null ? [] : [mailToDecider(recipient, request, words, mailing)]),
    ...(follows === null ? [] : [writeMail(views, follows)]),
  ];
}

export function withdrawnMail(to: To, request: AccessRequest, mailing: RequestMailing): OutgoingMail {
  const words = {
    kind: 'request.withdrawn',
    subject: `Anmodning nr. ${request.id} er trukket tilbage`,
    paragraphs: [`${fullName(request)} har trukket sin anmodning om adgang tilbage. Du skal ikke gøre mere.`],
  };
  return mailToDecider(to, request, words, mailing);
}

export function handedOverMail(to: To, request: AccessRequest, by: string, mailing: RequestMailing): OutgoingMail {
  const words = {
    kind: 'request.handedOver',
    subject: `Du har fået anmodning nr. ${request.id} i SEB`,
    paragraphs: [`${by} har givet anmodningen fra ${fullName(request)} videre til dig.`],
    facts: factsOf(request),
  };
  return mailToDecider(to, request, words, mailing);
}

/** What one of the two wrote, to the other. */
export function commentWords(request: AccessRequest, by: string, body: string): Words {
  return {
    kind: 'request.commented',
    subject: `Ny kommentar til anmodning nr. ${request.id} i SEB`,
    paragraphs: [`${by} har skrevet en kommentar til anmodningen om adgang.`],
    facts: [['Kommentar', body]],
  };
}

/** The answer, as it was decided. */
export function decidedMail(request: AccessRequest, by: string, mailing: RequestMailing): OutgoingMail {
  const isRejected = request.state === 'rejected';
  const answer = { granted: 'godkendt', partly: 'godkendt i en del', rejected: 'afvist' };
  const state = request.state === 'granted' || request.state === 'partly' ? request.state : 'rejected';
  const paragraphs = isRejected
    ? [`${by} har afvist din anmodning om adgang.`]
    : [
        `${by} har ${state === 'granted' ? 'godkendt din anmodning' : 'godkendt en del af din anmodning'} om adgang.`,
        request.given.length === 0
          ? 'Du er oprettet som bruger i SEB, men har ikke fået roller endnu.'
          : 'Log på med det login, du anmodede med, så har du adgang.',
      ];
  return mailToEmployee(
    request,
    {
      kind: 'request.decided',
      subject: `Din anmodning om adgang er ${answer[state]} (nr. ${request.id})`,
      paragraphs,
      facts: [
        ['Brugerorganisation', request.organisation.name],
        ...(request.given.length === 0 ? [] : [['Du har fået', request.given.map(givenText).join('; ')] as const]),
        ...(request.decisionReason === null ? [] : [['Begrundelse', request.decisionReason] as const]),
      ],
    },
    mailing,
  );
}
