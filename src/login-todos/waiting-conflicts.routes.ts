import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { readReach } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { listWaitingConflicts } from './login-todos.queries.ts';
import { waitingConflictsPage, waitingConflictsPath } from './waiting-conflicts.pages.ts';

/** The servicedesk's list; an organisation's administrators have their own to-dos. */
export const waitingConflictsRoutes: Route[] = [
  get(waitingConflictsPath, 'identityConflict.view', showWaiting, readReach),
];

async function showWaiting(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'identityConflict.view');
  const after = /^\d{1,9}$/.exec(typed(visit.query, 'efter'))?.[0] ?? null;
  return waitingConflictsPage(await listWaitingConflicts(db, Number(after ?? 0)), after === null);
}
