import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { headingOf } from '../support/browser.ts';
import { hostileLogins, makeResponse, serviceProviderOptions } from '../support/saml.ts';
import { checksums } from '../support/sector.ts';

let app: App;
beforeAll(async () => void (app = await startApp()));
afterAll(() => app.close());

const rulesOf = () => {
  const { entityIdSebadmin: entityId } = app.config.saml;
  return serviceProviderOptions({ entityId, acsUrl: new URL('/saml/acs', app.config.sebadminUrl).href });
};

/** The logins that browsers began, as `/login/start` keeps them. */
function begin(requestIds: readonly string[]): Promise<unknown> {
  return app.rows(
    `insert into pending_login (id, request_id, provider_id, portal, return_to, force_authn, created_at)
     select gen_random_uuid(), id, 'nemlog-in', 'sebadmin', '/', false, now() from unnest($1::text[]) id`,
    [requestIds],
  );
}

/** A browser that began the login, without the page on which it did. */
async function answered(requestId: string, SAMLResponse: string) {
  await app.rows('delete from rate_limit');
  const browser = app.browser();
  browser.setCookie('sebadmin', '__Host-seb-login', requestId);
  return browser.post('sebadmin', '/saml/acs', { SAMLResponse });
}

const reasonOf = (html: string): string => {
  const reference = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(html)?.[0] ?? 'no reference';
  const lines = app.log.map((line) => JSON.parse(line) as { msg: string; reference?: string; reason?: string });
  const line = lines.findLast((one) => one.msg === 'login refused' && one.reference === reference);
  return line?.reason?.split(':')[0] ?? 'not in the log';
};

it('each hostile response, posted to the application, is refused as told, on a page with its reference', async () => {
  const options = rulesOf();
  const cases = hostileLogins(options);
  const ids = cases.map((_, index) => `_hostile${index}`);
  await begin([...ids, '_genuine']);
  const kept = async () => ({ ...(await checksums(app)), refused_sign_in: '' });
  const before = await kept();
  const wrong: string[] = [];
  for (const [index, { rule, name, reason, forgery }] of cases.entries()) {
    const requestId = ids[index] ?? '';
    const reply = await answered(requestId, makeResponse(options, requestId, forgery));
    const got = `${reply.status} ${headingOf(reply.text)} ${reasonOf(reply.text)} ${reply.setCookies.filter((one) => one.startsWith('__Host-sebadmin=')).length}`;
    if (got !== `403 Du kunne ikke logge på ${reason} 0`) wrong.push(`${rule} / ${name}: ${got}, not ${reason}`);
  }
  expect(wrong).toEqual([]);
  // Nothing but the note about each for whoever helps.
  expect(await kept()).toEqual(before);
  expect(await app.rows('select from web_session')).toEqual([]);
  // The same way in is open for a genuine one, so it was the forgery that closed it.
  expect((await answered('_genuine', makeResponse(options, '_genuine'))).status).toBe(303);
}, 120_000);
