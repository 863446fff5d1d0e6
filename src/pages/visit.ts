import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { Change, ActorOnRecord } from '../audit/record-change.ts';
import { recordChange, recordEmployeeChange } from '../audit/record-change.ts';
import type { ReadDb, Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { Prisma } from '../db/generated/client.ts';
import type { FormResult, Posted } from '../http/forms.ts';
import { parseForm, typed } from '../http/forms.ts';
import type { SignedIn } from '../http/session.ts';
import type { Upload } from '../http/upload.ts';
import type { Actor, Person } from '../permissions/actor.ts';
import { isUser, organisationOfPerson } from '../permissions/actor.ts';
import type { Action } from '../permissions/rules.ts';
import type { Scope } from '../permissions/scope.ts';
import { scope } from '../permissions/scope.ts';
import { BadRequest, NotFound } from '../shared/errors.ts';
import type { PortalName, Services } from './services.ts';

/** The organisation in the URL, where the actor holds a role. */
export type AddressedOrganisation = {
  id: number;
  cvr: string;
  name: string;
  isClosed: boolean;
  selfAssignmentAllowed: boolean;
};

/** One request of a signed-in person, after its access was checked. */
export type Visit = {
  services: Services;
  portal: PortalName;
  actor: Actor;
  signedIn: SignedIn;
  /** The key of the session's row, by which it can be told from one's others. */
  sessionRow: string;
  /** Null on pages without an organisation in their URL. */
  addressed: AddressedOrganisation | null;
  /** The URL's own parameters, e.g. `id`. */
  params: Record<string, string>;
  query: Posted;
  posted: Posted;
  /** The file that came with the form, on routes that take one. */
  upload: Upload | null;
  /** What was typed before a session ran out, on the page it belongs to. */
  draft: Posted | null;
  /** Path and query of this page. */
  url: string;
  reference: string;
  networkAddress: string | null;
  action: Action;
};

/** One request about oneself, of a user or of an employee whom SEB has no user for. */
export type PersonalVisit = Omit<Visit, 'actor' | 'addressed' | 'upload'> & { person: Person; addressed: null };

export type AnyVisit = Visit | PersonalVisit;

/** The organisation of the URL; a route that uses this has `:cvr` in its path. */
export function organisationOf(visit: Visit): AddressedOrganisation {
  if (visit.addressed === null) throw new NotFound();
  return visit.addressed;
}

/** The number in a URL such as /brugere/:id; anything else is no page of ours. */
export function idInUrl(visit: Pick<Visit, 'params'>, name = 'id'): number {
  const text = visit.params[name] ?? '';
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > 2_147_483_647) throw new NotFound();
  return id;
}

/** Reads behind the wall of the URL's organisation, or of the actor's own where there is none. */
export function read<T>(visit: Visit, work: (db: ReadDb) => Promise<T>): Promise<T> {
  return readWithin(visit, withinOwn(visit), work);
}

/** As `read`, for a page that mostly asks all its questions in one go: its transaction ends in the same message. */
export function readAtOnce<T>(visit: Visit, work: (db: ReadDb) => Promise<T>): Promise<T> {
  return readPage(visit.services.database, withinOwn(visit), work, 'withFirst');
}

function withinOwn({ addressed, actor }: Visit): Scope {
  return [addressed?.id ?? actor.organisationId];
}

/** Reads behind the wall of the person's own organisation; nothing of any where it is not in SEB. */
export function readAsPerson<T>(visit: PersonalVisit, work: (db: ReadDb) => Promise<T>): Promise<T> {
  const own = organisationOfPerson(visit.person);
  return readWithin(visit, own === null ? [] : [own.id], work);
}

export function readWithin<T>(
  visit: Pick<Visit, 'services'>,
  within: Scope,
  work: (db: ReadDb) => Promise<T>,
): Promise<T> {
  return readPage(visit.services.database, within, work);
}

/** Reads in every organisation that the route's right reaches, for pages across organisations. */
export function readReach<T>(visit: Visit, work: (db: ReadDb) => Promise<T>): Promise<T> {
  return readWithin(visit, scope(visit.actor, visit.action), work);
}

const formKey = z.uuid();

/**
 * Carries out a posted form once, in one organisation or with others `alongside`: see recordChange. Null changes what
 * belongs to all organisations. The form's hidden `_key` makes a second equal post harmless.
 */
export function change<Outcome extends Prisma.InputJsonValue>(
  visit: Visit,
  organisation: { id: number; cvr: string } | null,
  work: (tx: Tx, actor: Actor, onRecord: ActorOnRecord) => Promise<Change<Outcome>>,
  alongside: readonly number[] = [],
): Promise<Outcome> {
  return recordChange(visit.services, { actor: visit.actor, organisation, alongside, ...askedOf(visit) }, work);
}

/** As `change`, for what a person does about oneself in the own organisation (null where it is not in SEB). */
export function changeAsPerson<Outcome extends Prisma.InputJsonValue>(
  visit: PersonalVisit,
  work: (tx: Tx, person: Person) => Promise<Change<Outcome>>,
): Promise<Outcome> {
  const { services, person } = visit;
  const asked = { organisation: organisationOfPerson(person), ...askedOf(visit) };
  return isUser(person)
    ? recordChange(services, { actor: person, ...asked }, work)
    : recordEmployeeChange(services, { employee: person, ...asked }, work);
}

type Once = { key: string; action: Action; bodyDigest: string };

function askedOf(visit: AnyVisit): { requestId: string; networkAddress: string | null; once: Once } {
  const key = formKey.safeParse(typed(visit.posted, '_key'));
  if (!key.success) throw new BadRequest('Formularen mangler sit nummer. Åbn siden igen, og send den derfra.', 422);
  const { reference: requestId, networkAddress, action } = visit;
  return { requestId, networkAddress, once: { key: key.data, action, bodyDigest: digestOfForm(visit) } };
}

/**
 * As `change`, and tells the reference that its events carry: a form that is sent twice gets that of the first time, whose
 * page shows what was done.
 */
export function changeInBatch<Outcome extends Prisma.InputJsonValue>(
  visit: Visit,
  organisation: { id: number; cvr: string },
  work: (tx: Tx, actor: Actor, onRecord: ActorOnRecord) => Promise<Change<Outcome>>,
  alongside: readonly number[] = [],
): Promise<{ done: Outcome; reference: string }> {
  return change(
    visit,
    organisation,
    async (tx, actor, onRecord) => {
      const made = await work(tx, actor, onRecord);
      return { ...made, outcome: { done: made.outcome, reference: onRecord.requestId } };
    },
    alongside,
  );
}

/** The form's own fields, in one order, without the token that a new login changes; the page's address is part of it. */
function digestOfForm({ posted, url }: AnyVisit): string {
  const fields = Object.entries(posted)
    .filter(([name]) => name !== '_csrf')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([url, fields]))
    .digest('base64url');
}

export function readForm<Schema extends z.ZodType>(visit: AnyVisit, schema: Schema): FormResult<z.output<Schema>> {
  return parseForm(schema, visit.posted);
}

/** The address of the network peer for the log, as the proxies we trust tell it. */
export function addressOf(req: Request): string | null {
  return req.ip ?? null;
}

/** The network that a request comes from, for limits: an IPv6 visitor has a whole /64 to choose addresses from. */
export function networkOf(req: Request): string {
  const address = addressOf(req) ?? 'unknown';
  return address.includes(':') && !address.startsWith('::ffff:') ? address.split(':').slice(0, 4).join(':') : address;
}
