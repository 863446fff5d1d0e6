import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refreshOrganisations } from '../../src/organisations/refresh.changes.ts';
import { openCvrRegister } from '../../src/cvr/register.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import type { CvrServer } from '../support/cvr-server.ts';
import { cvrUser, startCvrServer } from '../support/cvr-server.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { checksums, cvrs } from '../support/sector.ts';
import { sendWithFile, signedFields, signedFile } from '../support/signed-forms.ts';

let app: App;
let server: CvrServer;
let owner: Browser;
let desk: Browser;
let org: Browser;
const create = '/system/organisationer/opret';
const region = `/organisationer/${cvrs.region}`;
const practice = `/organisationer/${cvrs.practice}`;

beforeAll(async () => {
  server = await startCvrServer({
    '39911000': { name: 'Lægerne Åkjær I/S' },
    '39911019': { name: 'Ældrecenter Østerbo' },
    '39911027': { name: 'Ophørte ApS', status: 'Ophørt', ceasedOn: '2026-01-31' },
  });
  app = await startApp({
    env: { CVR_URL: server.url, CVR_USER: cvrUser.user, CVR_PASSWORD: cvrUser.password, CVR_TIMEOUT_MS: '800' },
  });
  owner = await app.signedIn('system-owner');
  desk = await app.signedIn('servicedesk');
  org = await app.signedIn('region-org-admin');
});
beforeEach(async () => {
  server.state.mood = null;
  await app.rows('delete from rate_limit');
});
afterAll(async () => {
  const faults = app.log.filter((line) => line.includes('"level":50'));
  if (faults.length > 0) console.log(faults.join('\n').slice(0, 3000));
  await app.close();
  await server.close();
});

const organisationOf = (cvr: string) =>
  app.rows<{ id: number; name: string; closed: boolean; self: boolean }>(
    `select id, name, closed_at is not null as closed, self_assignment_allowed as self from organisation where cvr = $1`,
    [cvr],
  );
const eventsOf = (cvr: string) =>
  app
    .rows<{ kind: string }>(
      `select kind from audit_event e join organisation o on o.id = e.organisation_id where o.cvr = $1 and kind not like 'signIn%' order by e.id`,
      [cvr],
    )
    .then((rows) => rows.map(({ kind }) => kind));

describe('creating an organisation', () => {
  const form = `${create}?cvr=39911000`;

  it('shows what CVR says, and takes no name from anybody', async () => {
    const shown = await owner.get('sebadmin', `${create}?cvr=39%2091%2010%2000`);
    expect(shown.status).toBe(200);
    expect(mainText(shown.text)).toContain('Lægerne Åkjær I/S');
    expect(shown.text).not.toMatch(/<input[^>]*value="Lægerne Åkjær/);
    expect(await faultsOfHtml(shown.text)).toEqual([]);
  });

  it.each([
    ['12', 'otte cifre'],
    ['39910012', 'allerede oprettet'],
    ['39911078', 'CVR kender ikke nummeret'],
    ['39911027', 'ophørt i CVR'],
  ])('refuses %s: %s', async (cvr, why) => {
    const shown = await owner.get('sebadmin', `${create}?cvr=${cvr}`);
    expect([shown.status, mainText(shown.text)]).toEqual([422, expect.stringContaining(why)]);
  });

  it.each(['slow', 'unauthorised', 'broken', 'nonsense', 'truncated', 'other company'] as const)(
    'says so and changes nothing when CVR is %s',
    async (mood) => {
      server.state.mood = mood;
      const before = await checksums(app);
      const shown = await owner.get('sebadmin', form);
      expect([shown.status, mainText(shown.text)]).toEqual([422, expect.stringContaining('CVR svarer ikke lige nu')]);
      expect(shown.text).not.toContain(cvrUser.user);
      expect(app.log.join('')).not.toContain('hemmelig');
      expect(await checksums(app)).toEqual(before);
    },
  );

  it('gives back what was typed where something is wrong, and keeps nothing', async () => {
    const before = await checksums(app);
    const fields = await signedFields(app, { cvr: '39911000', underskrevet: 'i går', adm1rid: '' });
    const reply = await sendWithFile(owner, form.split('?')[0] ?? '', fields, null).catch(() => null);
    expect(reply).toBeNull(); // the first step has no such form
    const opened = formOf((await owner.get('sebadmin', form)).text, create);
    const rejected = await owner.post('sebadmin', create, { ...opened.fields, ...fields });
    expect(rejected.status).toBe(422);
    expect(mainText(rejected.text)).toContain('Vælg den underskrevne blanket som PDF');
    expect(rejected.text).toContain('value="Hanne Åkjær"');
    expect(await faultsOfHtml(rejected.text)).toEqual([]);
    expect(await checksums(app)).toEqual(before);
  });

  it.each([
    ['no PDF', Buffer.from('et brev'), 'ikke en PDF', 422],
    ['cut off PDF', Buffer.from('%PDF-1.7 kun begyndelsen'), 'ikke hel', 422],
    ['100 MB', Buffer.alloc(100_000_000, 'x'), 'for stor', 413],
  ])('refuses a file that is %s', async (_what, content, why, status) => {
    const before = await checksums(app);
    const opened = formOf((await owner.get('sebadmin', form)).text, create);
    const reply = await sendFields(owner, create, opened.fields, { name: 'blanket.pdf', content });
    expect([reply.status, mainText(reply.text)]).toEqual([status, expect.stringContaining(why)]);
    expect(reply.text).toContain('value="Hanne Åkjær"');
    expect(await checksums(app)).toEqual(before);
  });

  it('creates it once, by its agreement, also when the form is sent twice', async () => {
    const opened = formOf((await owner.get('sebadmin', form)).text, create);
    const file = signedFile('39911000');
    const first = await sendFields(owner, create, opened.fields, file);
    expect([first.status, mainText(first.text).slice(0, 200)]).toEqual([303, expect.anything()]);
    const again = await sendFields(owner, create, opened.fields, file);
    expect(again.location).toBe(first.location);
    expect(await organisationOf('39911000')).toMatchObject([{ name: 'Lægerne Åkjær I/S', closed: false, self: false }]);
    expect(await eventsOf('39911000')).toEqual(['organisation.created', 'agreement.registered']);
    const page = await owner.get('sebadmin', '/organisationer/39911000');
    expect(mainText(page.text)).toContain('Karl Ø. Nielsen');
    expect(mainText(page.text)).toContain('Ingen administratorer endnu');
    const agreement = await owner.get('sebadmin', first.location ?? '');
    expect(mainText(agreement.text)).toContain('Bodil Ærø');
    expect(await faultsOfHtml(agreement.text)).toEqual([]);
  });

  it('lets one of two who create the same at the same moment through', async () => {
    const other = await app.signedIn('system-owner');
    const path = `${create}?cvr=39911019`;
    const [one, two] = await Promise.all(
      [owner, other].map(async (browser) => formOf((await browser.get('sebadmin', path)).text, create)),
    );
    const replies = await Promise.all([
      sendFields(owner, create, one?.fields ?? {}, signedFile('a')),
      sendFields(other, create, two?.fields ?? {}, signedFile('b')),
    ]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 422]);
    expect(await organisationOf('39911019')).toHaveLength(1);
    expect(mainText(replies.find(({ status }) => status === 422)?.text ?? '')).toContain('allerede oprettet');
  });

  it.each(['servicedesk', 'region-org-admin', 'region-user-admin', 'region-read-only'])(
    'is refused to %s, whatever is posted',
    async (who) => {
      const browser = await app.signedIn(who);
      const before = await checksums(app);
      const own = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
      const fields = await signedFields(app, { cvr: '39911035', ...(own as Record<string, string>) });
      const { multipart } = await import('../support/import-files.ts');
      const { body, headers } = multipart(fields, signedFile('x'));
      const reply = await browser.send('sebadmin', create, { method: 'POST', body, headers });
      expect(reply.status).toBe(403);
      expect(await checksums(app)).toEqual(before);
    },
  );
});

/** Sends the form of a signed agreement as it was opened. */
async function sendFields(
  browser: Browser,
  action: string,
  opened: Record<string, string | string[]>,
  file: { name: string; content: string | Buffer },
): Promise<Reply> {
  const { multipart } = await import('../support/import-files.ts');
  const fields = { ...(opened as Record<string, string>), ...(await signedFields(app)) };
  const { body, headers } = multipart(fields, file);
  return browser.send('sebadmin', action, { method: 'POST', body, headers });
}

describe('the list for those who see all', () => {
  it.each([
    ['lukkede', 'Øreklinikken Strandvejen ApS', 'Region Eksempel'],
    ['uden-aftale', 'Klinik Fjordblik ApS', 'Region Eksempel'],
    ['aftale-udloeber', 'Eksempel Kommune', 'Region Eksempel'],
    ['faa-administratorer', 'Lægehuset Prøvegade', 'Region Eksempel'],
  ])('picks %s', async (filter, there, gone) => {
    const text = mainText((await owner.get('sebadmin', `/organisationer?vis=${filter}`)).text);
    expect(text).toContain(there);
    expect(text.replace('Region Eksempel Nord', '')).not.toContain(gone);
  });

  it('offers creating to the system owner alone, and no filter to administrators', async () => {
    expect((await owner.get('sebadmin', '/organisationer')).text).toContain(create);
    expect((await desk.get('sebadmin', '/organisationer')).text).not.toContain(create);
    const two = await app.signedIn('two-organisations');
    const own = await two.get('sebadmin', '/organisationer?vis=lukkede');
    expect(own.text).not.toContain('name="vis"');
    expect(mainText(own.text)).toContain('Klinik Fjordblik ApS');
  });

  it('tells the system owner on the front page what to look at', async () => {
    const front = mainText((await owner.get('sebadmin', '/')).text);
    expect(front).toContain('Uden gældende aftale: ');
    expect(front).toContain('Aftalen udløber inden for 90 dage: 1');
    expect(mainText((await desk.get('sebadmin', '/')).text)).not.toContain('Uden gældende aftale');
  });
});

describe('the organisation’s own page', () => {
  it('shows agreements to those who may see them, and deeds to the system owner', async () => {
    const owners = await owner.get('sebadmin', region);
    for (const path of ['/luk', '/egen-tildeling', '/kontaktpersoner', '/aftaler/registrer'])
      expect(owners.text).toContain(`href="${region}${path}"`);
    const orgs = await org.get('sebadmin', region);
    expect(mainText(orgs.text)).toContain('Torben Ølgaard');
    expect(orgs.text).not.toContain(`${region}/luk`);
    for (const who of ['region-user-admin', 'region-read-only']) {
      const text = (await (await app.signedIn(who)).get('sebadmin', region)).text;
      expect(mainText(text)).not.toContain('Torben Ølgaard');
      expect(text).not.toContain(`${region}/kontaktpersoner`);
      expect(mainText(text)).toContain('Rettigheder til roller');
    }
  });
});

describe('contact persons', () => {
  const path = `${region}/kontaktpersoner`;

  it('are edited by an organisationsadministrator, the sikkerhedsansvarlig by the system owner alone', async () => {
    const form = formOf((await org.get('sebadmin', path)).text, path);
    expect(Object.keys(form.fields).filter((name) => name.startsWith('sikker'))).toEqual([]);
    const forged = { sikkernavn: 'Ond Person', sikkermail: 'ond@evil.example' };
    const saved = await org.post('sebadmin', path, {
      ...form.fields,
      person1navn: 'Mia Å',
      person1mail: 'mia@region-eksempel.example',
      ...forged,
    });
    expect(saved.status).toBe(303);
    const text = mainText((await org.get('sebadmin', region)).text);
    expect(text).toContain('Mia Å');
    expect(text).toContain('Rikke Søholm');
    expect(text).not.toContain('Ond Person');
    const byOwner = await owner.submit('sebadmin', path, {
      sikkernavn: 'Ny Sikkerhed',
      sikkermail: 'ny@region-eksempel.example',
    });
    expect(byOwner.status).toBe(303);
    expect(mainText((await owner.get('sebadmin', region)).text)).toContain('Ny Sikkerhed');
  });

  it('that another changed meanwhile are not overwritten', async () => {
    const stale = formOf((await org.get('sebadmin', path)).text, path);
    await owner.submit('sebadmin', path, { person2navn: 'Imens', person2mail: 'imens@region-eksempel.example' });
    // Also where a fault was shown in between: the page that shows it does not know more than the first one.
    const wrong = await org.post('sebadmin', path, { ...stale.fields, person1mail: 'ingen' });
    expect(wrong.status).toBe(422);
    const mended = { ...formOf(wrong.text, path).fields, person1mail: stale.fields.person1mail };
    const reply = await org.post('sebadmin', path, { ...mended, person1navn: 'For sent' });
    expect([reply.status, reply.text.includes('value="For sent"')]).toEqual([409, true]);
    expect(mainText((await org.get('sebadmin', region)).text)).toContain('Imens');
  });

  it('need a name and an address', async () => {
    const reply = await org.submit('sebadmin', path, { person3telefon: '1' });
    expect([reply.status, mainText(reply.text)]).toEqual([422, expect.stringContaining('Skriv navn')]);
  });
});

describe('closing', () => {
  it('ends every session, lets nobody in, tells the organisation, and is undone by reopening', async () => {
    const doctor = await app.signedIn('practice-doctor');
    const closed = await owner.submit('sebadmin', `${practice}/luk`, { begrundelse: 'Praksis er solgt' });
    expect(closed.status).toBe(303);
    expect((await doctor.get('sebadmin', '/')).location).toContain('/login');
    expect((await app.signIn(app.browser(), 'sebadmin', 'practice-doctor')).status).toBe(403);
    expect(await organisationOf(cvrs.practice)).toMatchObject([{ closed: true }]);
    const mails = await app.rows<{ text: string }>(`select text from mail_outbox where kind = 'organisation.closed'`);
    expect(mails.length).toBeGreaterThan(0);
    // None of them is let in any more.
    for (const { text } of mails) expect(text).not.toContain('http');
    expect(mainText((await owner.get('sebadmin', practice)).text)).toContain('Praksis er solgt');

    const again = await owner.get('sebadmin', `${practice}/luk`);
    expect(again.status).toBe(303);
    expect((await owner.submit('sebadmin', `${practice}/genaabn`, { begrundelse: 'Fortsætter' })).status).toBe(303);
    expect((await app.signIn(app.browser(), 'sebadmin', 'practice-doctor')).status).toBe(303);
    expect((await eventsOf(cvrs.practice)).slice(-2)).toEqual(['organisation.closed', 'organisation.reopened']);
  });

  it('needs a reason, and the organisation as it was seen', async () => {
    const before = await checksums(app);
    expect((await owner.submit('sebadmin', `${region}/luk`, { begrundelse: ' ' })).status).toBe(422);
    expect((await owner.submit('sebadmin', `${region}/luk`, { begrundelse: 'x', version: '999' })).status).toBe(409);
    expect(await checksums(app)).toEqual(before);
  });

  it('is refused for the organisation of the system owner’s own people', async () => {
    const home = '/organisationer/39910004';
    const reply = await owner.submit('sebadmin', `${home}/luk`, { begrundelse: 'Fejl' });
    expect([reply.status, mainText(reply.text)]).toEqual([409, expect.stringContaining('systemejer')]);
  });

  it('is refused to everybody else, whatever is posted', async () => {
    const own = formOf((await org.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    for (const deed of ['luk', 'genaabn', 'egen-tildeling'])
      for (const [browser, status] of [
        [org, 403],
        [desk, 403],
      ] as const) {
        const hidden =
          browser === org
            ? own
            : formOf((await desk.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
        const reply = await browser.post('sebadmin', `${region}/${deed}`, {
          ...hidden,
          begrundelse: 'x',
          version: '1',
        });
        expect(reply.status).toBe(status);
      }
    expect(await organisationOf(cvrs.region)).toMatchObject([{ closed: false, self: false }]);
  });
});

it('switches self-assignment on and off with a reason, and tells the organisation', async () => {
  for (const isOn of [true, false]) {
    expect((await owner.submit('sebadmin', `${region}/egen-tildeling`, { begrundelse: 'Aftalt' })).status).toBe(303);
    expect(await organisationOf(cvrs.region)).toMatchObject([{ self: isOn }]);
  }
  expect((await eventsOf(cvrs.region)).filter((kind) => kind === 'organisation.selfAssignmentSwitched')).toHaveLength(
    2,
  );
});

describe('the nightly look-up', () => {
  const refresh = async () =>
    refreshOrganisations(
      { database: app.database, queueMails: async () => undefined },
      openCvrRegister(app.config.cvr),
    );

  it('takes over a new name once, tells of an end once, and closes nothing', async () => {
    server.known.set(cvrs.clinic, { name: 'Klinik Fjordblik A/S' });
    server.known.set(cvrs.practice, { name: 'Lægehuset Prøvegade', status: 'Ophørt', ceasedOn: '2026-10-31' });
    const first = await refresh();
    expect(first).toMatchObject({ renamed: 1, ceased: 1, fault: null, failed: [] });
    expect(first.unknown).toContain(cvrs.region);
    expect(await organisationOf(cvrs.clinic)).toMatchObject([{ name: 'Klinik Fjordblik A/S' }]);
    expect(await organisationOf(cvrs.practice)).toMatchObject([{ closed: false }]);
    expect(await refresh()).toMatchObject({ renamed: 0, ceased: 0 });
    expect((await eventsOf(cvrs.clinic)).filter((kind) => kind === 'organisation.renamed')).toHaveLength(1);
    const list = mainText((await owner.get('sebadmin', '/organisationer?vis=ophoert')).text);
    expect(list).toContain('Lægehuset Prøvegade');
    expect(mainText((await owner.get('sebadmin', practice)).text)).toContain('Organisationen er ophørt i CVR');
  });

  it('gives up when CVR stays silent, having changed nothing', async () => {
    server.state.mood = 'broken';
    const before = await checksums(app);
    const asked = server.asked.length;
    expect(await refresh()).toMatchObject({ looked: 0, fault: 'it answers 500' });
    expect(server.asked.length - asked).toBe(3);
    expect(await checksums(app)).toEqual(before);
  });
});

it('has valid HTML on its pages', async () => {
  for (const path of [region, '/organisationer']) {
    const page = await owner.get('sebadmin', path);
    expect(await faultsOfHtml(page.text)).toEqual([]);
  }
});
