import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { SorRow, UntoldColumn } from './sor-row.ts';

/** Each column of sor_unit that a file fills, with the row's property that it comes from. */
export const unitColumns = {
  code: 'code',
  kind: 'kind',
  name: 'name',
  entity_type: 'entityType',
  parent_code: 'parentCode',
  owner_cvr: 'ownerCvr',
  institution_code: 'institutionCode',
  shak_code: 'shakCode',
  provider_code: 'providerCode',
  ean_code: 'eanCode',
  street: 'street',
  postcode: 'postcode',
  city: 'city',
  valid_from: 'validFrom',
  closed_on: 'closedOn',
} as const satisfies Record<string, keyof SorRow>;

const columnNames = Object.keys(unitColumns).join(', ');
const properties = Object.values(unitColumns);
const chunkLength = 64 * 1024;

const untoldColumns: Record<Exclude<UntoldColumn, 'parentCode'>, string[]> = {
  shakCode: ['shak_code'],
  providerCode: ['provider_code'],
  eanCode: ['ean_code'],
  address: ['street', 'postcode', 'city'],
  validFrom: ['valid_from'],
};

/** Streams the rows into the temporary table sor_incoming, which ends with the transaction. */
export async function stageRows(client: pg.ClientBase, rows: AsyncIterable<SorRow>): Promise<void> {
  // Made from sor_unit, so that types and collations are the same and the two compare without conversion.
  await client.query(
    `create temp table sor_incoming on commit drop as select 0 as line, ${columnNames} from sor_unit with no data`,
  );
  const copy = client.query(copyFrom(`copy sor_incoming (line, ${columnNames}) from stdin`));
  await pipeline(Readable.from(copyText(rows), { objectMode: false }), copy);
  await client.query('analyze sor_incoming');
}

async function* copyText(rows: AsyncIterable<SorRow>): AsyncGenerator<string> {
  let chunk = '';
  for await (const row of rows) {
    chunk += `${row.line}`;
    for (const property of properties) chunk += `\t${copyValue(row[property])}`;
    chunk += '\n';
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function copyValue(value: string | null): string {
  return value === null ? '\\N' : value.replaceAll('\\', '\\\\');
}

/** Fills in what the file leaves out: from what the table knows of the unit, and parents from institution and owner. */
export async function fillIn(client: pg.ClientBase, untold: readonly UntoldColumn[]): Promise<void> {
  await client.query(`
    update sor_incoming i set owner_cvr = u.owner_cvr from sor_unit u
    where i.owner_cvr is null and u.code = i.code`);
  for (const column of untold) {
    if (column !== 'parentCode') await keepKnown(client, untoldColumns[column]);
  }
  if (untold.includes('parentCode')) await keepKnownParents(client);
  await client.query(`
    update sor_incoming i set parent_code = o.code
    from (select distinct on (owner_cvr) owner_cvr, code from sor_incoming
          where kind = 'OWNER' order by owner_cvr, length(code), code) o
    where i.kind = 'INSTITUTION' and i.parent_code is null and o.owner_cvr = i.owner_cvr`);
}

async function keepKnown(client: pg.ClientBase, columns: string[]): Promise<void> {
  const assignments = columns.map((column) => `${column} = u.${column}`).join(', ');
  await client.query(`update sor_incoming i set ${assignments} from sor_unit u where u.code = i.code`);
}

/** A tree that an earlier Sor.xml told is not flattened by a daily file that knows institutions only. */
async function keepKnownParents(client: pg.ClientBase): Promise<void> {
  await client.query(`
    update sor_incoming i set parent_code = u.parent_code from sor_unit u
    where u.code = i.code and i.kind <> 'OWNER' and u.kind = i.kind
      and u.institution_code = i.institution_code and u.owner_cvr = i.owner_cvr`);
  await client.query(
    `update sor_incoming set parent_code = institution_code where kind = 'UNIT' and parent_code is null`,
  );
}
