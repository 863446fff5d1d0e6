import { createServer } from 'node:http';
import type { Server } from 'node:http';
import path from 'node:path';
import ejs from 'ejs';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

const sharedPages = path.join(import.meta.dirname, 'pages');
const sharedPublic = path.join(import.meta.dirname, 'public');
const designSystem = path.resolve(import.meta.dirname, '../../../node_modules/dkfds/dist');

export type DemoSite = {
  app: Express;
  /** Renders a page of the site; `title` is the page's heading. */
  show(response: Response, page: string, model: { title: string } & Record<string, unknown>): Promise<void>;
};

export type SiteOptions = {
  name: string;
  pages: string;
  /** A folder of the site's own scripts, below /assets. */
  publicFolder?: string;
  /** Other origins that the site's forms may send to. */
  formTargets?: string[];
};

/** The frame that the test identity provider and the mailbox share: headers, files of the design system, pages. */
export function demoSite(options: SiteOptions): DemoSite {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet(securityHeaders(options.formTargets ?? [])));
  app.use('/assets/dkfds', express.static(designSystem, { maxAge: '1d' }));
  if (options.publicFolder) app.use('/assets', express.static(options.publicFolder));
  app.use('/assets', express.static(sharedPublic));
  app.get('/health', (_request, response) => void response.type('text').send('ok'));
  return { app, show: (response, page, model) => show(options, response, page, model) };
}

/** Answers what no route did; to be called when all routes are there. */
export function closeRoutes({ app, show }: DemoSite): void {
  app.use(async (_request: Request, response: Response) => {
    response.status(404);
    await show(response, 'message', { title: 'Siden findes ikke', text: 'Gå til forsiden, og prøv derfra.' });
  });
  app.use(async (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const status = clientErrorStatus(error);
    if (status === null) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    response.status(status ?? 500);
    const text = status === null ? 'Der skete en fejl. Den står i loggen.' : 'Forespørgslen kunne ikke læses.';
    await show(response, 'message', { title: 'Det lykkedes ikke', text });
  });
}

/** Starts listening; rejects when the port is taken. */
export function listen(app: Express, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(app);
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function show(
  { name, pages }: SiteOptions,
  response: Response,
  page: string,
  model: { title: string } & Record<string, unknown>,
): Promise<void> {
  const views = [pages, sharedPages];
  const template = { siteName: name, ...model };
  const body = await ejs.renderFile(templateFile(pages, page), template, { views });
  response
    .type('html')
    .send(await ejs.renderFile(path.join(sharedPages, 'layout.ejs'), { ...template, body }, { views }));
}

function templateFile(pages: string, page: string): string {
  return path.join(page === 'message' ? sharedPages : pages, `${page}.ejs`);
}

function clientErrorStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : null;
}

function securityHeaders(formTargets: string[]): Parameters<typeof helmet>[0] {
  const self = ["'self'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: self,
        styleSrc: self,
        imgSrc: self,
        fontSrc: self,
        frameSrc: self,
        formAction: [...self, ...formTargets],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Plain http on *.localhost: a browser told to use https only would not come back.
    strictTransportSecurity: false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'no-referrer' },
  };
}
