import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import type { SystemChange } from '../audit/record-system-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Company, CvrRegister } from '../cvr/company.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { keepRegister } from './organisation-creation.changes.ts';

export type Refreshed = {
  looked: number;
  renamed: number;
  ceased: number;
  unknown: string[];
  /** What went wrong, where the run ended early because CVR did not answer; null when it came through. */
  fault: string | null;
  failed: { cvr: string; error: unknown }[];
};

/** A register that has not answered so many times in a row is not asked about all the others. */
const mostSilences = 3;

/** Takes over what CVR says of every open organisation: a new name and its end are logged, nothing is closed by itself. */
export async function refreshOrganisations(changes: Changes, register: CvrRegister): Promise<Refreshed> {
  const organisations = await readPage(changes.database, 'all', (db) =>
    db.rows<{ id: number; cvr: string }>(sql`select id, cvr from organisation where closed_at is null order by id`),
  );
  const done: Refreshed = { looked: 0, renamed: 0, ceased: 0, unknown: [], fault: null, failed: [] };
  let silences = 0;
  for (const { id, cvr } of organisations) {
    const answer = await register.find(cvr);
    silences = answer.kind === 'unavailable' ? silences + 1 : 0;
    if (answer.kind === 'unavailable') done.fault = answer.fault;
    if (silences === mostSilences) return done;
    if (answer.kind === 'unknown') done.unknown.push(cvr);
    if (answer.kind !== 'found') continue;
    done.looked += 1;
    await takeOver(changes, id, answer.company, done);
  }
  return done;
}

async function takeOver(changes: Changes, id: number, company: Company, done: Refreshed): Promise<void> {
  try {
    const { renamed, ceased } = await recordSystemChange(changes, id, (tx) => refresh(tx, id, company));
    if (renamed) done.renamed += 1;
    if (ceased) done.ceased += 1;
  } catch (error) {
    done.failed.push({ cvr: company.cvr, error });
  }
}

async function refresh(
  tx: Tx,
  id: number,
  company: Company,
): Promise<SystemChange<{ renamed: boolean; ceased: boolean }>> {
  const [before] = await tx.rows<{ name: string; wasCeased: boolean }>(sql`
    select o.name, coalesce(c.is_ceased, false) as "wasCeased"
    from organisation o left join organisation_register c on c.organisation_id = o.id where o.id = ${id}::int`);
  if (before === undefined) return { outcome: { renamed: false, ceased: false }, events: [] };
  await keepRegister(tx, id, company);
  const renamed = before.name !== company.name;
  const ceased = company.isCeased && !before.wasCeased;
  if (renamed)
    await tx.rows(sql`update organisation set name = ${company.name}, version = version + 1 where id = ${id}::int`);
  const about = { organisation: { id, name: company.name }, target: null };
  return {
    outcome: { renamed, ceased },
    events: [
      ...(renamed ? [event('organisation.renamed', about, { from: before.name, to: company.name })] : []),
      ...(ceased ? [event('organisation.ceased', about, { status: company.status, ceasedOn: company.ceasedOn })] : []),
    ],
  };
}
