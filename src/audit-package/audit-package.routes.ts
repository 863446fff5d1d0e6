import { z } from 'zod';
import { event } from '../audit/events.ts';
import { recordReading } from '../audit/record-reading.ts';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { danishDate } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { NotFound } from '../shared/errors.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { ensurePackage, orderPackage } from './audit-package.changes.ts';
import { packagePath, packagesPage } from './audit-package.pages.ts';
import { findOwnPackage, listOwnPackages, packagePieces } from './audit-package.queries.ts';

export const auditPackageRoutes: Route[] = [
  get('/organisationer/:cvr/revisionspakke', 'report.other', (visit, db) => show(visit, db, {})),
  post('/organisationer/:cvr/revisionspakke', 'report.other', order),
  get('/organisationer/:cvr/revisionspakke/:id/fil', 'report.other', download),
];

const needed = (label: string) => danishDate(label).refine((value) => value !== null, `Skriv ${label} som dd-mm-åååå`);
const orderForm = z
  .object({ fra: needed('fra-datoen'), til: needed('til-datoen') })
  .refine(({ fra, til }) => fra === null || til === null || fra <= til, {
    path: ['til'],
    message: 'Til-datoen ligger før fra-datoen. Ret en af dem',
  })
  .refine(({ til }) => til === null || til <= dayInDenmark(), {
    path: ['til'],
    message: 'Til-datoen kan ikke ligge efter i dag',
  });

async function show(visit: Visit, db: ReadDb, errors: FieldErrors): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { isLimited } = ensurePackage(visit.actor, organisation.id);
  const packages = await listOwnPackages(db, organisation.id, visit.actor.userId);
  return packagesPage({ organisation, packages, isLimited, posted: visit.posted, errors });
}

async function order(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  ensurePackage(visit.actor, organisation.id);
  const form = readForm(visit, orderForm);
  if (!form.ok) return read(visit, (db) => show(visit, db, form.errors));
  const { fra, til } = form.value;
  const period = { from: fra ?? '', to: til ?? '' };
  await change(visit, organisation, (tx, actor, onRecord) =>
    orderPackage(tx, { actor, onRecord }, organisation, period),
  );
  return seeOther(packagePath(organisation), 'Revisionspakken bliver lavet. Siden viser, hvornår den er klar.');
}

async function download(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { as, isLimited } = ensurePackage(visit.actor, organisation.id);
  const found = await findOwnPackage(db, organisation.id, visit.actor.userId, idInUrl(visit));
  if (found === null || !found.isThere)
    throw new NotFound('Revisionspakken findes ikke, eller dens uge er gået. Bestil en ny.');
  if (isLimited && found.isLimited !== true)
    throw new NotFound('Dine rettigheder er ændret, siden revisionspakken blev lavet. Bestil en ny.');
  const { services, actor, reference: requestId, networkAddress } = visit;
  const detail = { packageId: found.id, from: found.from, to: found.to };
  await recordReading(
    services.database,
    { actor, as },
    event('auditPackage.downloaded', { organisation, target: null }, detail),
    { requestId, networkAddress },
  );
  const fileName = `revisionspakke-${organisation.cvr}-${found.from}-${found.to}.zip`;
  return {
    answer: 'fileInPieces',
    fileName,
    type: 'application/zip',
    bytes: Number(found.bytes),
    sha256: found.sha256 ?? '',
    pieces: packagePieces(services.database, found),
  };
}
