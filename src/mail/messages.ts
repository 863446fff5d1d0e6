import type { Views } from '../http/views.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { MailContact } from './mail-text.ts';
import { writeMail } from './mail-text.ts';
import type { OutgoingMail } from './outgoing-mail.ts';

type About = {
  to: OutgoingMail['to'];
  /** The user whose information or login is changed. */
  personName: string;
  organisationName: string;
  /** The name of the one who made the change. */
  changedBy: string;
  /** The moment of the change; now when left out. */
  at?: Date;
  contact: MailContact;
};

type Linked = {
  /** The portal's own address from the configuration, never from a request. */
  baseUrl: URL | string;
  /** Where in the portal: a path that begins with "/". */
  path: string;
};

/** To the old address, whoever changed it. */
export function emailChangedMail(views: Views, about: About & { newAddressHint?: string | undefined }): OutgoingMail {
  const hint = about.newAddressHint;
  return writeMail(views, {
    kind: 'email.changed',
    to: about.to,
    subject: 'Din e-mailadresse i SEB er ændret',
    paragraphs: [
      `E-mailadressen for ${about.personName} i SEB er ændret. Fremover sender SEB ikke mails til denne adresse.`,
    ],
    facts: [...factsOf(about), ...(hint ? [['Ny e-mailadresse', hint] as const] : [])],
    closing: [turnToHelp('ændringen', about)],
    contact: about.contact,
  });
}

/** To the old address of the user whose RID-nummer was changed; the number itself is not told. */
export function ridChangedMail(views: Views, about: About): OutgoingMail {
  return writeMail(views, {
    kind: 'rid.changed',
    to: about.to,
    subject: 'Dit login til SEB er ændret',
    paragraphs: [
      `Det login, som hører til ${about.personName} i SEB, er ændret. Det gamle login virker ikke længere, og er du logget på, bliver du logget af.`,
      'Det er for eksempel nødvendigt, når du har fået et nyt medarbejdercertifikat.',
    ],
    facts: factsOf(about),
    closing: [turnToHelp('ændringen', about)],
    contact: about.contact,
  });
}

/** To each organisationsadministrator of the organisation; the link leads to the user's change log. */
export function ridChangedNoticeMail(views: Views, about: About & Linked): OutgoingMail {
  return writeMail(views, {
    kind: 'rid.changedNotice',
    to: about.to,
    subject: 'Et login er ændret i din organisation',
    paragraphs: [
      `${about.changedBy} har ændret det login, som hører til ${about.personName}. Den, der har det nye login, kan bruge alle de roller, som brugeren har.`,
      'Du får denne mail, fordi du er organisationsadministrator.',
    ],
    facts: [['Bruger', about.personName], ...factsOf(about)],
    link: { label: 'Se ændringen i brugerens ændringslog', url: linkTo(about) },
    closing: ['Er ændringen ikke aftalt, så kontakt servicedesk med det samme.'],
    contact: about.contact,
  });
}

/** To the new address, which counts when the link is opened within 24 hours; `path` holds the token. */
export function confirmEmailMail(
  views: Views,
  about: Pick<About, 'to' | 'personName' | 'contact'> & Linked,
): OutgoingMail {
  return writeMail(views, {
    kind: 'email.confirm',
    to: about.to,
    subject: 'Bekræft din nye e-mailadresse i SEB',
    paragraphs: [
      `${about.personName} har bedt om at bruge denne e-mailadresse i SEB. Åbn linket, og bekræft adressen, så skifter SEB til den.`,
    ],
    link: { label: 'Bekræft e-mailadressen', url: linkTo(about) },
    closing: [
      'Linket virker i 24 timer og kun én gang. Indtil du har bekræftet, bruger SEB din hidtidige e-mailadresse.',
      'Har du ikke bedt om det, skal du ikke gøre noget: så ændres intet.',
    ],
    contact: about.contact,
  });
}

/** To the other administrators, the system owner and the servicedesk: somebody gave roles to oneself, or to a namesake. */
export function selfAssignedMail(
  views: Views,
  about: Omit<About, 'personName'> & Linked & { receiver: string; roles: readonly string[]; reason: string | null },
): OutgoingMail {
  return writeMail(views, {
    kind: 'role.selfAssigned',
    to: about.to,
    subject: 'En administrator har givet roller til sig selv i SEB',
    paragraphs: [
      `${about.changedBy} har givet roller til ${about.receiver}. SEB regner det for at give roller til sig selv og fortæller det derfor til dig.`,
    ],
    facts: [...factsOf(about), ['Roller', about.roles.join(', ')], ['Begrundelse', about.reason ?? 'Ingen']],
    link: { label: 'Se tildelingerne i ændringsloggen', url: linkTo(about) },
    closing: ['Ser det forkert ud, så kontakt organisationen eller servicedesk.'],
    contact: about.contact,
  });
}

/** Enough of an address for its owner to know it, too little for anyone else: "a…@region.example". */
export function addressHint(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${address.slice(0, 1)}…${address.slice(at)}`;
}

function factsOf({ organisationName, changedBy, at = new Date() }: Omit<About, 'personName'>): [string, string][] {
  return [
    ['Brugerorganisation', organisationName],
    ['Ændret af', changedBy],
    ['Tidspunkt', formatDateTime(at)],
  ];
}

function turnToHelp(what: string, { organisationName }: About): string {
  return `Kender du ikke til ${what}, så kontakt med det samme en brugeradministrator i ${organisationName} eller servicedesk.`;
}

function linkTo({ baseUrl, path }: Linked): URL {
  const url = new URL(path, baseUrl);
  if (url.origin !== new URL(baseUrl).origin)
    throw new Error(`A mail may only link to the portal itself, not to ${url.origin}`);
  return url;
}
