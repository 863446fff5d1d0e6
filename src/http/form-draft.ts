import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import { lookUp } from '../db/access.ts';
import { clearCookie, readCookie, setCookie } from './cookies.ts';
import type { Posted } from './forms.ts';
import type { Keys } from './keys.ts';

const minutes = 30;
/** A page that lay open longer than a day keeps nothing any more. */
const hoursOwned = 24;
/** A person has at most so many forms waiting. */
const mostDrafts = 5;
const kept = 'seb-draft';
const draftId = z.uuid();

/** What was typed in a form whose session ran out; only its own user gets it back, and nothing submits it. */
export type FormDraft = { path: string; posted: Posted };

/** The hidden field that says for whom a form was made, so that a post without a session can be kept for that person only. */
export function formOwner(keys: Keys, userId: number): string {
  const claim = `${userId}.${hourNow()}`;
  return `${claim}.${keys.sign('form-owner', claim)}`;
}

/** The user that a posted form was made for, or null when it is not one of ours. */
export function ownerOf(keys: Keys, posted: Posted): number | null {
  const field = posted._for;
  if (typeof field !== 'string') return null;
  const [userId = '', hour = '', signature = ''] = field.split('.');
  if (!/^\d{1,10}$/.test(userId) || !keys.isSigned('form-owner', `${userId}.${hour}`, signature)) return null;
  return hourNow() - Number(hour) <= hoursOwned ? Number(userId) : null;
}

function hourNow(): number {
  return Math.floor(Date.now() / 3_600_000);
}

/**
 * Keeps a posted form encrypted for its user and remembers it in this browser. The login leads back to its page by itself;
 * it could not ask for the draft, since the answer of an identity provider comes without this cookie.
 */
export async function keepDraft(
  database: Database,
  keys: Keys,
  res: Response,
  userId: number,
  draft: FormDraft,
): Promise<void> {
  const id = randomUUID();
  const { _csrf, _for, ...posted } = draft.posted;
  const sealed = keys.seal(JSON.stringify({ userId, path: draft.path, posted }));
  await database.pool.query(
    "insert into form_draft (id, user_id, ciphertext, expires_at) values ($1, $2, $3, now() + $4 * interval '1 minute')",
    [id, userId, sealed, minutes],
  );
  await database.pool.query(
    'delete from form_draft where user_id = $1 and id not in (select id from form_draft where user_id = $1 order by expires_at desc limit $2)',
    [userId, mostDrafts],
  );
  setCookie(res, kept, id, { sameSite: 'lax', maxAgeSeconds: minutes * 60 });
}

/** Hands out the draft for the page that it belongs to, once. */
export async function takeDraft(
  database: Database,
  keys: Keys,
  req: Request,
  res: Response,
  userId: number,
): Promise<Posted | null> {
  const draft = await findDraft(database, keys, req, userId);
  if (draft === null || draft.path !== req.originalUrl) return null;
  await database.pool.query('delete from form_draft where id = $1', [readCookie(req, kept)]);
  clearCookie(res, kept);
  return draft.posted;
}

async function findDraft(database: Database, keys: Keys, req: Request, userId: number): Promise<FormDraft | null> {
  const id = readCookie(req, kept);
  if (!draftId.safeParse(id).success) return null;
  const [row] = await lookUp<{ ciphertext: Buffer }>(
    database,
    sql`select ciphertext from form_draft where id = ${id}::uuid and user_id = ${userId}::int and expires_at > now()`,
  );
  if (row === undefined) return null;
  const opened = openedDraft(keys, row.ciphertext);
  return opened?.userId === userId ? opened : null;
}

/** Null when it was sealed with another secret: it was changed since, and the draft is lost. */
function openedDraft(keys: Keys, ciphertext: Buffer): (FormDraft & { userId: number }) | null {
  try {
    return JSON.parse(keys.open(ciphertext)) as FormDraft & { userId: number };
  } catch {
    return null;
  }
}
