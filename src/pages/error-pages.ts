import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { recordRefusedChange } from '../audit/record-refusal.ts';
import { translateDatabaseError } from '../db/errors.ts';
import { ownPath } from '../http/own-path.ts';
import { pathOf } from '../http/request-log.ts';
import type { Person } from '../permissions/actor.ts';
import { organisationOfPerson, ownerOf } from '../permissions/actor.ts';
import { AppError, BadRequest, Forbidden, NotFound, TooMany, Unavailable } from '../shared/errors.ts';
import type { Page } from './page.ts';
import { page } from './page.ts';
import { sendPage } from './answer.ts';
import type { Services } from './services.ts';
import type { PortalFace } from './shell.ts';
import type { AddressedOrganisation } from './visit.ts';
import { addressOf } from './visit.ts';

/** No route took the request. */
export const nothingHere: RequestHandler = () => {
  throw new NotFound();
};

/** The one place where an error becomes a page: a sentence that says what to do, and the reference that the log knows. */
export function errorPages(services: Services, face: PortalFace): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const known = asAppError(error);
    note(services, req, known, error);
    refusalNoted(services, req, res, known)
      .catch((failure: unknown) => {
        services.log.error({ reference: req.reference, err: failure }, 'a refusal could not be logged');
        return known;
      })
      .then((told) => answer(services, face, req, res, told))
      .catch(next);
  };
}

function answer(services: Services, face: PortalFace, req: Request, res: Response, error: AppError): void {
  if (error instanceof TooMany) res.setHeader('Retry-After', String(error.retryAfter));
  if (error instanceof Unavailable) res.setHeader('Retry-After', '5');
  const back = { form: wayBackOf(res), page: pageBefore(req, services.origins[face.name], error) };
  sendPage(services, face, req, res, errorPage(services, error, req.reference, back), null);
}

/** Where a refused change was sent from, as the browser tells it: of this portal, or nowhere. */
function pageBefore(req: Request, origin: string, error: AppError): string | null {
  const { referer = '' } = req.headers;
  if (req.method !== 'POST' || !(error instanceof Forbidden) || !URL.canParse(referer)) return null;
  const from = new URL(referer);
  return from.origin === origin ? ownPath(`${from.pathname}${from.search}`) : null;
}

/** The page whose form was refused and waits there as it was typed. */
function wayBackOf(res: Response): string | null {
  return typeof res.locals.wayBack === 'string' ? res.locals.wayBack : null;
}

type WayBack = { form: string | null; page: string | null };

function errorPage({ contact }: Services, error: AppError, reference: string, back: WayBack): Page {
  const { title, message } =
    error.status === 500 ? unexpected : { title: titles[error.status] ?? 'Det lykkedes ikke', message: error.message };
  return { ...page('errors/error', title, { title, message, reference, contact, back }), status: error.status };
}

const unexpected = {
  title: 'Der skete en uventet fejl',
  message:
    'Fejlen er ikke din, og intet er gemt. Prøv igen om lidt. Sker det igen, så oplys referencenummeret til servicedesk.',
};

const titles: Record<number, string> = {
  400: 'Forespørgslen kan ikke læses',
  403: 'Det har du ikke rettighed til',
  404: 'Siden findes ikke',
  409: 'Det kan ikke lade sig gøre nu',
  413: 'Du sendte for meget på én gang',
  415: 'Formatet kan ikke læses',
  421: 'Adressen hører ikke til SEB',
  422: 'Forespørgslen kan ikke læses',
  429: 'Vent et øjeblik',
  503: 'SEB kan ikke svare lige nu',
};

function note(services: Services, req: Request, known: AppError, error: unknown): void {
  const line = {
    reference: req.reference,
    status: known.status,
    missing: known instanceof Forbidden ? known.missing : undefined,
  };
  if (known.status >= 500) services.log.error({ ...line, err: error }, 'unexpected');
  else services.log.info({ ...line, name: known.name }, 'refused');
}

/** A refused change is logged with its actor and counted; whoever tries again and again is told to wait instead. */
async function refusalNoted(services: Services, req: Request, res: Response, error: AppError): Promise<AppError> {
  const person = res.locals.person as Person | undefined;
  const isRefusal = error instanceof Forbidden || error instanceof NotFound;
  if (req.method !== 'POST' || person === undefined || !isRefusal) return error;
  const tooMany = await tooManyRefusals(services, person);
  if (tooMany !== null) return tooMany;
  const action = error instanceof Forbidden ? error.missing : 'notFound';
  const organisation = organisationOfRefusal(person, error, res.locals.addressed as AddressedOrganisation | null);
  const where = { requestId: req.reference, networkAddress: addressOf(req) };
  const refusal = { action, reason: error.message, path: pathOf(req) };
  await recordRefusedChange(services.database, person, organisation, refusal, where);
  return error;
}

// A 404 may be about another organisation: then the refusal belongs into the log of the actor's own.
function organisationOfRefusal(
  person: Person,
  error: AppError,
  addressed: AddressedOrganisation | null,
): { id: number; name: string } | null {
  return error instanceof Forbidden && addressed !== null ? addressed : organisationOfPerson(person);
}

async function tooManyRefusals({ limiter }: Services, person: Person): Promise<TooMany | null> {
  try {
    await limiter.count('refusedChange', ownerOf(person));
    return null;
  } catch (error) {
    if (error instanceof TooMany) return error;
    throw error;
  }
}

/** Errors of Express and its parsers, told by their status, become ours; anything unknown is a fault of ours. */
function asAppError(raised: unknown): AppError {
  // What did not come through readPage or recordChange (a session, a login under way) is translated here.
  const error = translateDatabaseError(raised);
  if (error instanceof AppError) return error;
  const status = statusOf(error);
  if (status === 413)
    return new BadRequest(
      'Du har sendt for mange eller for store felter på én gang. Vælg færre, eller brug “Vælg alle, der passer til søgningen”.',
      413,
    );
  if (status === 404) return new NotFound();
  if (status !== null && status >= 400 && status < 500)
    return new BadRequest('SEB kunne ikke læse forespørgslen. Åbn siden igen, og prøv derfra.');
  return new AppError('unexpected', { cause: error });
}

function statusOf(error: unknown): number | null {
  const status = typeof error === 'object' && error !== null ? (error as { status?: unknown }).status : undefined;
  if (typeof status === 'number') return status;
  return error instanceof URIError ? 400 : null;
}
