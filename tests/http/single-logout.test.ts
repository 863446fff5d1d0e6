import { createSign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameIdOf } from '../../src/demo/identity-provider/login-claims.ts';
import type { PortalName } from '../../src/pages/services.ts';
import type { LogoutStatus, LogoutSubject } from '../../src/sign-in/saml/logout-messages.ts';
import { logoutRequestXml, logoutResponseXml, newMessageId } from '../../src/sign-in/saml/logout-messages.ts';
import { algorithm, persistentFormat, transientFormat } from '../../src/sign-in/saml/names.ts';
import { isSignedBy, readRedirect, signedRedirect } from '../../src/sign-in/saml/redirect-binding.ts';
import { parseXml } from '../../src/sign-in/saml/xml-tree.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { headingOf, mainText } from '../support/browser.ts';
import { claimsOfPerson } from '../support/people.ts';
import type { KeyPair } from '../support/saml.ts';
import { keys, localProvider, nemlogIn } from '../support/saml.ts';
import { idOf } from '../support/sector.ts';

const provider = { ...nemlogIn, sloUrl: 'https://login.nemlog-in.example/slo' };
const other = { ...localProvider, sloUrl: 'https://idp.region.example/slo?tenant=1' };
const minute = 60_000;

let app: App;
beforeAll(async () => {
  app = await startApp({ identityProviders: [provider, other] });
});
afterAll(() => app.close());

type Person = { browser: Browser; nameId: string; sessionIndex: string };

async function signedIn(key: string, portal: PortalName = 'sebadmin', from?: 'local-region'): Promise<Person> {
  const browser = app.browser();
  const sessionIndex = newMessageId();
  const forgery = {
    assertion: { sessionIndex, ...(from ? { issuer: other.entityId } : {}) },
    ...(from ? { signer: keys.local, response: { issuer: other.entityId } } : {}),
  };
  const reply = await app.signIn(browser, portal, key, { forgery, ...(from ? { provider: from } : {}) });
  expect(reply.status).toBe(303);
  const { entityIdSebadmin, entityIdSebanmod } = app.config.saml;
  const audience = portal === 'sebadmin' ? entityIdSebadmin : entityIdSebanmod;
  return { browser, nameId: nameIdOf(claimsOfPerson(key), audience), sessionIndex };
}

async function isSignedIn({ browser }: Person, portal: PortalName = 'sebadmin'): Promise<boolean> {
  return (await browser.get(portal, portal === 'sebadmin' ? '/mine-oplysninger' : '/')).status === 200;
}

/** How a message differs from a genuine one of the provider. */
type Twist = {
  issuer?: string;
  destination?: string;
  issued?: Date;
  id?: string;
  signer?: KeyPair;
  relayState?: string | null;
  sessionIndex?: string | null;
  nameId?: string;
  format?: string;
  spNameQualifier?: string;
  edit?: (xml: string) => string;
};

function sloUrl(portal: PortalName = 'sebadmin'): string {
  return new URL('/saml/slo', portal === 'sebadmin' ? app.config.sebadminUrl : app.config.sebanmodUrl).href;
}

function envelope({ id, issuer, destination, issued }: Twist) {
  return {
    id: id ?? newMessageId(),
    issuer: issuer ?? provider.entityId,
    destination: destination ?? sloUrl(),
    issued: issued ?? new Date(),
  };
}

function requestXml(person: Person, twist: Twist = {}): string {
  const kind = {
    format: twist.format ?? persistentFormat,
    nameQualifier: null,
    spNameQualifier: twist.spNameQualifier ?? null,
  };
  const { nameId = person.nameId, sessionIndex = person.sessionIndex } = twist;
  const subject: LogoutSubject = { nameId, nameIdKind: kind, sessionIndex };
  return (twist.edit ?? ((xml) => xml))(logoutRequestXml(envelope(twist), subject));
}

function sent(kind: 'SAMLRequest' | 'SAMLResponse', xml: string, { signer, relayState = null }: Twist = {}): string {
  return signedRedirect('/saml/slo', { kind, xml, relayState }, (signer ?? keys.nemlogIn).key);
}

const request = (person: Person, twist: Twist = {}): string => sent('SAMLRequest', requestXml(person, twist), twist);

function response(inResponseTo: string, outcome: LogoutStatus = 'complete', twist: Twist = {}): string {
  const xml = logoutResponseXml(envelope(twist), inResponseTo, outcome);
  return sent('SAMLResponse', (twist.edit ?? ((same) => same))(xml), twist);
}

/** Pairs as they are, in the order given, and signed in that order. */
function handMade(pairs: [string, string][]): string {
  const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const signature = createSign('RSA-SHA256').update(text).sign(keys.nemlogIn.key, 'base64');
  return `/saml/slo?${text}&Signature=${encodeURIComponent(signature)}`;
}

const deflated = (xml: string): string => deflateRawSync(Buffer.from(xml)).toString('base64');

/** What a provider reads at its address: verified with our certificate. */
function readByProvider(reply: Reply, address: string) {
  const location = reply.location ?? '';
  expect(location.startsWith(`${address}${address.includes('?') ? '&' : '?'}SAML`)).toBe(true);
  const message = readRedirect(location.slice(address.length + 1));
  expect(isSignedBy(message, [keys.service.certificate])).toBe(true);
  return { ...message, element: parseXml(message.xml) };
}

/** Presses "Log af"; returns the id of the request that goes to the provider. */
async function logOff({ browser }: Person): Promise<string> {
  const off = await browser.submit('sebadmin', '/mine-oplysninger', {}, '/log-af');
  expect(off.status).toBe(200);
  return readByProvider(off, provider.sloUrl).element.attributes.get('ID') ?? '';
}

describe('logging off, begun here', () => {
  it('ends the session first, and asks the provider to end its own', async () => {
    const person = await signedIn('region-org-admin');
    const off = await person.browser.submit('sebadmin', '/mine-oplysninger', {}, '/log-af');
    // A page: the provider leads on to services that `form-action` cannot name.
    expect([off.status, off.headers.location, off.headers['content-security-policy']]).toEqual([
      200,
      undefined,
      expect.stringContaining("form-action 'self';"),
    ]);
    expect(off.text).toContain(`href="${(off.location ?? '').replaceAll('&', '&amp;')}"`);
    const { element, kind, relayState } = readByProvider(off, provider.sloUrl);
    expect([kind, element.name, relayState]).toEqual(['SAMLRequest', 'LogoutRequest', null]);
    expect(element.attributes.get('Destination')).toBe(provider.sloUrl);
    const [issuer, nameId, index] = element.children;
    expect([issuer?.text, nameId?.text, index?.text]).toEqual([
      app.config.saml.entityIdSebadmin,
      person.nameId,
      person.sessionIndex,
    ]);
    expect(nameId?.attributes.get('Format')).toBe(persistentFormat);
    expect(await isSignedIn(person)).toBe(false);
    const waiting = await person.browser.get('sebadmin', '/logget-af');
    expect(mainText(waiting.text)).toContain('du kan stadig være logget på hos din loginudbyder');
    const id = element.attributes.get('ID') ?? '';
    const back = await person.browser.get('sebadmin', response(id));
    expect([back.status, back.location]).toEqual([303, '/logget-af']);
    const done = await person.browser.get('sebadmin', '/logget-af');
    expect(mainText(done.text)).toContain('Du er logget af SEB og hos NemLog-in (test).');
    expect(done.text).not.toContain('kan stadig');
  });

  it('asks the provider that signed in, at an address with a query too', async () => {
    const person = await signedIn('region-user-admin', 'sebadmin', 'local-region');
    const off = await person.browser.submit('sebadmin', '/mine-oplysninger', {}, '/log-af');
    expect(readByProvider(off, other.sloUrl).element.name).toBe('LogoutRequest');
    expect(await isSignedIn(person)).toBe(false);
  });

  it('says plainly when the provider ended only a part, or failed', async () => {
    for (const edit of [undefined, (xml: string) => xml.replace(/:PartialLogout/, ':RequestDenied')]) {
      const person = await signedIn('region-org-admin');
      const id = await logOff(person);
      const back = await person.browser.get('sebadmin', response(id, 'partial', edit ? { edit } : {}));
      expect(back.location).toBe('/logget-af');
      const page = await person.browser.get('sebadmin', '/logget-af');
      expect(headingOf(page.text)).toBe('Du er logget af SEB, men måske ikke alle steder');
      expect(mainText(page.text)).toContain('Luk alle browserens vinduer.');
      expect(await isSignedIn(person)).toBe(false);
    }
  });

  it('counts Success with a second status of PartialLogout as partial', async () => {
    const person = await signedIn('region-org-admin');
    const edit = (xml: string): string => xml.replace('status:Responder', 'status:Success');
    await person.browser.get('sebadmin', response(await logOff(person), 'partial', { edit }));
    expect(headingOf((await person.browser.get('sebadmin', '/logget-af')).text)).toContain('måske ikke alle steder');
  });

  it('is noted in the log, with who ended it', async () => {
    const person = await signedIn('region-user-admin');
    await logOff(person);
    const again = await signedIn('region-user-admin');
    await again.browser.get('sebadmin', request(again));
    const id = await idOf(app, 'region-user-admin');
    const noted = await app.rows(
      `select actor_kind, actor_user_id, detail from audit_event where kind = 'signIn.ended' and target_user_id = $1 order by id desc limit 2`,
      [id],
    );
    const detail = { portal: 'sebadmin', provider: 'NemLog-in (test)' };
    expect(noted).toEqual([
      { actor_kind: 'SYSTEM', actor_user_id: null, detail: { ...detail, by: 'provider' } },
      { actor_kind: 'PERSON', actor_user_id: id, detail: { ...detail, by: 'person' } },
    ]);
  });

  type Answer = (id: string) => string;
  const notBelieved: Record<string, [reason: RegExp, answer: Answer]> = {
    'without a signature': [/not signed/, (id) => response(id).replace(/&SigAlg=.*$/, '')],
    'by a stranger’s key': [/not-genuine/, (id) => response(id, 'complete', { signer: keys.stranger })],
    'to another logout': [/other-login/, () => response(newMessageId())],
    'from another provider': [
      /wrong-provider/,
      (id) => response(id, 'complete', { issuer: other.entityId, signer: keys.local }),
    ],
    'that is stale': [/expired/, (id) => response(id, 'complete', { issued: new Date(Date.now() - 15 * minute) })],
    'for another address': [/not-for-us/, (id) => response(id, 'complete', { destination: sloUrl('sebanmod') })],
    'without a status': [
      /malformed/,
      (id) => response(id, 'complete', { edit: (xml) => xml.replace(/<samlp:Status>.*<\/samlp:Status>/, '') }),
    ],
  };
  for (const [name, [reason, answer]] of Object.entries(notBelieved)) {
    it(`does not believe an answer ${name}; the session here stays ended, the genuine one still counts`, async () => {
      const person = await signedIn('region-org-admin');
      const id = await logOff(person);
      await expectRefused(await person.browser.get('sebadmin', answer(id)), reason);
      expect(await isSignedIn(person)).toBe(false);
      const page = await person.browser.get('sebadmin', '/logget-af');
      expect(mainText(page.text)).not.toContain('og hos NemLog-in');
      expect((await person.browser.get('sebadmin', response(id))).location).toBe('/logget-af');
    });
  }

  it('takes an answer once, and none without a logout under way or with a planted cookie', async () => {
    const person = await signedIn('region-org-admin');
    const id = await logOff(person);
    const answer = response(id);
    const kept = person.browser.cookie('sebadmin', '__Host-seb-logout') ?? '';
    expect((await person.browser.get('sebadmin', answer)).status).toBe(303);
    await expectRefused(await person.browser.get('sebadmin', answer), /no-pending-login/);
    person.browser.setCookie('sebadmin', '__Host-seb-logout', kept);
    await expectRefused(await person.browser.get('sebadmin', answer), /replayed/);
    const victim = await signedIn('region-user-admin');
    await expectRefused(await victim.browser.get('sebadmin', response(id)), /no-pending-login/);
    const planted = Buffer.from(JSON.stringify({ state: 'pending', providerId: provider.id, requestId: id }));
    victim.browser.setCookie('sebadmin', '__Host-seb-logout', `${planted.toString('base64url')}.forged`);
    await expectRefused(await victim.browser.get('sebadmin', response(id)), /no-pending-login/);
    expect(await isSignedIn(victim)).toBe(true);
  });
});

async function expectRefused(reply: Reply, reason: RegExp): Promise<void> {
  expect(reply.status).toBe(400);
  expect(headingOf(reply.text)).toBe('Beskeden om at logge af blev afvist');
  const reference = reply.headers['x-request-id'] as string;
  expect(mainText(reply.text)).toContain(reference);
  const line = app.log.find((one) => one.includes(reference) && one.includes('logout message refused')) ?? 'no line';
  expect(JSON.parse(line).reason).toMatch(reason);
}

describe('logging off, begun by the provider', () => {
  it('ends the session without a cookie, as in a frame, and answers signed with the RelayState', async () => {
    const person = await signedIn('region-org-admin');
    const id = newMessageId();
    const relayState = 'https://evil.example/?a=1&b=æ';
    const reply = await app.browser().get('sebadmin', request(person, { id, relayState }));
    const answer = readByProvider(reply, provider.sloUrl);
    expect([answer.kind, answer.relayState]).toEqual(['SAMLResponse', relayState]);
    expect(answer.element.attributes.get('InResponseTo')).toBe(id);
    expect(answer.xml).toContain('status:Success');
    expect(await isSignedIn(person)).toBe(false);
  });

  it('ends only the session named, all of the person without an index, and nobody else’s', async () => {
    const [one, two, else_] = [
      await signedIn('region-org-admin'),
      await signedIn('region-org-admin'),
      await signedIn('region-user-admin'),
    ];
    const elsewhere = await signedIn('region-org-admin', 'sebanmod');
    await app.browser().get('sebadmin', request(one));
    expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, true]);
    await app.browser().get('sebadmin', request(two, { sessionIndex: null }));
    expect([await isSignedIn(two), await isSignedIn(else_)]).toEqual([false, true]);
    expect(await isSignedIn(elsewhere, 'sebanmod')).toBe(true);
    const there = { destination: sloUrl('sebanmod'), spNameQualifier: app.config.saml.entityIdSebanmod };
    expect((await app.browser().get('sebanmod', request(elsewhere, there))).status).toBe(303);
    expect(await isSignedIn(elsewhere, 'sebanmod')).toBe(false);
  });

  it('answers Success when no session was left, in whatever browser', async () => {
    const person = await signedIn('region-org-admin');
    const bystander = await signedIn('region-user-admin');
    await logOff(person);
    const reply = await bystander.browser.get('sebadmin', request(person));
    expect(readByProvider(reply, provider.sloUrl).xml).toContain('status:Success');
    expect(await isSignedIn(bystander)).toBe(true);
  });

  it('takes parameters in any order, the second key of the provider, and a format left out', async () => {
    const one = await signedIn('region-org-admin');
    const [path, query = ''] = request(one).split('?');
    expect((await one.browser.get('sebadmin', `${path}?${query.split('&').toReversed().join('&')}`)).status).toBe(303);
    expect(await isSignedIn(one)).toBe(false);
    const two = await signedIn('region-org-admin');
    const edit = (xml: string): string => xml.replace(/ Format="[^"]*"/, '');
    await two.browser.get('sebadmin', request(two, { signer: keys.nemlogInNext, edit }));
    expect(await isSignedIn(two)).toBe(false);
  });

  // Signed by the provider, so they are answered; but they name somebody else, or another provider's person.
  const named: Record<string, Twist> = {
    'another NameID': { nameId: 'https://data.gov.dk/model/core/eid/professional/uuid/nobody' },
    'another index': { sessionIndex: '_another' },
    'another format': { format: transientFormat },
    'another service': { spNameQualifier: 'https://another.example' },
  };
  for (const [name, twist] of Object.entries(named)) {
    it(`ends nothing for ${name}`, async () => {
      const person = await signedIn('region-org-admin');
      const reply = await person.browser.get('sebadmin', request(person, twist));
      expect(readByProvider(reply, provider.sloUrl).xml).toContain('status:Success');
      expect(await isSignedIn(person)).toBe(true);
    });
  }

  it('ends nothing that another provider began', async () => {
    const person = await signedIn('region-org-admin');
    const theirs = { issuer: other.entityId, signer: keys.local };
    expect((await person.browser.get('sebadmin', request(person, theirs))).status).toBe(303);
    expect(await isSignedIn(person)).toBe(true);
    const own = await signedIn('region-user-admin', 'sebadmin', 'local-region');
    await own.browser.get('sebadmin', request(own));
    expect(await isSignedIn(own)).toBe(true);
    await own.browser.get('sebadmin', request(own, theirs));
    expect(await isSignedIn(own)).toBe(false);
  });
});

describe('a forged message', () => {
  let victim: Person;
  beforeAll(async () => {
    victim = await signedIn('region-org-admin');
  });

  const sha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';
  const pairsOf = (xml: string, sigAlg: string = algorithm.rsaSha256): [string, string][] => [
    ['SAMLRequest', deflated(xml)],
    ['SigAlg', sigAlg],
  ];
  const signedAs = (...pairs: [string, string][]): string => handMade(pairs);
  const edited = (edit: (xml: string) => string): string => request(victim, { edit });

  const forgeries: Record<string, [reason: RegExp, path: () => string]> = {
    'with no query': [/malformed/, () => '/saml/slo'],
    'that is nonsense': [/not-genuine/, () => '/saml/slo?SAMLRequest=%F0%9F&SigAlg=x&Signature=y'],
    'that is not percent-encoded': [/malformed/, () => '/saml/slo?SAMLRequest=AAAA&SigAlg=%F0%9F&Signature=y'],
    'without a signature': [/not signed/, () => request(victim).replace(/&SigAlg=.*$/, '')],
    'whose signature was stripped': [/not signed/, () => request(victim).replace(/&Signature=.*$/, '')],
    'with an empty signature': [/malformed/, () => request(victim).replace(/&Signature=.*$/, '&Signature=')],
    'signed with SHA-1': [
      /RSA-SHA256/,
      () => {
        const text = `SAMLRequest=${encodeURIComponent(deflated(requestXml(victim)))}&SigAlg=${encodeURIComponent(sha1)}`;
        const signature = createSign('RSA-SHA1').update(text).sign(keys.nemlogIn.key, 'base64');
        return `/saml/slo?${text}&Signature=${encodeURIComponent(signature)}`;
      },
    ],
    'whose algorithm was renamed': [/RSA-SHA256/, () => signedAs(...pairsOf(requestXml(victim), sha1))],
    'by a stranger’s key': [/not-genuine/, () => request(victim, { signer: keys.stranger })],
    'by another provider’s key': [/not-genuine/, () => request(victim, { signer: keys.local })],
    'by our own key': [/not-genuine/, () => request(victim, { signer: keys.service })],
    'from an unknown issuer': [/wrong-provider/, () => request(victim, { issuer: 'https://unknown.example' })],
    'without an issuer': [/wrong-provider/, () => edited((xml) => xml.replace(/<saml:Issuer>.*<\/saml:Issuer>/, ''))],
    'with two issuers': [
      /wrong-provider/,
      () => edited((xml) => xml.replace(/(<saml:Issuer>.*<\/saml:Issuer>)/, '$1$1')),
    ],
    'signed over another order': [
      /not-genuine/,
      () => signedAs(['SigAlg', algorithm.rsaSha256], ['SAMLRequest', deflated(requestXml(victim))]),
    ],
    'with a parameter twice': [/twice/, () => `${request(victim)}&RelayState=a&RelayState=b`],
    'with the message twice': [/twice/, () => request(victim).replace('?', `?SAMLRequest=${'A'.repeat(8)}&`)],
    'with request and response': [/not exactly one/, () => `${request(victim)}&SAMLResponse=AAAA`],
    'with a parameter of another spelling': [/unknown parameter/, () => `${request(victim)}&SAML%52equest=AAAA`],
    'with another encoding': [/unknown encoding/, () => `${request(victim)}&SAMLEncoding=urn%3Ax`],
    'whose RelayState was changed': [
      /not-genuine/,
      () => request(victim, { relayState: 'a' }).replace('RelayState=a', 'RelayState=b'),
    ],
    'whose RelayState was added': [/not-genuine/, () => `${request(victim)}&RelayState=b`],
    'whose RelayState was taken out': [
      /not-genuine/,
      () => request(victim, { relayState: 'a' }).replace('&RelayState=a', ''),
    ],
    'encoded otherwise than signed': [
      /not-genuine/,
      () => request(victim).replaceAll('%2F', '%2f').replaceAll('%2B', '%2b').replaceAll('%3D', '%3d'),
    ],
    'for the other portal': [/not-for-us/, () => request(victim, { destination: sloUrl('sebanmod') })],
    'for nobody': [/not-for-us/, () => edited((xml) => xml.replace(/ Destination="[^"]*"/, ''))],
    'that is stale': [/expired/, () => request(victim, { issued: new Date(Date.now() - 9 * minute) })],
    'from the future': [/not-yet-valid/, () => request(victim, { issued: new Date(Date.now() + 4 * minute) })],
    'that has ended': [
      /expired/,
      () => edited((xml) => xml.replace(/NotOnOrAfter="[^"]*"/, 'NotOnOrAfter="2020-01-01T00:00:00Z"')),
    ],
    'without a time': [/malformed/, () => edited((xml) => xml.replace(/ IssueInstant="[^"]*"/, ''))],
    'of another version': [/malformed/, () => edited((xml) => xml.replace('Version="2.0"', 'Version="1.1"'))],
    'without an id': [/malformed/, () => edited((xml) => xml.replace(/ ID="[^"]*"/, ''))],
    'without a NameID': [/incomplete/, () => edited((xml) => xml.replace(/<saml:NameID.*<\/saml:NameID>/, ''))],
    'with two NameIDs': [/incomplete/, () => edited((xml) => xml.replace(/(<saml:NameID.*<\/saml:NameID>)/, '$1$1'))],
    'with an empty index': [/incomplete/, () => request(victim, { sessionIndex: '' })],
    'with a comment in the NameID': [
      /malformed/,
      () => edited((xml) => xml.replace('</saml:NameID>', '<!-- --></saml:NameID>')),
    ],
    'with a DTD': [/malformed/, () => edited((xml) => `<!DOCTYPE a [<!ENTITY b "c">]>${xml}`)],
    'that is no LogoutRequest': [/malformed/, () => edited((xml) => xml.replaceAll('LogoutRequest', 'AuthnRequest'))],
    'that is a response in a request’s place': [
      /malformed/,
      () => sent('SAMLRequest', logoutResponseXml(envelope({}), newMessageId(), 'complete')),
    ],
    'that is a bomb': [/malformed/, () => sent('SAMLRequest', `<a>${' '.repeat(20_000_000)}</a>`)],
    'that is not deflated': [
      /malformed/,
      () =>
        signedAs(['SAMLRequest', Buffer.from(requestXml(victim)).toString('base64')], ['SigAlg', algorithm.rsaSha256]),
    ],
    'that is not UTF-8': [
      /malformed/,
      () =>
        signedAs(
          ['SAMLRequest', deflateRawSync(Buffer.from([0x3c, 0xff, 0xfe])).toString('base64')],
          ['SigAlg', algorithm.rsaSha256],
        ),
    ],
    'that is too long': [/malformed/, () => `${request(victim)}&RelayState=${'a'.repeat(40_000)}`],
  };
  for (const [name, [reason, path]] of Object.entries(forgeries)) {
    it(`${name} logs nobody out`, async () => {
      await expectRefused(await victim.browser.get('sebadmin', path()), reason);
      expect(await isSignedIn(victim)).toBe(true);
    });
  }

  it('by POST logs nobody out', async () => {
    const [, query = ''] = request(victim).split('?');
    await expectRefused(await victim.browser.post('sebadmin', '/saml/slo', query), /POST/);
    const SAMLRequest = Buffer.from(requestXml(victim)).toString('base64');
    await expectRefused(await victim.browser.post('sebadmin', '/saml/slo', { SAMLRequest }), /POST/);
    expect(await isSignedIn(victim)).toBe(true);
  });

  it('may come often from one address, then waits, and logs nobody out', async () => {
    await app.rows(
      `insert into rate_limit (key, points, expire) values ('logout:127.0.0.1', 1200, (extract(epoch from now()) * 1000)::bigint + 60000)
       on conflict (key) do update set points = 1200, expire = excluded.expire`,
    );
    const reply = await victim.browser.get('sebadmin', request(victim));
    await app.rows('delete from rate_limit');
    expect([reply.status, reply.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect(await isSignedIn(victim)).toBe(true);
  });

  it('at the login’s addresses logs nobody out', async () => {
    const [, query = ''] = request(victim).split('?');
    for (const path of ['/login', '/login/start', '/', '/logget-af', '/saml/metadata']) {
      expect((await victim.browser.get('sebadmin', `${path}?${query}`)).status).toBeLessThan(400);
    }
    expect(await isSignedIn(victim)).toBe(true);
  });

  it('that is a genuine one again logs nobody out', async () => {
    const before = await signedIn('region-user-admin');
    const path = request(before, { sessionIndex: null });
    expect((await before.browser.get('sebadmin', path)).status).toBe(303);
    const after = await signedIn('region-user-admin');
    await expectRefused(await after.browser.get('sebadmin', path), /replayed/);
    expect(await isSignedIn(after)).toBe(true);
  });

  it('is what all of these were: the genuine one ends the session', async () => {
    expect((await victim.browser.get('sebadmin', request(victim))).status).toBe(303);
    expect(await isSignedIn(victim)).toBe(false);
  });
});
