import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import { listOf, wholeNumber } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import { todosPath } from '../todos/todos.pages.ts';
import { tooOldPage } from '../users/user-lock.forms.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import type { ToldField } from './difference.ts';
import { toldFields } from './difference.ts';
import { takeOver } from './difference.changes.ts';
import { differencePage } from './difference.pages.ts';
import type { LoginDifference } from './login-todos.queries.ts';
import { getDifference } from './login-todos.queries.ts';

export const differenceRoutes: Route[] = [
  get('/organisationer/:cvr/huskeliste/:id/opdater', 'user.edit', showDifference),
  post('/organisationer/:cvr/huskeliste/:id/opdater', 'user.edit', update),
];

const field = z.enum(Object.keys(toldFields) as [ToldField, ...ToldField[]], 'Vælg blandt felterne på siden');
const differenceForm = z.object({
  felt: listOf(z.array(field).min(1, 'Vælg mindst ét felt, eller lad brugeren være')),
  version: wholeNumber(tooOldPage),
});

async function showDifference(visit: Visit, db: ReadDb): Promise<Answer> {
  return differencePage(organisationOf(visit), {
    difference: await differenceOf(visit, db),
    posted: visit.draft,
    error: null,
  });
}

async function differenceOf(visit: Visit, db: ReadDb): Promise<LoginDifference> {
  const organisationId = organisationOf(visit).id;
  const difference = await getDifference(db, organisationId, idInUrl(visit));
  ensureCan(visit.actor, 'user.edit', { organisationId, user: difference.user });
  return difference;
}

async function update(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const again = async (error: string | null, isStale = false): Promise<Answer> => {
    const difference = await read(visit, (db) => differenceOf(visit, db));
    return differencePage(organisation, { difference, posted: visit.posted, error, isStale });
  };
  const { user } = await read(visit, (db) => differenceOf(visit, db));
  const form = readForm(visit, differenceForm);
  if (!form.ok) return again(Object.values(form.errors)[0] ?? null);
  const { felt: fields, version } = form.value;
  try {
    await change(visit, organisation, (tx, actor) =>
      takeOver(tx, actor, organisation, { todoId: idInUrl(visit), version, fields }, mailSettingOf(visit)),
    );
    return seeOther(todosPath(organisation), `${fullName(user)} er opdateret med det, loginet fortalte.`);
  } catch (error) {
    if (error instanceof StaleForm) return again(null, true);
    if (!(error instanceof FieldRefused)) throw error;
    return again(error.message);
  }
}
