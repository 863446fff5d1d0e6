import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApplication } from '../../src/application.ts';
import { fillProviders } from '../../src/identity-providers/filling.changes.ts';
import { refreshProviders } from '../../src/identity-providers/refresh.changes.ts';
import { loadViews } from '../../src/http/views.ts';
import { deliveredTexts } from '../../src/mail/templates.ts';
import pino from 'pino';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Reply } from '../support/browser.ts';
import { Browser, formOf, mainText } from '../support/browser.ts';
import { multipart } from '../support/import-files.ts';
import { claimsOfPerson } from '../support/people.ts';
import { metadataXml, signedMetadataXml } from '../support/provider-metadata.ts';
import { keys, localProvider, nemlogIn } from '../support/saml.ts';
import { checksums, only, operate } from '../support/sector.ts';

let app: App;
let owner: Browser;
let provider: Server;
let published = '';
const list = '/system/identitetsudbydere';
const entityId = 'https://idp.ny-region.example/metadata';

beforeAll(async () => {
  app = await startApp();
  owner = await app.signedIn('system-owner');
  provider = createServer((_request, response) => response.end(published));
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => app.rows('delete from rate_limit'));
afterAll(async () => {
  provider.close();
  await app.close();
});

const sourceUrl = (): string => `http://localhost:${(provider.address() as AddressInfo).port}/metadata`;
const row = async (
  slug: string,
): Promise<{ id: number; version: number; certificates: string[]; is_enabled: boolean; sso_url: string }> =>
  only(
    await app.rows('select id, version, certificates, is_enabled, sso_url from identity_provider where slug = $1', [
      slug,
    ]),
  );
const contact = { email: 'servicedesk@sundhedsdata.dk', phone: '+45 3332 3900', hours: 'Hverdage kl. 8-16' };
const mailing = { views: loadViews('views'), contact, texts: deliveredTexts, sebadminOrigin: 'http://x.example' };
/** As the night does it. */
const refresh = () =>
  refreshProviders(
    { database: app.database, queueMails: async () => undefined },
    { policy: app.config.identityProviders, mailing },
  );
/** To whom which changes were told since the last question. */
const told = async (): Promise<string[]> => {
  const mails = await app.rows<{ to: string; text: string }>(
    `delete from mail_outbox where kind = 'identityProvider.changed' returning to_address as to, text`,
  );
  return mails.map(({ to, text }) => `${to}: ${/^Ændring: (.*)$/m.exec(text)?.[1] ?? text}`).toSorted();
};
const events = (): Promise<{ kind: string; detail: Record<string, unknown> }[]> =>
  app.rows(
    `select kind, detail from audit_event where kind like 'identityProvider.%' and kind <> 'identityProvider.filled' order by id`,
  );

const trust = async (): Promise<object> => ({ ...(await checksums(app)), identity_provider_fetch: '' });

async function sendFile(path: string, content: string | null): Promise<Reply> {
  const form = formOf((await owner.get('sebadmin', path)).text, path);
  const file = content === null ? null : { name: 'metadata.xml', content };
  const { body, headers } = multipart(form.fields as Record<string, string>, file);
  return owner.send('sebadmin', path, { method: 'POST', body, headers });
}

describe('the first filling', () => {
  it('took over the providers of the setting, told of it, and happens once', async () => {
    const rows = await app.rows<{ slug: string; origin: string }>(
      'select slug, origin from identity_provider order by id',
    );
    expect(rows).toEqual([nemlogIn, localProvider].map(({ id: slug }) => ({ slug, origin: 'file' })));
    const filled = await app.rows(`select 1 from audit_event where kind = 'identityProvider.filled'`);
    expect(filled).toHaveLength(2);
    const again = await fillProviders(
      app.database,
      [{ ...nemlogIn, id: 'other', entityId: 'https://other.example' }],
      'file',
    );
    expect(again).toEqual({ filled: 0 });
  });

  it('keeps the demo’s own in step with its ports and keys, and nothing else of theirs', async () => {
    const demo = {
      ...localProvider,
      id: 'demo',
      entityId: 'http://idp.localhost:1/m',
      ssoUrl: 'http://idp.localhost:1/sso',
    };
    expect(await fillProviders(app.database, [demo], 'demo')).toEqual({ filled: 1 });
    await operate(app, `update identity_provider set is_enabled = false, minimum_level = 'High' where slug = 'demo'`);
    expect(await fillProviders(app.database, [demo], 'demo')).toEqual({ filled: 0 });
    const moved = { ...demo, ssoUrl: 'http://idp.localhost:2/sso', certificates: [keys.stranger.certificate] };
    expect(await fillProviders(app.database, [moved], 'demo')).toEqual({ filled: 1 });
    const kept = await app.rows('select sso_url, is_enabled, minimum_level from identity_provider where slug = $1', [
      'demo',
    ]);
    expect(kept).toEqual([{ sso_url: moved.ssoUrl, is_enabled: false, minimum_level: 'High' }]);
  });
});

describe('a new provider', () => {
  it('is created from its metadata, turned on, and lets its own organisation in without a restart', async () => {
    const preview = await sendFile(`${list}/opret`, metadataXml({ certificates: [keys.stranger.certificate] }));
    expect([preview.status, mainText(preview.text)]).toEqual([200, expect.stringContaining(entityId)]);
    const form = formOf(preview.text, `${list}/opret/gem`);
    expect(form.fields).toMatchObject({ id: 'idp-ny-region-example', navn: 'Ny Region' });
    const refused = await owner.post('sebadmin', form.action, {
      ...form.fields,
      id: 'nemlog-in',
      cvrnumre: '39 91 00 12',
    });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('har allerede dette id')]);
    const wide = await owner.post('sebadmin', form.action, { ...form.fields, omfang: 'alle', cvrnumre: '' });
    expect([wide.status, wide.text]).toEqual([422, expect.stringContaining('kun logge på for valgte')]);
    const created = await owner.post('sebadmin', form.action, {
      ...form.fields,
      id: 'ny-region',
      cvrnumre: '39 91 00 12\n39910020',
      cbc: '',
    });
    const { id } = await row('ny-region');
    expect([created.status, created.location]).toEqual([303, `${list}/${id}`]);
    expect((await app.browser().get('sebadmin', '/login?fane=lokal')).text).not.toContain('Ny Region');
    const turnedOn = await owner.submit('sebadmin', `${list}/${id}`, {}, `${list}/${id}/slaa-til`);
    expect(turnedOn.status).toBe(303);
    const discovery = await app.browser().get('sebadmin', '/login?fane=lokal');
    expect(discovery.text).toContain('Ny Region');
    expect((await signInThrough('ny-region', 'region-org-admin')).status).toBe(303);
    expect((await signInThrough('ny-region', 'two-organisations', { cvr: '39910047' })).text).toContain(
      'må ikke logge brugere på',
    );
    expect((await events()).map(({ kind }) => kind)).toEqual(['identityProvider.created', 'identityProvider.turnedOn']);
  });

  it('counts in another process too', async () => {
    const other = createApplication(app.config, {
      database: app.database,
      jobs: { queueMails: async () => undefined },
      log: pino({ level: 'silent' }),
    });
    const server = createServer(other.sebadmin);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const portal = { port: (server.address() as AddressInfo).port, url: app.config.sebadminUrl };
    const page = await new Browser({ sebadmin: portal, sebanmod: portal }).get('sebadmin', '/login?fane=lokal');
    server.close();
    expect(page.text).toContain('Ny Region');
  });

  it('is refused with metadata that another one has, or that are none', async () => {
    const preview = await sendFile(`${list}/opret`, metadataXml({ certificates: [keys.stranger.certificate] }));
    const form = formOf(preview.text, `${list}/opret/gem`);
    const twin = await owner.post('sebadmin', form.action, { ...form.fields, id: 'tvilling', cvrnumre: '39910012' });
    expect([twin.status, mainText(twin.text)]).toEqual([
      409,
      expect.stringContaining('Ny Region har allerede det entityID'),
    ]);
    for (const content of [null, '', 'hello', '<x/>']) {
      const reply = await sendFile(`${list}/opret`, content);
      expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('felt-fil-fejl')]);
    }
    const big = await sendFile(`${list}/opret`, 'x'.repeat(1_200_000));
    expect([big.status, big.text]).toEqual([422, expect.stringContaining('1 MB')]);
  });
});

describe('new metadata', () => {
  it('are shown before they are taken, and change logins at once', async () => {
    const { id } = await row('ny-region');
    const path = `${list}/${id}/metadata`;
    const preview = await sendFile(
      path,
      metadataXml({ certificates: [keys.stranger.certificate, keys.local.certificate], host: 'https://ny.example' }),
    );
    await told();
    const text = mainText(preview.text);
    expect(text).toContain('1 nyt certifikat, 0 fjernes, 2 adresser ændres.');
    expect(text).toContain('Fra https://idp.ny-region.example/sso til https://ny.example/sso');
    expect((await row('ny-region')).certificates).toHaveLength(1);
    const form = formOf(preview.text, `${path}/gem`);
    expect((await owner.post('sebadmin', form.action, form.fields)).status).toBe(303);
    expect((await row('ny-region')).certificates).toHaveLength(2);
    // The other system owner is told, and whoever did it is not.
    expect(await told()).toEqual([expect.stringMatching(/^\S+: Birgitte Ahlgreen tog nye metadata i brug/)]);
    expect((await signInThrough('ny-region', 'region-org-admin', {}, keys.local)).status).toBe(303);
    const stale = await owner.post('sebadmin', form.action, { ...form.fields, _key: crypto.randomUUID() });
    expect(stale.status).toBe(409);
    const other = await sendFile(
      path,
      metadataXml({ entityId: 'https://evil.example', certificates: [keys.local.certificate] }),
    );
    expect([other.status, other.text]).toEqual([422, expect.stringContaining('entityID skal være')]);
  });

  it('come at night from the address, and only signed by the pinned certificate', async () => {
    const { id } = await row('ny-region');
    const edited = await owner.submit('sebadmin', `${list}/${id}/rediger`, {
      adresse: sourceUrl(),
      kontrolcertifikat: keys.nemlogIn.certificate,
      attributter: '',
    });
    expect([edited.status, edited.location]).toEqual([303, `${list}/${id}`]);
    const next = metadataXml({ certificates: [keys.nemlogInNext.certificate], host: 'https://ny.example' });
    for (published of [
      next,
      signedMetadataXml(next, keys.stranger),
      signedMetadataXml(next.replace(entityId, 'https://evil.example'), keys.nemlogIn),
      '',
    ]) {
      const before = await trust();
      const { failed, taken } = await refresh();
      expect([failed.length, taken]).toEqual([1, []]);
      expect(await trust()).toEqual(before);
    }
    expect((await owner.get('sebadmin', `${list}/${id}`)).text).toContain('Det gik ikke');
    published = signedMetadataXml(next, keys.nemlogIn);
    expect(await refresh()).toEqual({ taken: ['ny-region'], unchanged: 0, failed: [] });
    expect(await refresh()).toMatchObject({ taken: [], unchanged: 1 });
    expect((await row('ny-region')).certificates).toEqual([keys.nemlogInNext.certificate]);
    const told = (await events()).at(-1);
    expect(told).toMatchObject({
      kind: 'identityProvider.metadataTaken',
      detail: { source: 'address', added: [expect.any(String)] },
    });
    const now = await owner.submit('sebadmin', `${list}/${id}/metadata`, { handling: 'hent' });
    expect([now.status, mainText(now.text)]).toEqual([200, expect.stringContaining('de samme som nu')]);
  });

  it('that are old ones sent again are not taken at night, and shown as such to whoever fetches them', async () => {
    const { id } = await row('ny-region');
    const [current, given] = [keys.nemlogInNext.certificate, keys.stranger.certificate];
    const inDays = (days: number): Date => new Date(Date.now() + days * 24 * 3600_000);
    const publish = (certificates: string[], more: { host?: string; validUntil?: Date } = {}): void => {
      published = signedMetadataXml(metadataXml({ host: 'https://ny.example', certificates, ...more }), keys.nemlogIn);
    };
    const isRefused = async (): Promise<void> => {
      const before = await trust();
      expect(await refresh()).toMatchObject({ taken: [], failed: [{ slug: 'ny-region' }] });
      expect(await trust()).toEqual(before);
      expect(await told()).toEqual([]);
    };
    await told();
    publish([current, given]);
    await isRefused();
    publish([current], { host: 'https://idp.ny-region.example' });
    await isRefused();
    expect(mainText((await owner.get('sebadmin', `${list}/${id}`)).text)).toMatch(/ældre end dem.*ingen slutdato/);
    const preview = await owner.submit('sebadmin', `${list}/${id}/metadata`, { handling: 'hent' });
    expect(mainText(preview.text)).toContain('https://idp.ny-region.example/sso');
    expect(mainText(preview.text)).toContain('bringer noget tilbage, som nyere metadata har fjernet');
    // That they go on for longer is taken, and no news; then those that end earlier or never are the older ones.
    publish([current], { validUntil: inDays(10) });
    expect(await refresh()).toMatchObject({ taken: ['ny-region'] });
    for (const validUntil of [inDays(9), undefined]) {
      publish([current, keys.local.certificate], validUntil === undefined ? {} : { validUntil });
      await isRefused();
    }
    publish([current], { validUntil: inDays(9) });
    expect(await refresh()).toMatchObject({ taken: [], unchanged: 1, failed: [] });
    const nightly = /^\S+@sds-demo\.example: SEB tog nye metadata i brug for identitetsudbyderen Ny Region/;
    publish([current, keys.encryption.certificate], { validUntil: inDays(11) });
    expect(await refresh()).toMatchObject({ taken: ['ny-region'] });
    expect(await told()).toEqual([expect.stringMatching(nightly), expect.stringMatching(nightly)]);
    publish([current]);
    await owner.submit('sebadmin', `${list}/${id}/metadata`, { handling: 'hent' });
  });

  it('that were sent as a file stand so in the log, whatever the form says', async () => {
    const { id } = await row('ny-region');
    const path = `${list}/${id}/metadata`;
    const fetched = await owner.submit('sebadmin', path, { handling: 'hent' });
    const { bevis } = formOf(fetched.text, `${path}/gem`).fields;
    const { handling: _fetches, ...fields } = formOf((await owner.get('sebadmin', path)).text, path).fields;
    const content = metadataXml({ certificates: [keys.stranger.certificate] });
    const { body, headers } = multipart(fields as Record<string, string>, { name: 'metadata.xml', content });
    const sent = await owner.send('sebadmin', path, { method: 'POST', body, headers });
    const form = formOf(sent.text, `${path}/gem`);
    const forged = { ...form.fields, kilde: 'address', bevis };
    const taken = await owner.post('sebadmin', form.action, forged);
    expect([taken.status, taken.location]).toEqual([303, `${list}/${id}`]);
    expect((await events()).at(-1)).toMatchObject({
      kind: 'identityProvider.metadataTaken',
      detail: { source: 'upload' },
    });
  });
});

describe('a provider', () => {
  it('is turned off with a reason, whose logins are refused from then on, also those under way', async () => {
    const { id } = await row('ny-region');
    const started = app.browser();
    await started.get('sebadmin', '/login/start?idp=ny-region');
    const path = `${list}/${id}/slaa-fra`;
    expect((await owner.submit('sebadmin', path, { begrundelse: '' })).status).toBe(422);
    await told();
    expect((await owner.submit('sebadmin', path, { begrundelse: 'Prøven er slut' })).status).toBe(303);
    expect(await told()).toEqual([expect.stringContaining('fra. Begrundelse: Prøven er slut.')]);
    expect((await app.browser().get('sebadmin', '/login/start?idp=ny-region')).location).toContain('/login?skift=1');
    expect((await app.browser().get('sebadmin', '/login?fane=lokal')).text).not.toContain('Ny Region');
  });

  it('stays, when it is the last one: also of two turned off at once', async () => {
    const both = [await row('nemlog-in'), await row('local-region')];
    const forms = await Promise.all(
      both.map(async ({ id }) => {
        const path = `${list}/${id}/slaa-fra`;
        return formOf((await owner.get('sebadmin', path)).text, path);
      }),
    );
    const replies = await Promise.all(
      forms.map(({ action, fields }) => owner.post('sebadmin', action, { ...fields, begrundelse: 'x' })),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect(replies.map(({ text }) => mainText(text)).join()).toContain('mindst én identitetsudbyder');
    await operate(app, "update identity_provider set is_enabled = true where origin = 'file'");
  });

  it('of a row that cannot be trusted is left out, and the others go on', async () => {
    await operate(
      app,
      `update identity_provider set is_enabled = true, certificates = '{nonsense}' where slug = 'ny-region'`,
    );
    const { id } = await row('local-region');
    const path = `${list}/${id}/rediger`;
    for (const navneid of [[], ['kerberos']])
      expect((await owner.submit('sebadmin', path, { navneid })).text).toContain('id="navneid-fejl"');
    await told();
    const chosen = { niveau: 'High', attributter: 'rid = urn:own:rid', navneid: ['persistent', 'x509'] };
    expect((await owner.submit('sebadmin', path, chosen)).status).toBe(303);
    expect(await told()).toEqual([expect.stringMatching(/slags navne \(NameID\) fra “persistent, transient” til/)]);
    const page = await app.browser().get('sebadmin', '/login?fane=lokal');
    expect(page.text).not.toContain('Ny Region');
    expect(page.text).toContain('Region Eksempel');
    const low = await app.signIn(app.browser(), 'sebadmin', 'region-org-admin');
    expect(low.status).toBe(303);
    expect(app.log.join('')).toContain('ny-region: its certificates');
    const broken = await owner.get('sebadmin', `${list}/${(await row('local-region')).id}`);
    expect(mainText(broken.text)).toContain('rid = urn:own:rid');
  });
});

async function signInThrough(idp: string, who: string, claims = {}, signer = keys.stranger): Promise<Reply> {
  const forgery = { signer, assertion: { issuer: entityId }, response: { issuer: entityId }, claims };
  return app.signIn(app.browser(), 'sebadmin', claimsOfPerson(who), { provider: idp as 'nemlog-in', forgery });
}
