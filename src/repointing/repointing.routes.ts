import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { parseForm, typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { Visit } from '../pages/visit.ts';
import { change, organisationOf, read, readForm } from '../pages/visit.ts';
import { ensureCan } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { faultOfUnit, findChosenUnits } from '../role-assignments/assign.queries.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import type { Asked } from './judgement.ts';
import { judgeMove, mostMoved } from './judgement.ts';
import { repointAssignments } from './repointing.changes.ts';
import type { MoveInput } from './repointing.forms.ts';
import { confirmMoveForm, moveForm } from './repointing.forms.ts';
import { movePage, movePreviewPage, unitsPath, unusableUnitsPage } from './repointing.pages.ts';
import { findUnusableUnit, listAssignmentsAt, listUnusableUnits } from './repointing.queries.ts';

const manyFields = { fields: 1500, kilobytes: 200 };

export const repointingRoutes: Route[] = [
  get('/organisationer/:cvr/lukkede-enheder', 'sor.view', showUnits),
  get('/organisationer/:cvr/lukkede-enheder/:code/flyt', 'sor.repoint', showMove),
  get('/organisationer/:cvr/lukkede-enheder/:code/flyt/gennemse', 'sor.repoint', showPreview),
  post('/organisationer/:cvr/lukkede-enheder/:code/flyt', 'sor.repoint', move, manyFields),
];

const mostUnits = 500;

async function showUnits(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const units = await listUnusableUnits(db, organisation.id, mostUnits);
  return unusableUnitsPage(organisation, units, mayEver(visit.actor, 'sor.repoint', organisation.id));
}

function codeOf(visit: Visit): string {
  const code = visit.params.code ?? '';
  if (!/^\d{6,18}$/.test(code)) throw new NotFound();
  return code;
}

function showMove(visit: Visit, db: ReadDb): Promise<Answer> {
  return movePageFor(visit, db, { ...visit.query, ...visit.draft }, {});
}

async function movePageFor(visit: Visit, db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Answer> {
  const organisation = organisationOf(visit);
  ensureCan(visit.actor, 'sor.repoint', { organisationId: organisation.id });
  const unit = await findUnusableUnit(db, organisation.id, codeOf(visit));
  if (unit === null) return nothingThere(visit);
  const assignments = await listAssignmentsAt(db, organisation.id, unit.code, null, mostMoved);
  const to = typed(posted, 'sor').trim();
  const [target] = to === '' ? [] : await findChosenUnits(db, organisation, [to]);
  return movePage({ organisation, unit, assignments, target: target ?? null, posted, errors });
}

function nothingThere(visit: Visit): Answer {
  return seeOther(unitsPath(organisationOf(visit)), 'Ingen tildelinger peger på en lukket enhed med den kode.', 'info');
}

async function showPreview(visit: Visit, db: ReadDb): Promise<Answer> {
  const form = parseForm(moveForm, visit.query);
  if (!form.ok) return movePageFor(visit, db, visit.query, form.errors);
  return previewFor(visit, db, form.value, visit.query, false);
}

async function previewFor(
  visit: Visit,
  db: ReadDb,
  input: MoveInput,
  posted: Posted,
  isOutdated: boolean,
): Promise<Answer> {
  const organisation = organisationOf(visit);
  const judged = await judgeMove(db, visit.actor, organisation, askedOf(visit, input));
  if (judged === null) return nothingThere(visit);
  const fault = faultOfUnit(judged.target);
  if (fault !== null) return movePageFor(visit, db, posted, { sor: fault });
  return movePreviewPage({ organisation, move: judged, posted, isOutdated });
}

function askedOf(visit: Visit, { sor, valg, tildeling }: MoveInput): Asked {
  return { from: codeOf(visit), to: sor, chosen: valg === 'alle' ? null : tildeling };
}

async function move(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, confirmMoveForm);
  if (!form.ok) return read(visit, (db) => movePageFor(visit, db, visit.posted, form.errors));
  const { maerke, begrundelse, sagsnummer } = form.value;
  const asked = askedOf(visit, form.value);
  try {
    const { moved, users } = await change(visit, organisation, (tx, actor, onRecord) =>
      repointAssignments(
        tx,
        actor,
        onRecord,
        organisation,
        { ...asked, mark: maerke, reason: begrundelse, caseNumber: sagsnummer },
        mailSettingOf(visit),
      ).then(freshIfMany(visit, ({ moved: size }) => size)),
    );
    return seeOther(
      unitsPath(organisation),
      `${counted(moved, 'tildeling', 'tildelinger')} for ${counted(users, 'bruger', 'brugere')} er flyttet.`,
    );
  } catch (error) {
    if (error instanceof PreviewOutdated)
      return read(visit, (db) => previewFor(visit, db, form.value, visit.posted, true));
    if (!(error instanceof FieldRefused)) throw error;
    return read(visit, (db) => movePageFor(visit, db, visit.posted, { [error.field]: error.message }));
  }
}
