import type { Request } from 'express';
import { csrfSync } from 'csrf-sync';
import { postedFields } from './body.ts';
import { typed } from './forms.ts';

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (req) => typed(postedFields(req.body), '_csrf'),
  getTokenFromState: (req) => req.session.csrfToken ?? null,
  storeTokenInState: (req, token) => {
    req.session.csrfToken = token as string;
  },
});

/** The session's own token for its forms. */
export function csrfToken(req: Request): string {
  return generateToken(req);
}

/** Whether a post carries the token of its own session. */
export function hasCsrfToken(req: Request): boolean {
  return req.session.csrfToken !== undefined && isRequestValid(req);
}
