import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf } from '../pages/visit.ts';
import { can } from '../permissions/can.ts';
import { countAtUnusableUnits } from '../repointing/repointing.queries.ts';
import { closedUnitTasks, readTasks } from './tasks.ts';
import { tickTodo } from './todos.changes.ts';
import { todosPage, todosPath } from './todos.pages.ts';
import { listDoneTodos, listOpenTodos } from './todos.queries.ts';

export const todosRoutes: Route[] = [
  get('/organisationer/:cvr/huskeliste', 'user.delete', showTodos),
  post('/organisationer/:cvr/huskeliste/:id/udfoert', 'user.delete', tick),
];

const mostShown = 200;

async function showTodos(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const open = await listOpenTodos(db, [organisation.id], mostShown);
  const done = await listDoneTodos(db, organisation.id, mostShown);
  const tasks = [
    ...(await readTasks(db, visit.actor, [organisation.id]))(organisation),
    ...closedUnitTasks({ ...organisation, onClosedUnits: await countAtUnusableUnits(db, organisation.id) }),
  ];
  const mayTick = can(visit.actor, 'user.delete', { organisationId: organisation.id });
  return todosPage(organisation, mayTick, { tasks, open, done });
}

async function tick(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { ticked } = await change(visit, organisation, (tx, actor) =>
    tickTodo(tx, actor, organisation, idInUrl(visit)),
  );
  return seeOther(
    typed(visit.posted, 'fra') === 'liste' ? todosPath(organisation) : '/',
    ticked ? 'Huskepunktet er sat som udført.' : 'Huskepunktet var allerede sat som udført.',
  );
}
