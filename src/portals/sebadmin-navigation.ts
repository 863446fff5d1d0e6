import { systemPages } from '../home/system-pages.ts';
import type { NavigationItem } from '../pages/shell.ts';
import type { Actor } from '../permissions/actor.ts';
import { mayEver } from '../permissions/scope.ts';

/** The menu: about one organisation while one is in the address, or when there is but one; else about all of them. */
export function sebadminNavigation(actor: Actor, cvrInUrl: string | null): NavigationItem[] {
  const cvr = cvrInUrl ?? onlyOrganisation(actor);
  return [
    { id: 'home', label: 'Forside', href: '/' },
    ...(cvr === null ? acrossOrganisations(actor) : inOrganisation(actor, cvr)),
    { id: 'help', label: 'Hjælp', href: '/hjaelp' },
  ];
}

function acrossOrganisations(actor: Actor): NavigationItem[] {
  if (actor.systemRoles.length === 0) return [{ id: 'users', label: 'Brugeroversigt', href: '/organisationer' }];
  return [organisations, ...systemPages(actor).filter(({ isMain }) => isMain)];
}

function inOrganisation(actor: Actor, cvr: string): NavigationItem[] {
  const administered = actor.administrations.find((held) => held.cvr === cvr);
  const mayCreate = administered !== undefined && mayEver(actor, 'user.create', administered.organisationId);
  const path = `/organisationer/${cvr}`;
  return [
    ...(actor.systemRoles.length === 0 ? [] : [organisations]),
    ...(mayCreate ? [{ id: 'create', label: 'Opret bruger', href: `${path}/brugere/opret` }] : []),
    { id: 'users', label: 'Brugeroversigt', href: `${path}/brugere` },
    ...(mayEver(actor, 'request.view', organisationId(actor, cvr))
      ? [{ id: 'requests', label: 'Anmodninger', href: `${path}/anmodninger` }]
      : []),
    { id: 'roles', label: 'Find en rolle', href: `${path}/roller` },
    { id: 'rights', label: 'Rettigheder til roller', href: `${path}/rettigheder` },
    { id: 'reports', label: 'Rapporter', href: `${path}/rapporter` },
    { id: 'organisation', label: 'Organisationen', href: path },
  ];
}

/** Zero for an organisation that the actor only sees as servicedesk or system owner. */
function organisationId(actor: Actor, cvr: string): number {
  return actor.administrations.find((held) => held.cvr === cvr)?.organisationId ?? 0;
}

const organisations: NavigationItem = { id: 'organisations', label: 'Organisationer', href: '/organisationer' };

function onlyOrganisation(actor: Actor): string | null {
  const [first, ...others] = actor.administrations;
  return first !== undefined && others.length === 0 && actor.systemRoles.length === 0 ? first.cvr : null;
}
