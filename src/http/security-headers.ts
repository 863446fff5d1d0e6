import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers of every answer. Everything comes from the own host; there is no inline script or style, so the policy needs no
 * nonce. Forms lead to the own host alone: identity providers are reached by a page that goes on by itself.
 */
export function securityHeaders({ isHttps }: { isHttps: boolean }): RequestHandler {
  const fixed = headersSetBy(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'"],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
        },
      },
      strictTransportSecurity: isHttps ? { maxAge: 63_072_000, includeSubDomains: true } : false,
      referrerPolicy: { policy: 'same-origin' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
    }),
  );
  fixed.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  fixed.set('Cache-Control', 'no-store');
  return (_req, res, next) => {
    res.setHeaders(fixed);
    next();
  };
}

/** What helmet says to every answer, asked once: its dozen of handlers need not run for each. */
function headersSetBy(handler: ReturnType<typeof helmet>): Map<string, string> {
  const blank = new ServerResponse(new IncomingMessage(new Socket()));
  handler(blank.req, blank, () => undefined);
  return new Map(Object.entries(blank.getHeaders()).map(([name, value]) => [name, String(value)]));
}
