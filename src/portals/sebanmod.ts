import { ownAccessCheckRoutes } from '../access-check/access-check.routes.ts';
import { accountRoutes } from '../account/account.routes.ts';
import { ownAccessRoutes } from '../account/own-access.routes.ts';
import type { Route } from '../pages/route.ts';
import type { PortalFace } from '../pages/shell.ts';

/** sebanmod: every employee who is a user. */
export const sebanmod: PortalFace = {
  name: 'sebanmod',
  heading: 'SEB – for brugere',
  navigation: () => [{ id: 'home', label: 'Mine adgange', href: '/' }],
};

export const sebanmodRoutes: Route[] = [...ownAccessRoutes, ...ownAccessCheckRoutes, ...accountRoutes];
