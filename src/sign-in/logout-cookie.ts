import type { Request, Response } from 'express';
import { clearCookie, readCookie, setCookie } from '../http/cookies.ts';
import type { Keys } from '../http/keys.ts';
import type { LogoutStatus } from './saml/logout-messages.ts';

/** What a browser remembers of its last logout: that a provider was asked, and later what it answered. */
export type KeptLogout =
  | { state: 'pending'; providerId: string; requestId: string }
  | { state: 'ended'; providerId: string; ended: LogoutStatus };

const name = 'seb-logout';
const keptSeconds = 15 * 60;

/** Signed, since a cookie can be planted. It comes back with the provider's redirect, which is a plain visit (Lax). */
export function keepLogout(res: Response, keys: Keys, logout: KeptLogout): void {
  const body = Buffer.from(JSON.stringify(logout)).toString('base64url');
  setCookie(res, name, `${body}.${keys.sign('logout', body)}`, { sameSite: 'lax', maxAgeSeconds: keptSeconds });
}

export function keptLogout(req: Request, keys: Keys): KeptLogout | null {
  const [body = '', signature = ''] = (readCookie(req, name) ?? '').split('.');
  if (body === '' || !keys.isSigned('logout', body, signature)) return null;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as KeptLogout;
}

export function forgetLogout(res: Response): void {
  clearCookie(res, name);
}
