import type { RequestHandler } from 'express';
import { ownPath } from '../http/own-path.ts';
import { BadRequest } from '../shared/errors.ts';
import type { PortalSettings } from './portal-settings.ts';

/**
 * Answers only under the portal's own host name, so that no link or cookie is made for another. In development plain
 * localhost and 127.0.0.1 lead there, and the own *.localhost counts as a secure context, as browsers see it.
 */
export function hostGuard({ url, isDevelopment }: PortalSettings): RequestHandler {
  const isLocalName = url.hostname.endsWith('.localhost');
  return (req, res, next) => {
    const host = req.headers.host ?? '';
    if (host === url.host) {
      if (isLocalName) Object.defineProperty(req, 'secure', { value: true });
      return next();
    }
    if (isDevelopment && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) && req.method === 'GET') {
      return res.redirect(302, url.origin + ownPath(req.originalUrl));
    }
    next(new BadRequest('Denne adresse hører ikke til SEB. Brug den adresse, du har fået af din organisation.', 421));
  };
}
