import { logPath } from '../audit/log.pages.ts';
import { ordersPath } from '../bulk-orders/bulk-orders.pages.ts';
import { batchesPath } from '../batches/batch-link.ts';
import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { readWithin } from '../pages/visit.ts';
import { providersPath } from '../identity-providers/identity-providers.pages.ts';
import { countFailingFetches } from '../identity-providers/identity-providers.queries.ts';
import { countExpiring, keysPath } from '../identity-providers/keys.pages.ts';
import type { OrganisationSummary } from '../organisations/organisations.queries.ts';
import { countOrganisationsToSee, soon, summariseOrganisations } from '../organisations/organisations.queries.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { mayEver } from '../permissions/scope.ts';
import { plannedChangesPath } from '../planned-changes/planned-changes.pages.ts';
import { countWaitingRequests } from '../service-access/service-access.queries.ts';
import { statusBox } from '../status/status.pages.ts';
import { unitsPath } from '../repointing/repointing.pages.ts';
import type { Task } from '../todos/tasks.ts';
import { closedUnitTasks, readTasks } from '../todos/tasks.ts';
import type { TodoRow } from '../todos/todo.ts';
import { todoLine, todosPath } from '../todos/todos.pages.ts';
import { listOpenTodos } from '../todos/todos.queries.ts';
import { administratorNames } from '../users/user.ts';
import { noRoles } from '../users/user-list.ts';
import { organisationsToSee } from './organisations-to-see.ts';
import { systemPages } from './system-pages.ts';
import { formatCvr, formatNumber } from '../shared/text.ts';

export const homeRoutes: Route[] = [
  get('/', 'sebadmin.enter', showHome, (visit, work) =>
    readWithin(visit, isSystemOwner(visit.actor) ? 'all' : administered(visit.actor), work),
  ),
];

function administered(actor: Actor): number[] {
  return actor.administrations.map((held) => held.organisationId);
}

function isSystemOwner(actor: Actor): boolean {
  return actor.systemRoles.includes('SYSTEM_OWNER');
}

/** What waits for me, and my organisations. */
async function showHome(visit: Visit, db: ReadDb): Promise<Answer> {
  const { actor, signedIn } = visit;
  const ids = administered(actor);
  const summaries = ids.length === 0 ? [] : await summariseOrganisations(db, ids);
  const todos = await listOpenTodos(db, whereMayTick(actor), 200);
  const tasksOf = await readTasks(db, actor, ids);
  return page('home/index', 'Forside', {
    name: fullName(actor),
    signedInBy: signedIn.providerName,
    organisations: summaries.map((summary) => organisationModel(actor, summary, todos, tasksOf(summary))),
    toSee: isSystemOwner(actor) ? await listToSee(visit, db) : [],
    status: statusBox(visit.services.status.current(), new Date()),
    system: systemPages(actor),
    seesAll: actor.systemRoles.length > 0,
    systemRole: actor.systemRoles.includes('SYSTEM_OWNER') ? 'systemejer' : 'servicedesk',
  });
}

/** Requests, organisations, providers and keys that ask something of the system owner. */
async function listToSee({ services }: Visit, db: ReadDb): Promise<ToSee[]> {
  const { ownCertificates: own, identityProviders } = services;
  const expiring = countExpiring({ own, providers: identityProviders.current(), now: new Date() });
  const failing = await countFailingFetches(db);
  return [
    {
      label: 'Anmodninger om services, der venter',
      count: await countWaitingRequests(db),
      href: '/system/anmodninger',
    },
    ...organisationsToSee(await countOrganisationsToSee(db)),
    { label: 'SEB’s egne certifikater, der udløber', count: expiring.own, href: keysPath },
    { label: 'Identitetsudbydere, hvis certifikat udløber', count: expiring.providers, href: keysPath },
    { label: 'Identitetsudbydere, hvis metadata ikke kan hentes', count: failing, href: providersPath() },
  ].flatMap(({ label, count, href }) => (count === 0 ? [] : [{ label, count: String(count), href }]));
}

type ToSee = { label: string; count: string; href: string };

function whereMayTick(actor: Actor): number[] {
  return administered(actor).filter((id) => mayEver(actor, 'user.delete', id));
}

const todosShown = 5;

function organisationModel(actor: Actor, summary: OrganisationSummary, todos: TodoRow[], tasks: Task[]): object {
  const waiting = todos.filter((todo) => todo.organisationId === summary.id);
  const path = `/organisationer/${summary.cvr}`;
  const kind = actor.administrations.find((held) => held.organisationId === summary.id)?.kind ?? 'READ_ONLY';
  return {
    name: summary.name,
    cvr: formatCvr(summary.cvr),
    role: administratorNames[kind],
    notices: noticesOf(summary),
    tasks: [...tasks, ...closedUnitTasks(summary)],
    todos: waiting.slice(0, todosShown).map((todo) => todoLine(summary, todo, 'forside')),
    moreTodos:
      waiting.length > todosShown
        ? { text: `Se hele huskelisten (${formatNumber(waiting.length)})`, href: todosPath(summary) }
        : null,
    figures: [
      { label: 'Brugere', value: formatNumber(summary.users), href: `${path}/brugere` },
      { label: 'Spærrede', value: formatNumber(summary.locked), href: `${path}/brugere?status=spaerret` },
      { label: 'Uden roller', value: formatNumber(summary.withoutRoles), href: `${path}/brugere?service=${noRoles}` },
      {
        label: `Roller, der udløber inden for ${soon} dage`,
        value: formatNumber(summary.expiringSoon),
        href: `${path}/rapporter/udloeber-snart?dage=${soon}`,
      },
      {
        label: 'Organisationsadministratorer',
        value: formatNumber(summary.organisationAdministrators),
        href: `${path}/administratorer`,
      },
    ],
    links: [
      { label: 'Åbn brugeroversigten', href: `${path}/brugere` },
      ...(mayEver(actor, 'user.create', summary.id) ? [{ label: 'Opret bruger', href: `${path}/brugere/opret` }] : []),
      { label: 'Organisationen og dens aftaler', href: path },
      {
        label: mayEver(actor, 'administrator.appoint', summary.id) ? 'Rediger administratorer' : 'Se administratorer',
        href: `${path}/administratorer`,
      },
      { label: 'Anmodninger om adgang', href: `${path}/anmodninger` },
      { label: 'Planlagte ændringer', href: plannedChangesPath(summary) },
      ...(mayEver(actor, 'role.assign', summary.id) ? [{ label: 'Store ændringer', href: ordersPath(summary) }] : []),
      ...(mayEver(actor, 'bulk.undo', summary.id)
        ? [{ label: 'Mine seneste ændringer', href: batchesPath(summary) }]
        : []),
      ...(mayEver(actor, 'user.delete', summary.id) ? [{ label: 'Huskeliste', href: todosPath(summary) }] : []),
      { label: 'Rapporter', href: `${path}/rapporter` },
      { label: 'Hvorfor kan en person ikke komme ind?', href: '/adgangstjek' },
      { label: 'Rettigheder til roller', href: `${path}/rettigheder` },
      ...(mayEver(actor, 'auditLog.view', summary.id) ? [{ label: 'Log', href: logPath(summary) }] : []),
      { label: 'Lukkede enheder', href: unitsPath(summary) },
      { label: 'Se SOR-enheder', href: `${path}/sor` },
    ],
  };
}

type Notice = { tone: 'warning'; title: string; text: string };

function noticesOf(summary: OrganisationSummary): Notice[] {
  const notices: Notice[] = [];
  if (summary.organisationAdministrators < 2) {
    notices.push({
      tone: 'warning',
      title:
        summary.organisationAdministrators === 0
          ? 'Ingen organisationsadministrator'
          : 'Kun én organisationsadministrator',
      text: 'Det anbefales altid at have mindst to organisationsadministratorer. Er den ene væk, kan ingen andre udpege administratorer.',
    });
  }
  return notices;
}
