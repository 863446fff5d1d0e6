import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { optionalText, typed } from '../http/forms.ts';
import type { Cursor } from '../http/keyset.ts';
import { decodeCursor } from '../http/keyset.ts';
import type { Answer } from '../pages/page.ts';
import { seeOtherWithLink } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { Visit } from '../pages/visit.ts';
import { changeInBatch, organisationOf, read, readForm } from '../pages/visit.ts';
import { decide } from '../permissions/can.ts';
import { expectedCount, PreviewOutdated } from '../role-assignments/preview.ts';
import { FieldRefused, Forbidden, NotFound } from '../shared/errors.ts';
import { counted, joinedWithAnd } from '../shared/text.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import type { Batch } from './batch.ts';
import { batchesPath, batchLink } from './batch-link.ts';
import { batchesPage, batchPage } from './batches.pages.ts';
import { findBatch, isUnderWay, listBatches, listUndoings } from './batches.queries.ts';
import { listEntries } from './entries.queries.ts';
import type { Undone } from './undo.changes.ts';
import { undoBatch } from './undo.changes.ts';
import { undoPage } from './undo.pages.ts';
import { foreseeUndo, judgeEntries, notYours } from './undo.ts';

export const batchesRoutes: Route[] = [
  get('/organisationer/:cvr/aendringer', 'bulk.undo', showBatches),
  get('/organisationer/:cvr/aendringer/:batch', 'bulk.undo', showBatch),
  get('/organisationer/:cvr/aendringer/:batch/fortryd', 'bulk.undo', showUndo),
  post('/organisationer/:cvr/aendringer/:batch/fortryd', 'bulk.undo', undo),
];

async function showBatches(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const before = /^\d{1,18}$/.exec(typed(visit.query, 'foer'))?.[0] ?? null;
  return batchesPage(organisation, await listBatches(db, organisation.id, visit.actor.userId, before), before);
}

/** The reference in the URL; anything else is no page of ours. */
function referenceIn({ params }: Visit): string {
  const reference = params.batch ?? '';
  if (!/^[A-Za-z0-9-]{1,60}$/.test(reference)) throw new NotFound();
  return reference;
}

async function showBatch(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const reference = referenceIn(visit);
  const batch = await findBatch(db, organisation.id, reference);
  if (batch === null)
    throw new NotFound('Der er ingen ændring af roller med det nummer her. Se dine seneste ændringer fra forsiden.');
  ensureSeen(visit, batch);
  const cursor = cursorOf(visit);
  const entries = await listEntries(db, organisation, reference, cursor);
  const { judged, users } = await judgeEntries(db, visit.actor, organisation, entries);
  return batchPage({
    organisation,
    batch,
    isOwn: batch.actorUserId === visit.actor.userId,
    isUnderWay: await isUnderWay(db, organisation.id, reference),
    undoings: await listUndoings(db, organisation.id, reference),
    cursor,
    rows: judged,
    hasPage: (userId) => users.has(userId),
  });
}

/** One's own, or any for who may read the whole log. */
function ensureSeen(visit: Visit, batch: Batch): void {
  const { actor } = visit;
  if (batch.actorUserId === actor.userId) return;
  const seen = decide(actor, 'auditLog.view', { organisationId: organisationOf(visit).id });
  if (!seen.allowed || seen.limit !== null) throw new Forbidden(notYours, 'bulk.undo');
}

function cursorOf({ query }: Visit): Cursor | null {
  const cursor = decodeCursor(typed(query, 'side'), 2);
  return cursor !== null && /^\d{1,18}$/.test(cursor.values[1] ?? '') ? cursor : null;
}

async function showUndo(visit: Visit, db: ReadDb): Promise<Answer> {
  return undoPageFor(visit, db, {}, false);
}

async function undoPageFor(visit: Visit, db: ReadDb, errors: FieldErrors, isOutdated: boolean): Promise<Answer> {
  const { actor } = visit;
  const organisation = organisationOf(visit);
  const outlook = await foreseeUndo(db, actor, organisation, referenceIn(visit));
  return undoPage({ organisation, actor, outlook, posted: visit.draft ?? visit.posted, errors, isOutdated });
}

const undoForm = z.object({ begrundelse: optionalText('begrundelse', 400) });

async function undo(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const reference = referenceIn(visit);
  const form = readForm(visit, undoForm);
  if (!form.ok) return read(visit, (db) => undoPageFor(visit, db, form.errors, false));
  const request = { reference, expected: expectedCount(visit.posted, 'antal'), reason: form.value.begrundelse };
  try {
    const { done, reference: own } = await changeInBatch(visit, organisation, (tx, actor, onRecord) =>
      undoBatch(tx, actor, onRecord, organisation, request, mailSettingOf(visit)).then(
        freshIfMany(visit, ({ withdrawn, assigned, changedBack }) => withdrawn + assigned + changedBack),
      ),
    );
    return seeOtherWithLink(batchesPath(organisation, `/${reference}`), undoneText(done), {
      ...batchLink(organisation, own),
      label: 'Se, hvad der blev gjort',
    });
  } catch (error) {
    if (error instanceof PreviewOutdated) return read(visit, (db) => undoPageFor(visit, db, {}, true));
    if (error instanceof FieldRefused)
      return read(visit, (db) => undoPageFor(visit, db, { [error.field]: error.message }, false));
    throw error;
  }
}

function undoneText({ withdrawn, assigned, changedBack, left }: Undone): string {
  const parts = [
    ...(withdrawn === 0 ? [] : [counted(withdrawn, 'rolle er fjernet', 'roller er fjernet')]),
    ...(assigned === 0 ? [] : [counted(assigned, 'rolle er tildelt igen', 'roller er tildelt igen')]),
    ...(changedBack === 0
      ? []
      : [counted(changedBack, 'tildeling er rettet tilbage', 'tildelinger er rettet tilbage')]),
  ];
  const rest = left === 0 ? '' : ` ${counted(left, 'række', 'rækker')} kunne ikke fortrydes; herunder ser du hvorfor.`;
  return `Ændringen er fortrudt: ${joinedWithAnd(parts)}.${rest}`;
}
