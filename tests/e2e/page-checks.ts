import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults, run } from 'axe-core';
import type { Browser, Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import type { Route } from '../../src/pages/route.ts';
import type { PortalName } from '../../src/pages/services.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import type { Visitor } from '../support/pages.ts';
import { newVisitor } from '../support/pages.ts';
import { signInQuickly } from '../support/quick-sign-in.ts';

/** One page of the sweep: where it is, or what leads to it, and the status that it answers with. */
export type Stop = { name: string; path: string; status?: number; act?: (page: Page) => Promise<void> };

type Sweep = { person: string | null; portal?: PortalName; stops: Stop[] };

/**
 * Looks at every page as one person with JavaScript, and at the first one also in a browser without it: the frame is the
 * same on all. Of every page, what the script shows is held against what the server sent.
 */
export async function sweep(
  app: BrowserApp,
  browser: Browser,
  { person, portal = 'sebadmin', stops }: Sweep,
  seen: string[],
): Promise<void> {
  const visitors = await Promise.all([
    newVisitor(browser, { reducedMotion: 'reduce' }),
    newVisitor(browser, { javaScriptEnabled: false, viewport: phone }),
  ]);
  const [scripted, plain] = visitors;
  const contexts = visitors.map(({ context }) => context);
  if (person !== null) await signInQuickly(app, contexts, person, portal);
  const origin = app.origins[portal];
  const faults: string[] = [];
  for (const [index, stop] of stops.entries()) {
    await app.rows('delete from rate_limit');
    faults.push(...(await faultsOf(scripted, origin, stop, index === 0)));
    seen.push(stop.path.split('?')[0] ?? '', new URL(scripted.page.url()).pathname);
    if (index === 0) faults.push(...(await faultsWithoutScript(plain, origin, stop)));
  }
  await Promise.all(contexts.map((context) => context.close()));
  expect(faults).toEqual([]);
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

const desktop = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
/** What "reflow" asks for: 1280 px at 400 % zoom. */
const narrowest = { width: 320, height: phone.height };

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const shots = process.env.SEB_SHOTS;

/**
 * Opens the page and returns every fault that it shows on a desktop, on a phone and zoomed. The long examination is made
 * twice for a person's first page only, and of the frame too: it changes with the width, what stands in it does not.
 */
async function faultsOf(visitor: Visitor, origin: string, stop: Stop, isFirst: boolean): Promise<string[]> {
  const { page } = visitor;
  await page.setViewportSize(desktop);
  const { faults, html } = await open(page, origin, stop);
  faults.push(...(await frameFaults(page)), ...(await widthFaults(page)), ...(await axeFaults(page, isFirst)));
  faults.push(...(await scriptedFaults(page, html)));
  await keepPicture(page, stop.name, 'desktop');
  if (isFirst || shots) {
    await page.setViewportSize(phone);
    if (isFirst) faults.push(...(await widthFaults(page)), ...(await axeFaults(page, true)));
    await keepPicture(page, stop.name, 'phone');
  }
  await page.setViewportSize(narrowest);
  faults.push(...(await widthFaults(page)));
  faults.push(...visitor.complaints.splice(0));
  return faults.map((fault) => `${stop.name}: ${fault}`);
}

/** The page on a phone that runs no scripts. */
async function faultsWithoutScript({ page, complaints }: Visitor, origin: string, stop: Stop): Promise<string[]> {
  const { faults } = await open(page, origin, stop);
  faults.push(...(await widthFaults(page)), ...complaints.splice(0));
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

/** Of long tables and lists the first rows are examined: the further ones are made alike. */
const furtherRows = [
  'tbody tr:nth-child(n + 9)',
  'fieldset > :nth-child(n + 25)',
  'ul > li:nth-child(n + 25)',
  'option:nth-child(n + 9)',
];
/** The same on all pages of a person. */
const frame = ['header.header', 'footer'];

// Reading it takes a browser as long as running it: the short form, and once a page.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function axeFaults(page: Page, isWhole: boolean): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  return page.evaluate(
    async ([values, exclude]) => {
      const { axe: examiner } = window as unknown as { axe: { run: typeof run } };
      // Told of violations alone, axe need not describe each element that passed, which takes most of its time.
      const { violations }: AxeResults = await examiner.run(
        { exclude },
        {
          runOnly: { type: 'tag', values },
          resultTypes: ['violations'],
          // It reads whole style sheets and sounds, for a rule of orientation that is not asked for and one of sounds; we have none.
          preload: false,
        },
      );
      return violations.map(
        ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
      );
    },
    [rules, isWhole ? furtherRows : [...furtherRows, ...frame]] as const,
  );
}

async function widthFaults(page: Page): Promise<string[]> {
  const wide = await page.evaluate(() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    const sticksOut = (element: Element): boolean =>
      element.getBoundingClientRect().right > window.innerWidth + 1 &&
      element.closest('.table--responsive-scroll') === null;
    return [...document.querySelectorAll('body *')].filter(sticksOut).map((one) => `${one.tagName}.${one.className}`);
  });
  const width = page.viewportSize()?.width ?? 0;
  return wide.length === 0 ? [] : [`is wider than ${width} px: ${wide.slice(-3).join(', ')}`];
}

async function keepPicture(page: Page, name: string, device: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({
    path: path.join(shots, `${name.replace(/[^\wæøåÆØÅ-]+/g, '-')}.${device}.png`),
    fullPage: true,
  });
}
