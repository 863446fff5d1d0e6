import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownSessionsRoutes } from '../../src/own-sessions/own-sessions.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { pagesLeftOut, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
const seen: string[] = [];
const minutes = 180_000;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

it(
  'one’s own sessions are whole on a desktop, on a phone, zoomed, and without JavaScript',
  async () => {
    // The sweep looks with two browsers, which see each other in the list.
    const stop = { name: 'mine-sessioner', path: '/mine-sessioner' };
    await sweep(app, browser, { person: 'region-org-admin', stops: [stop] }, seen);
    await sweep(app, browser, { person: 'region-user', portal: 'sebanmod', stops: [stop] }, seen);
    await sweep(app, browser, { person: 'no-user', portal: 'sebanmod', stops: [stop] }, seen);
    expect(pagesLeftOut(ownSessionsRoutes, seen)).toEqual([]);
  },
  minutes,
);
