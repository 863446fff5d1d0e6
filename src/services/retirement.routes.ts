import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readReach } from '../pages/visit.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { danishDay } from '../shared/dates.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { confirmForm } from '../users/user-lock.forms.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { cancelRetirement, planRetirement } from './retirement.changes.ts';
import { retirementForm } from './retirement.forms.ts';
import type { Planning } from './retirement.pages.ts';
import { reopenPage, retirementAsTyped, retirementPage, retiringPath } from './retirement.pages.ts';
import { getRetiring, listConcerned, listSuccessors, listTold } from './retirement.queries.ts';
import type { Retiring } from './retirement.ts';
import { capitalised, retiringNoun } from './retirement.ts';
import { getServiceRole } from './services.queries.ts';

type Kind = Retiring['kind'];

export const retirementRoutes: Route[] = [
  get('/system/services/:id/udfas', 'service.retire', (visit, db) => showPlan(visit, db, 'service'), readReach),
  post('/system/services/:id/udfas', 'service.retire', (visit) => plan(visit, 'service')),
  get('/system/services/:id/genaabn', 'service.retire', (visit, db) => showReopen(visit, db, 'service'), readReach),
  post('/system/services/:id/genaabn', 'service.retire', (visit) => reopen(visit, 'service')),
  get('/system/roller/:id/udfas', 'role.retire', (visit, db) => showPlan(visit, db, 'role'), readReach),
  post('/system/roller/:id/udfas', 'role.retire', (visit) => plan(visit, 'role')),
  get('/system/roller/:id/genaabn', 'role.retire', (visit, db) => showReopen(visit, db, 'role'), readReach),
  post('/system/roller/:id/genaabn', 'role.retire', (visit) => reopen(visit, 'role')),
];

type Found = Pick<Planning, 'retiring' | 'role' | 'concerned' | 'successors'>;

async function found(db: ReadDb, kind: Kind, id: number): Promise<Found> {
  const retiring = await getRetiring(db, { kind, id });
  const role = kind === 'role' ? await getServiceRole(db, id) : null;
  const concerned = await listConcerned(db, retiring);
  return { retiring, role, concerned, successors: await listSuccessors(db) };
}

async function showPlan(visit: Visit, db: ReadDb, kind: Kind): Promise<Answer> {
  const shown = await found(db, kind, idInUrl(visit));
  return retirementPage({ ...shown, posted: visit.draft ?? retirementAsTyped(shown.retiring), errors: {} });
}

async function plan(visit: Visit, kind: Kind): Promise<Answer> {
  const now = (): Promise<Found> => readReach(visit, (db) => found(db, kind, idInUrl(visit)));
  const before = await now();
  const again = (errors: FieldErrors): Answer => retirementPage({ ...before, posted: visit.posted, errors });
  const form = readForm(visit, retirementForm);
  if (!form.ok) return again(form.errors);
  const { dag: day, afloeser, begrundelse: reason, version, organisationer, brugere } = form.value;
  const expected = { organisations: organisationer, users: brugere };
  const planned = { kind, id: before.retiring.id, version, day, successorCodes: afloeser, reason, expected };
  const locked = before.concerned.map(({ id }) => id);
  try {
    const waiting = await readReach(visit, (db) => listTold(db, planned));
    const all = [...new Set([...locked, ...waiting.map(({ id }) => id)])];
    const { organisations } = await change(
      visit,
      null,
      (tx, actor) => planRetirement(tx, actor, planned, all, mailSettingOf(visit)),
      all,
    );
    const told = counted(organisations, 'organisation har', 'organisationer har');
    return seeOther(
      retiringPath(before.retiring),
      `${capitalised(retiringNoun(before.retiring))} udfases ${danishDay(day)}. ${told} fået besked.`,
    );
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    if (!(error instanceof StaleForm) && !(error instanceof PreviewOutdated)) throw error;
    return retirementPage({ ...(await now()), posted: visit.posted, errors: {}, isOutdated: true });
  }
}

async function showReopen(visit: Visit, db: ReadDb, kind: Kind): Promise<Answer> {
  const shown = await found(db, kind, idInUrl(visit));
  return isOpen(shown.retiring) ? notRetired(shown.retiring) : reopenPage(shown);
}

function isOpen({ retiresOn, isRetired }: Retiring): boolean {
  return retiresOn === null && !isRetired;
}

function notRetired(retiring: Retiring): Answer {
  return seeOther(retiringPath(retiring), `${capitalised(retiringNoun(retiring))} udfases ikke.`, 'info');
}

async function reopen(visit: Visit, kind: Kind): Promise<Answer> {
  const now = (): Promise<Found> => readReach(visit, (db) => found(db, kind, idInUrl(visit)));
  const before = await now();
  const form = readForm(visit, confirmForm);
  if (!form.ok) return isOpen(before.retiring) ? notRetired(before.retiring) : reopenPage(before, true);
  const which = { kind, id: before.retiring.id, version: form.value.version };
  const waiting = await readReach(visit, (db) => listTold(db, which));
  const locked = [...new Set([...before.concerned, ...waiting].map(({ id }) => id))];
  try {
    const { cancelled } = await change(
      visit,
      null,
      (tx, actor) => cancelRetirement(tx, actor, which, locked, mailSettingOf(visit)),
      locked,
    );
    if (!cancelled) return notRetired(before.retiring);
    return seeOther(
      retiringPath(before.retiring),
      `${capitalised(retiringNoun(before.retiring))} udfases alligevel ikke.`,
    );
  } catch (error) {
    if (!(error instanceof StaleForm) && !(error instanceof PreviewOutdated)) throw error;
    return reopenPage(await now(), true);
  }
}
