import type pg from 'pg';
import { migrationsFolder, readMigrations } from './migrations-folder.ts';

export class SchemaStateError extends Error {
  override readonly name = 'SchemaStateError';
}

type Applied = { name: string; checksum: string; finished: boolean };

/** Throws SchemaStateError when the database is older or newer than the migrations of this version of the code. */
export async function assertSchemaIsCurrent(
  pool: Pick<pg.ClientBase, 'query'>,
  folder: string = migrationsFolder,
): Promise<void> {
  const onDisk = await readMigrations(folder);
  const inDatabase = await readHistory(pool);
  const names = new Set(onDisk.map(({ name }) => name));
  const applied = new Map(inDatabase.filter(({ finished }) => finished).map(({ name, checksum }) => [name, checksum]));

  refuseAny(
    inDatabase.filter(({ name, finished }) => !finished && !applied.has(name)).map(({ name }) => name),
    'A migration of the database failed. Mend it and run `npm run db:migrate` again',
  );
  refuseAny(
    [...applied.keys()].filter((name) => !names.has(name)),
    'The database is newer than this version of SEB. Start the newer version, or restore the backup from before it',
  );
  refuseAny(
    onDisk.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
    'The database is older than this version of SEB. Run `npm run db:migrate` first',
  );
  refuseAny(
    onDisk.filter(({ name, checksum }) => applied.get(name) !== checksum).map(({ name }) => name),
    'A migration was edited after it had been applied. Put it back and write the change as a new migration, or, where the data may go, begin with an empty database',
  );
}

async function readHistory(pool: Pick<pg.ClientBase, 'query'>): Promise<Applied[]> {
  const table = await pool.query<{ there: boolean }>(`select to_regclass('_prisma_migrations') is not null as there`);
  if (!table.rows[0]?.there) return [];
  const { rows } = await pool.query<Applied>(`
    select migration_name as name, checksum, finished_at is not null as finished
    from _prisma_migrations where rolled_back_at is null order by started_at`);
  return rows;
}

function refuseAny(names: string[], sentence: string): void {
  if (names.length > 0) throw new SchemaStateError(`${sentence}: ${names.join(', ')}.`);
}
