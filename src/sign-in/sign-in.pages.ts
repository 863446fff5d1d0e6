import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Contact, PortalName } from '../pages/services.ts';
import { formatCvr } from '../shared/text.ts';
import type { StatusBox } from '../status/status.pages.ts';
import type { IdentityProvider } from './identity-providers.ts';
import { searchIdentityProviders } from './identity-providers.ts';
import type { SignInRefusal } from './identity.ts';
import type { Arrived, RefusalReason } from './saml/refusal.ts';
import { refusalTexts } from './saml/refusal-texts.ts';
import type { AdministratorToAsk } from './sign-in.queries.ts';

type Discovery = {
  tab: 'nemlog-in' | 'lokal';
  search: string;
  returnTo: string;
  status: StatusBox;
  /** Somebody who comes by a bookmark, or goes back: they need not log in again. */
  isSignedIn: boolean;
  /** The remembered provider, whose answer to a login of a moment ago never came. */
  unfinished: IdentityProvider | null;
};

export function startPath({ id }: IdentityProvider, returnTo: string): string {
  return `/login/start?${new URLSearchParams({ idp: id, til: returnTo }).toString()}`;
}

/** SEB Discoveryside: which identity provider to log in with. */
export function discoveryPage(
  portal: PortalName,
  providers: readonly IdentityProvider[],
  { tab, search, returnTo, status, isSignedIn, unfinished }: Discovery,
): Page {
  const local = providers.filter((provider) => provider.kind === 'local');
  const found = searchIdentityProviders(local, search);
  return page('sign-in/discovery', portal === 'sebadmin' ? 'Log på SEB brugeradministration' : 'Log på SEB', {
    isLocalTab: tab === 'lokal',
    isSignedIn,
    unfinished: unfinished === null ? null : { name: unfinished.name, href: startPath(unfinished, returnTo) },
    returnTo,
    search,
    status,
    nemLogIn: providers.filter((provider) => provider.kind === 'nemlog-in').map(({ id, name }) => ({ id, name })),
    local: found.map(({ id, name }) => ({ id, name })),
    localCount: local.length,
    blankForm: portal === 'sebadmin' ? '/autorisationsblanket' : null,
    tabHref: (name: string) => `/login?${new URLSearchParams({ fane: name, til: returnTo }).toString()}`,
  });
}

type Confirming = { provider: IdentityProvider | null; returnTo: string; minutes: number };

/** Before something that a borrowed screen must not do: log in anew, and come back to the form that waits. */
export function confirmLoginPage({ provider, returnTo, minutes }: Confirming): Page {
  return page('sign-in/confirm', 'Bekræft, at det er dig', {
    provider: provider === null ? null : { id: provider.id, name: provider.name },
    returnTo,
    minutes: String(minutes),
    other: `/login?${new URLSearchParams({ skift: '1', til: returnTo }).toString()}`,
  });
}

/** What a person reads who was not let in: what arrived, what failed, what to do, who can help, and the reference. */
export type Refused = {
  arrived: Partial<Arrived>;
  reason: { kind: 'protocol'; reason: RefusalReason } | { kind: 'identity'; refusal: SignInRefusal };
  administrators: AdministratorToAsk[];
  contact: Contact;
  sebanmodUrl: string;
  reference: string;
};

export function refusedPage({ arrived, reason, administrators, contact, sebanmodUrl, reference }: Refused): Page {
  const texts = reason.kind === 'protocol' ? refusalTexts[reason.reason] : identityTexts[reason.refusal];
  const shown = page('sign-in/refused', 'Du kunne ikke logge på', {
    whatFailed: texts.whatFailed,
    whatYouCanDo: texts.whatYouCanDo,
    arrived: arrivedRows(arrived),
    administrators: administrators.map(administratorLine),
    contact,
    reference,
    sebanmodUrl: reason.kind === 'identity' && goesOnInSebanmod.includes(reason.refusal) ? sebanmodUrl : null,
  });
  return { ...shown, status: 403 };
}

/** Refused in sebadmin alone. */
const goesOnInSebanmod: readonly SignInRefusal[] = ['noAdministratorRole', 'unknown'];

function arrivedRows(arrived: Partial<Arrived>): { label: string; value: string }[] {
  const rows = [
    { label: 'Navn', value: arrived.name },
    { label: 'Organisation', value: arrived.organisationName },
    { label: 'CVR-nummer', value: arrived.cvr === undefined ? undefined : formatCvr(arrived.cvr) },
    { label: 'Logget på via', value: arrived.providerName },
    {
      label: 'Sikringsniveau',
      value: arrived.level === undefined ? undefined : (levels[arrived.level] ?? arrived.level),
    },
    {
      label: 'SEB kræver mindst',
      value: arrived.requiredLevel === undefined ? undefined : levels[arrived.requiredLevel],
    },
  ];
  return rows.filter((row): row is { label: string; value: string } => row.value !== undefined && row.value !== '');
}

const levels: Record<string, string> = { Low: 'Lav', Substantial: 'Betydelig', High: 'Høj' };

export function administratorLine({ firstName, lastName, kind, responsibilityArea }: AdministratorToAsk): string {
  const role = kind === 'ORGANISATION' ? 'organisationsadministrator' : 'brugeradministrator';
  return `${firstName} ${lastName}, ${role}${responsibilityArea === null ? '' : ` (${responsibilityArea})`}`;
}

const identityTexts: Record<SignInRefusal, { whatFailed: string; whatYouCanDo: string }> = {
  privatePerson: {
    whatFailed: 'Du er logget på som privatperson. SEB er for medarbejdere i en organisation.',
    whatYouCanDo: 'Log på igen, og vælg dit MitID Erhverv eller din arbejdsplads’ lokale IdP.',
  },
  noCvr: {
    whatFailed: 'Dit login fortæller ikke, hvilken organisation (CVR-nummer) du er ansat i.',
    whatYouCanDo: 'Log på med MitID Erhverv, eller kontakt din arbejdsplads’ it-afdeling.',
  },
  noIdentifier: {
    whatFailed: 'Dit login har hverken UUID eller RID-nummer, så SEB kan ikke se, hvilken bruger du er.',
    whatYouCanDo: 'Kontakt din arbejdsplads’ it-afdeling, eller log på med MitID Erhverv.',
  },
  unknown: {
    whatFailed: 'Du er ikke oprettet som bruger i SEB for denne organisation.',
    whatYouCanDo:
      'Gå til SEB for brugere. Der kan du anmode om adgang, eller se, hvordan din organisation kommer med i SEB.',
  },
  deleted: {
    whatFailed: 'Din bruger er slettet i SEB.',
    whatYouCanDo: 'Bed en administrator i din organisation om at oprette dig igen, hvis du stadig skal have adgang.',
  },
  locked: {
    whatFailed: 'Din bruger er spærret i SEB.',
    whatYouCanDo: 'Kontakt en administrator i din organisation. Administratoren kan se hvorfor og låse brugeren op.',
  },
  organisationClosed: {
    whatFailed: 'Din organisation er lukket i SEB.',
    whatYouCanDo: 'Kontakt servicedesk, hvis din organisation stadig skal bruge SEB.',
  },
  uuidMissing: {
    whatFailed: 'Din bruger i SEB er knyttet til et UUID, og dit login har intet, kun et RID-nummer.',
    whatYouCanDo: 'Log på med MitID Erhverv, eller kontakt din arbejdsplads’ it-afdeling: loginet skal sende UUID.',
  },
  uuidOfAnother: {
    whatFailed: 'Dit RID-nummer er knyttet til et andet login (et andet UUID) i SEB.',
    whatYouCanDo:
      'Det står nu på administratorernes huskeliste. Kontakt en administrator i din organisation, som kan afgøre, om loginet er dit.',
  },
  conflict: {
    whatFailed: 'Dit UUID og dit RID-nummer peger på to forskellige brugere i SEB.',
    whatYouCanDo:
      'Det står nu på administratorernes huskeliste. Kontakt en administrator i din organisation, som kan afgøre, hvem af de to du er. Ingen af brugerne er ændret.',
  },
  firstLoginTooLate: {
    whatFailed:
      'Fristen for dit første login er udløbet. En ny organisationsadministrator skal logge på inden 14 dage.',
    whatYouCanDo: 'Kontakt servicedesk, og oplys CVR-nummer og referencenummer. Systemejeren kan give en ny frist.',
  },
  firstLoginTooLow: {
    whatFailed: 'Dit første login som organisationsadministrator skal være på sikringsniveau Betydelig eller Høj.',
    whatYouCanDo: 'Log på igen med dit MitID Erhverv på et højere niveau.',
  },
  firstLoginOfAnother: {
    whatFailed: 'Dit login har hverken det RID-nummer eller det UUID, som organisationens aftale nævner.',
    whatYouCanDo:
      'Log på med den medarbejderidentitet, som står på aftalen. Er den forkert, så kontakt servicedesk, og oplys referencenummeret.',
  },
  noAdministratorRole: {
    whatFailed: 'Du er bruger i SEB, men ikke administrator. Brugeradministrationen er kun for administratorer.',
    whatYouCanDo:
      'Gå til SEB for brugere, hvis du vil se dine egne adgange. Skal du være administrator, så kontakt en organisationsadministrator.',
  },
};
