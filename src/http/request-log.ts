import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { randomGroups } from '../shared/reference.ts';

declare global {
  // A namespace, since that is how Express types are extended.
  namespace Express {
    interface Request {
      /** The reference number that a person can read out and that the log knows. */
      reference: string;
    }
  }
}

// Without letters and digits that are mistaken for each other on the telephone.
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A reference such as "7F3K-22QX-9ABM". */
export function newReference(): string {
  return randomGroups(alphabet);
}

/** Gives each request its reference and writes one line when it is answered: no query, no body, no cookie, no name. */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    req.reference = newReference();
    res.setHeader('X-Request-Id', req.reference);
    const begun = performance.now();
    res.on('finish', () => {
      const milliseconds = Math.round(performance.now() - begun);
      log.info(
        { reference: req.reference, method: req.method, path: pathOf(req), status: res.statusCode, milliseconds },
        'answered',
      );
    });
    next();
  };
}

/** The path alone, without the secret of a mail's link: a query may hold a name that was searched for. */
export function pathOf(req: Request): string {
  return (req.originalUrl.split('?', 1)[0] ?? '').replace(/(\/(?:bekraeft|afmeld)\/).+/i, '$1…').slice(0, 300);
}
