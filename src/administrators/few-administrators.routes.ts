import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';

/** Became a report; bookmarks lead on. */
export const fewAdministratorsRoutes: Route[] = [
  get('/system/faa-administratorer', 'report.organisations', async () => seeOther('/rapporter/faa-administratorer')),
];
