import type { ReadDb } from '../db/access.ts';
import type { Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { idInUrl, organisationOf } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { NotFound } from '../shared/errors.ts';
import { ownChangesPage, runPage, runsPage } from './sor-imports.pages.ts';
import {
  changeKinds,
  countChanges,
  findRun,
  listChangesOfOwner,
  listChangesOfRun,
  listRuns,
} from './sor-imports.queries.ts';

export const sorImportsRoutes: Route[] = [
  get('/sor-indlaesninger', 'importRun.view', showRuns),
  get('/sor-indlaesninger/:id', 'importRun.view', showRun),
  get('/organisationer/:cvr/sor/aendringer', 'sor.view', showOwnChanges),
];

async function showRuns(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'importRun.view');
  const before = /^\d{1,9}$/.test(typed(visit.query, 'foer')) ? Number(typed(visit.query, 'foer')) : null;
  return runsPage(await listRuns(db, before));
}

async function showRun(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'importRun.view');
  const run = await findRun(db, idInUrl(visit));
  if (run === null) throw new NotFound('Indlæsningen findes ikke. Se listen over SOR-indlæsninger.');
  const kind = changeKinds.find((one) => one === typed(visit.query, 'slags')) ?? null;
  const after = afterOf(visit.query);
  const [counts, changes] = await Promise.all([countChanges(db, run.id), listChangesOfRun(db, run.id, kind, after)]);
  return runPage({ run, counts, kind, changes, isFirst: after === null });
}

async function showOwnChanges(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const after = afterOf(visit.query);
  return ownChangesPage(organisation, await listChangesOfOwner(db, organisation.cvr, after), after === null);
}

function afterOf(query: Posted): { importId: number; code: string; kind: string } | null {
  const [importId, code, kind] = [typed(query, 'efter'), typed(query, 'kode'), typed(query, 'art')];
  return /^\d{1,9}$/.test(importId) && /^\d{6,18}$/.test(code) && /^[A-Z]{1,20}$/.test(kind)
    ? { importId: Number(importId), code, kind }
    : null;
}
