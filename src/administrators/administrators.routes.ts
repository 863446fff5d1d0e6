import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { freshly, get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, organisationOf, read, readForm } from '../pages/visit.ts';
import { mayEver } from '../permissions/scope.ts';
import { faultsOfPeriod } from '../role-assignments/period.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { FieldRefused } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { isFiltered, readListQuery } from '../users/user-list.ts';
import { countUsers, listUsers } from '../users/users.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { roleNames } from './administrator.ts';
import { administratorTermsRoutes } from './administrator-terms.routes.ts';
import { appointForm, removeForm } from './administrators.forms.ts';
import type { Shown } from './administrators.pages.ts';
import { administratorsPage, administratorsPath, administratorsReportPath } from './administrators.pages.ts';
import { listAdministrators, listSubstitutes } from './administrators.queries.ts';
import type { Appointed } from './appointment.changes.ts';
import { appointAdministrators } from './appointment.changes.ts';
import { removeAdministrators } from './removal.changes.ts';
import { substitutesRoutes } from './substitutes.routes.ts';

const manyFields = { fields: 600, kilobytes: 100 };

export const administratorsRoutes: Route[] = [
  get('/organisationer/:cvr/administratorer', 'administrator.view', show),
  freshly(post('/organisationer/:cvr/administratorer', 'administrator.appoint', appoint, manyFields)),
  // What was ticked before a session ran out comes back here.
  get('/organisationer/:cvr/administratorer/fjern', 'administrator.remove', show),
  post('/organisationer/:cvr/administratorer/fjern', 'administrator.remove', remove, manyFields),
  get('/organisationer/:cvr/administratorer/rapport', 'report.administrators', leadToReport),
  ...administratorTermsRoutes,
  ...substitutesRoutes,
];

function show(visit: Visit, db: ReadDb): Promise<Answer> {
  return pageFor(visit, db, visit.draft ?? {}, {});
}

async function pageFor(visit: Visit, db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Page> {
  const { actor, url } = visit;
  const organisation = organisationOf(visit);
  const administrators = await listAdministrators(db, organisation.id);
  const substitutes = await listSubstitutes(db, organisation.id);
  const users = mayEver(actor, 'administrator.appoint', organisation.id) ? await usersToChoose(visit, db) : null;
  const search = new URL(url, 'http://own.invalid').search;
  return administratorsPage({ organisation, actor, administrators, substitutes, users, search, posted, errors });
}

async function usersToChoose(visit: Visit, db: ReadDb): Promise<Shown['users']> {
  const { id } = organisationOf(visit);
  const query = readListQuery(visit.query);
  const count = await countUsers(db, id, query.filter, isFiltered(query.filter));
  return { query, count, rows: await listUsers(db, id, query, query.isLastPage ? count : null) };
}

async function appoint(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const again = (errors: FieldErrors): Promise<Page> => read(visit, (db) => pageFor(visit, db, visit.posted, errors));
  const form = readForm(visit, appointForm);
  if (!form.ok) return again(form.errors);
  const { bruger: userIds, slags: kind, startdato: start, slutdato: stop } = form.value;
  const period = { start, stop };
  const faults = faultsOfPeriod(period, dayInDenmark());
  if (Object.keys(faults).length > 0) return again(faults);
  try {
    const done = await change(visit, organisation, (tx, actor) =>
      appointAdministrators(tx, actor, organisation, { userIds, kind, period }, mailSettingOf(visit)),
    );
    return seeOther(administratorsPath(organisation), appointedText(done, roleNames[kind]));
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return again({ [error.field]: error.message });
  }
}

function appointedText({ added, moved, alreadyThere }: Appointed, role: string): string {
  const parts = [
    added === 0 ? '' : `${counted(added, 'bruger', 'brugere')} er tilføjet til ${role}.`,
    moved === 0 ? '' : `${counted(moved, 'administrator', 'administratorer')} er flyttet til ${role}.`,
    alreadyThere === 0 ? '' : `${counted(alreadyThere, 'bruger', 'brugere')} havde rollen i forvejen.`,
  ];
  return parts.filter(Boolean).join(' ');
}

async function remove(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, removeForm);
  if (!form.ok) return read(visit, (db) => pageFor(visit, db, visit.posted, form.errors));
  const { removed, alreadyGone } = await change(visit, organisation, (tx, actor) =>
    removeAdministrators(tx, actor, organisation, form.value.administrator, mailSettingOf(visit)),
  );
  const gone = alreadyGone === 0 ? '' : ` ${counted(alreadyGone, 'var', 'var')} fjernet i forvejen.`;
  return seeOther(
    administratorsPath(organisation),
    `${counted(removed, 'administrator', 'administratorer')} er fjernet. Brugernes øvrige roller er ikke ændret.${gone}`,
  );
}

/** The report was a page of its own here; bookmarks lead on. */
async function leadToReport(visit: Visit): Promise<Answer> {
  return seeOther(administratorsReportPath(organisationOf(visit)));
}
