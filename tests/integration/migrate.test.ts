import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { markMigrationRolledBack, migrateDatabase } from '../../src/db/migrate.ts';
import { diffSchemas } from '../../src/db/schema-diff.ts';
import { assertSchemaIsCurrent } from '../../src/db/schema-state.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let app: pg.Pool;
let folder: string;
const lines: string[] = [];

beforeEach(async () => {
  database = await createTestDatabase('bare');
  app = new pg.Pool({ connectionString: database.appUrl, max: 1 });
  folder = mkdtempSync(path.join(tmpdir(), 'seb-migrations-'));
  lines.length = 0;
  migration('0001_person', 'create table person (id int primary key); grant select on person to seb_app;');
});

afterEach(async () => {
  await app.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

function migration(name: string, sql: string): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, 'migration.sql'), sql);
}

const migrate = () => migrateDatabase(database.ownerUrl, (line) => lines.push(line), folder);
const assertCurrent = () => assertSchemaIsCurrent(app, folder);

it('applies what is missing, in order, once', async () => {
  migration('0002_name', `alter table person add name text`);
  expect(await migrate()).toEqual({ applied: ['0001_person', '0002_name'] });
  expect(await migrate()).toEqual({ applied: [] });
  expect(lines).toEqual(['Migrations applied: 0001_person, 0002_name', 'The database is up to date.']);
  await assertCurrent();
});

it('leaves function bodies whole', async () => {
  migration(
    '0002_function',
    `create function one() returns int language plpgsql as $$ declare a int; begin a := 1; return a; end $$;`,
  );
  await migrate();
  expect((await app.query('select one()')).rows).toEqual([{ one: 1 }]);
});

it('lets two starts at once migrate one after the other', async () => {
  migration('0002_slow', 'select pg_sleep(0.5); create table slow ();');
  const results = await Promise.all([migrate(), migrate()]);
  expect(results.flatMap(({ applied }) => applied)).toEqual(['0001_person', '0002_slow']);
  expect(lines).toContain('Another process migrates this database: waiting for it.');
});

it('keeps nothing of a migration that fails, says why, and goes on when it is mended', async () => {
  migration('0002_broken', 'create table half (); select nonsense;');
  await expect(migrate()).rejects.toThrow(/"nonsense" does not exist/);
  expect((await app.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }]);
  await expect(assertCurrent()).rejects.toThrow(/failed.*0002_broken/);

  migration('0002_broken', 'create table half ();');
  await expect(migrate()).rejects.toThrow(/--rolled-back/);
  await markMigrationRolledBack(database.ownerUrl, '0002_broken');
  expect(await migrate()).toEqual({ applied: ['0002_broken'] });
  await assertCurrent();
});

it('refuses a database that is older, newer, empty, or migrated by a file edited since', async () => {
  await expect(assertCurrent()).rejects.toThrow(/older.*npm run db:migrate.*0001_person/);
  await migrate();
  await assertCurrent();

  migration('0002_name', 'alter table person add name text');
  await expect(assertCurrent()).rejects.toThrow(/older.*: 0002_name\./);
  await migrate();
  rmSync(path.join(folder, '0002_name'), { recursive: true });
  await expect(assertCurrent()).rejects.toThrow(/newer.*: 0002_name\./);

  migration('0002_name', 'alter table person add name varchar');
  await expect(assertCurrent()).rejects.toThrow(/edited.*: 0002_name\./);
});

it('gives the application the history to read and nothing more', async () => {
  await migrate();
  await expect(app.query('delete from _prisma_migrations')).rejects.toThrow(/permission denied/);
  await expect(app.query('create table mine ()')).rejects.toThrow(/permission denied/);
});

it('writes the SQL between two schemas', async () => {
  const schema = (fields: string) =>
    `datasource db {\n provider = "postgresql"\n}\nmodel Person {\n id Int @id\n ${fields}\n}`;
  expect(await diffSchemas(schema(''), schema('name String'))).toContain('ADD COLUMN     "name" TEXT NOT NULL');
});
