import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { can } from '../permissions/can.ts';
import { scope } from '../permissions/scope.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import { todosPath } from '../todos/todos.pages.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import type { ConflictDecision, LoginConflict } from './conflict.ts';
import { toldApart } from './conflict.ts';
import { decideConflict, ensureOfConflict } from './conflict.changes.ts';
import { conflictForm } from './conflict.forms.ts';
import { conflictPage } from './conflict.pages.ts';
import { getConflict } from './login-todos.queries.ts';

export const conflictRoutes: Route[] = [
  get('/organisationer/:cvr/huskeliste/:id/konflikt', 'identityConflict.view', showConflict),
  post('/organisationer/:cvr/huskeliste/:id/konflikt', 'identityConflict.decide', decide),
];

async function showConflict(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const conflict = await getConflict(db, organisation.id, idInUrl(visit));
  ensureOfConflict(visit.actor, 'identityConflict.view', organisation.id, conflict);
  return shown(visit, conflict);
}

function shown(visit: Visit, conflict: LoginConflict, errors: FieldErrors = {}, isStale = false): Answer {
  const organisation = organisationOf(visit);
  const mayDecide = [conflict.byRid, conflict.byUuid].every((user) =>
    can(visit.actor, 'identityConflict.decide', {
      organisationId: organisation.id,
      ...(user === null ? {} : { user }),
    }),
  );
  const posted = visit.draft ?? visit.posted;
  const seesAll = scope(visit.actor, 'identityConflict.view') === 'all';
  return conflictPage(organisation, { conflict, mayDecide, seesAll, posted, errors, isStale });
}

async function decide(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const todoId = idInUrl(visit);
  const again = () => read(visit, (db) => getConflict(db, organisation.id, todoId));
  const conflict = await again();
  ensureOfConflict(visit.actor, 'identityConflict.decide', organisation.id, conflict);
  const form = readForm(visit, conflictForm);
  if (!form.ok) return shown(visit, conflict, form.errors);
  try {
    const { decision } = await change(visit, organisation, (tx, actor) =>
      decideConflict(tx, actor, organisation, { todoId, input: form.value }, mailSettingOf(visit)),
    );
    return seeOther(todosPath(organisation), doneText(decision, conflict));
  } catch (error) {
    if (error instanceof StaleForm) return shown(visit, await again(), {}, true);
    if (!(error instanceof FieldRefused)) throw error;
    return shown(visit, await again(), { [error.field]: error.message });
  }
}

function doneText(decision: ConflictDecision, conflict: LoginConflict): string {
  const facts = toldApart(conflict.facts);
  if (decision === 'afvis') return 'Loginet er afvist, og intet er ændret.';
  return `Loginet tilhører nu ${decision === 'uuid' ? facts.name : facts.other?.name}, der kan logge på med det samme.`;
}
