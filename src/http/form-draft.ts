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

/** What was typed in a form whose session ran out; only its own person gets it back, and nothing submits it. */
export type FormDraft = { path: string; posted: Posted };

/** The hidden field that says for whom a form was made, so that a post without a session can be kept for that person only. */
export function formOwner(keys: Keys, owner: string): string {
  const claim = `${owner}.${hourNow()}`;
  return `${claim}.${keys.sign('form-owner', claim)}`;
}

/** Whom a posted form was made for, or null when it is not one of ours. */
export function formOwnerIn(keys: Keys, posted: Posted): string | null {
  const field = posted._for;
  if (typeof field !== 'string') return null;
  const [owner = '', hour = '', signature = ''] = field.split('.');
  if (!/^[\w-]{1,40}$/.test(owner) || !keys.isSigned('form-owner', `${owner}.${hour}`, signature)) return null;
  return hourNow() - Number(hour) <= hoursOwned ? owner : null;
}

function hourNow(): number {
  return Math.floor(Date.now() / 3_600_000);
}

/**
 * Keeps a posted form encrypted for its person and remembers it in this browser. The login leads back to its page by itself;
 * it could not ask for the draft, since the answer of an identity provider comes without this cookie.
 */
export async function keepDraft(
  database: Database,
  keys: Keys,
  res: Response,
  owner: string,
  draft: FormDraft,
): Promise<void> {
  const id = randomUUID();
  const { _csrf, _for, ...posted } = draft.posted;
  const sealed = keys.seal(JSON.stringify({ owner, path: draft.path, posted }));
  await database.pool.query(
    "insert into form_draft (id, owner, ciphertext, expires_at) values ($1, $2, $3, now() + $4 * interval '1 minute')",
    [id, owner, sealed, minutes],
  );
  await database.pool.query(
    'delete from form_draft where owner = $1 and id not in (select id from form_draft where owner = $1 order by expires_at desc limit $2)',
    [owner, mostDrafts],
  );
  setCookie(res, kept, id, { sameSite: 'lax', maxAgeSeconds: minutes * 60 });
}

/** Hands out the draft for the page that it belongs to, once. */
export async function takeDraft(
  database: Database,
  keys: Keys,
  req: Request,
  res: Response,
  owner: string,
): Promise<Posted | null> {
  const draft = await findDraft(database, keys, req, owner);
  if (draft === null || draft.path !== req.originalUrl) return null;
  await database.pool.query('delete from form_draft where id = $1', [readCookie(req, kept)]);
  clearCookie(res, kept);
  return draft.posted;
}

async function findDraft(database: Database, keys: Keys, req: Request, owner: string): Promise<FormDraft | null> {
  const id = readCookie(req, kept);
  if (!draftId.safeParse(id).success) return null;
  const [row] = await lookUp<{ ciphertext: Buffer }>(
    database,
    sql`select ciphertext from form_draft where id = ${id}::uuid and owner = ${owner} and expires_at > now()`,
  );
  if (row === undefined) return null;
  const opened = openedDraft(keys, row.ciphertext);
  return opened?.owner === owner ? opened : null;
}

/** Null when it was sealed with another secret: it was changed since, and the draft is lost. */
function openedDraft(keys: Keys, ciphertext: Buffer): (FormDraft & { owner: string }) | null {
  try {
    return JSON.parse(keys.open(ciphertext)) as FormDraft & { owner: string };
  } catch {
    return null;
  }
}
