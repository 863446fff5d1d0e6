import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { DemoProvider } from '../demo-people.ts';
import type { DemoSite } from '../web/demo-site.ts';
import type { KnownService } from './authn-request.ts';
import { UnusableRequest } from './authn-request.ts';
import type { Issuer } from './login-answer.ts';
import type { Login, Logins } from './logins.ts';
import { logoutRequestTo, readLogoutMessage } from './logout-messages.ts';
import type { NextStep } from './logout-rounds.ts';
import { logoutRounds } from './logout-rounds.ts';
import { findProvider } from './people-page.ts';

type Options = {
  logins: Logins;
  services: readonly KnownService[];
  issuerOf(provider: DemoProvider): Issuer;
  sloUrlOf(provider: DemoProvider): string;
};

/** Logging off, begun by a service or on the front page, and the ways in which it can go wrong. */
export function logoutRoutes(site: DemoSite, { logins, services, issuerOf, sloUrlOf }: Options): void {
  const rounds = logoutRounds(logins);

  site.app.get(
    '/:provider/slo',
    explained(site, async (provider, request, response) => {
      const query = request.url.slice(request.url.indexOf('?') + 1);
      const message = readLogoutMessage(query, sloUrlOf(provider), services);
      const isRequest = message.redirect.kind === 'SAMLRequest';
      const issuer = issuerOf(provider);
      await go(
        site,
        response,
        isRequest ? rounds.answer(message, issuer, provider.id) : rounds.proceed(message, issuer),
      );
    }),
  );

  site.app.post(
    '/:provider/log-off',
    express.urlencoded({ extended: false }),
    explained(site, async (provider, request, response) => {
      const login = logins.find(request.body?.login);
      if (!login || login.providerId !== provider.id) throw new UnusableRequest('Personen er ikke logget på mere.');
      const how: unknown = request.body?.how;
      if (how === 'unsigned') return response.redirect(303, unsigned(logoutRequestTo(login, issuerOf(provider), '')));
      if (how === 'partial') {
        login.endsPartly = true;
        return response.redirect(303, '/');
      }
      await go(site, response, rounds.begin(login, issuerOf(provider)));
    }),
  );
}

/** The logins for the front page, the newest first. */
export function loginRows(logins: Logins) {
  return logins
    .all()
    .map((login: Login) => ({
      id: login.id,
      title: `${login.personName} i ${login.service.name}`,
      path: `/${login.providerId}/log-off`,
      provider: findProvider(login.providerId)?.name ?? login.providerId,
      endsPartly: login.endsPartly,
    }))
    .toReversed();
}

async function go(site: DemoSite, response: Response, next: NextStep): Promise<void> {
  if (next.step === 'answer') return response.redirect(303, next.address);
  if (next.step === 'service') {
    // A page in between: a chain of redirects over several services ends at the form policy of the first.
    response.setHeader('Refresh', `0; url=${next.address}`);
    return site.show(response, 'log-off', { title: 'Du logges af', name: next.name, address: next.address });
  }
  const text = next.isPartial
    ? 'En af tjenesterne kunne ikke bekræfte det. Luk alle browserens vinduer.'
    : 'Alle tjenester, som du var logget på, har bekræftet det.';
  await site.show(response, 'message', { title: next.isPartial ? 'Du er delvist logget af' : 'Du er logget af', text });
}

function explained(
  site: DemoSite,
  work: (provider: DemoProvider, request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return async (request, response, next) => {
    const provider = findProvider(request.params['provider']);
    if (!provider) return next();
    try {
      await work(provider, request, response);
    } catch (error) {
      if (!(error instanceof UnusableRequest)) throw error;
      response.status(400);
      await site.show(response, 'message', { title: 'Du kan ikke logges af', text: error.message });
    }
  };
}

function unsigned(address: string): string {
  return address.replace(/&SigAlg=.*$/, '');
}
