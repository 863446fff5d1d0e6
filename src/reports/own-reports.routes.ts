import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { getInSteps } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { NotFound } from '../shared/errors.ts';
import { getReport } from './registry.ts';
import { showReport } from './show-report.ts';

export const ownReportsPath = '/mine-rapporter';

/** In sebanmod: reports about oneself. */
export const ownReportsRoutes: Route[] = [getInSteps(`${ownReportsPath}/:report`, 'report.singleUser', showOwn)];

function showOwn(visit: Visit): Promise<Answer> {
  const report = getReport(visit.params['report'] ?? '');
  if (report.isOwn !== true) throw new NotFound();
  const { organisationId: id, cvr, organisationName: name } = visit.actor;
  const path = `${ownReportsPath}/${report.id}`;
  const home = { label: 'Mine adgange', href: '/' };
  return showReport(visit, {
    report,
    organisation: { id, cvr, name },
    place: {
      path,
      line: name,
      crumbs: [home],
      all: home,
      save: null,
      takeOut: { action: `${path}/hent`, own: null },
    },
  });
}
