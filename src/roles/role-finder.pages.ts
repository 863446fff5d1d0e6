import type { Cursor } from '../http/keyset.ts';
import { encodeCursor } from '../http/keyset.ts';
import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { needsText } from '../services/services.pages.ts';
import { counted } from '../shared/text.ts';
import { organisationLine } from '../users/users.pages.ts';
import type { FoundRole } from './role.ts';
import type { RoleFilter, ServiceOfRoles } from './roles.queries.ts';
import { rolesPerPage } from './roles.queries.ts';

export function rolesPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/roller${rest}`;
}

type Finder = {
  organisation: AddressedOrganisation;
  filter: RoleFilter;
  services: ServiceOfRoles[];
  /** Null without a search: then the services are the way in. */
  found: (FinderMay & { roles: FoundRole[]; count: number; cursor: Cursor | null }) | null;
};

type FinderMay = {
  seesHolders: boolean;
  /** Ask the system owner for roles that the organisation may not give. */
  mayRequest: boolean;
};

/** Find en rolle: what a role is for, in plain words, and who has it here. */
export function finderPage({ organisation, filter, services, found }: Finder): Page {
  const path = rolesPath(organisation);
  return page(
    'roles/index',
    'Find en rolle',
    {
      organisation: { line: organisationLine(organisation) },
      search: filter.search,
      services: services.map((service) => serviceModel(path, service, filter)),
      isOverview: found === null,
      countText:
        found === null ? counted(services.length, 'service', 'services') : counted(found.count, 'rolle', 'roller'),
      groups: found === null ? [] : groupsOf(organisation, found.roles.slice(0, rolesPerPage), found),
      pager: found === null ? null : pagerOf(path, filter, found),
      paths: { form: path },
    },
    [home],
  );
}

function serviceModel(path: string, { id, name, code, roles, givable }: ServiceOfRoles, filter: RoleFilter): object {
  const givableText =
    givable === roles ? '' : givable === 0 ? ', som organisationen ikke kan tildele' : `, ${givable} kan tildeles`;
  return {
    id,
    name,
    code,
    isChosen: id === filter.serviceId,
    href: `${path}?service=${id}`,
    rolesText: `${counted(roles, 'rolle', 'roller')}${givableText}`,
  };
}

type RoleGroup = { title: string; code: string; isGivable: boolean; roles: object[] };

/** The roles of a service together, as they come; a service stands twice when only some of its roles can be given. */
function groupsOf(organisation: AddressedOrganisation, roles: FoundRole[], may: FinderMay): RoleGroup[] {
  const groups = new Map<string, RoleGroup>();
  for (const role of roles) {
    const key = `${role.serviceId} ${role.isGivable}`;
    const group = groups.get(key) ?? {
      title: role.serviceName,
      code: role.serviceCode,
      isGivable: role.isGivable,
      roles: [],
    };
    groups.set(key, group);
    group.roles.push(foundModel(organisation, role, may));
  }
  return [...groups.values()];
}

function foundModel(organisation: AddressedOrganisation, role: FoundRole, may: FinderMay): object {
  const { holders } = role;
  return {
    ...role,
    needs: needsText(role),
    synonyms: role.synonyms.join(', '),
    holdersText: holders === 0 ? 'Ingen har rollen' : `${counted(holders, 'bruger', 'brugere')} har rollen`,
    href: may.seesHolders ? rolesPath(organisation, `/${role.id}`) : null,
    request: may.mayRequest && !role.isGivable ? requestPath(organisation, role) : null,
  };
}

function requestPath({ cvr }: { cvr: string }, role: FoundRole): string {
  return `/organisationer/${cvr}/rettigheder/anmod?service=${role.serviceId}&rolle=${role.id}`;
}

function pagerOf(path: string, filter: RoleFilter, { roles, count, cursor }: NonNullable<Finder['found']>): object {
  const number = cursor?.page ?? 1;
  const link = (more: Record<string, string>): string => {
    const query = new URLSearchParams({
      ...(filter.search === '' ? {} : { soeg: filter.search }),
      ...(filter.serviceId === null ? {} : { service: String(filter.serviceId) }),
      ...more,
    });
    return `${path}?${query.toString()}`;
  };
  const last = roles[rolesPerPage - 1];
  const next =
    last === undefined || roles.length <= rolesPerPage
      ? null
      : link({ fra: encodeCursor({ direction: 'after', values: placeOf(last), id: last.id, page: number + 1 }) });
  const pages = Math.max(number, Math.ceil(count / rolesPerPage));
  return { text: `Side ${number} af ${pages}`, first: cursor === null ? null : link({}), next };
}

function placeOf({ isGivable, serviceName, name }: FoundRole): string[] {
  return [isGivable ? '0' : '1', serviceName, name];
}
