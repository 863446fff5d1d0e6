import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { keysPage, keysPath } from './keys.pages.ts';

export const keysRoutes: Route[] = [get(keysPath, 'keys.view', showKeys)];

async function showKeys({ actor, services }: Visit): Promise<Answer> {
  ensureEverywhere(actor, 'keys.view');
  const { ownCertificates: own, identityProviders, origins } = services;
  return keysPage({ own, providers: identityProviders.current(), origins, now: new Date() });
}
