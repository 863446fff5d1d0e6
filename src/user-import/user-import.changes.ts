import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { carryOut } from './carry-out.changes.ts';
import type { Importing } from './importing.ts';
import { findDifferences } from './staging.changes.ts';
import type { UserImport } from './user-import.queries.ts';
import { countRows, findImport } from './user-import.queries.ts';

/** More rows of work than this are carried out by a job. */
export const mostAtOnce = 500;

/** The rows would no longer do what the dry run showed; nothing is saved. */
export class ImportOutdated extends Conflict {
  constructor() {
    super(
      'Noget har ændret sig, siden rækkerne blev læst. Intet er gemt. Se hvad der er anderledes, og gennemfør igen.',
    );
  }
}

type Confirmed = { state: 'DONE' | 'QUEUED'; created: number; changed: number; assigned: number };

/** Carries out what the dry run showed: all at once, or, when it is much, by a job that this puts in the queue. */
export async function confirmImport(
  tx: Tx,
  importing: Omit<Importing, 'as'>,
  confirmed: { importId: number; judgement: number },
): Promise<Change<Confirmed>> {
  const { actor, organisation, onRecord } = importing;
  const as = ensureCan(actor, 'user.import', { organisationId: organisation.id });
  const found = await findImport(tx, organisation.id, actor.userId, confirmed.importId);
  if (found === null) throw new NotFound();
  if (found.state !== 'READY') throw new Conflict('Rækkerne er allerede gennemført. Åbn siden igen, og se resultatet.');
  const judged = { id: found.id, organisationId: organisation.id, cvr: organisation.cvr, rids: null };
  if (found.judgement !== confirmed.judgement) throw new ImportOutdated();
  if ((await findDifferences(tx, judged, actor, 1)).length > 0) throw new ImportOutdated();
  const { work } = await countRows(tx, found.id);
  if (work === 0) throw new Conflict('Der er ingen rækker, der ændrer noget. Ret fejlene, og indsæt rækkerne igen.');
  await markConfirmed(tx, found.id, onRecord);
  if (work > mostAtOnce) return { outcome: { state: 'QUEUED', created: 0, changed: 0, assigned: 0 }, as, events: [] };
  const done = await carryOut(tx, { ...importing, as }, found.id, null);
  return {
    outcome: { state: 'DONE', ...done.counts },
    as,
    events: [await finish(tx, found.id, organisation)],
    mails: done.mails,
  };
}

/** Closes an import whose rows are all done, with the one line that sums it up in the log. */
export async function finish(tx: Tx, id: number, organisation: { id: number; name: string }) {
  const [ended] = await tx.rows<Pick<UserImport, 'createdUsers' | 'changedUsers' | 'assignedRoles'>>(sql`
    update user_import set state = 'DONE', ended_at = now() where id = ${id}::int
    returning created_users as "createdUsers", changed_users as "changedUsers", assigned_roles as "assignedRoles"`);
  if (ended === undefined) throw new NotFound();
  const { rows } = await countRows(tx, id);
  const { createdUsers: created, changedUsers: changed, assignedRoles: assigned } = ended;
  const detail = { importId: id, created, changed, assigned, errors: rows.ERROR };
  return event('user.imported', { organisation, target: null }, detail);
}

async function markConfirmed(tx: Tx, importId: number, { requestId, networkAddress }: ActorOnRecord): Promise<void> {
  await tx.rows(sql`
    update user_import set state = 'QUEUED', confirmed_at = now(), request_id = ${requestId}, network_address = ${networkAddress}
    where id = ${importId}::int`);
}
