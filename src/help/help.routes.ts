import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import type { OpenVisit } from '../pages/open-visit.ts';
import type { Route } from '../pages/route.ts';
import { openGet } from '../pages/route.ts';
import { listSupports } from '../services/services.queries.ts';
import { NotFound } from '../shared/errors.ts';
import { helpIndexPage, helpPath, helpTopicPage } from './help.pages.ts';

/** Hjælp for everyone, in both portals. */
export const helpRoutes: Route[] = [
  openGet(helpPath, 'statement.view', async () => helpIndexPage()),
  openGet(`${helpPath}/:topic`, 'statement.view', showTopic),
];

async function showTopic({ params, services }: OpenVisit, db: ReadDb): Promise<Answer> {
  const { settings, origins } = services;
  const facts = { settings: settings.current(), origins, supports: await listSupports(db) };
  const shown = helpTopicPage(params.topic ?? '', facts);
  if (shown === null) throw new NotFound();
  return shown;
}
