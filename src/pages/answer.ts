import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { flash, takeFlash } from '../http/cookies.ts';
import { csrfToken } from '../http/csrf.ts';
import { openFormToken } from '../http/open-form.ts';
import type { Person } from '../permissions/actor.ts';
import type { Answer, FileInPieces, Page } from './page.ts';
import type { Services } from './services.ts';
import type { PortalFace } from './shell.ts';
import { renderPage } from './shell.ts';
import type { AnyVisit } from './visit.ts';

/** Sends what a route answered. */
export function send(
  services: Services,
  face: PortalFace,
  req: Request,
  res: Response,
  visit: AnyVisit | null,
  answer: Answer,
): void {
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
  if (answer.answer === 'fileInPieces') return sendPieces(services, res, answer);
  if (answer.answer === 'feed') {
    res.setHeader('Content-Type', answer.type);
    res.end(answer.content);
    return;
  }
  if (answer.answer === 'mail') {
    // Mails carry their styles in place, as mail programs want it.
    res.setHeader('Content-Security-Policy', mailPolicy);
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end(answer.html);
    return;
  }
  sendPage(services, face, req, res, answer, visit);
}

const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** As fast as the reader takes it; whoever leaves in the middle has got no whole file, and a fault ends the connection. */
function sendPieces({ log }: Services, res: Response, { fileName, type, bytes, sha256, pieces }: FileInPieces): void {
  res.setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', bytes);
  res.setHeader('Repr-Digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
  // Packed already, and not to be changed on its way.
  res.setHeader('Cache-Control', 'no-store, no-transform');
  pipeline(Readable.from(pieces, { objectMode: false }), res).catch((error: unknown) => {
    if (!res.req.destroyed) log.warn({ err: error }, 'a file was not sent to its end');
  });
}

/** Sends a page in the portal's frame, also for visitors who are not signed in and for errors. */
export function sendPage(
  services: Services,
  face: PortalFace,
  req: Request,
  res: Response,
  shown: Page,
  visit: AnyVisit | null,
): void {
  const person = (res.locals.person as Person | undefined) ?? null;
  const cvr = req.params?.cvr;
  const html = renderPage(
    services,
    face,
    {
      person,
      cvrInUrl: visit?.addressed === null || typeof cvr !== 'string' ? null : cvr,
      path: req.originalUrl.split('?', 1)[0] ?? '/',
      csrf: person === null ? null : csrfToken(req),
      openToken: () => openFormToken(req, res, services.keys),
      flash: takeFlash(req, res, services.keys),
      draftIsBack: visit?.draft !== null && visit !== null,
    },
    shown,
  );
  // Not `send`: it would hash every page for an ETag, which no page has use for, since none may be stored.
  const bytes = Buffer.from(html);
  res.status(shown.status);
  if (shown.refresh !== undefined) res.setHeader('Refresh', String(shown.refresh));
  if (shown.onward !== undefined) res.setHeader('Refresh', `0;url=${shown.onward}`);
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
}
