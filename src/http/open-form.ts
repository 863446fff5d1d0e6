import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { postedFields } from './body.ts';
import { readCookie, setCookie } from './cookies.ts';
import { typed } from './forms.ts';
import type { Keys } from './keys.ts';

const cookie = 'seb-form';
const hoursValid = 12;

/**
 * The token of a form that is open before login: signed, and bound to a cookie of this browser (double submit), which no
 * other site can read, plant (`__Host-`) or make the browser send (SameSite). Made when a form asks for it.
 */
export function openFormToken(req: Request, res: Response, keys: Keys): string {
  const browser = browserOf(req) ?? randomBytes(24).toString('base64url');
  setCookie(res, cookie, browser, { sameSite: 'lax', maxAgeSeconds: hoursValid * 3600 });
  const hour = String(hourNow());
  return `${hour}.${keys.sign('open-form', `${browser}.${hour}`)}`;
}

/** Whether a post comes from a form that this browser was given within the last hours. */
export function isOpenForm(req: Request, keys: Keys): boolean {
  const browser = browserOf(req);
  const [hour = '', signature = ''] = typed(postedFields(req.body), '_csrf').split('.');
  if (browser === null || !/^\d{1,10}$/.test(hour)) return false;
  return keys.isSigned('open-form', `${browser}.${hour}`, signature) && hourNow() - Number(hour) <= hoursValid;
}

function browserOf(req: Request): string | null {
  const kept = readCookie(req, cookie);
  return kept !== null && /^[\w-]{32}$/.test(kept) ? kept : null;
}

function hourNow(): number {
  return Math.floor(Date.now() / 3_600_000);
}
