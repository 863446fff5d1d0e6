import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importSor, type SorImportOptions } from '../../src/sor/import/import-sor.ts';
import { SorFileRefused } from '../../src/sor/import/refusal.ts';
import { makeSorCode } from '../../src/shared/danish-numbers.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { sorFolder, sorText } from '../support/sor-files.ts';

const folder = sorFolder();
let database: TestDatabase;
let client: pg.Client;
let sample: { csv: string; xml: string };

beforeAll(async () => {
  sample = { csv: await sorText('csv', 60), xml: await sorText('xml', 60) };
  database = await createTestDatabase('empty');
  client = new pg.Client({ connectionString: database.superUrl });
  await client.connect();
  // What is never shortened is emptied between the tests all the same.
  await client.query('set session_replication_role = replica');
});

beforeEach(() => client.query('truncate sor_unit, sor_import, sor_change, audit_event, audit_due cascade'));

afterAll(async () => {
  folder.remove();
  await client.end();
  await database.drop();
});

function importText(text: string | Buffer, options: SorImportOptions = {}) {
  const name = text.toString('latin1').trimStart().startsWith('<') ? 'Sor.xml' : 'SorEntity_daily.csv';
  const file = folder.write(name, text);
  return importSor({
    ownerUrl: database.ownerUrl,
    file,
    options: { actorName: 'drift', today: '2026-11-21', ...options },
  });
}

async function refusalOf(text: string | Buffer, options?: SorImportOptions): Promise<string> {
  const error = await importText(text, options).then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SorFileRefused)) throw error;
  return error.message;
}

async function table(columns = 'u.*'): Promise<Record<string, unknown>[]> {
  return (await client.query(`select ${columns} from sor_unit u order by code`)).rows;
}

async function unit(item: number): Promise<Record<string, unknown> | undefined> {
  const { rows } = await client.query('select *, closed_on::text, valid_from::text from sor_unit where code = $1', [
    makeSorCode(item),
  ]);
  return rows[0];
}

const linesOf = (csv: string) => csv.split('\r\n').filter(Boolean);
const asCsv = (lines: string[]) => `${lines.join('\r\n')}\r\n`;
const changeLine = (csv: string, line: number, from: string | RegExp, to: string) =>
  asCsv(linesOf(csv).map((text, place) => (place === line - 1 ? text.replace(from, to) : text)));
const dropLines = (csv: string, ...dropped: number[]) =>
  asCsv(linesOf(csv).filter((_, place) => !dropped.includes(place + 1)));
/** UTF-8 taken for something else and written as UTF-8 again. */
const asLatin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const withoutColumns = (csv: string, ...names: string[]) => {
  const header = (linesOf(csv)[0] ?? '').split(';');
  const kept = (line: string) => line.split(';').filter((_, place) => !names.includes(header[place] ?? ''));
  return asCsv(linesOf(csv).map((line) => kept(line).join(';')));
};

describe('an import', () => {
  it('makes the same table of both formats', async () => {
    expect(await importText(sample.csv)).toMatchObject({ rows: 60, added: 60, changed: 0, closed: 0, reopened: 0 });
    const fromCsv = await table();
    expect(await importText(sample.xml)).toMatchObject({ rows: 60, added: 0, changed: 0, closed: 0, reopened: 0 });
    expect(await table()).toEqual(fromCsv);
    expect(await unit(9_000_002)).toMatchObject({
      kind: 'INSTITUTION',
      name: 'Kattegat Universitetshospital',
      parent_code: makeSorCode(9_000_001),
      institution_code: makeSorCode(9_000_002),
      owner_cvr: '39920018',
    });
  });

  it('keeps what it changed, unit by unit: moved, renamed, closed, opened, grown, and whose it was', async () => {
    await importText(sample.csv);
    expect((await client.query('select from sor_change')).rowCount).toBe(0);
    const changes = async () =>
      (
        await client.query(
          `select code, kind, owner_cvr, before, after from sor_change where import_id = (select max(id) from sor_import) order by code, kind`,
        )
      ).rows;
    await importText(sample.csv);
    expect(await changes()).toEqual([]);

    const whole = await table('code, name, parent_code, owner_cvr');
    const gone = linesOf(sample.csv).slice(59, 61);
    const renamed = changeLine(sample.csv, 3, '"Kattegat Universitetshospital"', '"Nyt navn"');
    await importText(dropLines(renamed, 60, 61));
    const second = await changes();
    expect(second).toContainEqual({
      code: makeSorCode(9_000_002),
      kind: 'RENAMED',
      owner_cvr: '39920018',
      before: 'Kattegat Universitetshospital',
      after: 'Nyt navn',
    });
    const closed = second.filter(({ kind }) => kind === 'CLOSED');
    expect(closed).toHaveLength(gone.length);
    for (const { code, before, after, owner_cvr: cvr } of closed) {
      expect([before, after]).toEqual([null, '2026-11-21']);
      expect(whole.find((unit) => unit.code === code)?.owner_cvr).toBe(cvr);
    }
    expect(second).toHaveLength(3);

    await importText(sample.csv);
    const third = await changes();
    expect(third.map(({ kind }) => kind).toSorted()).toEqual(['RENAMED', 'REOPENED', 'REOPENED']);
  });

  it('tells a unit that new ones came under as grown, and one whose parent is another as moved', async () => {
    await importText(dropLines(sample.csv, 60, 61), { acceptShrink: true });
    await importText(sample.csv);
    const grown = (
      await client.query(
        `select c.code, c.before::int as before, c.after::int as after, (select count(*)::int from sor_unit u where u.parent_code = c.code) as has
         from sor_change c where kind = 'GROWN'`,
      )
    ).rows;
    expect(grown.length).toBeGreaterThan(0);
    for (const { before, after, has } of grown) expect([after, after > before]).toEqual([has, true]);
    await client.query(`begin; update sor_unit set parent_code = $$${makeSorCode(9_000_001)}$$ where code = $$${makeSorCode(9_000_060)}$$;
      insert into audit_event (kind, actor_kind, actor_name, actor_role, detail) values ('sor.imported', 'OPERATOR', 'x', 'x', '{"fileName":"x","rows":0,"added":0,"changed":0,"closed":0}'); commit`);
    await importText(sample.xml);
    const { rows: moved } = await client.query(`select code, before from sor_change where kind = 'MOVED'`);
    expect(moved).toEqual([{ code: makeSorCode(9_000_060), before: makeSorCode(9_000_001) }]);
  });

  it('touches no row when nothing has changed', async () => {
    await importText(sample.csv);
    const before = await table('code, xmin::text, ctid::text');
    await importText(sample.csv);
    expect(await table('code, xmin::text, ctid::text')).toEqual(before);
  });

  it('is told in the log and in the list of imports', async () => {
    await importText(sample.csv);
    const { rows: events } = await client.query('select * from audit_event');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: 'sor.imported',
      organisation_id: null,
      actor_kind: 'OPERATOR',
      actor_name: 'drift',
      actor_role: 'Drift',
      detail: { fileName: 'SorEntity_daily.csv', rows: 60, added: 60, changed: 0, closed: 0, reopened: 0 },
    });
    const { rows: imports } = await client.query('select * from sor_import');
    expect(imports).toMatchObject([
      { file_name: 'SorEntity_daily.csv', rows: 60, added: 60, sha256: events[0].detail.sha256 },
    ]);
  });

  it('changes what differs, closes what is gone and opens what comes back', async () => {
    await importText(sample.csv);
    const renamed = changeLine(sample.csv, 3, '"Kattegat Universitetshospital"', '"Nyt navn"');
    expect(await importText(dropLines(renamed, 60, 61))).toMatchObject({ rows: 58, changed: 1, closed: 2, added: 0 });
    expect(await unit(9_000_002)).toMatchObject({ name: 'Nyt navn' });
    expect(await unit(9_000_060)).toMatchObject({ closed_on: '2026-11-21' });

    // Gone for another day: closed stays closed as it was.
    expect(await importText(dropLines(renamed, 60, 61), { today: '2026-11-22' })).toMatchObject({
      changed: 0,
      closed: 0,
    });
    expect(await unit(9_000_060)).toMatchObject({ closed_on: '2026-11-21' });

    expect(await importText(sample.csv, { today: '2026-11-23' })).toMatchObject({ changed: 1, closed: 0, reopened: 2 });
    expect(await unit(9_000_060)).toMatchObject({ closed_on: null });
  });

  it('takes a closing date from the file, also one ahead, and moves it when the unit is gone before', async () => {
    const closing = changeLine(sample.csv, 4, /;""$/, ';"2027-03-31"');
    await importText(closing);
    expect(await unit(9_000_003)).toMatchObject({ closed_on: '2027-03-31' });
    const withoutTree = linesOf(closing).filter(
      (line) => !line.includes(makeSorCode(9_000_003)) || line.includes('"SI"'),
    );
    await importText(asCsv(withoutTree), { acceptShrink: true });
    expect(await unit(9_000_003)).toMatchObject({ closed_on: '2026-11-21' });
  });

  it('reads windows-1252 as it is', async () => {
    const bytes = Buffer.from(sample.csv.replace('\ufeff', ''), 'latin1');
    expect(await importText(bytes)).toMatchObject({ encoding: 'windows-1252', added: 60 });
    const first = await table();
    expect(await importText(sample.csv)).toMatchObject({ encoding: 'utf-8', changed: 0 });
    expect(await table()).toEqual(first);
    const xml = Buffer.from(sample.xml.replace('utf-8', 'windows-1252'), 'latin1');
    expect(await importText(xml)).toMatchObject({ encoding: 'windows-1252', changed: 0 });
  });

  it('keeps what a file without the column does not tell, such as the tree of an earlier Sor.xml', async () => {
    await importText(sample.xml);
    const before = await table();
    const flat = withoutColumns(
      sample.csv,
      'ParentSorId',
      'ShakId',
      'ProviderId',
      'EanLocationCode',
      'PostalAddressStreetName',
    );
    expect(
      await importText(withoutColumns(flat, 'PostalAddressStreetBuildingId', 'FirstFromDate', 'FromDate')),
    ).toMatchObject({
      changed: 0,
    });
    expect(await table()).toEqual(before);
  });

  it('builds owner, institution and unit from a file without parents', async () => {
    await importText(withoutColumns(sample.csv, 'ParentSorId'));
    expect(await unit(9_000_002)).toMatchObject({ parent_code: makeSorCode(9_000_001) });
    expect(await unit(9_000_006)).toMatchObject({ kind: 'UNIT', parent_code: makeSorCode(9_000_002) });
  });

  it('keeps a parent that has closed and is gone from the file', async () => {
    await importText(sample.csv);
    const parent = linesOf(sample.csv).findIndex((line) => line.startsWith(`"=""${makeSorCode(9_000_005)}`));
    expect(await importText(dropLines(sample.csv, parent + 1))).toMatchObject({ closed: 1, changed: 0 });
    expect(await unit(9_000_006)).toMatchObject({ parent_code: makeSorCode(9_000_005) });
  });

  it('takes units without an owner CVR, for no organisation, and keeps the CVR that is known', async () => {
    const without = changeLine(sample.csv, 61, /"\d{8}"/, '""');
    expect(await importText(without)).toMatchObject({ withoutCvr: 1 });
    expect(await unit(9_000_060)).toMatchObject({ owner_cvr: '' });
    await importText(sample.csv);
    expect(await importText(without)).toMatchObject({ changed: 0 });
  });
});

describe('a refused file', () => {
  const third = makeSorCode(9_000_003);
  const cases: [string, (csv: string) => string | Buffer, string][] = [
    [
      'with a wrong check digit',
      (csv) => changeLine(csv, 4, third, '90000031000016000'),
      'line 4: SOR code 90000031000016000 has a wrong',
    ],
    [
      'with something else for a code',
      (csv) => changeLine(csv, 4, `=""${third}""`, 'Algade'),
      'line 4: "Algade" is not a SOR code',
    ],
    ['with a code twice', (csv) => csv + linesOf(csv)[3], `line 62: SOR code ${third} stands already on line 4`],
    [
      'with an unknown parent',
      (csv) => changeLine(csv, 7, makeSorCode(9_000_005), makeSorCode(9_999_999)),
      `line 7: the parent ${makeSorCode(9_999_999)} of unit 90000061000016002 is unknown`,
    ],
    [
      'with an unknown institution',
      (csv) => changeLine(csv, 7, new RegExp(makeSorCode(9_000_002)), makeSorCode(9_999_999)),
      `line 7: the institution ${makeSorCode(9_999_999)} of unit 90000061000016002 is unknown`,
    ],
    [
      'with an institution below a unit',
      (csv) => changeLine(csv, 3, makeSorCode(9_000_001), makeSorCode(9_000_003)),
      'line 3: unit 90000021000016008 (INSTITUTION) cannot stand below 90000031000016005 (UNIT)',
    ],
    ['in the wrong encoding, without BOM', (csv) => asLatin1(csv.slice(1)), 'wrong encoding: "Ã'],
    ['with units in a circle', (csv) => inACircle(csv), `line 4: unit ${third} stands below itself`],
    [
      'with a wrong CVR number',
      (csv) => changeLine(csv, 2, '39920018', '39920019'),
      'line 2: "39920019" is not a CVR number',
    ],
    [
      'with a date that is none',
      (csv) => changeLine(csv, 5, /"\d{4}-\d\d-\d\d"/, '"2026-02-30"'),
      'line 5: "2026-02-30" is not a date',
    ],
    ['without a name', (csv) => changeLine(csv, 3, /"Kattegat Universitetshospital"/, '""'), 'has no name'],
    ['in the wrong encoding', asLatin1, 'line 1: wrong encoding'],
    ['with lost letters', (csv) => changeLine(csv, 3, 'Universitet', 'Universit\ufffdt'), 'line 3: wrong encoding'],
    [
      'that says UTF-8 and is not',
      (csv) => Buffer.concat([Buffer.from('efbbbf', 'hex'), Buffer.from(csv, 'latin1')]),
      'wrong encoding',
    ],
    ['without a column', (csv) => withoutColumns(csv, 'EntityName'), 'line 1: missing column EntityName'],
    ['that is cut off', (csv) => csv.slice(0, csv.length - 40), 'line 61: '],
    ['that has shrunk', (csv) => asCsv(linesOf(csv).slice(0, 50)), 'the file has 49 units, the last import had 60'],
    ['that is empty', () => '', 'the file is empty'],
    ['without units', (csv) => `${linesOf(csv)[0]}\r\n`, 'the file holds no units'],
    ['that is no SOR file', () => 'a;b\n1;2\n', 'line 1: this is not a SOR file'],
    ['that is an archive', () => Buffer.from('PK\u0003\u0004'), 'the file is a zip archive'],
    ['of XML, cut off', () => sample.xml.slice(0, 5000), 'is the file cut off?'],
    ['of XML, with a code twice', () => sample.xml.replace(third, makeSorCode(9_000_002)), 'stands already on line'],
    [
      'of XML, with a wrong check digit',
      () => sample.xml.replace(third, '90000031000016000'),
      'line 18: SOR code 90000031000016000',
    ],
    ['of XML, in the wrong encoding', () => Buffer.from(sample.xml, 'latin1'), 'wrong encoding'],
  ];

  it.each(cases)('%s changes nothing and says where and why', async (_, damage, message) => {
    await importText(sample.csv);
    const before = await everything();
    expect(await refusalOf(damage(sample.csv))).toContain(message);
    expect(await everything()).toEqual(before);
  });

  it('is taken when it has shrunk and the operator says that it is right', async () => {
    await importText(sample.csv);
    const shrunk = asCsv(linesOf(sample.csv).slice(0, 50));
    expect(await importText(shrunk, { acceptShrink: true })).toMatchObject({ rows: 49, closed: expect.any(Number) });
  });

  it('names a file that is not there', async () => {
    const importing = importSor({ ownerUrl: database.ownerUrl, file: '/nowhere/Sor.xml' });
    await expect(importing).rejects.toThrow('there is no file /nowhere/Sor.xml');
  });

  it('waits for no other import but says that one is running', async () => {
    await client.query(`begin; select pg_advisory_xact_lock(hashtext('sor.import'))`);
    expect(await refusalOf(sample.csv)).toContain('another SOR import is running');
    await client.query('rollback');
  });

  async function everything() {
    const imports = await client.query('select * from sor_import');
    const events = await client.query('select * from audit_event');
    return { units: await table('u.*, xmin::text'), imports: imports.rows, events: events.rows };
  }

  /** The third unit stands below the fourth, which stands below the third. */
  function inACircle(csv: string): string {
    const parent = `=""${makeSorCode(9_000_002)}""`;
    return changeLine(csv, 4, parent, `=""${makeSorCode(9_000_004)}""`);
  }
});
