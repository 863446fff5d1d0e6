import type { Request, RequestHandler, Response } from 'express';
import { postedFields, queriedFields } from '../http/body.ts';
import { hasCsrfToken } from '../http/csrf.ts';
import { takeDraft } from '../http/form-draft.ts';
import type { Alongside, SignedIn } from '../http/session.ts';
import { endSession, isOver, renewSession, sessionRow } from '../http/session.ts';
import { isOpenForm } from '../http/open-form.ts';
import type { Actor, Employee, Person } from '../permissions/actor.ts';
import { isUser, ownerOf, rightsOf } from '../permissions/actor.ts';
import { can, employeeMay, kindsOf } from '../permissions/can.ts';
import { isOpenToAnyone, mayEver, mayEverOnBehalf } from '../permissions/scope.ts';
import { Forbidden, NotFound } from '../shared/errors.ts';
import { send } from './answer.ts';
import { askToSignIn, askToStepUp, canBeSentAgain, giveFormBack, keepRefusedForm } from './kept-forms.ts';
import { lookedUp } from './looked-up.ts';
import type { OpenVisit } from './open-visit.ts';
import type { OpenRoute, PersonalRoute, Route, SignedInRoute } from './route.ts';
import type { Answer } from './page.ts';
import { StepUpNeeded, ensureFreshLogin } from './step-up.ts';
import type { Services } from './services.ts';
import type { PortalFace } from './shell.ts';
import type { AddressedOrganisation, PersonalVisit, Visit } from './visit.ts';
import { addressOf, networkOf } from './visit.ts';

type Recognised = { person: Person; signedIn: SignedIn; addressed: AddressedOrganisation | null };

/** Carries one route: who is it, may they, what was asked, the answer. `hasForm`: whether its path is a page, too. */
export function handlerOf(services: Services, face: PortalFace, route: Route, hasForm: boolean): RequestHandler {
  if (route.audience === 'everyone') return openHandler(services, face, route);
  return signedInHandler(services, face, route, hasForm);
}

/** A page for everyone: no login is asked for, and a post shows that it is the visitor's own. */
function openHandler(services: Services, face: PortalFace, route: OpenRoute): RequestHandler {
  if (!isOpenToAnyone(route.access)) throw new Error(`${route.path}: ${route.access} is not open to anyone`);
  return async (req, res) => {
    await recognise(services, face, req, res);
    if (route.method === 'post') await ensureOwnPost(services, route, req);
    const answer = await route.answer(openVisit(services, face, req));
    send(services, face, req, res, null, answer);
  };
}

async function ensureOwnPost(services: Services, { proof }: OpenRoute, req: Request): Promise<void> {
  await services.limiter.count('openPost', networkOf(req));
  if (proof === 'ownForm' && !isOpenForm(req, services.keys)) throw new Forbidden(strangeForm, 'csrf');
}

const strangeForm =
  'Formularen er for gammel, eller din browser tager ikke imod cookies fra SEB. Åbn siden igen, og send den derfra.';

function openVisit(services: Services, face: PortalFace, req: Request): OpenVisit {
  return {
    services,
    portal: face.name,
    params: paramsOf(req),
    query: queriedFields(req.query),
    posted: postedFields(req.body),
    url: req.originalUrl,
    network: networkOf(req),
  };
}

function signedInHandler(
  services: Services,
  face: PortalFace,
  route: SignedInRoute | PersonalRoute,
  hasForm: boolean,
): RequestHandler {
  return async (req, res) => {
    const recognised = await recognise(services, face, req, res);
    if (recognised === null) return askToSignIn(services, req, res);
    if (route.method === 'post' && !hasCsrfToken(req)) return giveFormBack(services, req, res, recognised.person);
    try {
      await carry({ services, face, route }, req, res, recognised);
    } catch (error) {
      const isKept = route.method === 'post' && hasForm && canBeSentAgain(error);
      if (isKept) await keepRefusedForm(services, req, res, recognised.person);
      throw error;
    }
  };
}

type Carried = { services: Services; face: PortalFace; route: SignedInRoute | PersonalRoute };

async function carry(
  { services, face, route }: Carried,
  req: Request,
  res: Response,
  recognised: Recognised,
): Promise<void> {
  const { person, addressed } = recognised;
  if (route.method === 'post') await services.limiter.count('change', ownerOf(person));
  if (route.audience === 'everybodySignedIn') {
    ensureMayPersonally(route, person);
    const visit = { ...(await factsOf(services, face, route, req, res, recognised)), person, addressed: null };
    return send(services, face, req, res, visit, await route.answer(visit));
  }
  if (!isUser(person)) throw new Forbidden(usersOnly, route.access);
  ensureAccess(route, person, addressed);
  const facts = await factsOf(services, face, route, req, res, recognised);
  const visit: Visit = { ...facts, actor: person, addressed, upload: req.upload ?? null };
  const answer = await freshAnswer(route, visit);
  if (answer === null) return askToStepUp(services, req, res, person);
  send(services, face, req, res, visit, answer);
  const seen = lookedUp(route, visit, answer);
  if (seen !== null) services.lookUps.note(seen);
}

/** Null where the login is too old for what was asked: nothing of it was done. */
async function freshAnswer(route: SignedInRoute, visit: Visit): Promise<Answer | null> {
  try {
    if (route.freshLogin) ensureFreshLogin(visit);
    return await route.answer(visit);
  } catch (error) {
    if (error instanceof StepUpNeeded) return null;
    throw error;
  }
}

function ensureMayPersonally({ access }: PersonalRoute, person: Person): void {
  const may = isUser(person) ? heldSomewhere(person, access) : employeeMay(access);
  if (!may) throw new Forbidden(noRight, access);
}

/** What the session's statement reads besides it: the person, user or employee, and the organisation of the URL. */
export const personOfSession: Alongside = {
  expression: `coalesce(request_actor((sess -> 'signedIn' ->> 'userId')::int, $2::text),
    request_employee((sess -> 'signedIn' -> 'employee')::jsonb))`,
  // What is no CVR number names no organisation.
  parameterOf: ({ path }) => /^\/organisationer\/(\d{8})(?:\/|$)/i.exec(path)?.[1] ?? null,
};

/** The person behind the session, read from the database at every request; null when nobody is signed in any longer. */
async function recognise(
  services: Services,
  face: PortalFace,
  req: Request,
  res: Response,
): Promise<Recognised | null> {
  const { signedIn } = req.session;
  if (signedIn === undefined || signedIn.portal !== face.name) return null;
  const found = isOver(signedIn, services.session.absoluteHours, Date.now()) ? null : personFound(req, signedIn);
  if (found === null) {
    await endSession(req);
    return null;
  }
  res.locals.person = found.person;
  res.locals.addressed = found.addressed;
  const renewed = await underOwnRights(services, req, found.person, signedIn);
  req.session.touchedAt = touchedAt(req.session.touchedAt);
  return { ...found, signedIn: renewed };
}

/** A new session id where roles came or went since the id was made; not below a form that is being sent. */
async function underOwnRights(services: Services, req: Request, person: Person, signedIn: SignedIn): Promise<SignedIn> {
  const rights = rightsOf(person);
  if (signedIn.rights === rights || req.method !== 'GET') return signedIn;
  const renewed = { ...signedIn, rights };
  await renewSession(req, services.database.pool, renewed);
  return renewed;
}

/** Null for a user who is locked, deleted or logged off everywhere, and for an employee who is a user by now. */
function personFound({ alongside }: Request, signedIn: SignedIn): Omit<Recognised, 'signedIn'> | null {
  if ((alongside ?? null) === null) return null;
  if (signedIn.userId === null) {
    const { organisation } = alongside as Pick<Employee, 'organisation'>;
    return { person: { ...signedIn.employee, organisation, level: signedIn.level }, addressed: null };
  }
  const { addressed, ...actor } = alongside as Actor & { addressed: AddressedOrganisation | null };
  return actor.isActive && actor.sessionEpoch === signedIn.sessionEpoch ? { person: actor, addressed } : null;
}

// Written at most once a minute, so that reading pages does not write a session row each.
function touchedAt(before: number | undefined): number {
  const now = Date.now();
  return before === undefined || before < now - 60_000 ? now : before;
}

function ensureAccess(
  { path, access, right }: SignedInRoute,
  actor: Actor,
  addressed: AddressedOrganisation | null,
): void {
  if (!path.includes(':cvr')) {
    if (!heldSomewhere(actor, access)) throw new Forbidden(holdsNothing(actor) ? noLonger : noRight, access);
    return;
  }
  if (addressed === null || !kindsOf(actor, addressed.id).some((kind) => kind !== 'user'))
    throw new NotFound(holdsNothing(actor) ? noLonger : undefined);
  const mayHere = right === 'onBehalf' ? mayEverOnBehalf(actor, access) : mayEver(actor, access, addressed.id);
  if (!mayHere) throw new Forbidden(noRight, access);
}

/** Somebody whose administration ended, or ran out, while at work. */
function holdsNothing({ administrations, systemRoles }: Actor): boolean {
  return administrations.length === 0 && systemRoles.length === 0;
}

const noLonger =
  'Du er ikke, eller ikke længere, administrator i SEB. Dine egne adgange finder du i SEB for brugere. Er det en fejl, så kontakt en organisationsadministrator i din organisation.';
const usersOnly = 'Siden er for brugere i SEB, og det er du ikke endnu. Gå til forsiden, og anmod om adgang der.';
const noRight = 'Det har du ikke rettighed til. Kontakt en organisationsadministrator i organisationen.';

// At home or where the actor administers: somebody may administer another organisation only.
function heldSomewhere(actor: Actor, access: Route['access']): boolean {
  const self = { id: actor.userId, isAdministrator: true };
  return [actor.organisationId, ...actor.administrations.map((held) => held.organisationId)].some(
    (organisationId) => mayEver(actor, access, organisationId) || can(actor, access, { organisationId, user: self }),
  );
}

async function factsOf(
  services: Services,
  face: PortalFace,
  route: Route,
  req: Request,
  res: Response,
  { person, signedIn }: Recognised,
): Promise<Omit<PersonalVisit, 'person' | 'addressed'>> {
  const draft =
    req.method === 'GET' ? await takeDraft(services.database, services.keys, req, res, ownerOf(person)) : null;
  return {
    services,
    portal: face.name,
    signedIn,
    sessionRow: sessionRow(req) ?? '',
    params: paramsOf(req),
    query: queriedFields(req.query),
    posted: postedFields(req.body),
    draft,
    url: req.originalUrl,
    reference: req.reference,
    networkAddress: addressOf(req),
    action: route.access,
  };
}

function paramsOf(req: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(req.params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
