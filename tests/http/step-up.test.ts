import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseXml } from '../../src/sign-in/saml/xml-tree.ts';
import { inflateRawSync } from 'node:zlib';
import type { App } from '../support/app.ts';
import { requestIn, startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { assign } from '../support/flows.ts';
import { claimsOfPerson } from '../support/people.ts';
import type { Forgery } from '../support/saml.ts';
import { makeResponse, serviceProviderOptions } from '../support/saml.ts';
import { checksums, cvrs, givableRoles, only, ordinaryUsers } from '../support/sector.ts';

let app: App;
const hourAgo: Forgery = {
  editAssertion: (xml) =>
    xml.replace(/AuthnInstant="[^"]*"/, `AuthnInstant="${new Date(Date.now() - 3_600_000).toISOString()}"`),
};
const region = `/organisationer/${cvrs.region}`;

beforeAll(async () => void (app = await startApp({ env: { STEP_UP_BULK_SIZE: '2' } })));
beforeEach(() => app.rows('delete from rate_limit'));
afterAll(() => app.close());

async function signedInLongAgo(who: string): Promise<Browser> {
  const browser = app.browser();
  expect((await app.signIn(browser, 'sebadmin', who, { forgery: hourAgo })).status).toBe(303);
  return browser;
}

/** Goes the way that the page offers, and answers as the provider would. */
async function confirmAs(browser: Browser, to: string, who: string, forgery: Forgery = {}): Promise<Reply> {
  const page = await browser.get('sebadmin', to);
  const [, til = ''] = /name="til" value="([^"]*)"/.exec(page.text) ?? [];
  const query = new URLSearchParams({ idp: 'nemlog-in', til: til.replaceAll('&amp;', '&'), igen: '1' });
  const started = await browser.get('sebadmin', `/login/start?${query.toString()}`);
  const { requestId, relayState } = requestIn(started);
  const { entityIdSebadmin: entityId } = app.config.saml;
  const acsUrl = new URL('/saml/acs', app.config.sebadminUrl).href;
  const options = serviceProviderOptions({ entityId, acsUrl });
  const SAMLResponse = makeResponse(options, requestId, { ...forgery, claims: claimsOfPerson(who) });
  return browser.postFromOtherSite('sebadmin', '/saml/acs', { SAMLResponse, RelayState: relayState });
}

describe('naming an administrator', () => {
  let user: number;
  const path = `${region}/administratorer`;
  const appointing = () => ({ bruger: String(user), slags: 'USER', slutdato: '31-12-2031' });
  const administrators = () => app.rows('select user_id from administrator where user_id = $1', [user]);

  beforeAll(async () => void (user = only(await ordinaryUsers(app, cvrs.region, 1))));

  it('waits for a new login when the last one is old, and keeps what was typed', async () => {
    const browser = await signedInLongAgo('region-org-admin');
    const form = formOf((await browser.get('sebadmin', `${path}?soeg=a`)).text, path);
    const before = await checksums(app);
    const asked = await browser.post('sebadmin', form.action, { ...form.fields, ...appointing() });
    expect([asked.status, asked.location]).toEqual([303, expect.stringMatching(/^\/login\/bekraeft\?til=/)]);
    expect({ ...(await checksums(app)), form_draft: '', rate_limit: '', web_session: '' }).toEqual({
      ...before,
      form_draft: '',
      rate_limit: '',
      web_session: '',
    });
    const page = await browser.get('sebadmin', asked.location ?? '');
    expect([page.status, mainText(page.text)]).toEqual([200, expect.stringContaining('Intet er sendt endnu')]);

    const ignored = await confirmAs(browser, asked.location ?? '', 'region-org-admin', hourAgo);
    expect([ignored.status, mainText(ignored.text)]).toEqual([
      403,
      expect.stringContaining('et, der var lavet tidligere'),
    ]);

    const renewed = await confirmAs(browser, asked.location ?? '', 'region-org-admin');
    expect([renewed.status, renewed.location]).toEqual([303, form.action]);
    expect(await administrators()).toEqual([]);
    const back = await browser.get('sebadmin', renewed.location ?? '');
    expect(back.text).toContain('31-12-2031');
    const again = formOf(back.text, path);
    expect((await browser.post('sebadmin', again.action, { ...again.fields, ...appointing() })).status).toBe(303);
    expect(await administrators()).toHaveLength(1);
  });

  it('asks the provider for a new proof, and nobody else gets the form', async () => {
    const browser = await signedInLongAgo('region-org-admin-2');
    const asked = await browser.submit('sebadmin', path, appointing());
    const started = await browser.get('sebadmin', `/login/start?idp=nemlog-in&igen=1&til=${encodeURIComponent(path)}`);
    const request = parseXml(
      inflateRawSync(
        Buffer.from(new URL(started.location ?? '').searchParams.get('SAMLRequest') ?? '', 'base64'),
      ).toString(),
    );
    expect(request.attributes.get('ForceAuthn')).toBe('true');
    const other = await confirmAs(browser, asked.location ?? '', 'region-org-admin');
    expect(other.status).toBe(303);
    expect((await browser.get('sebadmin', path)).text).not.toContain('value="31-12-2031"');
  });

  it('needs the right first, and a session', async () => {
    const reader = await signedInLongAgo('region-read-only');
    const hidden = formOf((await reader.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    expect((await reader.post('sebadmin', path, { ...hidden, ...appointing() })).status).toBe(403);
    expect((await app.browser().get('sebadmin', `/login/bekraeft?til=${encodeURIComponent(path)}`)).location).toContain(
      '/login?til=',
    );
    const away = await reader.get('sebadmin', '/login/bekraeft?til=https://evil.example/');
    expect(away.text).not.toContain('evil.example');
  });
});

describe('a change of many', () => {
  it('waits for a new login above the size that is set, and leaves nothing of it behind', async () => {
    const browser = await signedInLongAgo('region-org-admin');
    const users = await ordinaryUsers(app, cvrs.region, 4);
    const role = only(await givableRoles(app, cvrs.region, false));
    const give = (chosen: readonly number[]): Promise<Reply> => {
      const query = chosen.map((id) => `bruger=${id}`).join('&');
      const path = `${region}/tildel-roller?${query}&tildelservice=${role.serviceId}`;
      return assign(browser, path, { rolle: String(role.id) });
    };
    const held = () =>
      app.rows('select user_id from role_assignment where role_id = $1 and user_id = any ($2) and valid_to is null', [
        role.id,
        users,
      ]);
    const before = (await held()).length;
    const many = await give(users);
    expect([many.status, many.location]).toEqual([303, expect.stringMatching(/^\/login\/bekraeft/)]);
    expect(await held()).toHaveLength(before);
    expect((await give(users.slice(0, 1))).location).not.toContain('bekraeft');
    expect((await confirmAs(browser, many.location ?? '', 'region-org-admin')).status).toBe(303);
    expect((await give(users)).location).not.toContain('bekraeft');
    expect(await held()).toHaveLength(users.length);

    const [{ batch } = { batch: '' }] = await app.rows<{ batch: string }>(
      `select request_id as batch from audit_event where kind = 'role.assigned' and actor_name like 'Åse%' order by id desc limit 1`,
    );
    await app.rows('delete from web_session');
    const later = await signedInLongAgo('region-org-admin');
    const undone = await later.submit('sebadmin', `${region}/aendringer/${batch}/fortryd`, {});
    expect([undone.status, undone.location]).toEqual([303, expect.stringMatching(/^\/login\/bekraeft/)]);
    expect(await held()).toHaveLength(users.length);
  });
});
