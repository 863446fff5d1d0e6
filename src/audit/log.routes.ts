import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { AddressedOrganisation, Visit } from '../pages/visit.ts';
import { organisationOf, readReach } from '../pages/visit.ts';
import { decide, ensureEverywhere } from '../permissions/can.ts';
import { NotFound } from '../shared/errors.ts';
import { findSeal, listUnsealed } from '../audit-seal/verification.queries.ts';
import { kindsOfGroup } from './event-groups.ts';
import type { LogSearch } from './log-filter.ts';
import { readLogSearch } from './log-filter.ts';
import { eventPage, logPage } from './log.pages.ts';
import type { LogFilter, LogPage } from './log.queries.ts';
import { findEvent, findOrganisationOfLog, findPeopleOfLog, listEvents, mostPeople } from './log.queries.ts';

export const logRoutes: Route[] = [
  get('/log', 'auditLog.view', showAll, readReach),
  get('/log/:event', 'auditLog.view', showEventOfAll, readReach),
  get('/organisationer/:cvr/log', 'auditLog.view', showOrganisation),
  get('/organisationer/:cvr/log/:event', 'auditLog.view', showEvent),
];

/** The log of all organisations, for the system's own people. */
async function showAll(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'auditLog.view');
  return showLog(visit, db, null);
}

async function showOrganisation(visit: Visit, db: ReadDb): Promise<Answer> {
  return showLog(visit, db, organisationOf(visit));
}

async function showLog(visit: Visit, db: ReadDb, organisation: AddressedOrganisation | null): Promise<Answer> {
  const { search, errors } = readLogSearch(visit.query);
  const isLimited = isLogLimitedIn(visit, organisation);
  const resolved = await resolve(db, search, organisation);
  if (resolved.unknownCvr) errors.cvr ??= 'Ingen organisation i SEB har det CVR-nummer';
  const { from, to, before } = search;
  const filter: LogFilter = { ...resolved.filter, from, to, before, withoutAdministrators: isLimited };
  const nothing: LogPage = { rows: [], resume: null };
  const isOff = Object.keys(errors).length > 0 || resolved.tooMany.length > 0;
  const found = isOff ? nothing : await listEvents(db, filter);
  const isFirst = before === null;
  const unsealed = await listUnsealed(
    db,
    found.rows.map(({ id }) => id),
  );
  return logPage({
    organisation,
    found,
    unsealed,
    query: visit.query,
    errors,
    isFirst,
    isLimited,
    tooMany: resolved.tooMany,
  });
}

/** A brugeradministrator sees the log without network addresses and without what is about administrators. */
export function isLogLimitedIn({ actor }: Visit, organisation: AddressedOrganisation | null): boolean {
  if (organisation === null) return false;
  const decision = decide(actor, 'auditLog.view', { organisationId: organisation.id });
  return !decision.allowed || decision.limit === 'withoutAddressesAndAdministrators';
}

type Resolved = {
  filter: Pick<LogFilter, 'organisationId' | 'actorIds' | 'targetIds' | 'kinds'>;
  tooMany: string[];
  unknownCvr: boolean;
};

/** What was typed as people and organisations, as their ids. */
async function resolve(db: ReadDb, search: LogSearch, addressed: { id: number } | null): Promise<Resolved> {
  const cvr = addressed === null ? search.cvr : null;
  const named = cvr === null ? null : await findOrganisationOfLog(db, cvr);
  const organisationId = addressed?.id ?? named?.id ?? null;
  const { tooMany, ...people } = await peopleTyped(db, search, organisationId);
  return {
    filter: { organisationId, ...people, kinds: kindsOfGroup(search.group) },
    tooMany,
    unknownCvr: cvr !== null && named === null,
  };
}

type People = Pick<LogFilter, 'actorIds' | 'targetIds'> & { tooMany: string[] };

/** Whom the typed names may mean; names that too many people have are told. */
export async function peopleTyped(
  db: ReadDb,
  { actor, target }: Pick<LogSearch, 'actor' | 'target'>,
  organisationId: number | null,
): Promise<People> {
  const [actorIds, targetIds] = await Promise.all([
    actor === '' ? null : findPeopleOfLog(db, actor, organisationId),
    target === '' ? null : findPeopleOfLog(db, target, organisationId),
  ]);
  const isTooMany = (ids: number[] | null): boolean => ids !== null && ids.length > mostPeople;
  const tooMany = [...(isTooMany(actorIds) ? [actor] : []), ...(isTooMany(targetIds) ? [target] : [])];
  return { actorIds, targetIds, tooMany };
}

async function showEventOfAll(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'auditLog.view');
  return showOne(visit, db, null);
}

async function showEvent(visit: Visit, db: ReadDb): Promise<Answer> {
  return showOne(visit, db, organisationOf(visit));
}

async function showOne(visit: Visit, db: ReadDb, organisation: AddressedOrganisation | null): Promise<Answer> {
  const isLimited = isLogLimitedIn(visit, organisation);
  const id = /^\d{1,18}$/.exec(visit.params.event ?? '')?.[0];
  const scope = { organisationId: organisation?.id ?? null, withoutAdministrators: isLimited };
  const event = id === undefined ? null : await findEvent(db, id, scope);
  if (event === null) throw new NotFound('Hændelsen findes ikke, eller den er ikke din at se. Se loggen.');
  const seal = await findSeal(db, event.id);
  return eventPage({ organisation, event, seal, seesAddresses: !isLimited, home: organisation });
}
