import { formatDateTime } from '../shared/dates.ts';
import type { OutgoingMail } from './outgoing-mail.ts';
import type { MailWriting } from './template-mail.ts';
import { mailOf } from './template-mail.ts';

type About = {
  to: OutgoingMail['to'];
  /** The user whose information or login is changed. */
  personName: string;
  organisationName: string;
  /** The name of the one who made the change. */
  changedBy: string;
  /** The moment of the change; now when left out. */
  at?: Date;
};

type Linked = {
  /** The portal's own address from the configuration, never from a request. */
  baseUrl: URL | string;
  /** Where in the portal: a path that begins with "/". */
  path: string;
};

/** To the old address, whoever changed it. */
export function emailChangedMail(
  mailing: MailWriting,
  about: About & { newAddressHint?: string | undefined },
): OutgoingMail {
  const hint = about.newAddressHint;
  return mailOf(mailing, 'email.changed', {
    to: about.to,
    values: { bruger: about.personName, organisation: about.organisationName },
    facts: [...factsOf(about), ...(hint ? [['Ny e-mailadresse', hint] as const] : [])],
  });
}

/** To the old address of the user whose RID-nummer was changed; the number itself is not told. */
export function ridChangedMail(mailing: MailWriting, about: About): OutgoingMail {
  return mailOf(mailing, 'rid.changed', {
    to: about.to,
    values: { bruger: about.personName, organisation: about.organisationName },
    facts: factsOf(about),
  });
}

/** To each organisationsadministrator of the organisation; the link leads to the user's change log. */
export function ridChangedNoticeMail(mailing: MailWriting, about: About & Linked): OutgoingMail {
  return mailOf(mailing, 'rid.changedNotice', {
    to: about.to,
    values: { administrator: about.changedBy, bruger: about.personName },
    facts: [['Bruger', about.personName], ...factsOf(about)],
    url: linkTo(about),
  });
}

/** To the new address, which counts when the link is opened within 24 hours; `path` holds the token. */
export function confirmEmailMail(mailing: MailWriting, about: Pick<About, 'to' | 'personName'> & Linked): OutgoingMail {
  return mailOf(mailing, 'email.confirm', {
    to: about.to,
    values: { bruger: about.personName },
    url: linkTo(about),
  });
}

/** To the other administrators, the system owner and the servicedesk: somebody gave roles to oneself, or to a namesake. */
export function selfAssignedMail(
  mailing: MailWriting,
  about: Omit<About, 'personName'> & Linked & { receiver: string; roles: readonly string[]; reason: string | null },
): OutgoingMail {
  return mailOf(mailing, 'role.selfAssigned', {
    to: about.to,
    values: { administrator: about.changedBy, modtager: about.receiver },
    facts: [...factsOf(about), ['Roller', about.roles.join(', ')], ['Begrundelse', about.reason ?? 'Ingen']],
    url: linkTo(about),
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

function linkTo({ baseUrl, path }: Linked): URL {
  const url = new URL(path, baseUrl);
  if (url.origin !== new URL(baseUrl).origin)
    throw new Error(`A mail may only link to the portal itself, not to ${url.origin}`);
  return url;
}
