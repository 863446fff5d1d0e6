import path from 'node:path';
import type { Express, Request, Response } from 'express';
import { closeRoutes, demoSite } from '../web/demo-site.ts';
import { listPage, mailPage } from './mail-pages.ts';
import type { MailStore, StoredMail } from './mail-store.ts';

// The mail's own document: nothing is loaded but pictures inside the mail, nothing runs, links open elsewhere.
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The inbox on the web, and the same as JSON for tests. */
export function mailboxSite(store: MailStore): Express {
  const site = demoSite({ name: 'Postkasse til test', pages: path.join(import.meta.dirname, 'pages') });
  const { app, show } = site;
  app.get('/', async (request, response) => {
    const query = text(request.query['q']);
    await show(response, 'list', listPage(store.search(query), query, Number(text(request.query['side'])) || 1));
  });
  app.get('/messages.json', (request, response) => void response.json(store.search(text(request.query['q']))));
  app.get(
    '/messages/:id',
    withMail(store, (mail, response) => show(response, 'mail', mailPage(mail))),
  );
  app.get(
    '/messages/:id/text',
    withMail(store, (mail, response) => void response.type('text').send(mail.text)),
  );
  app.get('/messages/:id/html', withMail(store, sendHtml));
  closeRoutes(site);
  return app;
}

function withMail(store: MailStore, send: (mail: StoredMail, response: Response) => void | Promise<void>) {
  return async (request: Request, response: Response, notFound: () => void): Promise<void> => {
    const mail = store.find(text(request.params['id']));
    if (!mail) return notFound();
    await send(mail, response);
  };
}

function sendHtml(mail: StoredMail, response: Response): void {
  response.setHeader('Content-Security-Policy', MAIL_POLICY);
  response.setHeader('X-Frame-Options', 'SAMEORIGIN');
  response.type('html').send(`<base target="_blank">${mail.html ?? ''}`);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
