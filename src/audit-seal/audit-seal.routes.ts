import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { oneOf, optionalText, parseForm } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readWithin } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { scope } from '../permissions/scope.ts';
import { z } from 'zod';
import { sealPath } from './audit-seal-path.ts';
import { sealPage } from './audit-seal.pages.ts';
import { rootsIn } from './root-statement.ts';
import { orderVerification } from './verification.changes.ts';
import { listRecentRoots, listVerifications, readSealState } from './verification.queries.ts';

export const auditSealRoutes: Route[] = [
  get(sealPath, 'auditLog.verify', (visit, db) => showSeal(visit, db, {}), readAll),
  post(sealPath, 'auditLog.verify', order),
];

const orderForm = z.object({
  handling: oneOf(['kontroller'], 'Tryk på “Kontrollér loggen” for at bestille en kontrol'),
  rod: optionalText('roden', 5000),
});

// The chain is one for all organisations: only numbers, times and hashes of it are shown.
function readAll(visit: Visit, work: (db: ReadDb) => Promise<Answer>): Promise<Answer> {
  return readWithin(visit, 'all', work);
}

async function showSeal(visit: Visit, db: ReadDb, errors: FieldErrors): Promise<Answer> {
  const [state, roots, verifications] = await Promise.all([
    readSealState(db),
    listRecentRoots(db),
    listVerifications(db, 10),
  ]);
  const mayOrder = scope(visit.actor, 'auditLog.verify') === 'all';
  const { sealKey: key } = visit.services;
  return sealPage({ state, roots, verifications, key, mayOrder, posted: visit.posted, errors, now: new Date() });
}

async function order(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'auditLog.verify');
  const form = parseForm(orderForm, visit.posted);
  const refused = (errors: FieldErrors): Promise<Answer> => readAll(visit, (db) => showSeal(visit, db, errors));
  if (!form.ok) return refused(form.errors);
  const { rod } = form.value;
  if (rod !== null && rootsIn(rod).length === 0)
    return refused({ rod: 'Det er ikke en rod. Kopiér hele linjen, fra “SEB-rod” til det sidste tegn' });
  await change(visit, null, (tx, actor) => orderVerification(tx, actor, rod));
  return seeOther(sealPath, 'Kontrollen begynder inden for et minut. Siden viser, hvor langt den er.');
}
