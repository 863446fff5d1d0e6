import { ownAccessCheckRoutes } from '../access-check/access-check.routes.ts';
import { findAdministratorRoutes } from '../administrators/find-administrator.routes.ts';
import { askRoutes } from '../access-requests/ask.routes.ts';
import { ownRequestsRoutes } from '../access-requests/own-requests.routes.ts';
import { accountRoutes } from '../account/account.routes.ts';
import { ownLookUpsRoutes } from '../look-ups/look-ups.routes.ts';
import { ownChangesRoutes } from '../audit/audit.routes.ts';
import { handBackRoutes } from '../account/hand-back.routes.ts';
import { ownAccessRoutes } from '../account/own-access.routes.ts';
import { helpRoutes } from '../help/help.routes.ts';
import { ownSessionsRoutes } from '../own-sessions/own-sessions.routes.ts';
import { ownReportsRoutes } from '../reports/own-reports.routes.ts';
import { ownReportExportRoutes } from '../report-exports/report-exports.routes.ts';
import type { Route } from '../pages/route.ts';
import type { PortalFace } from '../pages/shell.ts';
import { statusRoutes } from '../status/status.routes.ts';
import { statementsRoutes } from '../system-settings/statements.routes.ts';

/** sebanmod: every employee, user or not. */
export const sebanmod: PortalFace = {
  name: 'sebanmod',
  navigation: () => [
    { id: 'home', label: 'Mine adgange', href: '/' },
    { id: 'ask', label: 'Anmod om adgang', href: '/anmod' },
    { id: 'requests', label: 'Mine anmodninger', href: '/mine-anmodninger' },
    { id: 'administrators', label: 'Find din administrator', href: '/find-administrator' },
    { id: 'status', label: 'Drift', href: '/drift' },
    { id: 'help', label: 'Hjælp', href: '/hjaelp' },
  ],
  employeeNavigation: [
    { id: 'home', label: 'Forside', href: '/' },
    { id: 'ask', label: 'Anmod om adgang', href: '/anmod' },
    { id: 'requests', label: 'Mine anmodninger', href: '/mine-anmodninger' },
    { id: 'administrators', label: 'Find din administrator', href: '/find-administrator' },
    { id: 'status', label: 'Drift', href: '/drift' },
    { id: 'help', label: 'Hjælp', href: '/hjaelp' },
  ],
};

export const sebanmodRoutes: Route[] = [
  ...ownAccessRoutes,
  ...handBackRoutes,
  ...askRoutes,
  ...ownRequestsRoutes,
  ...ownAccessCheckRoutes,
  ...ownChangesRoutes,
  ...ownLookUpsRoutes,
  ...ownReportExportRoutes,
  ...ownReportsRoutes,
  ...accountRoutes,
  ...ownSessionsRoutes,
  ...findAdministratorRoutes,
  ...statusRoutes,
  ...helpRoutes,
  ...statementsRoutes,
];
