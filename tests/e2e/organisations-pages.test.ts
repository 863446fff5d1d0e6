import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agreementRegistrationRoutes } from '../../src/agreements/agreement-registration.routes.ts';
import { agreementTextsRoutes } from '../../src/agreements/agreement-texts.routes.ts';
import { agreementsRoutes } from '../../src/agreements/agreements.routes.ts';
import { appointingRoutes } from '../../src/agreements/appointing.routes.ts';
import { organisationContactsRoutes } from '../../src/organisations/organisation-contacts.routes.ts';
import { organisationCreationRoutes } from '../../src/organisations/organisation-creation.routes.ts';
import { organisationStateRoutes } from '../../src/organisations/organisation-state.routes.ts';
import { organisationsRoutes } from '../../src/organisations/organisations.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs, only, operate } from '../support/sector.ts';
import type { Stop } from './page-checks.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
const seen: string[] = [];
const minutes = 240_000;
const region = `/organisationer/${cvrs.region}`;
const practice = `/organisationer/${cvrs.practice}`;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  // The practice's administrator has left, and a new agreement names another; the closed one's first never came.
  const copy = (cvr: string, rid: string) => `
    with old as (select g.* from agreement g join organisation o on o.id = g.organisation_id where o.cvr = '${cvr}' order by g.id limit 1),
      made as (insert into agreement (organisation_id, signer_name, signer_title, signed_on, valid_from, security_policy, registered_by_id)
        select organisation_id, signer_name, signer_title, danish_today(), danish_today(), 'DS484', registered_by_id from old returning id, organisation_id),
      filed as (insert into agreement_file (agreement_id, organisation_id, file_name, sha256, content)
        select made.id, made.organisation_id, 'ny.pdf', repeat('a', 64), f.content from made, old join agreement_file f on f.agreement_id = old.id)
    insert into agreement_administrator (agreement_id, organisation_id, position, first_name, last_name, email, rid)
      select id, organisation_id, 1, 'Signe', 'Bøg', 'signe@klinik.example', '${rid}' from made`;
  await operate(app, copy(cvrs.practice, 'NY-1'));
  await operate(
    app,
    `insert into organisation (cvr, name) values ('39911019', 'Ældrecenter Østerbo');
     insert into agreement (organisation_id, signer_name, signer_title, signed_on, valid_from, security_policy, registered_by_id)
       select o.id, 'Ove Å', 'leder', danish_today(), danish_today(), 'DS484', (select min(id) from app_user) from organisation o where o.cvr = '39911019';
     insert into agreement_file (agreement_id, organisation_id, file_name, sha256, content)
       select g.id, g.organisation_id, 'ny.pdf', repeat('b', 64), (select content from agreement_file limit 1) from agreement g join organisation o on o.id = g.organisation_id where o.cvr = '39911019';
     insert into agreement_administrator (agreement_id, organisation_id, position, first_name, last_name, email, rid)
       select g.id, g.organisation_id, 1, 'Ove', 'Å', 'ove@aeldrecenter.example', '1' from agreement g join organisation o on o.id = g.organisation_id where o.cvr = '39911019'`,
  );
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** The latest agreement of an organisation, and the one whom it names. */
async function agreementOf(cvr: string): Promise<{ path: string; named: number }> {
  const found = await app.rows<{ id: number; named: number }>(
    `select n.agreement_id as id, n.id as named from agreement_administrator n join organisation o on o.id = n.organisation_id
     where o.cvr = $1 order by n.id desc limit 1`,
    [cvr],
  );
  const { id, named } = only(found);
  return { path: `/organisationer/${cvr}/aftaler/${id}`, named };
}

const look = (person: string, stops: Stop[]): Promise<void> => sweep(app, browser, { person, stops }, seen);

async function chooseCvr(page: Page): Promise<void> {
  await page.getByLabel('CVR-nummer').fill('12');
  await press('Slå op i CVR')(page);
}

it(
  'the system owner’s organisations are whole on a desktop, on a phone, zoomed, and without JavaScript',
  async () => {
    const { path } = await agreementOf(cvrs.region);
    const renewed = await agreementOf(cvrs.practice);
    const first = await agreementOf('39911019');
    await look('system-owner', [
      { name: 'systemejer-forside', path: '/' },
      { name: 'organisationer-alle', path: '/organisationer' },
      { name: 'organisation', path: region },
      { name: 'organisation-lukket', path: `/organisationer/${cvrs.closed}` },
      { name: 'organisation-luk-fejl', path: `${region}/luk`, status: 422, act: press('Luk organisationen') },
      { name: 'organisation-genåbn', path: `/organisationer/${cvrs.closed}/genaabn` },
      { name: 'organisation-egen-tildeling', path: `${region}/egen-tildeling` },
      { name: 'organisation-kontakt', path: `${region}/kontaktpersoner` },
      { name: 'organisation-opret-fejl', path: '/system/organisationer/opret', status: 422, act: chooseCvr },
      { name: 'organisation-opret-cvr', path: '/system/organisationer/opret?cvr=39911000' },
      {
        name: 'organisation-opret-mangler',
        path: '/system/organisationer/opret?cvr=39911000',
        status: 422,
        act: press('Opret organisation'),
      },
      { name: 'aftale', path },
      { name: 'aftale-registrer-fejl', path: `${region}/aftaler/registrer`, status: 422, act: press('Gem') },
      { name: 'aftale-forny', path: `${path}/forny` },
      { name: 'aftale-afslut', path: `${path}/afslut` },
      { name: 'udpeg-første', path: `${first.path}/foerste/${first.named}` },
      { name: 'udpeg-ny', path: `${renewed.path}/ny/${renewed.named}` },
    ]);
  },
  minutes,
);

it(
  'and so are the texts, and what organisations see of them',
  async () => {
    const text = only(await app.rows<{ id: number }>('select id from agreement_text'));
    await look('system-owner', [
      { name: 'aftaletekster', path: '/system/aftaletekster' },
      { name: 'aftaletekst-en', path: `/system/aftaletekster/${text.id}` },
      { name: 'aftaletekst-kladde', path: '/system/aftaletekster/kladde' },
      {
        name: 'aftaletekst-kladde-fejl',
        path: '/system/aftaletekster/kladde',
        status: 422,
        act: press('Gem kladden'),
      },
    ]);
    await operate(
      app,
      `insert into agreement_text (number, body, changes, written_by_id) select 2, 'Ny tekst', 'Alt', min(id) from app_user`,
    );
    await look('system-owner', [{ name: 'aftaletekst-udgiv', path: '/system/aftaletekster/kladde/udgiv' }]);
    await look('practice-doctor', [
      { name: 'organisation-egen', path: practice },
      { name: 'aftaletekst', path: `${practice}/aftaletekst` },
      { name: 'forside-aftaletekst', path: '/' },
    ]);
    await look('region-read-only', [{ name: 'organisation-read-only', path: region }]);
  },
  minutes,
);

it('and no page is left out', () => {
  const routes = [
    ...organisationsRoutes,
    ...organisationStateRoutes,
    ...organisationContactsRoutes,
    ...organisationCreationRoutes,
    ...agreementRegistrationRoutes,
    ...agreementsRoutes,
    ...appointingRoutes,
    ...agreementTextsRoutes,
  ];
  expect(pagesLeftOut(routes, seen)).toEqual([]);
});
