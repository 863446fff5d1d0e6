import type { Answer } from '../pages/page.ts';
import type { OpenVisit } from '../pages/open-visit.ts';
import type { Route } from '../pages/route.ts';
import { openGet } from '../pages/route.ts';
import { NotFound } from '../shared/errors.ts';
import { helpIndexPage, helpPath, helpTopicPage } from './help.pages.ts';

/** Hjælp for everyone, in both portals. */
export const helpRoutes: Route[] = [
  openGet(helpPath, 'statement.view', async () => helpIndexPage()),
  openGet(`${helpPath}/:topic`, 'statement.view', showTopic),
];

async function showTopic({ params, services }: OpenVisit): Promise<Answer> {
  const { settings, origins } = services;
  const shown = helpTopicPage(params.topic ?? '', { settings: settings.current(), origins });
  if (shown === null) throw new NotFound();
  return shown;
}
