import type { Request, RequestHandler, Response } from 'express';
import { flash, takeFlash } from '../http/cookies.ts';
import { postedFields, queriedFields } from '../http/body.ts';
import { csrfToken, hasCsrfToken } from '../http/csrf.ts';
import { keepDraft, ownerOf, takeDraft } from '../http/form-draft.ts';
import type { Alongside, SignedIn } from '../http/session.ts';
import { endSession, isOver } from '../http/session.ts';
import type { Actor } from '../permissions/actor.ts';
import { can, kindsOf } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { Forbidden, NotFound } from '../shared/errors.ts';
import type { Answer, Page } from './page.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';
import type { PortalFace } from './shell.ts';
import { renderPage } from './shell.ts';
import type { AddressedOrganisation, Visit } from './visit.ts';
import { addressOf } from './visit.ts';

type Recognised = { actor: Actor; signedIn: SignedIn; addressed: AddressedOrganisation | null };

/** Carries one route: who is it, may they, what was asked, the answer. */
export function handlerOf(services: Services, face: PortalFace, route: Route): RequestHandler {
  return async (req, res) => {
    const recognised = await recognise(services, face, req, res);
    if (recognised === null) return askToSignIn(services, req, res);
    if (route.method === 'post' && !hasCsrfToken(req)) return giveFormBack(services, req, res, recognised.actor);
    if (route.method === 'post') await services.limiter.count('change', String(recognised.actor.userId));
    ensureAccess(route, recognised);
    const visit = await openVisit(services, face, route, req, res, recognised);
    const answer = await route.answer(visit);
    send(services, face, req, res, visit, answer);
  };
}

/** What the session's statement reads besides it: the person, and the organisation of the URL. */
export const personOfSession: Alongside = {
  expression: "request_actor((sess -> 'signedIn' ->> 'userId')::int, $2::text)",
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
  const found = (req.alongside ?? null) as (Actor & { addressed: AddressedOrganisation | null }) | null;
  const over = isOver(signedIn, services.session.absoluteHours, Date.now());
  if (found === null || over || !found.isActive || found.sessionEpoch !== signedIn.sessionEpoch) {
    await endSession(req);
    return null;
  }
  const { addressed, ...actor } = found;
  res.locals.actor = actor;
  res.locals.addressed = addressed;
  req.session.touchedAt = touchedAt(req.session.touchedAt);
  return { actor, signedIn, addressed };
}

// Written at most once a minute, so that reading pages does not write a session row each.
function touchedAt(before: number | undefined): number {
  const now = Date.now();
  return before === undefined || before < now - 60_000 ? now : before;
}

/** Sends the person to login and back; a posted form of ours waits for them meanwhile. */
async function askToSignIn(services: Services, req: Request, res: Response): Promise<void> {
  if (req.method === 'POST') {
    const posted = postedFields(req.body);
    const owner = ownerOf(services.keys, posted);
    if (owner !== null)
      await keepDraft(services.database, services.keys, res, owner, { path: req.originalUrl, posted });
  }
  res.redirect(303, `/login?til=${encodeURIComponent(req.originalUrl)}`);
}

// The form was opened before a new login in this browser, or does not come from our page: shown again, never carried out.
async function giveFormBack(services: Services, req: Request, res: Response, actor: Actor): Promise<void> {
  const posted = postedFields(req.body);
  if (ownerOf(services.keys, posted) !== actor.userId) {
    throw new Forbidden(
      'Formularen kom ikke fra en side, du har åbnet i SEB. Åbn siden igen, og send den derfra.',
      'csrf',
    );
  }
  await keepDraft(services.database, services.keys, res, actor.userId, { path: req.originalUrl, posted });
  res.redirect(303, req.originalUrl);
}

function ensureAccess({ path, access }: Route, { actor, addressed }: Recognised): void {
  if (!path.includes(':cvr')) {
    if (!heldSomewhere(actor, access)) throw new Forbidden(noRight, access);
    return;
  }
  if (addressed === null || !kindsOf(actor, addressed.id).some((kind) => kind !== 'user')) throw new NotFound();
  if (!mayEver(actor, access, addressed.id)) throw new Forbidden(noRight, access);
}

const noRight = 'Det har du ikke rettighed til. Kontakt en organisationsadministrator i organisationen.';

// At home or where the actor administers: somebody may administer another organisation only.
function heldSomewhere(actor: Actor, access: Route['access']): boolean {
  const self = { id: actor.userId, isAdministrator: true };
  return [actor.organisationId, ...actor.administrations.map((held) => held.organisationId)].some(
    (organisationId) => mayEver(actor, access, organisationId) || can(actor, access, { organisationId, user: self }),
  );
}

async function openVisit(
  services: Services,
  face: PortalFace,
  route: Route,
  req: Request,
  res: Response,
  { actor, signedIn, addressed }: Recognised,
): Promise<Visit> {
  const draft = req.method === 'GET' ? await takeDraft(services.database, services.keys, req, res, actor.userId) : null;
  return {
    services,
    portal: face.name,
    actor,
    signedIn,
    addressed,
    params: Object.fromEntries(
      Object.entries(req.params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    query: queriedFields(req.query),
    posted: postedFields(req.body),
    upload: req.upload ?? null,
    draft,
    url: req.originalUrl,
    reference: req.reference,
    networkAddress: addressOf(req),
    action: route.access,
  };
}

function send(services: Services, face: PortalFace, req: Request, res: Response, visit: Visit, answer: Answer): void {
  if (answer.answer === 'seeOther') {
    if (answer.flash !== null) flash(res, services.keys, answer.flash);
    return res.redirect(303, answer.location);
  }
  if (answer.answer === 'data') {
    res.json(answer.data);
    return;
  }
  if (answer.answer === 'file') {
    res.setHeader('Content-Disposition', `attachment; filename="${answer.fileName}"`);
    res.setHeader('Content-Type', answer.type);
    res.end(answer.content);
    return;
  }
  sendPage(services, face, req, res, answer, visit);
}

/** Sends a page in the portal's frame, also for visitors who are not signed in and for errors. */
export function sendPage(
  services: Services,
  face: PortalFace,
  req: Request,
  res: Response,
  shown: Page,
  visit: Visit | null,
): void {
  const actor = visit?.actor ?? (res.locals.actor as Actor | undefined) ?? null;
  const cvr = req.params?.cvr;
  const html = renderPage(
    services,
    face,
    {
      actor,
      cvrInUrl: visit?.addressed === null || typeof cvr !== 'string' ? null : cvr,
      path: req.originalUrl.split('?', 1)[0] ?? '/',
      csrf: actor === null ? null : csrfToken(req),
      flash: takeFlash(req, res, services.keys),
      draftIsBack: visit?.draft !== null && visit !== null,
    },
    shown,
  );
  // Not `send`: it would hash every page for an ETag, which no page has use for, since none may be stored.
  const bytes = Buffer.from(html);
  res.status(shown.status);
  if (shown.refresh !== undefined) res.setHeader('Refresh', String(shown.refresh));
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
}
