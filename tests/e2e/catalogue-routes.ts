import { organisationRolesRoutes } from '../../src/organisation-roles/organisation-roles.routes.ts';
import { rightsRoutes } from '../../src/organisation-roles/rights.routes.ts';
import { serviceAccessRoutes } from '../../src/service-access/service-access.routes.ts';
import { retirementRoutes } from '../../src/services/retirement.routes.ts';
import { serviceRolesRoutes } from '../../src/services/service-roles.routes.ts';
import { servicesRoutes } from '../../src/services/services.routes.ts';

/** Services, roles, rights to give them, and requests for them: swept by catalogue-pages.test.ts. */
export const catalogueRoutes = [
  ...organisationRolesRoutes,
  ...rightsRoutes,
  ...serviceAccessRoutes,
  ...servicesRoutes,
  ...serviceRolesRoutes,
  ...retirementRoutes,
];
