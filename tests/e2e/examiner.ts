import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, run } from 'axe-core';
import type { Browser, Page } from 'playwright-core';

type Size = { width: number; height: number };

/** What stands on a page after its scripts, as it can be shown again elsewhere. */
export type Markup = {
  title: string;
  /** Of the document's own parts: html and body. */
  attributes: [string, string][][];
  body: string;
  styles: string[];
};

/** Examines one page after another, with axe and for what sticks out. */
export type Examiner = { faultsOf(markup: Markup, extent: Extent): Promise<string[]> };

/** The frame (header, footer) is the same on all pages of a person: it is examined once. */
export type Extent = 'whole' | 'withoutFrame';

/**
 * Windows that stay open as long as their browser, with axe in them, into which the pages to examine are put one after
 * another. Read anew on every page, axe takes twice the time, for a browser must read and translate it; and changing a
 * window's width takes as long as a page.
 */
export function examinerOf(browser: Browser, origin: string, size: Size): Promise<Examiner> {
  const known = examinersIn.get(browser) ?? new Map<number, Promise<Examiner>>();
  examinersIn.set(browser, known);
  const examiner = known.get(size.width) ?? openExaminer(browser, origin, size);
  known.set(size.width, examiner);
  return examiner;
}

const examinersIn = new WeakMap<Browser, Map<number, Promise<Examiner>>>();

async function openExaminer(browser: Browser, origin: string, viewport: Size): Promise<Examiner> {
  // The pages' own policy was obeyed where they were opened; here what their scripts have set as style is shown as it stands.
  const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true, viewport, locale: 'da-DK' });
  Object.assign(context, { close: async () => undefined });
  const page = await context.newPage();
  await page.goto(`${origin}/cookies`);
  // The application that they come from will be gone when some of them are needed.
  await page.evaluate(async () => void (await Promise.allSettled([...document.fonts].map((font) => font.load()))));
  await page.evaluate(axe);
  const own = await readMarkup(page);
  return {
    async faultsOf(markup, extent) {
      if (markup.styles.join() !== own.styles.join()) return [`has other style sheets: ${markup.styles.join()}`];
      await show(page, markup);
      return [...(await widthFaults(page)), ...(await axeFaults(page, extent))];
    },
  };
}

/** Runs in the page. */
export function readMarkup(page: Page): Promise<Markup> {
  return page.evaluate(() => {
    const attributesOf = ({ attributes }: Element): [string, string][] =>
      [...attributes].map(({ name, value }): [string, string] => [name, value]);
    return {
      title: document.title,
      attributes: [document.documentElement, document.body].map(attributesOf),
      body: document.body.innerHTML,
      styles: [...document.styleSheets].map(({ href }) => (href === null ? 'inline' : new URL(href).pathname)),
    };
  });
}

async function show(page: Page, markup: Markup): Promise<void> {
  await page.evaluate(({ title, attributes, body }) => {
    document.title = title;
    for (const [index, element] of [document.documentElement, document.body].entries()) {
      for (const { name } of [...element.attributes]) element.removeAttribute(name);
      for (const [name, value] of attributes[index] ?? []) element.setAttribute(name, value);
    }
    document.body.innerHTML = body;
  }, markup);
}

/** What is wider than the window, and does not scroll by itself. */
export async function widthFaults(page: Page): Promise<string[]> {
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

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

/** Of long tables and lists the first rows are examined: the further ones are made alike. */
const furtherRows = [
  'tbody tr:nth-child(n + 5)',
  'fieldset > :nth-child(n + 13)',
  'ul > li:nth-child(n + 9)',
  'option:nth-child(n + 4)',
];
const frame = ['header.header', 'footer'];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function axeFaults(page: Page, extent: Extent): Promise<string[]> {
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
    [rules, extent === 'whole' ? furtherRows : [...furtherRows, ...frame]] as const,
  );
}
