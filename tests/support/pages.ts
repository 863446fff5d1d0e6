import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import type { PortalName } from '../../src/pages/services.ts';
import type { BrowserApp } from './browser-app.ts';
import { personOf } from './people.ts';
import { signInQuickly } from './quick-sign-in.ts';
import { openWindow, type Window } from './windows.ts';

export type Visitor = Window;

type Habits = {
  javaScriptEnabled?: boolean;
  viewport?: { width: number; height: number };
  reducedMotion?: 'reduce';
  bypassCSP?: boolean;
};

/** A small one: a browser paints each page, and paints a large one for half as long again. */
const laptop = { width: 1024, height: 600 };

/** Somebody at a browser of their own; with JavaScript, as most have it, unless told otherwise. */
export function newVisitor(browser: Browser, habits: Habits = {}): Promise<Visitor> {
  return openWindow(browser, { viewport: laptop, locale: 'da-DK', ...habits });
}

/** From the discovery page through the test identity provider, as one of the demo people, back into the portal. */
export async function signIn(
  app: Pick<BrowserApp, 'origins' | 'rows'>,
  { page }: Pick<Visitor, 'page'>,
  person: string,
  { portal = 'sebadmin', path = '/' }: { portal?: PortalName; path?: string } = {},
): Promise<void> {
  const origin = app.origins[portal];
  // All tests come from one address, which would soon have to wait.
  await app.rows(`delete from rate_limit where key like 'login%'`);
  await page.goto(`${origin}${path}`);
  await page.getByRole('button', { name: 'Log på med NemLog-in (test)' }).click();
  await answerAs(app, page, person);
}

/** Chooses a person at the test identity provider, and goes on to the portal. */
export async function answerAs({ origins }: Pick<BrowserApp, 'origins'>, page: Page, person: string): Promise<void> {
  await page
    .getByRole('button', { name: nameOf(person) })
    .first()
    .click();
  await arrive({ origins }, page);
}

/** One of the logins that do not go as they should. */
export async function answerAwkwardly(
  { origins }: Pick<BrowserApp, 'origins'>,
  page: Page,
  label: string,
  person?: string,
): Promise<void> {
  if (person !== undefined) await page.getByLabel('Person', { exact: true }).selectOption(person);
  const group = page.locator('details').filter({ hasText: label });
  if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
  await page.getByRole('button', { name: label }).click();
  await arrive({ origins }, page);
}

// With JavaScript the provider sends the answer by itself; without it the person does. The button is the provider's own: where the
// login leads to may have one of the same name.
async function arrive({ origins }: Pick<BrowserApp, 'origins'>, page: Page): Promise<void> {
  const isAway = (url: URL): boolean => url.origin !== origins.idp;
  const onward = page.locator('#answer').getByRole('button', { name: 'Fortsæt' });
  await Promise.race([
    page.waitForURL(isAway, { waitUntil: 'domcontentloaded' }),
    onward.waitFor().then(() => wait(300)),
  ]);
  if (!isAway(new URL(page.url()))) await onward.click({ noWaitAfter: true, timeout: 2_000 }).catch(() => undefined);
  await page.waitForURL(isAway);
}

export function nameOf(key: string): string {
  const { firstName, lastName } = personOf(key);
  return `${firstName} ${lastName}`;
}

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator, most = 250): Promise<void> {
  // Found once: looking for it by role after every press takes longer than all the presses.
  const element = await target.elementHandle();
  const hasFocus = (): Promise<boolean> => page.evaluate((one) => one === document.activeElement, element);
  for (let presses = 0; presses < most; presses += 1) {
    if (await hasFocus()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(target)} cannot be reached with ${most} presses of Tab on ${page.url()}`);
}

/** The mails to an address whose subject is the given one, waited for. */
export async function mailTo({ mails }: Pick<BrowserApp, 'mails'>, address: string, subject: string) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = mails.find(({ mail, recipients }) => recipients.includes(address) && mail.subject === subject);
    if (found !== undefined) return found.mail;
    await wait(50);
  }
  const came = mails.map(({ mail, recipients }) => `${recipients.join()}: ${mail.subject}`).join('; ');
  throw new Error(`No mail “${subject}” came to ${address}; there are: ${came || 'none'}`);
}

/** The sentences of a user's change log, newest first. */
export async function logOf({ origins }: Pick<BrowserApp, 'origins'>, page: Page, cvr: string, userId: number) {
  await page.goto(`${origins.sebadmin}/organisationer/${cvr}/brugere/${userId}/log`);
  return page.locator('.seb-log li p').allTextContents();
}

/** Somebody who is signed in already, at a browser of their own. */
export async function signedIn(
  app: BrowserApp,
  browser: Browser,
  person: string,
  { portal = 'sebadmin', ...habits }: Habits & { portal?: PortalName } = {},
): Promise<Visitor> {
  const visitor = await newVisitor(browser, habits);
  await signInQuickly(app, [visitor.context], person, portal);
  await visitor.page.goto(`${app.origins[portal]}/`);
  return visitor;
}

/** Presses the button; returns the status of the page that comes. */
export async function submit(page: Page, button: string | RegExp): Promise<number> {
  const answered = page.waitForResponse(
    (response) => response.request().isNavigationRequest() && response.status() !== 303,
  );
  await page.getByRole('button', { name: button, exact: true }).click();
  const status = (await answered).status();
  await page.waitForLoadState();
  return status;
}

/** The one message that a page begins with after a change. */
export async function told(page: Page): Promise<string> {
  return ((await page.locator('main > [role=status]').textContent()) ?? '').replace(/\s+/g, ' ').trim();
}

/** As administrators have it, and as it must work all the same. */
export const scriptings = [
  { mode: 'with JavaScript', mark: 'JS', javaScriptEnabled: true },
  { mode: 'without JavaScript', mark: 'UDEN', javaScriptEnabled: false },
];
