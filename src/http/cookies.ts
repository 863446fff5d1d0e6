import type { Request, Response } from 'express';
import type { Keys } from './keys.ts';

type CookieOptions = { sameSite: 'lax' | 'none'; maxAgeSeconds: number };

/** Sets a cookie that no script reads and only this host gets (`__Host-`). */
export function setCookie(
  res: Response,
  name: string,
  value: string,
  { sameSite, maxAgeSeconds }: CookieOptions,
): void {
  res.cookie(`__Host-${name}`, value, {
    httpOnly: true,
    secure: true,
    path: '/',
    sameSite,
    maxAge: maxAgeSeconds * 1000,
  });
}

export function clearCookie(res: Response, name: string, sameSite: 'lax' | 'none' = 'lax'): void {
  res.clearCookie(`__Host-${name}`, { httpOnly: true, secure: true, path: '/', sameSite });
}

/** The value of a cookie of ours, as the browser sent it: input like any other. */
export function readCookie(req: Request, name: string): string | null {
  const wanted = `__Host-${name}=`;
  const found = (req.headers.cookie ?? '').split('; ').find((part) => part.startsWith(wanted));
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found.slice(wanted.length));
  } catch {
    return null;
  }
}

export type Flash = {
  tone: 'success' | 'info' | 'warning';
  text: string;
  /** Where to see what was done, or to undo it. */
  link?: { href: string; label: string };
};

/** Keeps one message for the next page of this browser; signed, since a cookie can be planted. */
export function flash(res: Response, keys: Keys, message: Flash): void {
  const body = Buffer.from(JSON.stringify(message)).toString('base64url');
  setCookie(res, 'seb-flash', `${body}.${keys.sign('flash', body)}`, { sameSite: 'lax', maxAgeSeconds: 60 });
}

/** The message that the last answer left, once. */
export function takeFlash(req: Request, res: Response, keys: Keys): Flash | null {
  const kept = readCookie(req, 'seb-flash');
  if (kept === null) return null;
  clearCookie(res, 'seb-flash');
  const [body = '', signature = ''] = kept.split('.');
  if (!keys.isSigned('flash', body, signature)) return null;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Flash;
}
