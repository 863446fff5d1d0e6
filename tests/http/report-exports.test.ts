import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import type { Changes } from '../../src/audit/record-change.ts';
import { removeExpired } from '../../src/jobs/expired.changes.ts';
import type { MakeFile } from '../../src/report-exports/export-processes.ts';
import { inProcesses } from '../../src/report-exports/export-processes.ts';
import { makeExport, Superseded } from '../../src/report-exports/make-export.changes.ts';
import { runExport } from '../../src/report-exports/run-export.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { multipart } from '../support/import-files.ts';
import { readCsv } from '../support/report-files.ts';
import { cvrs, idOf, only, operate } from '../support/sector.ts';

let app: App;
let admin: Browser;
const queued: number[] = [];
const region = `/organisationer/${cvrs.region}`;
const small = `${region}/rapporter/rettigheder-til-roller/hent`;
const large = `${region}/rapporter/alle-brugere/hent`;
const ownPath = '/rapporter/filer';
const checkPath = '/rapporter/kontroller';

beforeAll(async () => {
  app = await startApp({
    env: { REPORT_ROWS_AT_ONCE: '60' },
    queueExport: async (id) => void queued.push(id),
  });
  admin = await app.signedIn('region-user-admin');
});
afterAll(() => app.close());
beforeEach(async () => {
  queued.length = 0;
  await app.rows('delete from rate_limit');
});

const nothing = { filters: {}, columns: [], sort: null, isDescending: null };

/** Below the limit of rows, where the whole report is beyond it. */
const few = { ...nothing, filters: { soeg: 'klinisk' } };

/** The hidden fields of a form of ours, as every page with one carries them. */
async function hidden(by: Browser): Promise<Record<string, string>> {
  const { fields } = formOf((await by.get('sebadmin', checkPath)).text, checkPath);
  return { _csrf: String(fields._csrf), _key: String(fields._key), _for: String(fields._for) };
}
async function takeOut(
  path: string,
  form = 'CSV',
  choice: unknown = path === small ? few : nothing,
  by = admin,
): Promise<Reply> {
  return by.post('sebadmin', path, { ...(await hidden(by)), valg: JSON.stringify(choice), form });
}
async function fetched(location: string | null, by = admin): Promise<Reply> {
  return by.get('sebadmin', location ?? '');
}
async function check(file: { name: string; content: string | Buffer } | null, sha256 = '', by = admin): Promise<Reply> {
  const { body, headers } = multipart({ ...(await hidden(by)), sha256 }, file ?? { name: '', content: '' });
  return by.send('sebadmin', checkPath, { method: 'POST', body, headers });
}
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const referenceIn = (location: string | null): string => /SEB(-\w{4}){3}/.exec(location ?? '')?.[0] ?? '';

type Kept = {
  id: number;
  state: string;
  rows: number;
  sha256: string;
  reference: string;
  bytes: number;
  attempt: number;
};
async function keptOf(reference: string): Promise<Kept> {
  return only(
    await app.rows<Kept>(
      'select id, state, rows, sha256, reference, bytes::int, attempt from report_export where reference = $1',
      [reference],
    ),
  );
}
async function eventsOf(reference: string): Promise<{ kind: string; detail: Record<string, unknown> }[]> {
  return app.rows(`select kind, detail from audit_event where detail ->> 'reference' = $1 order by id`, [reference]);
}

const changes = (): Changes => ({ database: app.database, queueMails: async () => undefined });
const run = (id: number, makeFile: MakeFile = (one) => makeExport(app.database, one)): Promise<void> =>
  runExport(changes(), mailingOf(app.config), makeFile, id);

describe('a small report', () => {
  it('is a file at once, with its hash in the answer, the list and the log', async () => {
    const ordered = await takeOut(small);
    expect(ordered.status).toBe(303);
    const reference = referenceIn(ordered.location);
    expect(ordered.location).toBe(`${ownPath}/${reference}/hent`);
    const file = await fetched(ordered.location);
    const kept = await keptOf(reference);
    expect(file.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="rettigheder-til-roller_${reference}.csv"`,
      'content-length': String(kept.bytes),
      'repr-digest': `sha-256=:${Buffer.from(kept.sha256, 'hex').toString('base64')}:`,
    });
    expect(hashOf(file.text)).toBe(kept.sha256);
    expect(readCsv(Buffer.from(file.text)).rows).toHaveLength(kept.rows + 1);
    expect((await eventsOf(reference)).map(({ kind }) => kind)).toEqual(['report.made', 'report.downloaded']);
    expect(only((await eventsOf(reference)).slice(0, 1)).detail).toMatchObject({ form: 'CSV', sha256: kept.sha256 });

    const list = await admin.get('sebadmin', ownPath);
    expect(mainText(list.text)).toContain(reference);
    expect(await faultsOfHtml(list.text)).toEqual([]);
    const page = await admin.get('sebadmin', `${ownPath}/${reference}`);
    expect(mainText(page.text)).toContain(kept.sha256);
    expect(await faultsOfHtml(page.text)).toEqual([]);
  });

  it('is made once, however often its form is sent', async () => {
    const fields = { ...(await hidden(admin)), valg: JSON.stringify(few), form: 'CSV' };
    const replies = await Promise.all([1, 2, 3].map(() => admin.post('sebadmin', small, fields)));
    expect(new Set(replies.map(({ location }) => location)).size).toBe(1);
    expect(replies[0]?.status).toBe(303);
  });

  it.each(['XLSX', 'DOCX', 'PDF'])('comes as %s, too', async (form) => {
    const { location } = await takeOut(small, form);
    const file = await fetched(location);
    expect(file.status).toBe(200);
    expect(Number(file.headers['content-length'])).toBe((await keptOf(referenceIn(location))).bytes);
  });

  it('shows what its filter and columns ask for', async () => {
    const choice = { ...nothing, columns: ['rollekode'], filters: { soeg: 'ingen-rolle-hedder-saadan' } };
    const file = await fetched((await takeOut(small, 'CSV', choice)).location);
    expect(file.text.trim().split('\r\n')).toHaveLength(1);
    expect(file.text).not.toContain(';');
  });
});

describe('what is refused', () => {
  it.each([
    ['a report that does not exist', `${region}/rapporter/findes-ikke/hent`, {}, 404],
    ['another organisation', `/organisationer/${cvrs.municipality}/rapporter/alle-brugere/hent`, {}, 404],
    ['all organisations', '/rapporter/alle-brugere/hent', {}, 403],
    ['no form', small, { form: 'EXE' }, 422],
    ['a choice that is none', small, { valg: '{"filters":' }, 422],
    ['a choice of another shape', small, { valg: '{"filters":{"soeg":["a"]}}' }, 422],
  ])('%s', async (_, path, fields, status) => {
    const before = await app.rows('select count(*) from report_export');
    const sent = { ...(await hidden(admin)), valg: JSON.stringify(nothing), form: 'CSV', ...fields };
    expect((await admin.post('sebadmin', path, sent)).status).toBe(status);
    expect(await app.rows('select count(*) from report_export')).toEqual(before);
  });

  it('to everybody but the one who ordered it, wherever they stand', async () => {
    const reference = referenceIn((await takeOut(small)).location);
    for (const who of ['region-org-admin', 'municipality-org-admin', 'system-owner', 'servicedesk']) {
      const other = await app.signedIn(who);
      expect((await fetched(`${ownPath}/${reference}`, other)).status, who).toBe(404);
      expect((await fetched(`${ownPath}/${reference}/hent`, other)).status, who).toBe(404);
      expect(mainText((await fetched(ownPath, other)).text), who).not.toContain(reference);
    }
  });
});

describe('a large report', () => {
  it('is ordered, made by a process of its own, and told of by mail', async () => {
    const ordered = await takeOut(large, 'XLSX');
    const reference = referenceIn(ordered.location);
    expect(ordered.location).toBe(`${ownPath}/${reference}`);
    const waiting = await keptOf(reference);
    expect(queued).toEqual([waiting.id]);
    const page = await fetched(ordered.location);
    expect(page.headers.refresh).toBe('5');
    expect(mainText(page.text)).toContain('Rapporten venter på sin tur.');
    expect(await faultsOfHtml(page.text)).toEqual([]);
    expect((await fetched(`${ordered.location}/hent`)).status).toBe(404);

    await run(waiting.id, inProcesses(app.testDatabase.appUrl));

    const ready = await keptOf(reference);
    expect(ready).toMatchObject({ state: 'READY', attempt: 1 });
    expect(ready.rows).toBeGreaterThan(60);
    expect((await eventsOf(reference)).map(({ kind }) => kind)).toEqual(['report.ordered', 'report.made']);
    const mail = only(
      await app.rows<{ text: string; to_address: string }>(
        `select text, to_address from mail_outbox where kind = 'report.ready' and text like $1`,
        [`%${reference}%`],
      ),
    );
    expect(mail.text).toContain(ready.sha256);
    expect(mail.text).toContain(`/rapporter/filer/${reference}`);
    const shown = await fetched(ordered.location);
    expect(mainText(shown.text)).toContain('Hent Excel-filen');
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    const file = await fetched(`${ordered.location}/hent`);
    expect(Number(file.headers['content-length'])).toBe(ready.bytes);
    // Again: nothing is left to do.
    await run(waiting.id);
    expect(await keptOf(reference)).toEqual(ready);
  }, 40_000);

  it('is begun anew by a second run, and the first one leaves nothing in the file', async () => {
    const reference = referenceIn((await takeOut(large)).location);
    const { id } = await keptOf(reference);
    const results = await Promise.allSettled([makeExport(app.database, id), makeExport(app.database, id)]);
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.every((reason) => reason instanceof Superseded)).toBe(true);
    expect(Math.max(...made.map((one) => one?.attempt ?? 0))).toBe(2);
    await run(id);
    const file = await fetched(`${ownPath}/${reference}/hent`);
    expect(hashOf(file.text)).toBe((await keptOf(reference)).sha256);
    expect(await app.rows('select distinct attempt from report_export_piece where export_id = $1', [id])).toEqual([
      { attempt: 3 },
    ]);
  });

  it('is given up after five runs that failed, and the person is told', async () => {
    const reference = referenceIn((await takeOut(large)).location);
    const { id } = await keptOf(reference);
    const failing: MakeFile = async () => {
      await app.rows('update report_export set attempt = attempt + 1 where id = $1', [id]);
      throw new Error('killed');
    };
    for (let time = 0; time < 5; time += 1) await expect(run(id, failing)).rejects.toThrow('killed');
    await run(id, failing);
    expect(await keptOf(reference)).toMatchObject({ state: 'STOPPED' });
    expect((await eventsOf(reference)).map(({ kind }) => kind)).toEqual(['report.ordered', 'report.stopped']);
    const page = await fetched(`${ownPath}/${reference}`);
    expect(mainText(page.text)).toContain('Rapporten kunne ikke laves.');
    expect(await faultsOfHtml(page.text)).toEqual([]);
    expect(
      await app.rows(`select 1 from mail_outbox where kind = 'report.stopped' and text like $1`, [`%${reference}%`]),
    ).toHaveLength(1);
  });

  it('waits with at most four others of the same person', async () => {
    const orders = await Promise.all(Array.from({ length: 8 }, () => takeOut(large)));
    expect(orders.map(({ status }) => status).toSorted()).toEqual([303, 303, 303, 303, 303, 409, 409, 409]);
    expect(mainText(orders.find(({ status }) => status === 409)?.text ?? '')).toContain(
      'Du har allerede 5 rapporter i gang',
    );
    for (const { location } of orders.filter(({ status }) => status === 303))
      await run((await keptOf(referenceIn(location))).id);
  });
});

describe('an hour', () => {
  // Another hour comes for each test: what is counted for one person is the limiter's row.
  const counted = (what: string, points: number) =>
    app.rows('update rate_limit set points = $2 where key like $1 returning key', [`${what}:%`, points]);
  const refusal = (what: string) => [429, expect.stringContaining(what), expect.stringMatching(/^\d+$/)];
  const toldBy = ({ status, text, headers }: Reply) => [status, mainText(text), headers['retry-after']];

  it('gives a person a hundred files, and everybody else theirs', async () => {
    await takeOut(small);
    expect(await counted('reportFile', 99)).toHaveLength(1);
    expect((await takeOut(small)).status).toBe(303);
    expect(toldBy(await takeOut(small))).toEqual(refusal('Vent'));
    expect((await takeOut(large)).status).toBe(429);
    expect((await takeOut(small, 'CSV', few, await app.signedIn('region-org-admin'))).status).toBe(303);
  });

  it('lets a person check sixty files, and hashes as often as they like', async () => {
    const file = { name: 'x.csv', content: 'a;b' };
    await check(file);
    expect(await counted('checkedFile', 59)).toHaveLength(1);
    expect((await check(file)).status).toBe(200);
    expect(toldBy(await check(file))).toEqual(refusal('Vent'));
    expect((await check(null, '0'.repeat(64))).status).toBe(200);
    expect((await check(file, '', await app.signedIn('region-org-admin'))).status).toBe(200);
  });
});

describe('a right that is gone', () => {
  it('stops what waits, and what is ready cannot be fetched', async () => {
    const by = await app.signedIn('region-read-only');
    const ready = (await takeOut(small, 'CSV', few, by)).location;
    const waiting = referenceIn((await takeOut(large, 'CSV', nothing, by)).location);
    await operate(
      app,
      `update administrator set valid_to = now() where organisation_id = (select id from organisation where cvr = '${cvrs.region}') and kind = 'READ_ONLY'`,
    );
    expect([403, 404]).toContain((await fetched(ready, by)).status);
    await run((await keptOf(waiting)).id);
    expect(await keptOf(waiting)).toMatchObject({ state: 'STOPPED', sha256: null });
  });
});

describe('a right that became narrower', () => {
  it('gives back no file that tells what is withheld today', async () => {
    const by = await app.signedIn('region-org-admin-2');
    const about = { ...nothing, filters: { bruger: String(await idOf(app, 'region-read-only')) } };
    const ready = (await takeOut(`${region}/rapporter/aendringer-paa-bruger/hent`, 'CSV', about, by)).location;
    expect((await fetched(ready, by)).status).toBe(200);
    await operate(
      app,
      `update administrator set kind = 'USER' where user_id = ${await idOf(app, 'region-org-admin-2')}`,
    );
    expect((await fetched(ready, by)).status).toBe(403);
    const anew = (await takeOut(`${region}/rapporter/aendringer-paa-bruger/hent`, 'CSV', about, by)).location;
    expect((await fetched(anew, by)).status).toBe(200);
  });
});

describe('Kontrollér', () => {
  it('knows a file and its hash again, and a changed one by its number', async () => {
    const { location } = await takeOut(small);
    const file = (await fetched(location)).text;
    const { sha256, reference } = await keptOf(referenceIn(location));
    const same = await check({ name: `kopi af rapport_${reference}.csv`, content: file });
    expect(mainText(same.text)).toContain('Filen er lavet i SEB og er uændret');
    expect(mainText(same.text)).toContain(reference);
    expect(await faultsOfHtml(same.text)).toEqual([]);
    expect(mainText((await check(null, sha256.toUpperCase().replace(/(.{8})/g, '$1 '))).text)).toContain('uændret');
    const changed = await check({ name: `rapport_${reference}.csv`, content: `${file} ` });
    expect(mainText(changed.text)).toContain('Filen er ændret');
    expect(mainText((await check({ name: 'x.csv', content: `${file} ` })).text)).toContain('SEB kender ikke filen');
  });

  it.each(['XLSX', 'DOCX', 'PDF'] as const)('finds the number in a %s file itself', async (form) => {
    const { location } = await takeOut(small, form);
    const { id, reference } = await keptOf(referenceIn(location));
    const [piece] = await app.rows<{ content: Buffer }>(
      'select content from report_export_piece where export_id = $1',
      [id],
    );
    const content = Buffer.from(only([piece])?.content ?? '');
    expect(mainText((await check({ name: 'f', content })).text)).toContain('uændret');
    content[100] = (content[100] ?? 0) ^ 1;
    const reply = mainText((await check({ name: 'f', content })).text);
    expect(reply).toContain('Filen er ændret');
    expect(reply).toContain(reference);
  });

  it('says nothing of other organisations, and asks for something to check', async () => {
    const { location } = await takeOut(small);
    const { sha256 } = await keptOf(referenceIn(location));
    const stranger = await app.signedIn('municipality-org-admin');
    expect(mainText((await check(null, sha256, stranger)).text)).toContain('SEB kender ikke filen');
    const owner = await app.signedIn('system-owner');
    expect(mainText((await check(null, sha256, owner)).text)).toContain('uændret');
    const empty = await check(null, 'abc');
    expect(empty.status).toBe(422);
    expect(await faultsOfHtml(empty.text)).toEqual([]);
  });
});

describe('the database', () => {
  it('keeps what a file is known by as it was said first, and asks for an event', async () => {
    const { id } = await keptOf(referenceIn((await takeOut(small)).location));
    await expect(app.rows(`update report_export set sha256 = repeat('0', 64) where id = $1`, [id])).rejects.toThrow(
      'not changed',
    );
    await expect(
      app.rows(`insert into report_export (reference, ordered_by_id, ordered_by_name, report, title, form, terms, request_id)
        values ('SEB-0000-0000-0000', 1, 'x', 'x', 'x', 'CSV', '{}', 'x')`),
    ).rejects.toThrow('without an audit event');
    const { pool } = app.database;
    await expect(
      pool.query(
        "do $$ begin perform set_config('seb.organisations', '*', true); delete from report_export_piece; delete from report_export; end $$",
      ),
    ).rejects.toThrow('kept a year');
    expect((await pool.query('select 1 from report_export')).rows).toEqual([]);
    expect((await pool.query('select 1 from report_export_piece')).rows).toEqual([]);
  });

  it('loses the file after seven days, and knows it still', async () => {
    const { location } = await takeOut(small);
    const { id, sha256 } = await keptOf(referenceIn(location));
    await removeExpired(app.database, new Date(Date.now() + 8 * 24 * 3_600_000));
    expect(await app.rows('select 1 from report_export_piece where export_id = $1', [id])).toEqual([]);
    const gone = await fetched(location);
    expect(gone.status).toBe(404);
    expect(mainText(gone.text)).toContain('Filen er slettet');
    const page = await fetched(`${ownPath}/${referenceIn(location)}`);
    expect(mainText(page.text)).toContain('Filen er slettet');
    expect(mainText(page.text)).toContain(sha256);
  });
});
