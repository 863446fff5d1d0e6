import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { UploadLimit } from '../http/upload.ts';
import type { Answer, Page } from '../pages/page.ts';
import { csvFile, seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read } from '../pages/visit.ts';
import { BadRequest, NotFound } from '../shared/errors.ts';
import { counted, joinedWithAnd } from '../shared/text.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { errorsCsv, templateCsv } from './csv.ts';
import type { Source } from './read-source.ts';
import { readFileSource, readTextSource } from './read-source.ts';
import type { Difference } from './staging.changes.ts';
import { judgeAgain, keepImport } from './staging.changes.ts';
import { confirmImport, ImportOutdated } from './user-import.changes.ts';
import { importPage, importPath, kindOf, mostMegabytes, startPage } from './user-import.pages.ts';
import type { RowCursor, UserImport } from './user-import.queries.ts';
import { countRows, findImport, listErrors, listImports, listRows } from './user-import.queries.ts';

// 25,000 pasted rows fill some 5 MB.
const pasteOrFile: UploadLimit = { fields: 20, kilobytes: 8000, megabytes: mostMegabytes };

export const userImportRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/indsaet', 'user.import', showStart),
  post('/organisationer/:cvr/brugere/indsaet', 'user.import', readRows, pasteOrFile),
  get('/organisationer/:cvr/brugere/indsaet/skabelon', 'user.import', downloadTemplate),
  get('/organisationer/:cvr/brugere/indsaet/:id', 'user.import', showImport),
  post('/organisationer/:cvr/brugere/indsaet/:id', 'user.import', confirm),
  get('/organisationer/:cvr/brugere/indsaet/:id/fejl', 'user.import', downloadErrors),
];

async function showStart(visit: Visit, db: ReadDb): Promise<Answer> {
  return startPageFor(visit, db, {}, 200);
}

async function startPageFor(visit: Visit, db: ReadDb, errors: FieldErrors, status: number): Promise<Page> {
  const organisation = organisationOf(visit);
  const imports = await listImports(db, organisation.id, visit.actor.userId);
  return startPage(organisation, { posted: visit.draft ?? visit.posted, errors, imports }, status);
}

const formKey = z.uuid();

/** Reads what was pasted or sent, judges it, and leads to the dry run; nothing is changed. */
async function readRows(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const field = visit.upload === null ? 'tekst' : 'fil';
  try {
    const source = await sourceOf(visit);
    if (source === null)
      return await read(visit, (db) =>
        startPageFor(visit, db, { tekst: 'Indsæt rækker fra Excel, eller vælg en fil' }, 422),
      );
    const key = formKey.safeParse(typed(visit.posted, '_key'));
    if (!key.success) throw new BadRequest('Formularen mangler sit nummer. Åbn siden igen, og send den derfra.', 422);
    const id = await keepImport(visit.services.database, visit.actor, organisation, key.data, source);
    return seeOther(importPath(organisation, `/${id}`));
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    return read(visit, (db) => startPageFor(visit, db, { [field]: error.message }, error.status));
  }
}

/** The file when there is one, else the pasted text; null when there is neither. */
async function sourceOf({ upload, posted }: Visit): Promise<Source | null> {
  if (upload !== null) return upload.use((file) => readFileSource(file, upload.fileName));
  const text = typed(posted, 'tekst');
  return text.trim() === '' ? null : readTextSource(text, 'Indsat tekst');
}

async function downloadTemplate(): Promise<Answer> {
  return csvFile('seb-skabelon.csv', templateCsv());
}

async function downloadErrors(visit: Visit, db: ReadDb): Promise<Answer> {
  const found = await getImport(visit, db);
  return csvFile(`seb-fejl-${found.id}.csv`, errorsCsv(await listErrors(db, found.id)));
}

async function showImport(visit: Visit, db: ReadDb): Promise<Answer> {
  return importPageFor(visit, db, []);
}

async function importPageFor(visit: Visit, db: ReadDb, differences: Difference[]): Promise<Page> {
  const found = await getImport(visit, db);
  const counts = await countRows(db, found.id);
  const kind = kindOf(typed(visit.query, 'vis'));
  const cursor = cursorOf(visit);
  const rows = await listRows(db, found.id, kind, cursor);
  return importPage(organisationOf(visit), { found, counts, kind, cursor, rows, differences });
}

function cursorOf({ query }: Visit): RowCursor {
  const line = (name: string): number => Number(/^\d{1,8}$/.exec(typed(query, name))?.[0] ?? 0);
  return line('foer') > 0 ? { before: line('foer') } : { after: line('efter') };
}

/** Gennemfør: what the dry run showed, or nothing and what is different now. */
async function confirm(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const importId = idInUrl(visit);
  await read(visit, (db) => getImport(visit, db));
  const judgement = Number(/^\d{1,9}$/.exec(typed(visit.posted, 'vurdering'))?.[0] ?? 0);
  try {
    const done = await change(visit, organisation, (tx, actor, onRecord) =>
      confirmImport(tx, { actor, onRecord, organisation, mailing: mailSettingOf(visit) }, { importId, judgement }).then(
        freshIfMany(visit, (done) => (done.state === 'QUEUED' ? Number.POSITIVE_INFINITY : sizeOf(done))),
      ),
    );
    if (done.state === 'QUEUED') await visit.services.queueImport(importId);
    return seeOther(importPath(organisation, `/${importId}`), done.state === 'QUEUED' ? null : doneText(done));
  } catch (error) {
    if (!(error instanceof ImportOutdated)) throw error;
    const differences = await judgeAgain(visit.services.database, visit.actor, organisation, importId);
    if (differences.length === 0) throw error;
    return read(visit, (db) => importPageFor(visit, db, differences));
  }
}

function sizeOf({ created, changed, assigned }: { created: number; changed: number; assigned: number }): number {
  return created + changed + assigned;
}

function doneText({ created, changed, assigned }: { created: number; changed: number; assigned: number }): string {
  const parts = [
    ...(created === 0 ? [] : [`${counted(created, 'bruger', 'brugere')} er oprettet`]),
    ...(changed === 0 ? [] : [`${counted(changed, 'bruger', 'brugere')} er ændret`]),
    ...(assigned === 0 ? [] : [`${counted(assigned, 'rolle', 'roller')} er tildelt`]),
  ];
  return `${joinedWithAnd(parts)}.`;
}

/** Only the one who ordered it sees it: for everybody else there is no such page. */
async function getImport(visit: Visit, db: ReadDb): Promise<UserImport> {
  const found = await findImport(db, organisationOf(visit).id, visit.actor.userId, idInUrl(visit));
  if (found === null)
    throw new NotFound('Rækkerne findes ikke her. De slettes efter syv dage. Indsæt dem igen, hvis du mangler dem.');
  return found;
}
