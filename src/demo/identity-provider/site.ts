import path from 'node:path';
import express from 'express';
import type { Express, Request, Response } from 'express';
import type { DevKeys } from '../../sign-in/dev-keys.ts';
import { demoProviders } from '../demo-people.ts';
import type { DemoProvider } from '../demo-people.ts';
import { closeRoutes, demoSite } from '../web/demo-site.ts';
import type { DemoSite } from '../web/demo-site.ts';
import { UnusableRequest, readAuthnRequest } from './authn-request.ts';
import type { AuthnRequest, KnownService } from './authn-request.ts';
import type { AwkwardCase } from './awkward/awkward-case.ts';
import { awkwardCases } from './awkward/groups.ts';
import { hostileCases } from './hostile/cases.ts';
import type { Parties } from './hostile/parties.ts';
import { strangerKeys } from './hostile/stranger.ts';
import { failureAnswer, loginAnswer } from './login-answer.ts';
import type { Forgery, Issuer } from './login-answer.ts';
import { claimsOf, nameIdOf } from './login-claims.ts';
import type { LoginClaims } from './login-claims.ts';
import { loginsInMemory } from './logins.ts';
import type { Logins } from './logins.ts';
import { loginRows, logoutRoutes } from './logout-routes.ts';
import { findProvider, peopleOf, peoplePage } from './people-page.ts';
import { providerMetadata } from './provider-metadata.ts';
import { entityIdOf } from './providers.ts';
import { newSamlId } from './saml-messages.ts';

export type IdentityProviderSite = { idpUrl: URL; keys: DevKeys; services: KnownService[] };

/** The test identity provider: three providers on one origin, without cookies and without passwords. */
export function identityProviderSite(settings: IdentityProviderSite): Express {
  const options: Options = { ...settings, logins: loginsInMemory(), latest: new Map() };
  const site = demoSite({
    name: 'Testlogin',
    pages: path.join(import.meta.dirname, 'pages'),
    publicFolder: path.join(import.meta.dirname, 'public'),
    formTargets: options.services.map(({ acsUrl }) => new URL(acsUrl).origin),
  });
  const { app, show } = site;
  app.get('/', (_request, response) => show(response, 'front', frontPage(options)));
  app.get('/:provider/metadata', (request, response, next) => {
    const provider = findProvider(request.params.provider);
    if (!provider) return next();
    response.type('application/samlmetadata+xml').send(metadataOf(options, provider));
  });
  logoutRoutes(site, {
    ...options,
    issuerOf: (provider) => issuerOf(options, provider),
    sloUrlOf: (provider) => sloUrlOf(options, provider),
  });
  app.get('/:provider/sso', withRequest(site, options, showPeople));
  app.post('/:provider/login', express.urlencoded({ extended: false }), withRequest(site, options, answer));
  app.post('/:provider/unasked', express.urlencoded({ extended: false }), (request, response, next) => {
    const provider = findProvider(request.params['provider']);
    const service = options.services.find(({ entityId }) => entityId === request.body?.service);
    const [person] = provider === null ? [] : peopleOf(provider);
    if (provider === null || service === undefined || person === undefined) return next();
    const claims = claimsOf(person, 'Substantial', provider.id);
    const told = { claims, sessionIndex: newSamlId() };
    const samlResponse = loginAnswer(issuerOf(options, provider), { id: newSamlId(), service }, told);
    return sendBack({ site, options }, { service, relayState: '' }, samlResponse, response);
  });
  closeRoutes(site);
  return app;
}

type Options = IdentityProviderSite & {
  logins: Logins;
  /** The answer that each service was given last. */
  latest: Map<string, string>;
};

type Visit = {
  site: DemoSite;
  options: Options;
  provider: DemoProvider;
  query: string;
  request: AuthnRequest;
};

/** Reads the service's request anew on each page: it is signed, so it needs no session to be trusted. */
function withRequest(
  site: DemoSite,
  options: Options,
  next: (visit: Visit, request: Request, response: Response) => Promise<void>,
) {
  return async (request: Request, response: Response, notFound: () => void): Promise<void> => {
    const provider = findProvider(request.params['provider']);
    if (!provider) return notFound();
    const carried: unknown = request.body?.request ?? request.query['request'];
    const query = typeof carried === 'string' ? carried : request.url.slice(request.url.indexOf('?') + 1);
    try {
      const authnRequest = readAuthnRequest(query, ssoUrlOf(options, provider), options.services);
      await next({ site, options, provider, query, request: authnRequest }, request, response);
    } catch (error) {
      if (!(error instanceof UnusableRequest)) throw error;
      response.status(400);
      await site.show(response, 'message', { title: 'Du kan ikke logge på', text: error.message });
    }
  };
}

async function showPeople(visit: Visit, request: Request, response: Response): Promise<void> {
  const search = request.query['q'];
  const words = typeof search === 'string' ? search.slice(0, 200) : '';
  await visit.site.show(response, 'people', peoplePage(visit.provider, visit.request.service.name, visit.query, words));
}

async function answer(visit: Visit, request: Request, response: Response): Promise<void> {
  const samlResponse = makeAnswer(visit, request.body?.person, request.body?.case);
  await sendBack(visit, visit.request, samlResponse, response);
}

async function sendBack(
  { site, options }: Pick<Visit, 'site' | 'options'>,
  { service, relayState }: Pick<AuthnRequest, 'service' | 'relayState'>,
  samlResponse: string,
  response: Response,
): Promise<void> {
  options.latest.set(service.entityId, samlResponse);
  const page = { title: 'Et øjeblik', samlResponse, relayState, acsUrl: service.acsUrl, serviceName: service.name };
  await site.show(response, 'answer', page);
}

function makeAnswer(visit: Visit, personKey: unknown, caseId: unknown): string {
  const { provider, request } = visit;
  const people = peopleOf(provider);
  const awkward = awkwardCases.find(({ id }) => id === caseId);
  const person = people.find(({ key }) => key === personKey) ?? (awkward?.about === 'other' ? people[0] : undefined);
  if (!person) throw new UnusableRequest('Vælg en af personerne på listen.');
  const claims = claimsOf(person, request.level, provider.id);
  return awkward ? awkwardAnswer(visit, claims, awkward) : logIn(visit, claims);
}

function awkwardAnswer(visit: Visit, claims: LoginClaims, { outcome }: AwkwardCase): string {
  const { options, provider, request } = visit;
  const issuer = issuerOf(options, provider);
  switch (outcome.kind) {
    case 'login':
      return logIn(visit, outcome.claims?.(claims) ?? claims, outcome.forgery?.());
    case 'status':
      return failureAnswer(issuer, request, outcome.status);
    case 'again':
      return options.latest.get(request.service.entityId) ?? nothingYet();
    case 'hostile':
    case 'forged':
      return loginAnswer(issuer, request, { claims, sessionIndex: newSamlId() }, forgeryOf(visit, claims, outcome));
  }
}

function nothingYet(): never {
  throw new UnusableRequest('Der er ikke givet noget svar endnu. Log på én gang, og vælg det igen.');
}

function forgeryOf(
  visit: Visit,
  { cvr }: LoginClaims,
  outcome: Extract<AwkwardCase['outcome'], { kind: 'hostile' | 'forged' }>,
): Forgery {
  const parties = partiesOf(visit, cvr ?? '');
  if (outcome.kind === 'forged') return outcome.forgery(parties);
  const found = hostileCases(parties).find(({ rule, name }) => rule.startsWith(outcome.rule) && name === outcome.name);
  if (!found) throw new Error(`no hostile case ${outcome.rule} / ${outcome.name}`);
  return found.forgery;
}

const elsewhere = { entityId: 'https://andre.example/saml/metadata', acsUrl: 'https://andre.example/saml/acs' };

/** As the tests set them against each other, with the demo's own keys. */
function partiesOf({ options, provider, request: { service } }: Visit, cvr: string): Parties {
  const otherProvider = demoProviders.find(({ id }) => id !== provider.id) ?? provider;
  const otherService = options.services.find((one) => one !== service) ?? elsewhere;
  return {
    issuer: issuerOf(options, provider),
    other: issuerOf(options, otherProvider),
    stranger: strangerKeys(),
    service: { ...service, signing: options.keys.signing },
    otherService,
    cvr,
  };
}

/** The person counts as logged in from here on, so that it can end everywhere at once. */
function logIn({ options, provider, request }: Visit, claims: LoginClaims, forgery: Forgery = {}): string {
  const { service } = request;
  const sessionIndex = newSamlId();
  const nameId = nameIdOf(claims, service.entityId);
  options.logins.add({ providerId: provider.id, service, nameId, sessionIndex }, claims);
  return loginAnswer(issuerOf(options, provider), request, { claims, sessionIndex }, forgery);
}

function issuerOf({ idpUrl, keys }: IdentityProviderSite, { id }: DemoProvider): Issuer {
  const wrap = id === 'nemlog-in' ? 'sha256' : 'mgf1p';
  return { entityId: entityIdOf(id, idpUrl), keys: keys[`idp-${id}`], wrap };
}

function metadataOf(options: IdentityProviderSite, provider: DemoProvider): string {
  const { entityId, keys } = issuerOf(options, provider);
  const addresses = { ssoUrl: ssoUrlOf(options, provider), sloUrl: sloUrlOf(options, provider) };
  return providerMetadata({ entityId, ...addresses, certificate: keys.certificate });
}

function ssoUrlOf({ idpUrl }: IdentityProviderSite, { id }: DemoProvider): string {
  return new URL(`/${id}/sso`, idpUrl).href;
}

function sloUrlOf({ idpUrl }: IdentityProviderSite, { id }: DemoProvider): string {
  return new URL(`/${id}/slo`, idpUrl).href;
}

function frontPage({ services, logins }: Options) {
  return {
    title: 'Testlogin',
    services: services.map(({ name, acsUrl, entityId }) => ({ name, url: new URL('/', acsUrl).href, entityId })),
    unaskedPath: '/nemlog-in/unasked',
    logins: loginRows(logins),
    providers: demoProviders.map(({ id, name }) => ({ name, metadataUrl: `/${id}/metadata` })),
  };
}
