import { readPage } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { getInSteps } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { mayEver, scope } from '../permissions/scope.ts';
import { NotFound } from '../shared/errors.ts';
import { findLoginAges, listDayFigures, listServiceFigures } from './figures.queries.ts';
import { reportsFrontPage } from './front.pages.ts';
import { getReport } from './registry.ts';
import { listReportViews } from './report-views.queries.ts';
import { reportViewsRoutes } from './report-views.routes.ts';
import type { Report } from './report.ts';
import { placeOf } from './reports.pages.ts';
import { showReport } from './show-report.ts';

const inOrganisation = '/organisationer/:cvr/rapporter';
const forAll = '/rapporter';

export const reportsRoutes: Route[] = [
  getInSteps(inOrganisation, 'report.other', showFront),
  getInSteps(forAll, 'report.organisations', showFront),
  ...reportViewsRoutes(inOrganisation, 'report.other'),
  ...reportViewsRoutes(forAll, 'report.organisations'),
  getInSteps(`${inOrganisation}/:report`, 'report.other', showOne),
  getInSteps(`${forAll}/:report`, 'report.organisations', showOne),
];

function showFront(visit: Visit): Promise<Answer> {
  const { actor, addressed } = visit;
  const id = addressed?.id ?? null;
  const may = ({ access, limitedAs = access }: Report): boolean =>
    id === null ? scope(actor, access) === 'all' : mayEver(actor, access, id) && mayEver(actor, limitedAs, id);
  return readPage(visit.services.database, id === null ? 'all' : [id], async (db) => {
    const views = await listReportViews(db, actor.userId, id);
    const days = await listDayFigures(db, id);
    const services = await listServiceFigures(db, id);
    const ages = await findLoginAges(db, id);
    return reportsFrontPage(visit, may, views, { days, services, ages });
  });
}

function showOne(visit: Visit): Promise<Answer> {
  const report = getReport(visit.params['report'] ?? '');
  const organisation = visit.addressed;
  if (report.isOwn === true || (report.reach === 'organisation') !== (organisation !== null)) throw new NotFound();
  return showReport(visit, { report, organisation, place: placeOf(report, organisation) });
}
