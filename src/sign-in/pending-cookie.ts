import type { Request, Response } from 'express';
import { clearCookie, readCookie, setCookie } from '../http/cookies.ts';

const name = 'seb-login';
const most = 5;
const livesSeconds = 15 * 60;

/** The requests that this browser was sent away with and that have not come back, the newest last: one for each tab. */
export function pendingRequestIds(req: Request): string[] {
  const ids = (readCookie(req, name) ?? '').split('.');
  return ids.filter((id) => id !== '').slice(-most);
}

/** Whether the newest of them never came back; one that was given up before a newer one came back does not count. */
export function isNewestPending(req: Request): boolean {
  return /[^.]$/.test(readCookie(req, name) ?? '');
}

export function addPendingRequest(req: Request, res: Response, requestId: string): void {
  keep(res, [...pendingRequestIds(req), requestId].slice(-most));
}

/** After its answer; those of other tabs go on. */
export function dropPendingRequest(req: Request, res: Response, requestId: string): void {
  const ids = pendingRequestIds(req);
  const isNewestDone = ids.at(-1) === requestId || !isNewestPending(req);
  const others = ids.filter((id) => id !== requestId);
  keep(res, isNewestDone && others.length > 0 ? [...others, ''] : others);
}

// The answer comes from the provider's site, so the cookie must, too.
function keep(res: Response, ids: readonly string[]): void {
  if (ids.length === 0) clearCookie(res, name, 'none');
  else setCookie(res, name, ids.join('.'), { sameSite: 'none', maxAgeSeconds: livesSeconds });
}
