import { randomBytes } from 'node:crypto';
import { callbackify } from 'node:util';
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type pg from 'pg';
import { ask } from '../db/known-query.ts';
import type { Keys } from './keys.ts';
import { deriveKeys, digestOf } from './keys.ts';

/** Who an employee without a user is, as the login told: kept here alone, and never typed. */
export type EmployeeIdentity = {
  /** Tells one employee's forms and sessions from another's. */
  key: string;
  cvr: string;
  organisationName: string;
  uuid: string | null;
  rid: string | null;
  firstName: string;
  lastName: string;
  email: string | null;
};

/** What a session keeps: who, since when, how; everything else is read from the database at each request. */
export type SignedIn = ({ userId: number; employee?: never } | { userId: null; employee: EmployeeIdentity }) & {
  /** The portal that was entered: another portal takes no session of it. */
  portal: string;
  sessionEpoch: number;
  loginAt: number;
  providerName: string;
  level: string;
  /** Milliseconds since 1970 when the person proved who they are, as the provider says: missing in older sessions. */
  authnAt?: number;
  /** In words, for the person's own list of sessions. */
  browser: string;
  nameId: string | null;
  /** By which the provider knows its session: missing in sessions that are older than single logout. */
  providerId?: string;
  nameIdKind?: { format: string; nameQualifier: string | null; spNameQualifier: string | null };
  sessionIndex: string | null;
  /** A mark of the administrative roles that the session id was made for: another one gets a new id. */
  rights?: string;
  /** Milliseconds since 1970 when the provider ends its own session; ours ends no later. */
  endsAt: number | null;
};

declare module 'express-session' {
  interface SessionData {
    signedIn?: SignedIn;
    /** When the row was last written; a session is written at most once a minute for being used. */
    touchedAt?: number;
    /** Binds `signedIn` to the session id. */
    seal?: string;
    /** Only while a session is being begun: every later save updates its row and never brings it back. */
    isBeginning?: boolean;
  }
}

export type SessionOptions = {
  pool: pg.Pool;
  /** Cookie name without its `__Host-` prefix: one for each portal. */
  cookieName: string;
  secret: string;
  idleMinutes: number;
  /** What is read in the same statement as the session, since every request asks for both. */
  alongside: Alongside;
};

/** An SQL expression over `sess` and `$2`, and the request's parameter for it; its value comes as `req.alongside`. */
export type Alongside = { expression: string; parameterOf(req: Request): string | null };

declare global {
  // A namespace, since that is how Express types are extended.
  namespace Express {
    interface Request {
      /** Read with the session; null without one. */
      alongside?: unknown;
    }
  }
}

const touchEvery = 60_000;

/** Sessions in PostgreSQL under a hash of their id, touched at most once a minute. */
export function sessions({ pool, cookieName, secret, idleMinutes, alongside }: SessionOptions): RequestHandler {
  const idle = idleMinutes * 60_000;
  const asking: Asking = { request: null };
  const handle = session({
    name: `__Host-${cookieName}`,
    secret,
    store: hashingStore(pool, idle, deriveKeys(secret), alongside, asking),
    genid: () => randomBytes(32).toString('base64url'),
    resave: false,
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, secure: true, sameSite: 'lax', path: '/' },
  });
  return (req, res, next) => {
    asking.request = req;
    handle(req, res, next);
    asking.request = null;
  };
}

// The store is asked with the id alone, but at once, while its request is being handled: that is how it knows which one.
type Asking = { request: Request | null };

// A reader of the table finds hashes, with which no session can be taken over. A save never inserts, except at login: else a
// request that was running while its person logged off would bring the session back to life.
function hashingStore(pool: pg.Pool, idle: number, keys: Keys, alongside: Alongside, asking: Asking): session.Store {
  const PgStore = connectPgSimple(session);
  const store = new PgStore({
    pool,
    tableName: 'web_session',
    createTableIfMissing: false,
    ttl: idle / 1000,
    pruneSessionInterval: 600,
  });
  const { set, destroy, touch } = store;
  const find = callbackify(sessionFinder(pool, keys, alongside));
  store.get = (sid, done) => find(sid, asking.request, done);
  store.set = (sid, data, done) => {
    const begins = data.isBeginning === true;
    // On the session itself, since it is saved again before its first request ends.
    if (begins) data.seal = sealOf(keys, sid, data.signedIn);
    const { isBeginning: _, ...kept } = data;
    if (begins) return set.call(store, digestOf(sid), kept as session.SessionData, done);
    updateOnly(pool, digestOf(sid), kept, idle).then(
      () => done?.(),
      (error: unknown) => done?.(error),
    );
  };
  store.destroy = (sid, done) => destroy.call(store, digestOf(sid), done);
  store.touch = (sid, data, done) => {
    if ((data.touchedAt ?? 0) > Date.now() - touchEvery) return done?.();
    touch.call(store, digestOf(sid), data, done);
  };
  return store;
}

// Asked at every request, so prepared once for each connection; the library's own query is planned each time.
// Who is signed in is sealed with the session id, which only the browser knows: whoever can write the table takes over nobody.
function sessionFinder(pool: pg.Pool, keys: Keys, { expression, parameterOf }: Alongside) {
  const text = `select sess, ${expression} as alongside from web_session where sid = $1 and expire >= now()`;
  return async (sid: string, req: Request | null): Promise<session.SessionData | null> => {
    const [found] = await ask<{ sess: session.SessionData; alongside: unknown }>(pool, {
      name: 'web_session',
      text,
      values: [digestOf(sid), req === null ? null : parameterOf(req)],
    });
    if (found === undefined || found.sess.seal !== sealOf(keys, sid, found.sess.signedIn)) return null;
    if (req !== null) req.alongside = found.alongside;
    return found.sess;
  };
}

function sealOf(keys: Keys, sid: string, signedIn: SignedIn | undefined): string {
  // In one order, whatever order the column gives its fields back in.
  const facts = Object.entries(signedIn ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return keys.sign('session', JSON.stringify([sid, facts]));
}

async function updateOnly(pool: pg.Pool, sid: string, data: object, idle: number): Promise<void> {
  await pool.query("update web_session set sess = $2, expire = now() + $3 * interval '1 millisecond' where sid = $1", [
    sid,
    JSON.stringify(data),
    idle,
  ]);
}

/** Begins a new session under a new id (at login), so that an id planted before it is worth nothing. */
export async function beginSession(
  req: { session: session.Session & Partial<session.SessionData> },
  signedIn: SignedIn,
): Promise<void> {
  await underNewId(req, signedIn, newToken());
}

/**
 * Goes on under a new id when what the person may do has changed, so that an id that somebody learnt before is worth nothing
 * after. Forms that are open in other tabs stay good. Of several requests at once, the one that ends the old row renews.
 */
export async function renewSession(
  req: { sessionID: string; session: session.Session & Partial<session.SessionData> },
  pool: pg.Pool,
  signedIn: SignedIn,
): Promise<void> {
  const token = req.session.csrfToken ?? newToken();
  if (await endSessionRow(pool, digestOf(req.sessionID))) await underNewId(req, signedIn, token);
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

async function underNewId(
  req: { session: session.Session & Partial<session.SessionData> },
  signedIn: SignedIn,
  csrfToken: string,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error: unknown) => (error ? reject(asError(error)) : resolve()));
  });
  req.session.signedIn = signedIn;
  req.session.csrfToken = csrfToken;
  req.session.touchedAt = Date.now();
  req.session.isBeginning = true;
  await new Promise<void>((resolve, reject) => {
    req.session.save((error: unknown) => (error ? reject(asError(error)) : resolve()));
  });
  delete req.session.isBeginning;
}

/** The row of a signed-in browser's session, for a request that comes without its cookie; null when nobody is signed in. */
export function sessionRow(req: { sessionID: string; session: session.SessionData }): string | null {
  return req.session.signedIn === undefined ? null : digestOf(req.sessionID);
}

/** Ends a session by its row, as `sessionRow` told it; whether it was still there. */
export async function endSessionRow(pool: pg.Pool, row: string): Promise<boolean> {
  const ended = await pool.query('delete from web_session where sid = $1', [row]);
  return ended.rowCount === 1;
}

/** Ends the session on the server; the cookie that is left opens nothing. */
export async function endSession(req: { session: session.Session }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(asError(error)) : resolve()));
  });
}

/** Whether the session is past its absolute limit, or the provider's own end. */
export function isOver(signedIn: SignedIn, absoluteHours: number, now: number): boolean {
  return now - signedIn.loginAt > absoluteHours * 3_600_000 || (signedIn.endsAt !== null && now > signedIn.endsAt);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
