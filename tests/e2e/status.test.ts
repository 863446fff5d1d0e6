import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { mailTo, newVisitor, signedIn } from '../support/pages.ts';

let app: BrowserApp;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const address = 'drift@sygehus.example';

describe('A service window', () => {
  it('is published by the system owner, seen and mailed to who wants it, and ended', async () => {
    const visitor = await newVisitor(browser, { javaScriptEnabled: false });
    await visitor.page.goto(`${app.origins.sebanmod}/login`);
    await visitor.page.getByRole('link', { name: 'Driftsstatus' }).last().click();
    await visitor.page.getByText('SEB kører som normalt.').waitFor();
    await visitor.page.getByRole('link', { name: 'Få driftsmeddelelser på mail' }).click();
    await visitor.page.getByLabel('E-mailadresse').fill(address);
    await visitor.page.getByRole('button', { name: 'Tilmeld', exact: true }).click();
    await visitor.page.getByText(`Vi har sendt en mail til ${address}.`).waitFor();
    const asked = await mailTo(app, address, 'Bekræft din tilmelding til driftsmeddelelser fra SEB');
    const link = /https?:\S+\/drift\/bekraeft\/\S+/.exec(asked.text ?? '')?.[0] ?? '';
    await visitor.page.goto(link);
    await visitor.page.getByRole('button', { name: 'Bekræft tilmeldingen' }).click();
    await visitor.page.getByText('Adressen er tilmeldt.').waitFor();

    const owner = await signedIn(app, browser, 'system-owner');
    await owner.page.getByRole('link', { name: 'Drift', exact: true }).first().click();
    await owner.page.getByRole('link', { name: 'Opret driftsmeddelelse eller servicevindue' }).click();
    await owner.page.getByLabel('Servicevindue', { exact: true }).check();
    await owner.page.getByLabel(/^Overskrift/).fill('SEB – Servicevindue i aften');
    await owner.page
      .getByLabel(/^Tekst/)
      .fill('Der vil være nedetid på SEB i 20 minutter. Vent et øjeblik, og prøv igen.');
    await owner.page.getByLabel('Rød – nede').check();
    const year = new Date().getFullYear() + 1;
    await owner.page.getByLabel(/^Til dato/).fill(`31-12-${year}`);
    await owner.page.getByLabel(/^Til kl\./).fill('14.00');
    await owner.page.getByRole('button', { name: 'Offentliggør' }).click();
    await owner.page.getByText('Servicevinduet er offentliggjort.').waitFor();

    for (const portal of ['sebadmin', 'sebanmod'] as const) {
      await visitor.page.goto(`${app.origins[portal]}/login`);
      const box = visitor.page.getByRole('region', { name: 'Driftsstatus' });
      expect(await box.textContent()).toMatch(
        new RegExp(
          `Driftsstatus: Rød\\..*Servicevindue nu: SEB – Servicevindue i aften.*31-12-${year} kl\\. 14\\.00`,
          's',
        ),
      );
    }
    await visitor.page.getByRole('link', { name: 'SEB – Servicevindue i aften' }).click();
    await visitor.page.getByText('Der vil være nedetid på SEB i 20 minutter.').waitFor();
    const published = await mailTo(app, address, 'SEB – Servicevindue: SEB – Servicevindue i aften');
    expect(published.text).toContain('Virkning: Rød – nede');

    await owner.page.getByLabel(/^Hvad er der at sige/).fill('Vi er færdige før tid. Systemet kører som normalt.');
    await owner.page.getByRole('button', { name: 'Afslut', exact: true }).click();
    await owner.page.getByText('Driftsmeddelelsen er afsluttet.').waitFor();
    await visitor.page.goto(`${app.origins.sebanmod}/login`);
    await visitor.page.getByText('SEB kører som normalt.').waitFor();
    const ended = await mailTo(app, address, 'SEB – Slut: Servicevindue: SEB – Servicevindue i aften');
    expect(ended.text).toContain('Vi er færdige før tid.');

    const leave = /https?:\S+\/drift\/afmeld\/\S+/.exec(ended.text ?? '')?.[0] ?? '';
    await visitor.page.goto(leave);
    await visitor.page.getByRole('button', { name: 'Afmeld' }).click();
    await visitor.page.getByRole('heading', { name: 'Adressen er afmeldt' }).waitFor();
    expect(await app.rows('select from status_subscription')).toEqual([]);
    expect([...visitor.complaints, ...owner.complaints]).toEqual([]);
  }, 120_000);
});

describe('The system owner', () => {
  it('looks at a text before it is saved, and everybody reads it afterwards', async () => {
    const owner = await signedIn(app, browser, 'system-owner');
    await owner.page.getByRole('link', { name: 'Indstillinger og tekster' }).first().click();
    await owner.page.getByRole('link', { name: 'Cookies' }).first().click();
    const text = owner.page.getByLabel(/^Tekst/);
    await text.fill('## Ny overskrift\n\nLæs mere hos [os](https://sds.dk).');
    await owner.page.getByRole('button', { name: 'Vis, hvordan det ser ud' }).click();
    await owner.page.getByRole('heading', { name: 'Ny overskrift' }).waitFor();
    const visitor = await newVisitor(browser);
    await visitor.page.goto(`${app.origins.sebanmod}/cookies`);
    expect(await visitor.page.getByRole('heading', { name: 'Ny overskrift' }).count()).toBe(0);
    await owner.page.getByRole('button', { name: 'Gem' }).click();
    await owner.page.getByText('“Cookies” er gemt.').waitFor();
    await visitor.page.reload();
    expect(await visitor.page.getByRole('link', { name: 'os', exact: true }).getAttribute('href')).toBe(
      'https://sds.dk',
    );
    expect([...visitor.complaints, ...owner.complaints]).toEqual([]);
  }, 60_000);
});
