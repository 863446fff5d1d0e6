import type { RequestHandler } from 'express';
import { Router } from 'express';
import type { Route } from '../pages/route.ts';

/**
 * Finds a page among those of its own corner of the portal (`/status`, `/organisationer/:cvr/brugere`): a router tries its
 * routes one after another, and a portal has hundreds.
 * @throws Error where a route's corner is not fixed text
 */
export function routeTable(
  routes: readonly Route[],
  handlersOf: (route: Route) => [...RequestHandler[], RequestHandler],
): RequestHandler {
  const corners = new Map<string, Router>();
  for (const route of routes) {
    const corner = cornerOf(route.path);
    if (/[:*]/.test(corner)) throw new Error(`${route.path}: its corner ${corner} must be fixed text`);
    const router = corners.get(corner) ?? Router({ strict: true });
    corners.set(corner, router);
    router[route.method](route.path, ...handlersOf(route));
  }
  return (req, res, next) => {
    const router = corners.get(cornerOf(req.path));
    if (router === undefined) next();
    else void router(req, res, next);
  };
}

/** The part of a path that no parameter stands in: its first word, or what follows an organisation's number. */
function cornerOf(path: string): string {
  const [, first = '', , third = ''] = path.toLowerCase().split('/', 4);
  return first === 'organisationer' ? `${first}/${third}` : first;
}
