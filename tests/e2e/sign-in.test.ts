import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Arrival, BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { signInQuickly } from '../support/quick-sign-in.ts';
import type { Visitor } from '../support/pages.ts';
import { answerAs, answerAwkwardly, nameOf, newVisitor, signIn } from '../support/pages.ts';

let app: BrowserApp;
let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
beforeEach(async () => {
  visitor = await newVisitor(browser);
  page = visitor.page;
  // All these people sit at one address, which would soon have to wait.
  await app.rows(`delete from rate_limit`);
  return async () => {
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  };
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const heading = (): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();
const nemLogIn = (): ReturnType<Page['locator']> => page.getByRole('button', { name: 'Log på med NemLog-in (test)' });

describe('The discovery page', () => {
  it('leads by NemLog-in or, on its own tab, by a local provider that is searched for', async () => {
    await page.goto(`${app.origins.sebadmin}/mine-oplysninger`);
    expect(await heading()).toBe('Vælg, hvordan du vil logge på');
    await page.getByRole('link', { name: 'Lokal IdP' }).click();
    expect(await page.locator('.seb-providers button').allTextContents()).toEqual([
      'Eksempel Kommune',
      'Region Eksempel',
    ]);
    await page.getByRole('searchbox').fill('kommune i månen');
    await page.keyboard.press('Enter');
    await page.getByText('Ingen passer til søgningen.').waitFor();
    await page.getByRole('searchbox').fill('REGION');
    await page.keyboard.press('Enter');
    await page.waitForURL(/soeg=REGION/);
    expect(await page.locator('.seb-providers button').allTextContents()).toEqual(['Region Eksempel']);
    await page.getByRole('button', { name: 'Region Eksempel' }).click();
    await atProvider();
    expect(await page.getByText(nameOf('municipality-org-admin')).count()).toBe(0);
    await answerAs(app, page, 'region-org-admin');
    expect(page.url()).toBe(`${app.origins.sebadmin}/mine-oplysninger`);
  });

  it('is passed by when the choice is remembered, until the person takes it back', async () => {
    await page.goto(app.origins.sebadmin);
    await page.getByLabel('Husk mit valg').check();
    await nemLogIn().click();
    await answerAs(app, page, 'region-org-admin');
    await logOff();
    await page.getByRole('link', { name: 'Log på igen' }).click();
    await atProvider();
    await answerAs(app, page, 'region-org-admin');
    await logOff();
    await page.getByRole('link', { name: 'Glem “NemLog-in (test)”' }).click();
    expect(await heading()).toBe('Vælg, hvordan du vil logge på');
    await page.goto(app.origins.sebadmin);
    expect(await heading()).toBe('Vælg, hvordan du vil logge på');
  });
});

describe('A login that is refused', () => {
  const lastRefusal = async (): Promise<string> => {
    const [newest] = await app.rows<{ reason: string }>(
      `select detail->>'reason' as reason from audit_event where kind = 'signIn.refused' order by id desc limit 1`,
    );
    return newest?.reason ?? '';
  };

  it.each([
    { label: 'For lavt sikringsniveau', person: 'region-org-admin', says: 'Lav', reason: /level/i },
    { label: 'En privatperson', person: undefined, says: 'privatperson', reason: /private/i },
    { label: 'Med et andet UUID', person: 'region-org-admin', says: 'et andet login', reason: /uuidOfAnother/ },
  ])('says why, who can help, and a reference: $label', async ({ label, person, says, reason }) => {
    await page.goto(`${app.origins.sebadmin}/login/start?idp=nemlog-in&til=/`);
    await answerAwkwardly(app, page, label, person);
    await expectRefused(says);
    expect(await lastRefusal()).toMatch(reason);
  });

  it.each([
    { person: 'locked', says: 'Din bruger er spærret i SEB.' },
    { person: 'no-user', says: 'Du er ikke oprettet som bruger i SEB' },
    { person: 'region-user', says: 'ikke administrator' },
  ])('says why, who can help, and a reference: $person', async ({ person, says }) => {
    await page.goto(`${app.origins.sebadmin}/login/start?idp=nemlog-in&til=/`);
    await answerAs(app, page, person);
    if (person === 'region-user')
      expect(await page.getByRole('link', { name: 'Gå til SEB for brugere' }).getAttribute('href')).toBe(
        app.origins.sebanmod,
      );
    if (person === 'no-user') expect(await page.getByRole('main').textContent()).toContain('Åse Østergård');
    await expectRefused(says);
  });

  async function expectRefused(says: string): Promise<void> {
    expect(await heading()).toBe('Du kunne ikke logge på');
    const main = await page.getByRole('main').textContent();
    expect(main).toContain(says);
    expect(main).toContain('Hvem kan hjælpe?');
    const reference = (await page.locator('.seb-reference').first().textContent()) ?? '';
    expect(reference).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    expect(app.log.some((line) => line.includes(reference) && line.includes('login refused'))).toBe(true);
    // With the browser's cookies, but without drawing the page.
    const leadsTo = await page.evaluate(async () => (await fetch('/')).url);
    expect(new URL(leadsTo).pathname).toBe('/login');
  }
});

describe('The session', () => {
  it('ends with "Log af", for the back button too', async () => {
    await signIn(app, visitor, 'region-org-admin');
    await page.goto(`${app.origins.sebadmin}/mine-oplysninger`);
    await logOff();
    expect(await heading()).toBe('Du er logget af');
    await page.goBack();
    await page.waitForURL(/\/login/);
    expect(await page.content()).not.toContain('Logget på som');
  });

  it('is each portal’s own, and both can be open in one browser', async () => {
    await signIn(app, visitor, 'region-org-admin');
    const other = await visitor.context.newPage();
    await other.goto(app.origins.sebanmod);
    expect(new URL(other.url()).pathname).toBe('/login');
    await signIn(app, { page: other }, 'region-user', { portal: 'sebanmod' });
    expect(await other.locator('.user').first().textContent()).toContain('Søren Ægidius Nørgård');
    await page.reload();
    expect(await page.locator('.user').first().textContent()).toContain('Åse Østergård');
    await other.getByRole('button', { name: 'Log af' }).first().click();
    await page.reload();
    expect(await page.locator('.user').first().textContent()).toContain('Åse Østergård');
  });

  it('has a cookie that stays at home when the provider posts its answer, and that never reaches the other portal', async () => {
    app.arrivals.length = 0;
    await signIn(app, visitor, 'region-org-admin');
    await signIn(app, visitor, 'region-user', { portal: 'sebanmod' });
    // A second login on top of a living session: its cookie exists, and must still not come along.
    await page.goto(`${app.origins.sebadmin}/login/start?idp=nemlog-in&til=/`);
    await answerAs(app, page, 'region-org-admin');
    await page.goto(app.origins.sebanmod);

    const answers = app.arrivals.filter(({ method, path }) => method === 'POST' && path === '/saml/acs');
    expect(answers).toHaveLength(3);
    for (const { portal, cookies } of answers) {
      expect(cookies).not.toContain(app.cookieNames[portal]);
      expect(cookies).toHaveLength(1);
    }
    const brought = (portal: Arrival['portal']) =>
      new Set(app.arrivals.filter((arrival) => arrival.portal === portal).flatMap(({ cookies }) => cookies));
    expect(brought('sebadmin')).toContain(app.cookieNames.sebadmin);
    expect(brought('sebadmin')).not.toContain(app.cookieNames.sebanmod);
    expect(brought('sebanmod')).toContain(app.cookieNames.sebanmod);
    expect(brought('sebanmod')).not.toContain(app.cookieNames.sebadmin);
    for (const cookie of await visitor.context.cookies()) {
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, path: '/' });
      expect(cookie.domain).toMatch(/^seb(admin|anmod)\.localhost$/);
    }
  });
});

describe('Logging off at the provider', () => {
  /** The same person in both portals of one browser, by one provider. */
  async function inBoth(): Promise<void> {
    for (const portal of ['sebadmin', 'sebanmod'] as const)
      await signInQuickly(app, [visitor.context], 'region-org-admin', portal);
  }
  async function expectSignedOut(portal: 'sebadmin' | 'sebanmod'): Promise<void> {
    await page.goto(`${app.origins[portal]}/mine-oplysninger`);
    expect(new URL(page.url()).pathname).toBe('/login');
  }

  it('ends what was begun in one portal in the other too, and says how far it came', async () => {
    await inBoth();
    await page.goto(app.origins.sebadmin);
    await logOff();
    expect(await page.getByRole('main').textContent()).toContain('Du er logget af SEB og hos NemLog-in (test).');
    await expectSignedOut('sebanmod');

    await inBoth();
    await page.goto(app.origins.idp);
    await page.getByRole('button', { name: 'Delvist' }).first().click();
    await page.getByText('Svarer “delvist logget af”').waitFor();
    await page.goto(app.origins.sebanmod);
    await logOff();
    expect(await heading()).toBe('Du er logget af SEB, men måske ikke alle steder');
    for (const portal of ['sebadmin', 'sebanmod'] as const) await expectSignedOut(portal);
  });

  it('begun there ends both portals; a forged message ends none', async () => {
    await inBoth();
    await page.goto(app.origins.idp);
    await page.getByRole('button', { name: 'Uden underskrift' }).first().click();
    await page.waitForURL((url) => url.origin !== app.origins.idp);
    expect(await heading()).toBe('Beskeden om at logge af blev afvist');
    expect(visitor.complaints.splice(0)).toEqual([expect.stringContaining('status of 400')]);
    await page.goto(`${app.origins.sebanmod}/mine-oplysninger`);
    expect(new URL(page.url()).pathname).toBe('/mine-oplysninger');

    await page.goto(app.origins.idp);
    await page.getByRole('button', { name: 'Log af alle steder' }).first().click();
    await page.getByText('Alle tjenester, som du var logget på, har bekræftet det.').waitFor();
    for (const portal of ['sebadmin', 'sebanmod'] as const) await expectSignedOut(portal);
  });
});

async function logOff(): Promise<void> {
  await page.getByRole('button', { name: 'Log af' }).first().click();
  await page.waitForURL(/logget-af/);
}

/** Past the page that leads on. */
async function atProvider(): Promise<void> {
  await page.waitForURL((url) => url.origin === app.origins.idp);
}
