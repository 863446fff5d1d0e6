import type { Cursor } from '../http/keyset.ts';
import { encodeCursor } from '../http/keyset.ts';
import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { mayEver } from '../permissions/scope.ts';
import type { ServiceRole } from '../services/service.ts';
import { needsText, rolePath, serviceCrumbs } from '../services/services.pages.ts';
import { danishDay } from '../shared/dates.ts';
import { counted, formatCvr, formatNumber } from '../shared/text.ts';
import { organisationLine } from '../users/users.pages.ts';
import type { OrganisationOfRole, Right, RightsFilter } from './organisation-roles.queries.ts';
import { organisationsPerPage, rightsPerPage } from './organisation-roles.queries.ts';
import { rightsPath } from './rights.pages.ts';

export function organisationRolesPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/rettigheder${rest}`;
}

type Shown = {
  organisation: AddressedOrganisation;
  actor: Actor;
  filter: RightsFilter;
  cursor: Cursor | null;
  services: { id: number; name: string }[];
  rights: Right[];
  count: number;
};

/** Rettigheder til roller: what the organisation may give, and how far it does. */
export function organisationRolesPage({ organisation, actor, filter, cursor, services, rights, count }: Shown): Page {
  const { search, serviceId } = filter;
  const may = {
    grant: !organisation.isClosed && mayEver(actor, 'organisationRole.grant', organisation.id),
    withdraw: mayEver(actor, 'organisationRole.withdraw', organisation.id),
    request: mayEver(actor, 'serviceAccess.request', organisation.id),
    register: !organisation.isClosed && mayEver(actor, 'serviceAccess.decide', organisation.id),
  };
  const seesHolders = mayEver(actor, 'roleHolders.view', organisation.id);
  return page(
    'organisation-roles/index',
    'Rettigheder til roller',
    {
      organisation: { line: organisationLine(organisation), id: organisation.id },
      search,
      services: services.map((service) => ({ ...service, isChosen: service.id === serviceId })),
      isFiltered: search !== '' || serviceId !== null,
      countText: counted(count, 'rolle', 'roller'),
      pager: pagerOf(organisation, { filter, cursor, rights, count }),
      rights: rights.slice(0, rightsPerPage).map((right) => ({
        ...right,
        needs: needsText(right),
        users: formatNumber(right.users),
        state: stateOf(right),
        href: seesHolders ? `/organisationer/${organisation.cvr}/roller/${right.roleId}` : null,
      })),
      may,
      paths: {
        report: `/organisationer/${organisation.cvr}/rapporter/rettigheder-til-roller`,
        list: organisationRolesPath(organisation),
        grant: rightsPath('grant', `?organisation=${organisation.id}`),
        withdraw: rightsPath('withdraw', '/gennemse'),
        request: organisationRolesPath(organisation, '/anmod'),
        requests: organisationRolesPath(organisation, '/anmodninger'),
        register: organisationRolesPath(organisation, '/registrer-anmodning'),
      },
    },
    [home],
  );
}

type Paged = Pick<Shown, 'filter' | 'cursor' | 'rights' | 'count'>;

function pagerOf(organisation: { cvr: string }, { filter, cursor, rights, count }: Paged): object {
  const number = cursor?.page ?? 1;
  const link = (more: [string, string][]): string => {
    const query = new URLSearchParams([
      ...(filter.search === '' ? [] : [['soeg', filter.search]]),
      ...(filter.serviceId === null ? [] : [['service', String(filter.serviceId)]]),
      ...more,
    ]).toString();
    return organisationRolesPath(organisation, query === '' ? '' : `?${query}`);
  };
  const last = rights[rightsPerPage - 1];
  const after = (right: Right): string =>
    encodeCursor({
      direction: 'after',
      values: [right.serviceName, right.roleName],
      id: right.roleId,
      page: number + 1,
    });
  const hasMore = last !== undefined && rights.length > rightsPerPage;
  return {
    text: `Side ${number} af ${Math.max(number, Math.ceil(count / rightsPerPage))}`,
    first: cursor === null ? null : link([]),
    next: hasMore ? link([['fra', after(last)]]) : null,
  };
}

function stateOf({ isOpen, retiresOn }: Right): { tone: 'warning' | 'info'; text: string } | null {
  if (!isOpen) return { tone: 'warning', text: 'Udfaset, kan ikke tildeles' };
  return retiresOn === null ? null : { tone: 'info', text: `Udfases ${danishDay(retiresOn)}` };
}

type OfRole = { role: ServiceRole; rows: OrganisationOfRole[]; search: string; isFirstPage: boolean };

/** Which organisations may give a role. */
export function roleOrganisationsPage({ role, rows, search, isFirstPage }: OfRole): Page {
  const shown = rows.slice(0, organisationsPerPage);
  const last = shown.at(-1);
  const path = rolePath(role.id, '/organisationer');
  const filter: [string, string][] = search === '' ? [] : [['soeg', search]];
  const link = (more: [string, string][]): string => {
    const query = new URLSearchParams([...filter, ...more]).toString();
    return query === '' ? path : `${path}?${query}`;
  };
  const hasMore = rows.length > organisationsPerPage && last !== undefined;
  return page(
    'organisation-roles/of-role',
    'Organisationer, der kan tildele rollen',
    {
      role,
      roleText: `${role.name} (${role.serviceCode}/${role.code})`,
      search,
      countText: `${counted(role.organisations, 'organisation', 'organisationer')} kan tildele rollen`,
      rows: shown.map((row) => ({
        ...row,
        cvrText: formatCvr(row.cvr),
        users: formatNumber(row.users),
        href: organisationRolesPath(row),
      })),
      isOpen: !role.isRetired && !role.serviceIsRetired,
      first: isFirstPage ? null : link([]),
      next: hasMore
        ? link([
            ['efternavn', last.name],
            ['efterid', String(last.id)],
          ])
        : null,
      paths: {
        list: path,
        grant: rightsPath('grant', `?rolle=${role.id}`),
        withdraw: rightsPath('withdraw', '/gennemse'),
      },
    },
    serviceCrumbs({ id: role.serviceId, name: role.serviceName }, role),
  );
}
