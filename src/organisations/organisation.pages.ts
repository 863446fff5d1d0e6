import type { Agreement } from '../agreements/agreement.ts';
import { agreementLine, isInForce } from '../agreements/agreement.ts';
import type { AwaitedLogin } from '../agreements/first-login.queries.ts';
import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { Crumb } from '../pages/page.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import type { Action } from '../permissions/rules.ts';
import { counted, formatCvr, formatNumber } from '../shared/text.ts';
import { administratorNames } from '../users/user.ts';
import type { Contact, Organisation } from './organisation.ts';
import { contactLine, organisationPath } from './organisation.ts';
import type { AdministratorOnPage } from './organisations.queries.ts';

type Shown = {
  organisation: Organisation;
  contacts: Contact[];
  administrators: AdministratorOnPage[];
  rights: { service: string; roles: number }[];
  /** Null for those who may not see them. */
  agreements: Agreement[] | null;
  awaited: AwaitedLogin[];
};

export function organisationCrumbs(actor: Actor, organisation?: { cvr: string; name: string }): Crumb[] {
  return [
    home,
    ...(actor.systemRoles.length > 0 ? [{ label: 'Organisationer', href: '/organisationer' }] : []),
    ...(organisation === undefined ? [] : [{ label: organisation.name, href: organisationPath(organisation) }]),
  ];
}

/** The organisation's own page. */
export function organisationPage(actor: Actor, shown: Shown): Page {
  const { organisation, contacts, administrators, rights, agreements } = shown;
  return page(
    'organisations/show',
    organisation.name,
    {
      name: organisation.name,
      closed:
        organisation.closedOn === null
          ? null
          : {
              title: `Lukket i SEB ${organisation.closedOn}`,
              text: organisation.closedReason ?? 'Ingen kan logge på.',
            },
      notices: noticesOf(shown),
      facts: factsOf(organisation),
      actions: actionsOf(actor, organisation),
      agreements: agreements === null ? null : agreements.map((one) => agreementRow(organisation, one)),
      register: mayIn(actor, organisation, 'agreement.register')
        ? organisationPath(organisation, '/aftaler/registrer')
        : null,
      acceptance: agreements === null ? null : organisationPath(organisation, '/aftaletekst'),
      security: contacts.filter(({ kind }) => kind === 'SECURITY').map(contactLine),
      contacts: contacts.filter(({ kind }) => kind === 'CONTACT').map(contactLine),
      administrators: administrators.map((one) => ({
        name: fullName(one),
        kind: administratorNames[one.kind],
        area: one.responsibilityArea ?? '–',
        isLocked: one.isLocked,
      })),
      awaited: shown.awaited.map((one) => awaitedRow(actor, organisation, one)),
      administratorsPath: organisationPath(organisation, '/administratorer'),
      rightsPath: organisationPath(organisation, '/rettigheder'),
      rights: rights.map(({ service, roles }) => ({ service, roles: counted(roles, 'rolle', 'roller') })),
    },
    organisationCrumbs(actor),
  );
}

function mayIn(actor: Actor, { id }: { id: number }, action: Action): boolean {
  return can(actor, action, { organisationId: id });
}

function factsOf(organisation: Organisation): { label: string; value: string }[] {
  const { register } = organisation;
  const ceased = register?.ceasedOn ? ` fra ${register.ceasedOn}` : '';
  return [
    { label: 'CVR-nummer', value: formatCvr(organisation.cvr) },
    { label: 'Status i SEB', value: organisation.closedOn === null ? 'Åben' : 'Lukket' },
    {
      label: 'Status i CVR',
      value: register === null ? 'Ikke slået op endnu' : `${register.status}${ceased} (slået op ${register.checkedOn})`,
    },
    { label: 'Oprettet i SEB', value: organisation.createdOn },
    { label: 'Brugere', value: formatNumber(organisation.users) },
    { label: 'Tildelte roller', value: formatNumber(organisation.activeAssignments) },
    {
      label: 'Roller til sig selv',
      value: organisation.selfAssignmentAllowed
        ? 'Administratorer må give sig selv roller med en begrundelse'
        : 'Administratorer kan ikke give sig selv roller',
    },
  ];
}

type Notice = { tone: 'warning' | 'info'; title: string; text: string };

function noticesOf({ organisation, agreements, awaited }: Shown): Notice[] {
  if (organisation.closedOn !== null) return [];
  const notices: Notice[] = [];
  if (organisation.register?.isCeased)
    notices.push({
      tone: 'warning',
      title: 'Organisationen er ophørt i CVR',
      text: 'Den kan stadig bruge SEB. Aftal med organisationen, hvad der skal ske, og luk den, når den ikke skal bruge SEB mere.',
    });
  if (agreements !== null && !agreements.some((one) => isInForce(one)))
    notices.push({
      tone: 'warning',
      title: 'Ingen gældende aftale',
      text: 'SEB kender ingen underskrevet aftale, der gælder i dag. Systemejeren registrerer autorisationsblanketten.',
    });
  if (awaited.some(({ isOver }) => isOver))
    notices.push({
      tone: 'warning',
      title: 'Fristen for det første login er udløbet',
      text: 'Den administrator, som aftalen nævner, har ikke logget på i tide. Systemejeren kan give en ny frist.',
    });
  return notices;
}

function actionsOf(actor: Actor, organisation: Organisation): { label: string; href: string }[] {
  const isClosed = organisation.closedOn !== null;
  const actions: [Action, string, string, boolean][] = [
    ['user.list', 'Brugeroversigt', '/brugere', true],
    ['auditLog.view', 'Log', '/log', true],
    ['auditLog.view', 'Revisionspakke', '/revisionspakke', true],
    ['organisation.editOwnContact', 'Ret kontaktpersoner', '/kontaktpersoner', true],
    [
      'organisation.allowSelfAssignment',
      organisation.selfAssignmentAllowed ? 'Slå roller til sig selv fra' : 'Tillad roller til sig selv',
      '/egen-tildeling',
      !isClosed,
    ],
    ['organisation.close', 'Luk organisationen', '/luk', !isClosed],
    ['organisation.close', 'Genåbn organisationen', '/genaabn', isClosed],
  ];
  return actions
    .filter(([action, , , applies]) => applies && mayIn(actor, organisation, action))
    .map(([, label, path]) => ({ label, href: organisationPath(organisation, path) }));
}

function agreementRow(organisation: Organisation, agreement: Agreement): object {
  return {
    ...agreementLine(agreement),
    href: organisationPath(organisation, `/aftaler/${agreement.id}`),
  };
}

function awaitedRow(actor: Actor, organisation: Organisation, awaited: AwaitedLogin): object {
  return {
    name: fullName(awaited),
    text: `${awaited.isOver ? 'Fristen udløb' : 'Skal logge på senest'} ${awaited.expiresOn}`,
    version: awaited.version,
    renew:
      organisation.closedOn === null && mayIn(actor, organisation, 'administrator.appointFirst')
        ? organisationPath(organisation, `/foerste-login/${awaited.id}/forny`)
        : null,
  };
}
