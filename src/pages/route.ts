import type { ReadDb } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { UploadLimit } from '../http/upload.ts';
import type { Action } from '../permissions/rules.ts';
import type { OpenVisit } from './open-visit.ts';
import type { Answer } from './page.ts';
import type { PersonalVisit, Visit } from './visit.ts';
import { read, readAsPerson } from './visit.ts';

export type BodyLimit = { fields: number; kilobytes: number };

type RouteLine = {
  method: 'get' | 'post';
  path: string;
  /** Checked against the URL's organisation before anything is read; targets are checked where they are known. */
  access: Action;
  body: BodyLimit | UploadLimit | null;
};

/** Whoever comes without a session is sent to the login. */
export type SignedInRoute = RouteLine & {
  audience: 'signedIn';
  /** onBehalf: the system owner's act in the organisation's place, a kind of route of its own; no ordinary page is one. */
  right: 'own' | 'onBehalf';
  /** Only soon after the person proved who they are: naming administrators, and whom logins are taken from. */
  freshLogin: boolean;
  answer: (visit: Visit) => Promise<Answer>;
};

/** Open before login too; its action must be open to anyone in the permission table. */
export type OpenRoute = RouteLine & {
  audience: 'everyone';
  /** What makes a post one's own: a form of ours (double submit), or the secret that its address holds (from a mail). */
  proof: 'ownForm' | 'secretAddress';
  answer: (visit: OpenVisit) => Promise<Answer>;
};

/** For everybody who is signed in: a user, or in sebanmod an employee whom SEB has no user for; it is about oneself. */
export type PersonalRoute = RouteLine & {
  audience: 'everybodySignedIn';
  answer: (visit: PersonalVisit) => Promise<Answer>;
};

/** One line of a feature's table: where, who may come, what it asks of the permission table, and what it does. */
export type Route = SignedInRoute | PersonalRoute | OpenRoute;

type PageAnswer = (visit: Visit, db: ReadDb) => Promise<Answer>;

/** A page: all its reads in one read-only transaction behind the organisation's wall. */
export function get(
  path: string,
  access: Action,
  answer: PageAnswer,
  readsWithin: ReadsWithin = readsOwn,
): SignedInRoute {
  const reads = (visit: Visit): Promise<Answer> => readsWithin(visit, (db) => answer(visit, db));
  return {
    method: 'get',
    audience: 'signedIn',
    right: 'own',
    freshLogin: false,
    path,
    access,
    body: null,
    answer: reads,
  };
}

/** A page that reads in several steps by itself, e.g. because the log must tell of it before it is sent. */
export function getInSteps(path: string, access: Action, answer: (visit: Visit) => Promise<Answer>): SignedInRoute {
  return { method: 'get', audience: 'signedIn', right: 'own', freshLogin: false, path, access, body: null, answer };
}

/** A change; `body` raises the limits for forms with many fields, or lets one file come as the last field. */
export function post(
  path: string,
  access: Action,
  answer: (visit: Visit) => Promise<Answer>,
  body: BodyLimit | UploadLimit | null = null,
): SignedInRoute {
  return { method: 'post', audience: 'signedIn', right: 'own', freshLogin: false, path, access, body, answer };
}

/** A page about oneself, user or not; reads behind the wall of the own organisation, or of none where it is not in SEB. */
export function personalGet(
  path: string,
  access: Action,
  answer: (visit: PersonalVisit, db: ReadDb) => Promise<Answer>,
): PersonalRoute {
  const reads = (visit: PersonalVisit): Promise<Answer> => readAsPerson(visit, (db) => answer(visit, db));
  return { method: 'get', audience: 'everybodySignedIn', path, access, body: null, answer: reads };
}

export function personalPost(
  path: string,
  access: Action,
  answer: PersonalRoute['answer'],
  body: BodyLimit | null = null,
): PersonalRoute {
  return { method: 'post', audience: 'everybodySignedIn', path, access, body, answer };
}

/** A change that is made only soon after a login; its form waits meanwhile, so its path has a page that shows it again. */
export function freshly(route: SignedInRoute): SignedInRoute {
  return { ...route, freshLogin: true };
}

/** A page or change of the system owner in an organisation's place, which none of their ordinary rights opens. */
export function onBehalf(route: SignedInRoute): SignedInRoute {
  return { ...route, right: 'onBehalf' };
}

/** A page for everyone; it reads what belongs to all, and nothing of any organisation. */
export function openGet(
  path: string,
  access: Action,
  answer: (visit: OpenVisit, db: ReadDb) => Promise<Answer>,
): OpenRoute {
  const reads = (visit: OpenVisit): Promise<Answer> => readPage(visit.services.database, [], (db) => answer(visit, db));
  return { method: 'get', audience: 'everyone', proof: 'ownForm', path, access, body: null, answer: reads };
}

/** A form that anybody may send from our page. */
export function openPost(path: string, access: Action, answer: OpenRoute['answer']): OpenRoute {
  return { method: 'post', audience: 'everyone', proof: 'ownForm', path, access, body: smallBody, answer };
}

/** What somebody does with the link of a mail: its secret is the proof, so that mail programs can do it by themselves. */
export function secretPost(path: string, access: Action, answer: OpenRoute['answer']): OpenRoute {
  return { method: 'post', audience: 'everyone', proof: 'secretAddress', path, access, body: smallBody, answer };
}

const smallBody: BodyLimit = { fields: 300, kilobytes: 20 };

type ReadsWithin = (visit: Visit, work: (db: ReadDb) => Promise<Answer>) => Promise<Answer>;
const readsOwn: ReadsWithin = (visit, work) => read(visit, work);
