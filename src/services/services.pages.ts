import type { Crumb, Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import { danishDay } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import type { Retirement, Service, ServiceRole, Support } from './service.ts';
import { linkIn, sensitivityNames } from './service.ts';
import type { ServiceRow, ServiceSearch } from './services.queries.ts';
import { servicesPerPage } from './services.queries.ts';

export const servicesPath = (rest = ''): string => `/system/services${rest}`;
export const rolePath = (roleId: number, rest = ''): string => `/system/roller/${roleId}${rest}`;

/** The way to a service's page, or to a role's below it. */
export function serviceCrumbs(
  service: { id: number; name: string } | null = null,
  role: { id: number; name: string } | null = null,
): Crumb[] {
  return [
    home,
    { label: 'Services', href: servicesPath() },
    ...(service === null ? [] : [{ label: service.name, href: servicesPath(`/${service.id}`) }]),
    ...(role === null ? [] : [{ label: role.name, href: rolePath(role.id) }]),
  ];
}

export type RetirementState = { tone: 'warning' | 'info' | null; text: string };

/** "Åben", "Udfases 31-12-2026", "Udfaset". */
export function stateOf({ retiresOn, isRetired }: Pick<Retirement, 'retiresOn' | 'isRetired'>): RetirementState {
  if (isRetired) return { tone: 'warning', text: 'Udfaset' };
  return retiresOn === null ? { tone: null, text: 'Åben' } : { tone: 'info', text: `Udfases ${danishDay(retiresOn)}` };
}

const stateLabels = { aaben: 'Kan tildeles', udfases: 'Bliver udfaset', udfaset: 'Udfaset' } as const;

/** Services: all of them, with search and figures. */
export function servicesPage(rows: ServiceRow[], { search, state }: ServiceSearch, isFirstPage: boolean): Page {
  const shown = rows.slice(0, servicesPerPage);
  const last = shown.at(-1);
  const hasMore = rows.length > servicesPerPage && last !== undefined;
  const filter: [string, string][] = [
    ...(search === '' ? [] : [['soeg', search] as [string, string]]),
    ...(state === null ? [] : [['status', state] as [string, string]]),
  ];
  const link = (more: [string, string][]): string => servicesPath(`?${new URLSearchParams([...filter, ...more])}`);
  return page(
    'services/index',
    'Services',
    {
      search,
      states: Object.entries(stateLabels).map(([value, label]) => ({ value, label, isChosen: value === state })),
      rows: shown.map((row) => ({
        ...row,
        roles: formatNumber(row.roles),
        organisations: formatNumber(row.organisations),
        state: stateOf(row),
        href: servicesPath(`/${row.id}`),
      })),
      first: isFirstPage ? null : link([]),
      next: hasMore
        ? link([
            ['efternavn', last.name],
            ['efterid', String(last.id)],
          ])
        : null,
      paths: { list: servicesPath(), create: servicesPath('/opret') },
    },
    [home],
  );
}

/** One service: what it is, who helps, its roles. */
export function servicePage(service: Service, roles: ServiceRole[]): Page {
  const path = servicesPath(`/${service.id}`);
  return page(
    'services/show',
    service.name,
    {
      service: { ...service, state: stateOf(service) },
      figures: figuresOf(service),
      retirement: retirementNotice(service, 'Servicens roller'),
      support: supportOf(service),
      roles: roles.map((role) => ({
        ...role,
        needs: needsText(role),
        sensitivity: sensitivityNames[role.sensitivity],
        state: stateOf(role),
        organisations: formatNumber(role.organisations),
        users: formatNumber(role.users),
        href: rolePath(role.id),
      })),
      paths: {
        edit: `${path}/rediger`,
        retire: `${path}/udfas`,
        reopen: `${path}/genaabn`,
        createRole: `${path}/roller/opret`,
        grant: `/system/rettigheder/giv?service=${service.id}&hele=1`,
        withdraw: `/system/rettigheder/traek-tilbage?service=${service.id}&hele=1`,
      },
    },
    serviceCrumbs(),
  );
}

function figuresOf({ organisations, users }: { organisations: number; users: number }): object[] {
  return [
    { label: 'Organisationer, der kan tildele', value: formatNumber(organisations) },
    { label: 'Brugere, der har', value: formatNumber(users) },
  ];
}

function retirementNotice(one: Retirement, what: string): { tone: string; title: string; text: string } | null {
  if (one.retiresOn === null && !one.isRetired) return null;
  const successor = one.successorName === null ? '' : ` Afløser: ${one.successorName} (${one.successorCode ?? ''}).`;
  const day = one.retiresOn === null ? '' : ` ${danishDay(one.retiresOn)}`;
  return one.isRetired
    ? { tone: 'warning', title: `Udfaset${day}`, text: `${what} kan ikke længere tildeles.${successor}` }
    : {
        tone: 'info',
        title: `Udfases${day}`,
        text: `Fra den dag kan ${what.toLowerCase()} ikke tildeles.${successor}`,
      };
}

/** Null where the servicedesk helps. */
export function supportOf({ supportName, supportPhone, supportEmail, supportLinks }: Support): object | null {
  const links = supportLinks.map(linkIn).filter((link) => link !== null);
  if (supportName === null && supportPhone === null && supportEmail === null && links.length === 0) return null;
  return { name: supportName, phone: supportPhone, email: supportEmail, links };
}

export function needsText({ needsSor, needsCpr }: { needsSor: boolean; needsCpr: boolean }): string {
  const placement = needsSor ? 'Kræver SOR-enhed' : 'Kræver ikke SOR-enhed';
  return needsCpr ? `${placement} · Kræver CPR-nummer i brugerens login` : placement;
}

/** One role: what it is, and how far it is in use. */
export function serviceRolePage(role: ServiceRole): Page {
  const service = { id: role.serviceId, name: role.serviceName };
  return page(
    'services/role',
    role.name,
    {
      role: { ...role, synonyms: role.synonyms.join(', '), state: stateOf(role) },
      needs: needsText(role),
      sensitivity: sensitivityNames[role.sensitivity],
      figures: figuresOf(role),
      retirement: retirementNotice(role, 'Rollen'),
      usersText: counted(role.users, 'bruger', 'brugere'),
      paths: {
        service: servicesPath(`/${role.serviceId}`),
        edit: rolePath(role.id, '/rediger'),
        retire: rolePath(role.id, '/udfas'),
        reopen: rolePath(role.id, '/genaabn'),
        organisations: rolePath(role.id, '/organisationer'),
        grant: `/system/rettigheder/giv?rolle=${role.id}`,
        withdraw: `/system/rettigheder/traek-tilbage?rolle=${role.id}`,
      },
    },
    serviceCrumbs(service),
  );
}
