import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Cookie, Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import type { Route } from '../../src/pages/route.ts';
import type { PortalName } from '../../src/pages/services.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import type { Visitor } from '../support/pages.ts';
import { newVisitor } from '../support/pages.ts';
import { signInQuickly } from '../support/quick-sign-in.ts';
import type { Examiner, Extent } from './examiner.ts';
import { examinerOf, readMarkup, widthFaults } from './examiner.ts';

/** One page of the sweep: where it is, or what leads to it, and the status that it answers with. */
export type Stop = { name: string; path: string; status?: number; act?: (page: Page) => Promise<void> };

type Sweep = { person: string | null; portal?: PortalName; stops: Stop[] };

/**
 * Looks at every page as one person, on the narrowest screen with JavaScript, and as it stands there then in the examiners'
 * windows; at the first one also with its frame and, once a portal, in a browser without scripts. Of every page, what the
 * script shows is held against what the server sent.
 */
export async function sweep(
  app: BrowserApp,
  browser: Browser,
  { person, portal = 'sebadmin', stops }: Sweep,
  seen: string[],
): Promise<void> {
  const origin = app.origins[portal];
  const scripted = await newVisitor(browser, { reducedMotion: 'reduce', viewport: narrowest });
  if (person !== null) await signInQuickly(app, [scripted.context], person, portal);
  const faults: string[] = [];
  for (const [index, stop] of stops.entries()) {
    await app.rows('delete from rate_limit');
    const isFirst = index === 0;
    const sizes = isFirst ? [desktop, phone] : [desktop];
    const examiners = await Promise.all(sizes.map((size) => examinerOf(browser, origin, size)));
    const extent = isFirst ? 'whole' : 'withoutFrame';
    faults.push(...(await faultsOf(scripted, { examiners, extent }, origin, stop)));
    seen.push(stop.path.split('?')[0] ?? '', new URL(scripted.page.url()).pathname);
    if (isFirst && isNew(app, portal))
      faults.push(...(await faultsWithoutScript(browser, await scripted.context.cookies(), origin, stop)));
  }
  await scripted.context.close();
  expect(faults).toEqual([]);
}

/** Portals that were looked at without scripts, by application. */
const plainPortals = new WeakMap<BrowserApp, Set<PortalName>>();

function isNew(app: BrowserApp, portal: PortalName): boolean {
  const known = plainPortals.get(app) ?? new Set();
  plainPortals.set(app, known);
  return known.size !== known.add(portal).size;
}

/** The pages of a portal that no sweep came to. */
export function pagesLeftOut(routes: readonly Route[], seen: readonly string[]): string[] {
  // Suggestions while a unit is typed are data, and files are no pages either.
  const isPage = ({ method, path }: Route): boolean =>
    method === 'get' && !/\/(sor\/find|skabelon|fejl|fil|hent|autorisationsblanket|rss\.xml)$/.test(path);
  const pages = routes.filter(isPage);
  const isSeen = (path: string): boolean => {
    const pattern = new RegExp(
      `^${path
        .replace(':cvr', '\\d{8}')
        .replace(/:(token|batch|topic|setting|reference|report)/, '[\\w-]+')
        .replace(':mail', '[a-zA-Z]+\\.[a-zA-Z]+')
        .replaceAll(/:\w+/g, '\\d+')}$`,
    );
    return seen.some((one) => pattern.test(one));
  };
  return pages.map(({ path }) => path).filter((path) => !isSeen(path));
}

/** Presses a button by its whole name. */
export function press(name: string): (page: Page) => Promise<void> {
  return (page) => page.getByRole('button', { name, exact: true }).click();
}

const desktop = { width: 1280, height: 640 };
const phone = { width: 360, height: 740 };
/** What "reflow" asks for: 1280 px at 400 % zoom. */
const narrowest = { width: 320, height: phone.height };

const shots = process.env.SEB_SHOTS;

type Examining = { examiners: readonly Examiner[]; extent: Extent };

/** Opens the page and returns every fault that it shows there and to the examiners. */
async function faultsOf(
  { page, complaints }: Visitor,
  { examiners, extent }: Examining,
  origin: string,
  stop: Stop,
): Promise<string[]> {
  const { faults, html } = await open(page, origin, stop);
  faults.push(...(await frameFaults(page)), ...(await widthFaults(page)), ...(await scriptedFaults(page, html)));
  const markup = await readMarkup(page);
  for (const examiner of examiners) faults.push(...(await examiner.faultsOf(markup, extent)));
  if (shots) await keepPictures(page, stop.name, shots);
  faults.push(...complaints.splice(0));
  return faults.map((fault) => `${stop.name}: ${fault}`);
}

/** The page on a phone that runs no scripts. */
async function faultsWithoutScript(browser: Browser, cookies: Cookie[], origin: string, stop: Stop): Promise<string[]> {
  const { context, page, complaints } = await newVisitor(browser, { javaScriptEnabled: false, viewport: phone });
  await context.addCookies(cookies);
  const { faults } = await open(page, origin, stop);
  faults.push(...(await widthFaults(page)), ...complaints);
  await context.close();
  return faults.map((fault) => `${stop.name} without JavaScript: ${fault}`);
}

/** Opens the page and does there what the stop says; returns the HTML that the server sent last. */
async function open(
  page: Page,
  origin: string,
  { path: where, status = 200, act }: Stop,
): Promise<{ faults: string[]; html: string }> {
  let answer: Response | null = null;
  const listen = (response: Response): void => {
    const isRedirect = response.status() >= 300 && response.status() < 400;
    if (response.request().isNavigationRequest() && !isRedirect) answer = response;
  };
  page.on('response', listen);
  await page.goto(`${origin}${where}`);
  await act?.(page);
  await page.waitForLoadState();
  page.off('response', listen);
  const last = answer as Response | null;
  const faults = last?.status() === status ? [] : [`answers ${last?.status() ?? 'nothing'}, not ${status}`];
  return { faults, html: (await last?.text()) ?? '' };
}

/** What is there to press and fill in with JavaScript must be there without it too, and nothing must wait for a script. */
function scriptedFaults(page: Page, html: string): Promise<string[]> {
  return page.evaluate((sent) => {
    const plain = new DOMParser().parseFromString(sent, 'text/html').querySelector('main');
    const scripted = document.querySelector('main');
    if (plain === null || scripted === null) return ['has no main part'];
    const every = 'a, button, input:not([type=hidden]), select, textarea';
    const nameOf = (control: Element): string =>
      control.textContent?.trim() || control.getAttribute('name') || control.outerHTML.slice(0, 80);
    const offered = new Set(
      [...plain.querySelectorAll(every)].filter((control) => control.closest('[hidden]') === null).map(nameOf),
    );
    const isShown = (control: Element): boolean => control.getClientRects().length > 0;
    const missing = [...scripted.querySelectorAll(every)].filter((one) => isShown(one) && !offered.has(nameOf(one)));
    const waiting = [...plain.querySelectorAll('[hidden]')].map((element) => element.textContent?.trim() ?? '');
    return [
      ...missing.map((control) => `“${nameOf(control)}” is missing without JavaScript`),
      ...waiting.filter((text) => text !== '').map((text) => `only JavaScript shows “${text}”`),
    ];
  }, html);
}

async function frameFaults(page: Page): Promise<string[]> {
  const { language, title, headings } = await page.evaluate(() => ({
    language: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
  }));
  const faults: string[] = [];
  if (language !== 'da') faults.push(`is in the language ${language}`);
  if (!/^\S.* – SEB$/.test(title)) faults.push(`is called “${title}”`);
  if (headings !== 1) faults.push(`has ${headings} main headings`);
  return faults;
}

async function keepPictures(page: Page, name: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [device, size] of Object.entries({ desktop, phone })) {
    await page.setViewportSize(size);
    const file = `${name.replace(/[^\wæøåÆØÅ-]+/g, '-')}.${device}.png`;
    await page.screenshot({ path: path.join(folder, file), fullPage: true });
  }
  await page.setViewportSize(narrowest);
}
