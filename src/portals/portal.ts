import path from 'node:path';
import compression from 'compression';
import type { Express, RequestHandler } from 'express';
import express from 'express';
import { formBody } from '../http/body.ts';
import { uploadBody } from '../http/upload.ts';
import { requestLog } from '../http/request-log.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { sessions } from '../http/session.ts';
import { errorPages, nothingHere } from '../pages/error-pages.ts';
import { handlerOf, personOfSession } from '../pages/pipeline.ts';
import type { Route } from '../pages/route.ts';
import type { Services } from '../pages/services.ts';
import type { PortalFace } from '../pages/shell.ts';
import { logOffRouter } from '../sign-in/log-off.router.ts';
import type { SignIn } from '../sign-in/sign-in.router.ts';
import { signInRouter } from '../sign-in/sign-in.router.ts';
import { hostGuard } from './host-guard.ts';
import { healthCheck } from './health.ts';
import type { PortalSettings } from './portal-settings.ts';
import { routeTable } from './route-table.ts';
import { staticFiles } from './static-files.ts';

/** A portal's pipeline, in the order in which a request meets it. */
export function createPortal(
  services: Services,
  face: PortalFace,
  routes: readonly Route[],
  signIn: SignIn,
  settings: PortalSettings,
): Express {
  const app = express();
  app.disable('x-powered-by');
  // One address a page: lists lead on by addresses beside their own, which another slash would lead astray.
  app.enable('strict routing');
  app.set('trust proxy', settings.trustProxy);
  app.set('query parser', 'simple');
  app.use(requestLog(services.log.child({ portal: face.name })));
  app.get('/health', healthCheck(services.database));
  app.use(keepFresh(services));
  app.use(securityHeaders({ isHttps: settings.url.protocol === 'https:' }));
  app.use(hostGuard(settings));
  app.use(staticFiles(path.resolve(import.meta.dirname, '../..')));
  app.use(compression({ level: 1 }));
  app.use(
    sessions({
      pool: services.database.pool,
      cookieName: face.name,
      secret: settings.sessionSecret,
      idleMinutes: services.session.idleMinutes,
      alongside: personOfSession,
    }),
  );
  app.use(signInRouter(services, face, signIn));
  app.use(logOffRouter(services, face, signIn));
  const pages = new Set(routes.filter(({ method }) => method === 'get').map((route) => route.path));
  app.use(routeTable(routes, (route) => [...bodyOf(route), handlerOf(services, face, route, pages.has(route.path))]));
  app.use(nothingHere);
  app.use(errorPages(services, face));
  return app;
}

// What every page draws on is read again at most every ten seconds, before the page is begun.
function keepFresh({ settings, mailTexts, status, identityProviders }: Services): RequestHandler {
  const kept = [settings, mailTexts, status, identityProviders];
  return (_req, _res, next) => {
    void Promise.all(kept.map((one) => one.fresh())).then(() => next());
  };
}

function bodyOf(route: Route): RequestHandler[] {
  if (route.method !== 'post') return [];
  return [
    route.body !== null && 'megabytes' in route.body ? uploadBody(route.body) : formBody(route.body ?? undefined),
  ];
}
