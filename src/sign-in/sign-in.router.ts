import type { Request, RequestHandler, Response } from 'express';
import express, { Router } from 'express';
import { Passport } from 'passport';
import type { Where } from '../audit/record-refusal.ts';
import { findFirstLogin } from '../agreements/first-login.queries.ts';
import { browserName } from '../http/browser-name.ts';
import { clearCookie, readCookie, setCookie } from '../http/cookies.ts';
import { queriedFields } from '../http/body.ts';
import { typed } from '../http/forms.ts';
import { ownPath } from '../http/own-path.ts';
import type { EmployeeIdentity, SignedIn } from '../http/session.ts';
import { beginSession, endSessionRow, sessionRow } from '../http/session.ts';
import type { Page } from '../pages/page.ts';
import { sendPage } from '../pages/answer.ts';
import type { Services } from '../pages/services.ts';
import type { PortalFace } from '../pages/shell.ts';
import { addressOf, networkOf } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { rightsOf } from '../permissions/actor.ts';
import { BadRequest } from '../shared/errors.ts';
import { statusBox } from '../status/status.pages.ts';
import { findIdentityProvider } from './identity-providers.ts';
import type { SignInRefusal } from './identity.ts';
import { employeeOf, firstLoginRefusal, matchUser } from './identity.ts';
import { OiosamlStrategy } from './oiosaml-strategy.ts';
import { addPendingRequest, dropPendingRequest, isNewestPending } from './pending-cookie.ts';
import type { AcceptedLogin, RefusedLogin } from './saml/finish-login.ts';
import type { SamlIdentity } from './saml/saml-identity.ts';
import type { ServiceProvider } from './saml/service-provider.ts';
import { remindOfConflict, remindOfDifference } from './login-todos.changes.ts';
import { noteRefusal } from './refused-sign-in.changes.ts';
import { bindUuid, fulfilFirstLogin, noteEmployeeLogin, noteLogin } from './sign-in.changes.ts';
import type { Refused } from './sign-in.pages.ts';
import { onwardPage } from './onward.pages.ts';
import { confirmLoginPage, discoveryPage, refusedPage, startPath } from './sign-in.pages.ts';
import { findAdministrators, findCandidates, getActor, mayEnterAsEmployee } from './sign-in.queries.ts';

export type SignIn = { serviceProvider: ServiceProvider };

export const rememberedCookie = 'seb-idp';
const rememberedFor = 180 * 24 * 3600;

/** Login and the answer of the identity provider, for one portal. */
export function signInRouter(services: Services, face: PortalFace, { serviceProvider }: SignIn): Router {
  const router = Router();
  const providers = () => services.identityProviders.current();
  const show = (req: Request, res: Response, shown: Page): void => sendPage(services, face, req, res, shown, null);
  const passport = new Passport();
  passport.use(new OiosamlStrategy(serviceProvider));

  router.get('/login', (req, res) => {
    const query = queriedFields(req.query);
    const returnTo = ownPath(typed(query, 'til'));
    const remembered = findIdentityProvider(providers(), readCookie(req, rememberedCookie) ?? '');
    const isSignedIn = req.session.signedIn?.portal === face.name;
    const isOnItsWay = remembered !== null && !isSignedIn && query.skift === undefined && query.fane === undefined;
    // Who came back without an answer (the provider is down, or the choice was wrong) must be able to choose anew.
    const isUnfinished = isOnItsWay && isNewestPending(req);
    if (isOnItsWay && !isUnfinished) return res.redirect(303, startPath(remembered, returnTo));
    const unfinished = isUnfinished ? remembered : null;
    if (query.skift !== undefined) clearCookie(res, rememberedCookie);
    const tab = typed(query, 'fane') === 'lokal' ? 'lokal' : 'nemlog-in';
    const status = statusBox(services.status.current(), new Date());
    const search = typed(query, 'soeg').slice(0, 100);
    show(req, res, discoveryPage(face.name, providers(), { tab, search, returnTo, status, isSignedIn, unfinished }));
  });

  router.get('/login/start', async (req, res) => {
    refuseAsPicture(req);
    await services.limiter.count('loginStart', networkOf(req));
    const query = queriedFields(req.query);
    const provider = findIdentityProvider(providers(), typed(query, 'idp'));
    if (provider === null)
      return res.redirect(
        303,
        `/login?${new URLSearchParams({ skift: '1', til: ownPath(typed(query, 'til')) }).toString()}`,
      );
    if (typed(query, 'husk') !== '')
      setCookie(res, rememberedCookie, provider.id, { sameSite: 'lax', maxAgeSeconds: rememberedFor });
    const started = await serviceProvider.startLogin({
      provider,
      returnTo: ownPath(typed(query, 'til')),
      forceAuthn: typed(query, 'igen') === '1',
      replacesSession: sessionRow(req),
    });
    addPendingRequest(req, res, started.requestId);
    show(req, res, onwardPage(provider, started.redirectUrl));
  });

  router.get('/login/bekraeft', (req, res) => {
    const returnTo = ownPath(typed(queriedFields(req.query), 'til'));
    const { signedIn } = req.session;
    if (signedIn === undefined) return res.redirect(303, `/login?${new URLSearchParams({ til: returnTo }).toString()}`);
    const provider = findIdentityProvider(providers(), signedIn.providerId ?? '');
    show(req, res, confirmLoginPage({ provider, returnTo, minutes: services.stepUp.minutes }));
  });

  const samlBody = express.urlencoded({ extended: false, limit: '512kb', parameterLimit: 10 });
  router.post('/saml/acs', samlBody, limitLogins(services), (req, res, next) => {
    const settled = (error: unknown, accepted: AcceptedLogin | false | null, refused: unknown): void => {
      if (error) return next(error);
      // The login of another tab, or a page of somebody else's, must not end one that is under way.
      const answered = accepted ? accepted.pending.requestId : (refused as RefusedLogin).requestId;
      if (answered !== null) dropPendingRequest(req, res, answered);
      const done = accepted ? signInOrRefuse(req, res, accepted) : refuse(req, res, refused as RefusedLogin);
      done.catch(next);
    };
    const authenticate = passport.authenticate('oiosaml', { session: false }, settled) as RequestHandler;
    void authenticate(req, res, next);
  });

  // The address of a refusal, kept as a bookmark or typed: an answer comes by a form alone.
  router.get('/saml/acs', (_req, res) => res.redirect(303, '/login'));

  router.get('/saml/metadata', (_req, res) => {
    res.type('application/samlmetadata+xml').send(serviceProvider.metadata());
  });

  async function signInOrRefuse(req: Request, res: Response, { identity, pending }: AcceptedLogin): Promise<void> {
    const provider = findIdentityProvider(providers(), identity.providerId);
    const providerName = provider?.name ?? identity.providerId;
    const candidates =
      identity.cvr === null ? [] : await findCandidates(services.database, identity.cvr, identity.uuid, identity.rid);
    const match = matchUser(identity, candidates);
    if (!match.found) {
      const employee = match.refusal === 'unknown' && face.employeeNavigation !== null ? employeeOf(identity) : null;
      if (match.refusal === 'conflict' || match.refusal === 'uuidOfAnother')
        await afterwards(req, remindOfConflict(services, identity, candidates, providerName));
      if (employee === null) return refuseIdentity(req, res, identity, providerName, match.refusal);
      return signInEmployee(req, res, employee, { identity, pending, providerName });
    }
    const actor = await getActor(services.database, match.user.userId);
    if (face.name === 'sebadmin' && !isAdministrator(actor))
      return refuseIdentity(req, res, identity, providerName, 'noAdministratorRole');
    const awaited = await findFirstLogin(services.database, match.user.userId);
    const refusal = awaited === null ? null : firstLoginRefusal(identity, awaited);
    if (refusal !== null) return refuseIdentity(req, res, identity, providerName, refusal);
    const where = whereOf(req);
    if (match.bindsUuid && identity.uuid !== null) await bindUuid(services, actor, identity.uuid, providerName, where);
    if (awaited !== null) await fulfilFirstLogin(services, actor, { id: awaited.id, identity, providerName }, where);
    await noteLogin(services, actor, identity, { portal: face.name, providerName, where });
    await afterwards(req, remindOfDifference(services, identity, match.user, providerName));
    const { userId, sessionEpoch } = actor;
    const facts = sessionFacts(req, identity, providerName);
    await enter(req, res, pending, { userId, sessionEpoch, rights: rightsOf(actor), ...facts });
  }

  // A reminder that cannot be written must not keep anybody out, nor turn a refusal into a fault.
  async function afterwards(req: Request, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      services.log.error({ reference: req.reference, err: error }, 'a to-do about a login could not be written');
    }
  }

  /** Nobody whom SEB knows: let in as the login tells who it is, to ask for access. */
  async function signInEmployee(
    req: Request,
    res: Response,
    employee: EmployeeIdentity,
    { identity, pending, providerName }: Pick<AcceptedLogin, 'identity' | 'pending'> & { providerName: string },
  ): Promise<void> {
    if (!(await mayEnterAsEmployee(services.database, employee)))
      return refuseIdentity(req, res, identity, providerName, 'organisationClosed');
    await noteEmployeeLogin(services, identity, { portal: face.name, providerName, where: whereOf(req) });
    const facts = sessionFacts(req, identity, providerName);
    await enter(req, res, pending, { userId: null, employee, sessionEpoch: 0, rights: 'employee', ...facts });
  }

  function sessionFacts(req: Request, identity: SamlIdentity, providerName: string) {
    const { level, nameId, providerId, nameIdKind, sessionIndex, sessionNotOnOrAfter } = identity;
    const browser = browserName(req.headers['user-agent']);
    const endsAt = sessionNotOnOrAfter?.getTime() ?? null;
    const authnAt = identity.authnInstant.getTime();
    const login = { level, authnAt, nameId, providerId, nameIdKind, sessionIndex, endsAt };
    return { portal: face.name, loginAt: Date.now(), providerName, browser, ...login };
  }

  async function enter(
    req: Request,
    res: Response,
    { replacesSession, returnTo }: AcceptedLogin['pending'],
    signedIn: SignedIn,
  ): Promise<void> {
    await beginSession(req, signedIn);
    if (replacesSession !== null) await endSessionRow(services.database.pool, replacesSession);
    res.redirect(303, returnTo);
  }

  async function refuseIdentity(
    req: Request,
    res: Response,
    identity: SamlIdentity,
    providerName: string,
    refusal: SignInRefusal,
  ): Promise<void> {
    const { cvr, level, fullName: name, organisationName, uuid, rid, carriedCpr } = identity;
    const known = { providerName, level, name, organisationName, uuid, rid, carriedCpr };
    const arrived = { ...known, ...(cvr === null ? {} : { cvr }) };
    const administrators = cvr === null ? [] : await findAdministrators(services.database, cvr);
    const refused = { arrived, reason: { kind: 'identity', refusal }, administrators, isStray: false } as const;
    await explain(req, res, refused, refusal);
  }

  async function refuse(
    req: Request,
    res: Response,
    { reason, detail, arrived, isStray }: RefusedLogin,
  ): Promise<void> {
    await explain(
      req,
      res,
      { arrived, isStray, reason: { kind: 'protocol', reason }, administrators: [] },
      `${reason}: ${detail}`,
    );
  }

  async function explain(
    req: Request,
    res: Response,
    { isStray, ...refused }: Pick<Refused, 'arrived' | 'reason' | 'administrators'> & Pick<RefusedLogin, 'isStray'>,
    reason: string,
  ): Promise<void> {
    const { arrived } = refused;
    services.log.warn(
      { reference: req.reference, portal: face.name, reason, provider: arrived.providerName },
      'login refused',
    );
    const where = whereOf(req);
    const logged = {
      reason,
      provider: arrived.providerName ?? null,
      cvr: arrived.cvr ?? null,
      level: arrived.level ?? null,
    };
    // Anybody can send nonsense here: it is in the request log above, not in the log that nobody can shorten.
    if (!isStray) await noteRefusal(services.database, { portal: face.name, ...refused }, logged, where);
    const { contact, origins } = services;
    show(req, res, refusedPage({ ...refused, contact, sebanmodUrl: origins.sebanmod, reference: req.reference }));
  }

  return router;
}

function whereOf(req: Request): Where {
  return { requestId: req.reference, networkAddress: addressOf(req) };
}

/** Whether the person has anything to do in sebadmin. */
export function isAdministrator(actor: Actor): boolean {
  return actor.systemRoles.length > 0 || actor.administrations.length > 0;
}

function limitLogins(services: Services): RequestHandler {
  return (req, _res, next) => {
    services.limiter.count('loginEnd', networkOf(req)).then(() => next(), next);
  };
}

// Another site's page could begin logins as its "pictures" and use up what its visitors' network may.
function refuseAsPicture(req: Request): void {
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document') {
    throw new BadRequest('Login skal begynde fra en side i SEB. Gå til forsiden, og log på derfra.');
  }
}
