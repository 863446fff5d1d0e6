import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importServices } from '../../src/services/import/import-services.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'seb-services-'));
let database: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase('empty');
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await database.drop();
});

afterAll(() => rmSync(folder, { recursive: true }));

const reader = { kode: 'laes', navn: 'Læser', kraeverSor: false, kraeverCpr: true, kilde: 'plausibel' };
const editor = { kode: 'ret', navn: 'Redaktør', kraeverSor: true, kraeverCpr: false, kilde: 'plausibel' };
const plov = { kode: 'plov', navn: 'Plejehjemsoversigten', ejer: 'Sundhedsdatastyrelsen', kilde: 'plausibel' };

function importText(text: string) {
  const file = path.join(folder, 'roller.json');
  writeFileSync(file, text);
  return importServices({ ownerUrl: database.ownerUrl, file, actorName: 'Driften', progress: () => undefined });
}

const importList = (list: object) => importText(JSON.stringify(list));

async function rowsOf<Row extends pg.QueryResultRow>(query: string): Promise<Row[]> {
  const { rows } = await client.query<Row>(query);
  return rows;
}

const everything = () => rowsOf('select s.*, r.* from service s join role r on r.service_id = s.id order by r.id');

describe('importing services and roles', () => {
  it('inserts what is new and says so in the log', async () => {
    const report = await importList([{ ...plov, roller: [reader, editor] }]);
    expect(report).toMatchObject({ services: 1, roles: 2, changed: [], missing: [] });
    expect(report.added).toEqual(['plov', 'plov/laes', 'plov/ret']);
    expect(await rowsOf('select code, needs_sor, sensitivity from role order by code')).toEqual([
      { code: 'laes', needs_sor: false, sensitivity: 'NORMAL' },
      { code: 'ret', needs_sor: true, sensitivity: 'NORMAL' },
    ]);
    expect(
      await rowsOf('select kind, organisation_id, actor_kind, actor_name, actor_role, detail from audit_event'),
    ).toEqual([
      {
        kind: 'service.imported',
        organisation_id: null,
        actor_kind: 'OPERATOR',
        actor_name: 'Driften',
        actor_role: 'Drift',
        detail: expect.objectContaining({
          fileName: 'roller.json',
          services: 1,
          roles: 2,
          added: 3,
          changed: 0,
          missing: 0,
        }),
      },
    ]);
  });

  it('changes nothing the second time', async () => {
    await importList([{ ...plov, roller: [reader, editor] }]);
    const before = await everything();
    expect(await importList([{ ...plov, roller: [reader, editor] }])).toMatchObject({
      added: [],
      changed: [],
      missing: [],
    });
    expect(await everything()).toEqual(before);
  });

  it('updates only what differs, and keeps descriptions that the file leaves out', async () => {
    await importList([{ ...plov, roller: [{ ...reader, beskrivelse: 'Ser alt.', synonymer: ['leder'] }, editor] }]);
    const report = await importList([{ ...plov, roller: [{ ...reader, navn: 'Læser af alt' }, editor] }]);
    expect(report).toMatchObject({ added: [], changed: ['plov/laes'] });
    expect(await rowsOf(`select name, description, synonyms from role where code = 'laes'`)).toEqual([
      { name: 'Læser af alt', description: 'Ser alt.', synonyms: ['leder'] },
    ]);
  });

  it('names what is gone from the file and leaves it', async () => {
    await importList([
      { ...plov, roller: [reader, editor] },
      { ...plov, kode: 'anden', roller: [reader] },
    ]);
    const report = await importList([{ ...plov, roller: [reader] }]);
    expect(report.missing).toEqual(['anden', 'anden/laes', 'plov/ret']);
    expect(await rowsOf('select from role where retired_at is null')).toHaveLength(3);
  });

  it('changes nothing when the file is damaged', async () => {
    await importList([{ ...plov, roller: [reader] }]);
    const before = await everything();
    const broken = JSON.stringify([{ ...plov, navn: 'Nyt navn', roller: [reader, reader] }]);
    await expect(importText(broken)).rejects.toThrow('role laes, kode stands twice');
    await expect(importText(broken.slice(0, 60))).rejects.toThrow('not JSON');
    expect(await everything()).toEqual(before);
    expect(await rowsOf('select from audit_event')).toHaveLength(1);
  });

  it('lets two imports at once come one after the other', async () => {
    const reports = await Promise.all([1, 2].map(() => importList([{ ...plov, roller: [reader] }])));
    expect(reports.map(({ added }) => added.length).toSorted()).toEqual([0, 2]);
  });
});
