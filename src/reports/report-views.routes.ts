import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { requiredLine, typed } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Answer, Page } from '../pages/page.ts';
import { page, rejected, seeOther } from '../pages/page.ts';
import type { SignedInRoute } from '../pages/route.ts';
import { getInSteps, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readWithin } from '../pages/visit.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import { errorList } from '../users/users.pages.ts';
import { getReport } from './registry.ts';
import { deleteReportView, renameReportView, saveReportView } from './report-views.changes.ts';
import { findReportView } from './report-views.queries.ts';
import { reportsCrumbs, reportsPath } from './reports.pages.ts';
import { choiceFields, readScreen } from './screen.ts';

const name = requiredLine('et navn til visningen', 80);
const saveForm = z.object({ navn: name, valg: z.string().max(4000) });
const renameForm = z.object({ navn: name });

/** The routes of named views, in an organisation or for all of them. */
export function reportViewsRoutes(base: string, access: SignedInRoute['access']): SignedInRoute[] {
  return [
    post(`${base}/:report/visninger`, access, save),
    getInSteps(`${base}/visninger/:id`, access, show),
    post(`${base}/visninger/:id`, access, rename),
    post(`${base}/visninger/:id/slet`, access, remove),
  ];
}

/** Keeps what the report's page shows; what the address says is read again, so that only what we know is stored. */
async function save(visit: Visit): Promise<Answer> {
  const report = getReport(visit.params['report'] ?? '');
  const form = readForm(visit, saveForm);
  const posted = new URLSearchParams(typed(visit.posted, 'valg').slice(0, 4000));
  const query = Object.fromEntries([...new Set(posted.keys())].map((key) => [key, posted.getAll(key)]));
  const choice = new URLSearchParams(choiceFields(readScreen(report, query))).toString();
  const path = reportsPath(visit.addressed, `/${report.id}`);
  if (!form.ok) return seeOther(`${path}?${choice}`, form.errors['navn'] ?? 'Visningen kunne ikke gemmes.', 'warning');
  try {
    const view = { reportId: report.id, name: form.value.navn, choice };
    await change(visit, visit.addressed, (tx, actor) => saveReportView(tx, actor, visit.addressed, view));
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return seeOther(`${path}?${choice}`, `${error.message}.`, 'warning');
  }
  return seeOther(
    reportsPath(visit.addressed),
    `Visningen “${form.value.navn}” er gemt. Den står under “Mine visninger”.`,
  );
}

function show(visit: Visit): Promise<Page> {
  return pageFor(visit, {});
}

function pageFor(visit: Visit, errors: FieldErrors): Promise<Page> {
  return readWithin(visit, visit.addressed === null ? [] : [visit.addressed.id], (db) => viewPage(visit, db, errors));
}

async function viewPage(visit: Visit, db: ReadDb, errors: FieldErrors): Promise<Page> {
  const view = await findReportView(db, visit.actor.userId, visit.addressed?.id ?? null, idInUrl(visit));
  if (view === null) throw new NotFound('Visningen findes ikke. Se dine visninger på siden med rapporter.');
  const posted = Object.keys(errors).length === 0 ? { navn: view.name } : visit.posted;
  const path = reportsPath(visit.addressed, `/visninger/${view.id}`);
  const model = {
    name: view.name,
    report: getReport(view.reportId).title,
    fields: [fieldOf({ name: 'navn', label: 'Navn', isRequired: true }, posted, errors)],
    errors: errorList(errors),
    paths: { rename: path, remove: `${path}/slet`, reports: reportsPath(visit.addressed) },
  };
  const shown = page('reports/view', 'Ret visning', model, reportsCrumbs(visit.addressed));
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

async function rename(visit: Visit): Promise<Answer> {
  const id = idInUrl(visit);
  const form = readForm(visit, renameForm);
  if (!form.ok) return pageFor(visit, form.errors);
  try {
    await change(visit, visit.addressed, (tx, actor) =>
      renameReportView(tx, actor, visit.addressed, { id, name: form.value.navn }),
    );
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return pageFor(visit, { [error.field]: error.message });
  }
  return seeOther(reportsPath(visit.addressed), `Visningen hedder nu “${form.value.navn}”.`);
}

async function remove(visit: Visit): Promise<Answer> {
  const id = idInUrl(visit);
  await change(visit, visit.addressed, (tx, actor) => deleteReportView(tx, actor, visit.addressed, id));
  return seeOther(reportsPath(visit.addressed), 'Visningen er slettet.');
}
