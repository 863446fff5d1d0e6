import type { Request, Response } from 'express';
import express, { Router } from 'express';
import { readCookie } from '../http/cookies.ts';
import { hasCsrfToken } from '../http/csrf.ts';
import type { SignedIn } from '../http/session.ts';
import { endSession } from '../http/session.ts';
import { sendPage } from '../pages/answer.ts';
import type { Page } from '../pages/page.ts';
import type { Services } from '../pages/services.ts';
import type { PortalFace } from '../pages/shell.ts';
import { addressOf, networkOf } from '../pages/visit.ts';
import { findIdentityProvider } from './identity-providers.ts';
import { forgetLogout, keepLogout, keptLogout } from './logout-cookie.ts';
import type { Whose } from './log-off.changes.ts';
import { endSessionsNamed } from './log-off.changes.ts';
import { refusedLogoutPage, signedOutPage } from './log-off.pages.ts';
import { onwardPage } from './onward.pages.ts';
import { unspecifiedFormat } from './saml/names.ts';
import type { LogoutRequest, LogoutResponse, RefusedLogout } from './saml/receive-logout.ts';
import { SLO_PATH } from './saml/service-provider-options.ts';
import type { SignIn } from './sign-in.router.ts';
import { rememberedCookie } from './sign-in.router.ts';
import { noteEmployeeLogOff, noteLogOff } from './sign-in.changes.ts';
import { getActor } from './sign-in.queries.ts';

/** Logging off here and at the identity provider, whichever of the two begins it, for one portal. */
export function logOffRouter(services: Services, face: PortalFace, { serviceProvider }: SignIn): Router {
  const router = Router();
  const providers = () => services.identityProviders.current();

  router.post('/log-af', express.urlencoded({ extended: false, limit: '10kb' }), async (req, res) => {
    const { signedIn } = req.session;
    if (signedIn === undefined) return res.redirect(303, '/logget-af');
    if (!hasCsrfToken(req)) return res.redirect(303, '/');
    // First of all here: whatever becomes of the provider's part, nobody is signed in to SEB any more.
    await endSession(req);
    const { userId, employee } = signedIn;
    const whose = userId === null ? { userId, cvr: employee.cvr } : { userId, cvr: null };
    await note(req, [whose], { by: 'person', provider: signedIn.providerName });
    const onward = askProvider(res, signedIn);
    if (onward === null) return res.redirect(303, '/logget-af');
    sendPage(services, face, req, res, onward, null);
  });

  router.get('/logget-af', (req, res) => {
    const remembered = findIdentityProvider(providers(), readCookie(req, rememberedCookie) ?? '');
    const kept = keptLogout(req, services.keys);
    const provider = findIdentityProvider(providers(), kept?.providerId ?? '');
    const ended = kept?.state === 'ended' ? kept.ended : null;
    sendPage(services, face, req, res, signedOutPage({ remembered, provider, ended }), null);
  });

  router.get(SLO_PATH, async (req, res) => {
    // Each message costs a signature to verify; a hospital that logs off at the end of a shift is far below this.
    await services.limiter.count('logout', networkOf(req));
    const kept = keptLogout(req, services.keys);
    const pending = kept?.state === 'pending' ? kept : null;
    const query = req.originalUrl.slice(req.path.length + 1);
    const received = await serviceProvider.receiveLogout(query, pending);
    if (received.outcome === 'refused') return refuse(req, res, received);
    if (received.outcome === 'response') return finish(res, received);
    await endForProvider(req, res, received);
  });

  router.post(SLO_PATH, (req, res) =>
    refuse(req, res, { outcome: 'refused', reason: 'malformed', detail: 'sent by POST' }),
  );

  function askProvider(res: Response, { providerId, nameId, nameIdKind, sessionIndex }: SignedIn): Page | null {
    const provider = findIdentityProvider(providers(), providerId ?? '');
    const kind = nameIdKind ?? { format: unspecifiedFormat, nameQualifier: null, spNameQualifier: null };
    const subject = nameId === null ? null : { nameId, nameIdKind: kind, sessionIndex };
    const started = provider && subject && serviceProvider.startLogout(provider, subject);
    if (!started) {
      forgetLogout(res);
      return null;
    }
    keepLogout(res, services.keys, { state: 'pending', providerId: provider.id, requestId: started.requestId });
    return onwardPage(provider, started.redirectUrl);
  }

  function finish(res: Response, { provider, ended }: LogoutResponse): void {
    keepLogout(res, services.keys, { state: 'ended', providerId: provider.id, ended });
    res.redirect(303, '/logget-af');
  }

  /** Also when the browser sent no cookie, as in a frame of the provider's page: the message says whose sessions end. */
  async function endForProvider(req: Request, res: Response, request: LogoutRequest): Promise<void> {
    const { entityId } = serviceProvider;
    const whose = await endSessionsNamed(services.database, request, { portal: face.name, entityId });
    await note(req, whose, { by: 'provider', provider: request.provider.name });
    res.redirect(303, serviceProvider.answerLogout(request) ?? '/logget-af');
  }

  // The session is over by now, so a log that cannot be written must not look like a logout that failed.
  async function note(
    req: Request,
    sessions: readonly Whose[],
    by: { by: 'person' | 'provider'; provider: string },
  ): Promise<void> {
    const where = { requestId: req.reference, networkAddress: addressOf(req) };
    const ended = { ...by, portal: face.name };
    const { database } = services;
    for (const whose of sessions) {
      try {
        if (whose.userId === null) await noteEmployeeLogOff(database, whose.cvr, ended, where);
        else await noteLogOff(database, await getActor(database, whose.userId), ended, where);
      } catch (error) {
        services.log.error({ reference: req.reference, err: error }, 'the end of a session could not be logged');
      }
    }
  }

  function refuse(req: Request, res: Response, { reason, detail }: RefusedLogout): void {
    const { reference } = req;
    services.log.warn({ reference, portal: face.name, reason: `${reason}: ${detail}` }, 'logout message refused');
    sendPage(services, face, req, res, refusedLogoutPage(services.contact, reference), null);
  }

  return router;
}
