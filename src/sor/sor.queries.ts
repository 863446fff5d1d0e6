import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import type { SorStep, SorUnit, UnitPlace } from './sor-unit.ts';

export const unitsPerPage = 50;

const unitColumns = sql`u.code, u.name, u.entity_type as "entityType", u.parent_code as "parentCode",
  coalesce(u.closed_on < danish_today(), false) as "isClosed", to_char(u.closed_on, 'DD-MM-YYYY') as "closedOn",
  exists (select from sor_unit c where c.parent_code = u.code and c.owner_cvr = u.owner_cvr) as "hasChildren"`;

/** Units of one owner whose name or code holds every word, by name, then code; one more than a page. */
export function searchUnits(
  db: ReadDb,
  cvr: string,
  text: string,
  after: { name: string; code: string } | null,
  limit = unitsPerPage + 1,
): Promise<SorUnit[]> {
  const words = searchWords(text).map((word) => sql`u.search like ${likeAnywhere(word)}`);
  return page(db, joinSql([sql`u.owner_cvr = ${cvr}`, ...words], ' and '), after, limit);
}

/** The units directly below one, or the owner's topmost units, by name, then code; one more than a page. */
export function listChildren(
  db: ReadDb,
  cvr: string,
  parent: string | null,
  after: { name: string; code: string } | null,
): Promise<SorUnit[]> {
  const below =
    parent === null
      ? sql`u.owner_cvr = ${cvr} and not exists (select from sor_unit p where p.code = u.parent_code and p.owner_cvr = u.owner_cvr)`
      : sql`u.owner_cvr = ${cvr} and u.parent_code = ${parent}`;
  return page(db, below, after, unitsPerPage + 1);
}

function page(
  db: ReadDb,
  condition: Sql,
  after: { name: string; code: string } | null,
  limit: number,
): Promise<SorUnit[]> {
  const beyond = after === null ? noSql : sql`and (u.name, u.code) > (${after.name}::text, ${after.code}::text)`;
  return db.rows<SorUnit>(
    sql`select ${unitColumns} from sor_unit u where ${condition} ${beyond} order by u.name, u.code limit ${limit}::int`,
  );
}

/** A unit of the owner, open or closed; null when it is another's or does not exist. */
export async function findUnit(db: ReadDb, cvr: string, code: string): Promise<SorUnit | null> {
  const [unit] = await db.rows<SorUnit>(
    sql`select ${unitColumns} from sor_unit u where u.code = ${code} and u.owner_cvr = ${cvr}`,
  );
  return unit ?? null;
}

/** The way from the owner's topmost unit down to this one, itself last. */
export function listWay(db: ReadDb, cvr: string, code: string): Promise<SorStep[]> {
  return db.rows<SorStep>(sql`
    with recursive way as (
      select code, name, parent_code, 0 as step from sor_unit where code = ${code} and owner_cvr = ${cvr}
      union all
      select p.code, p.name, p.parent_code, w.step + 1 from way w join sor_unit p on p.code = w.parent_code and p.owner_cvr = ${cvr} where w.step < 50)
    select code, name from way order by step desc`);
}

/** Where somebody stands who walks the owner's tree; a code of nobody's is the top. */
export async function readPlace(
  db: ReadDb,
  cvr: string,
  code: string | null,
  after: { name: string; code: string } | null,
): Promise<UnitPlace> {
  const within = code === null ? null : await findUnit(db, cvr, code);
  const way = within === null ? [] : await listWay(db, cvr, within.code);
  return { within, way, units: await listChildren(db, cvr, within?.code ?? null, after) };
}

/** How many open units "og underenheder" covers today besides the unit itself; it stops at units of another owner. */
export async function countSubunits(db: ReadDb, cvr: string, code: string): Promise<number> {
  const [row] = await db.rows<{ count: number }>(sql`
    with recursive below as (
      select code, closed_on from sor_unit where parent_code = ${code} and owner_cvr = ${cvr}
      union all
      select c.code, c.closed_on from below b join sor_unit c on c.parent_code = b.code and c.owner_cvr = ${cvr})
    select count(*)::int as count from below where closed_on is null or closed_on >= danish_today()`);
  return row?.count ?? 0;
}
