import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A window with cookies of its own, and what the browser complained of in it: scripts that failed, policies broken, files missing. */
export type Window = { context: BrowserContext; page: Page; complaints: string[] };

/** Windows that nobody uses now, by their settings. */
const left = new WeakMap<Browser, Map<string, BrowserContext[]>>();
const complaintsIn = new WeakMap<BrowserContext, string[]>();

/**
 * A window that knows nothing of who had it before. To close it is to leave it to the next one: a new one costs the browser a
 * process, which must learn all scripts and style sheets anew, and takes as long as five pages.
 */
export async function openWindow(browser: Browser, settings: BrowserContextOptions): Promise<Window> {
  const others = windowsLeft(browser, settings);
  const context = others.pop() ?? (await newWindow(browser, settings, others));
  const complaints: string[] = [];
  complaintsIn.set(context, complaints);
  return { context, page: context.pages()[0] ?? (await context.newPage()), complaints };
}

function windowsLeft(browser: Browser, settings: BrowserContextOptions): BrowserContext[] {
  const known = left.get(browser) ?? new Map<string, BrowserContext[]>();
  left.set(browser, known);
  const name = JSON.stringify(settings);
  const windows = known.get(name) ?? [];
  known.set(name, windows);
  return windows;
}

async function newWindow(
  browser: Browser,
  settings: BrowserContextOptions,
  others: BrowserContext[],
): Promise<BrowserContext> {
  const context = await browser.newContext(settings);
  context.setDefaultTimeout(10_000);
  await listen(context);
  return Object.assign(context, {
    close: async () => {
      if (others.includes(context)) return;
      await forget(context, settings);
      others.push(context);
    },
  });
}

/** Our pages keep nothing in a browser but cookies and, for the style sheets and scripts, its cache. */
async function forget(context: BrowserContext, { viewport }: BrowserContextOptions): Promise<void> {
  const [first, ...further] = context.pages();
  await Promise.all(further.map((page) => page.close()));
  await first?.goto('about:blank');
  if (viewport) await first?.setViewportSize(viewport);
  await context.clearCookies();
}

// A page that answers 4xx on purpose is reported by the browser like a missing file.
const answeredOnPurpose = /^Failed to load resource: the server responded with a status of 4(03|04|09|22)/;

async function listen(context: BrowserContext): Promise<void> {
  const complain = (complaint: string): void => void complaintsIn.get(context)?.push(complaint);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy ${event.violatedDirective} refused ${event.blockedURI}`),
    );
  });
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    const isPage = answeredOnPurpose.test(message.text()) && !message.location().url.includes('/assets/');
    if (!isPage) complain(`${message.location().url}: ${message.text()}`);
  });
  context.on('weberror', (error) => complain(String(error.error())));
  context.on('requestfailed', (request) => {
    // A form sent or a link followed gives up what is still on its way.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complain(`${request.url()} failed`);
  });
}
