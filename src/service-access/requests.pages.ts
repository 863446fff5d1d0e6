import type { FieldErrors, Posted } from '../http/forms.ts';
import { typedList } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { organisationRolesPath } from '../organisation-roles/organisation-roles.pages.ts';
import { needsText } from '../services/services.pages.ts';
import { formatCvr } from '../shared/text.ts';
import { errorList, organisationLine } from '../users/users.pages.ts';
import type { RequestRow } from './service-access.queries.ts';
import { requestsPerPage } from './service-access.queries.ts';
import type { AccessRequest, RequestedRole, RequestState } from './service-access.ts';
import { requestStates, stateNames } from './service-access.ts';

export const systemRequestsPath = (rest = ''): string => `/system/anmodninger${rest}`;

const tones: Record<RequestState, string> = {
  open: 'info',
  granted: 'success',
  partly: 'success',
  rejected: 'warning',
  withdrawn: 'warning',
};

type Listed = { rows: RequestRow[]; wanted: RequestState | null; isFirstPage: boolean };

/** The organisation's requests. */
export function ownRequestsPage(organisation: AddressedOrganisation, listed: Listed): Page {
  const path = organisationRolesPath(organisation, '/anmodninger');
  const model = {
    lead: organisationLine(organisation),
    isSystem: false,
    ask: organisationRolesPath(organisation, '/anmod'),
    ...listModel(path, listed),
  };
  const crumbs = [home, { label: 'Rettigheder til roller', href: organisationRolesPath(organisation) }];
  return page('service-access/list', 'Anmodninger om services', model, crumbs);
}

/** All organisations' requests, for the system owner. */
export function systemRequestsPage(listed: Listed): Page {
  const model = { lead: null, isSystem: true, ask: null, ...listModel(systemRequestsPath(), listed) };
  return page('service-access/list', 'Anmodninger om services', model, [home]);
}

function listModel(path: string, { rows, wanted, isFirstPage }: Listed): object {
  const shown = rows.slice(0, requestsPerPage);
  const last = shown.at(-1);
  const hasMore = rows.length > requestsPerPage && last !== undefined;
  const filter = wanted === null ? 'alle' : wanted;
  return {
    states: requestStates.map((value) => ({ value, label: stateNames[value], isChosen: value === wanted })),
    isFiltered: wanted !== null,
    rows: shown.map((row) => ({
      ...row,
      cvrText: formatCvr(row.cvr),
      state: { tone: tones[row.state], text: stateNames[row.state] },
      href: `${path}/${row.id}`,
    })),
    first: isFirstPage ? null : `${path}?status=${filter}`,
    next: hasMore ? `${path}?status=${filter}&foer=${last.id}` : null,
    path,
  };
}

/** One request as the organisation sees it. */
export function ownRequestPage(organisation: AddressedOrganisation, request: AccessRequest): Page {
  const path = organisationRolesPath(organisation, `/anmodninger/${request.id}`);
  return page(
    'service-access/show',
    `Anmodning nr. ${request.id}`,
    {
      ...requestModel(request),
      mayWithdraw: request.state === 'open',
      paths: { withdraw: `${path}/fortryd`, list: organisationRolesPath(organisation, '/anmodninger') },
    },
    [
      home,
      { label: 'Rettigheder til roller', href: organisationRolesPath(organisation) },
      { label: 'Anmodninger om services', href: organisationRolesPath(organisation, '/anmodninger') },
    ],
  );
}

type Deciding = { request: AccessRequest; posted: Posted; errors: FieldErrors; isOver?: boolean };

/** One request as the system owner decides on it. */
export function decidePage({ request, posted, errors, isOver = false }: Deciding): Page {
  const ticked = new Set(typedList(posted, 'rolle'));
  const shown = page(
    'service-access/decide',
    `Anmodning nr. ${request.id}`,
    {
      ...requestModel(request),
      isOpen: request.state === 'open',
      isOver,
      choices: request.roles.map((role) => ({ ...roleModel(role), isTicked: ticked.has(String(role.id)) })),
      roleError: errors.rolle ?? null,
      reason: fieldOf(
        {
          name: 'begrundelse',
          label: 'Begrundelse',
          kind: 'text',
          hint: 'Skal udfyldes, når anmodningen eller en del af den afvises. Står i mailen til organisationen.',
        },
        posted,
        errors,
      ),
      errors: errorList(errors),
      paths: {
        form: systemRequestsPath(`/${request.id}`),
        rights: organisationRolesPath(request.organisation),
        list: systemRequestsPath(),
      },
    },
    [home, { label: 'Anmodninger om services', href: systemRequestsPath() }],
  );
  if (isOver) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function requestModel(request: AccessRequest): object {
  const { organisation, contactName, contactEmail, contactPhone, askedBy, askedOn, createdByName, createdAt } = request;
  const contact = [contactName, contactEmail, contactPhone].filter(Boolean).join(', ');
  const asked =
    askedBy === null
      ? `${createdByName}, ${createdAt}`
      : `${askedBy}, modtaget ${askedOn ?? ''}. Registreret af ${createdByName}, ${createdAt}`;
  return {
    request,
    state: { tone: tones[request.state], text: stateNames[request.state] },
    lead: organisationLine(organisation),
    facts: [
      { label: 'Service', value: `${request.serviceName} (${request.serviceCode})` },
      { label: 'Anmodet af', value: asked },
      { label: 'Formål', value: request.purpose },
      { label: 'Hjemmel', value: request.legalBasis },
      { label: 'Kontaktperson', value: contact },
      ...(request.decidedAt === null
        ? []
        : [
            {
              label: request.state === 'withdrawn' ? 'Trukket tilbage' : 'Afgjort',
              value: `${request.decidedByName ?? ''}, ${request.decidedAt}`,
            },
          ]),
      ...(request.decisionReason === null ? [] : [{ label: 'Begrundelse', value: request.decisionReason }]),
    ],
    roles: request.roles.map(roleModel),
  };
}

function roleModel(role: RequestedRole): RequestedRole & { needs: string; answer: string | null; note: string } {
  const answers = { true: 'Godkendt', false: 'Afvist', null: null } as const;
  const notes = [
    ...(role.mayGive && role.isGranted !== true ? ['Organisationen kan tildele den i forvejen'] : []),
    ...(role.isOpen ? [] : ['Rollen er udfaset']),
  ];
  return { ...role, needs: needsText(role), answer: answers[`${role.isGranted}`], note: notes.join('. ') };
}
