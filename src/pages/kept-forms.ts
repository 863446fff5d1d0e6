import type { Request, Response } from 'express';
import { postedFields } from '../http/body.ts';
import { formOwnerIn, keepDraft } from '../http/form-draft.ts';
import { ownPath } from '../http/own-path.ts';
import type { Person } from '../permissions/actor.ts';
import { ownerOf } from '../permissions/actor.ts';
import { Conflict, Forbidden, TooMany, Unavailable } from '../shared/errors.ts';
import type { Services } from './services.ts';

/** Sends the person to login and back; a posted form of ours waits for them meanwhile. */
export async function askToSignIn(services: Services, req: Request, res: Response): Promise<void> {
  if (req.method === 'POST') {
    const owner = formOwnerIn(services.keys, postedFields(req.body));
    if (owner !== null) await keep(services, req, res, owner);
  }
  res.redirect(303, `/login?til=${encodeURIComponent(req.originalUrl)}`);
}

/** The form waits as a draft, is shown again after the new login, and is sent by nobody but its person. */
export async function askToStepUp(services: Services, req: Request, res: Response, person: Person): Promise<void> {
  await keep(services, req, res, ownerOf(person));
  res.redirect(303, `/login/bekraeft?til=${encodeURIComponent(req.originalUrl)}`);
}

// The form was opened before a new login in this browser, or does not come from our page: shown again, never carried out.
export async function giveFormBack(services: Services, req: Request, res: Response, person: Person): Promise<void> {
  const owner = ownerOf(person);
  if (formOwnerIn(services.keys, postedFields(req.body)) !== owner) {
    throw new Forbidden(
      'Formularen kom ikke fra en side, du har åbnet i SEB. Åbn siden igen, og send den derfra.',
      'csrf',
    );
  }
  await keep(services, req, res, owner);
  res.redirect(303, req.originalUrl);
}

/** Whether what was posted can be sent again as it stands, later or after a change of it. */
export function canBeSentAgain(error: unknown): boolean {
  return error instanceof Conflict || error instanceof TooMany || error instanceof Unavailable;
}

/** A form that was refused as a whole waits on its own page, which the page of the refusal leads to. */
export async function keepRefusedForm(services: Services, req: Request, res: Response, person: Person): Promise<void> {
  try {
    await keep(services, req, res, ownerOf(person));
    res.locals.wayBack = ownPath(req.originalUrl);
  } catch (error) {
    services.log.info({ reference: req.reference, err: error }, 'a refused form could not be kept');
  }
}

function keep(services: Services, req: Request, res: Response, owner: string): Promise<void> {
  const draft = { path: req.originalUrl, posted: postedFields(req.body) };
  return keepDraft(services.database, services.keys, res, owner, draft);
}
