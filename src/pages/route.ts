import type { ReadDb } from '../db/access.ts';
import type { UploadLimit } from '../http/upload.ts';
import type { Action } from '../permissions/rules.ts';
import type { Answer } from './page.ts';
import type { Visit } from './visit.ts';
import { read } from './visit.ts';

export type BodyLimit = { fields: number; kilobytes: number };

/** One line of a feature's table: where, what it asks of the permission table, and what it does. */
export type Route = {
  method: 'get' | 'post';
  path: string;
  /** Checked against the URL's organisation before anything is read; targets are checked where they are known. */
  access: Action;
  body: BodyLimit | UploadLimit | null;
  answer: (visit: Visit) => Promise<Answer>;
};

type PageAnswer = (visit: Visit, db: ReadDb) => Promise<Answer>;

/** A page: all its reads in one read-only transaction behind the organisation's wall. */
export function get(path: string, access: Action, answer: PageAnswer, readsWithin: ReadsWithin = readsOwn): Route {
  return { method: 'get', path, access, body: null, answer: (visit) => readsWithin(visit, (db) => answer(visit, db)) };
}

/** A change; `body` raises the limits for forms with many fields, or lets one file come as the last field. */
export function post(
  path: string,
  access: Action,
  answer: (visit: Visit) => Promise<Answer>,
  body: BodyLimit | UploadLimit | null = null,
): Route {
  return { method: 'post', path, access, body, answer };
}

type ReadsWithin = (visit: Visit, work: (db: ReadDb) => Promise<Answer>) => Promise<Answer>;
const readsOwn: ReadsWithin = (visit, work) => read(visit, work);
