import { createServer } from 'node:http';
import express from 'express';
import pg from 'pg';
import type { SignedIn } from '../src/http/session.ts';
import { beginSession, sessions } from '../src/http/session.ts';
import { freePort } from '../src/demo/ports.ts';
import { openClient } from './client.ts';

const nothingAlongside = { expression: '$2::text', parameterOf: () => null };

export type BenchSession = { cookie: string; csrf: string };

/** Signs a person in with the application's own sessions, as the end of a login does. */
export async function signIn(databaseUrl: string, userId: number, secret: string): Promise<BenchSession> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const port = await freePort();
  const server = createServer(loginOf(pool, userId, secret));
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  try {
    const { body, headers } = await openClient(port, { Connection: 'close' }).get('/');
    return { cookie: String(headers['set-cookie']).split(';', 1)[0] ?? '', csrf: body };
  } finally {
    server.close();
    await pool.end();
  }
}

function loginOf(pool: pg.Pool, userId: number, secret: string): express.Express {
  const app = express();
  app.use((req, _res, next) => {
    Object.defineProperty(req, 'secure', { value: true }); // the cookie is given over https only
    next();
  });
  app.use(sessions({ pool, cookieName: 'sebadmin', secret, idleMinutes: 8 * 60, alongside: nothingAlongside }));
  app.get('/', async (req, res) => {
    await beginSession(req, signedInAs(userId));
    res.send(req.session.csrfToken ?? '');
  });
  return app;
}

function signedInAs(userId: number): SignedIn {
  const login = {
    providerName: 'bench',
    level: 'Substantial',
    browser: 'bench',
    nameId: null,
    sessionIndex: null,
    endsAt: null,
  };
  return { userId, portal: 'sebadmin', sessionEpoch: 0, loginAt: Date.now(), authnAt: Date.now(), ...login };
}
