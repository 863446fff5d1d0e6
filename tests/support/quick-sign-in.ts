import type { BrowserContext } from 'playwright-core';
import type { PortalName } from '../../src/pages/services.ts';
import { Browser, formBody, formOf, request } from './browser.ts';
import type { BrowserApp } from './browser-app.ts';

/**
 * The same login as people go through (request, test identity provider, signed and encrypted answer), without drawing its
 * four pages: a browser takes over the cookies. Tests of the login itself, and one journey of each kind, click.
 */
export async function signInQuickly(
  app: Pick<BrowserApp, 'addresses' | 'rows'>,
  contexts: readonly BrowserContext[],
  person: string,
  portal: PortalName,
): Promise<void> {
  // All tests come from one address, which would soon have to wait.
  await app.rows(`delete from rate_limit where key like 'login%'`);
  const browser = new Browser(app.addresses);
  const started = await browser.get(portal, '/login/start?idp=nemlog-in&til=/');
  const { host, search } = new URL(started.location ?? 'missing:');
  const answer = await request(app.addresses.idp.port, '/nemlog-in/login', {
    method: 'POST',
    headers: { Host: host, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: formBody({ request: search.slice(1), person }),
  });
  const { url } = app.addresses[portal];
  const { fields } = formOf(answer.text, new URL('/saml/acs', url).href);
  const arrived = await browser.postFromOtherSite(portal, '/saml/acs', fields);
  if (arrived.status !== 303)
    throw new Error(`${person} could not sign in to ${portal}: ${arrived.status} ${arrived.text}`);
  const cookies = browser.cookies(portal).map((cookie) => ({
    ...cookie,
    domain: url.hostname,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax' as const,
  }));
  await Promise.all(contexts.map((context) => context.addCookies(cookies)));
}
