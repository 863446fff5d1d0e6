import type { Answer } from '../pages/page.ts';
import type { OpenVisit } from '../pages/open-visit.ts';
import type { Route } from '../pages/route.ts';
import { openGet } from '../pages/route.ts';
import { statementPage } from './system-settings.pages.ts';

/** Texts that the law asks for, in both portals, also before login. */
export const statementsRoutes: Route[] = (['accessibility', 'privacy', 'cookies'] as const).map((name) => {
  const paths = { accessibility: '/tilgaengelighed', privacy: '/privatliv', cookies: '/cookies' };
  return openGet(paths[name], 'statement.view', async ({ services }: OpenVisit): Promise<Answer> => {
    const settings = services.settings.current();
    return statementPage(name, settings[name].text, settings.savedAt[name]);
  });
});
