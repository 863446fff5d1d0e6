import { accessCheckRoutes } from '../../src/access-check/access-check.routes.ts';
import { batchesRoutes } from '../../src/batches/batches.routes.ts';
import { bulkOrdersRoutes } from '../../src/bulk-orders/bulk-orders.routes.ts';
import { emergencyLocksRoutes } from '../../src/emergency-locks/emergency-locks.routes.ts';
import { userSearchRoutes } from '../../src/users/user-search.routes.ts';
import type { Route } from '../../src/pages/route.ts';

/** Routes of sebadmin whose pages have a page sweep of their own, in a file beside this one, which asserts that none is left out. */
export const sweptElsewhere: readonly Route[] = [
  ...emergencyLocksRoutes,
  ...accessCheckRoutes,
  ...batchesRoutes,
  ...bulkOrdersRoutes,
  ...userSearchRoutes,
];
