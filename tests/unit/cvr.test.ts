import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { companiesFile } from '../../src/cvr/companies-file.ts';
import { cvrDistribution } from '../../src/cvr/distribution.ts';
import { isCvr } from '../../src/shared/danish-numbers.ts';
import type { CvrServer, Mood } from '../support/cvr-server.ts';
import { cvrUser, startCvrServer } from '../support/cvr-server.ts';

const settings = (url: string) => ({ url, ...cvrUser, timeoutMs: 600 });

describe('the CVR distribution', () => {
  let server: CvrServer;
  beforeAll(async () => {
    server = await startCvrServer({
      '00012345': { name: 'Klinik  Æbeltoft\u0007 ApS' },
      '39911116': { name: 'Den ophørte', status: 'Ophørt', ceasedOn: '2026-03-31' },
      '39911124': { name: 'Den opløste', status: 'TVANGSOPLØST' },
    });
  });
  beforeEach(() => {
    server.state.mood = null;
  });
  afterAll(() => server.close());

  it('tells the name on one line, the status, and the address; numbers are padded to eight digits', async () => {
    expect(await cvrDistribution(settings(server.url)).find('00012345')).toEqual({
      kind: 'found',
      company: {
        cvr: '00012345',
        name: 'Klinik Æbeltoft ApS',
        status: 'Aktiv',
        isCeased: false,
        ceasedOn: null,
        address: 'Prøvevej 7, 0800 Høje Taastrup',
      },
    });
  });

  it.each([
    ['39911116', { isCeased: true, ceasedOn: '2026-03-31' }],
    ['39911124', { isCeased: true, ceasedOn: null }],
  ])('tells that %s has ceased', async (cvr, expected) => {
    expect(await cvrDistribution(settings(server.url)).find(cvr)).toMatchObject({ kind: 'found', company: expected });
  });

  it('does not know a number that nobody has', async () => {
    expect(await cvrDistribution(settings(server.url)).find('39911000')).toEqual({ kind: 'unknown' });
  });

  it.each<[Mood, RegExp]>([
    ['slow', /did not answer within 600 ms/],
    ['unauthorised', /answers 401/],
    ['broken', /answers 500/],
    ['nonsense', /not one of the CVR distribution/],
    ['html', /not JSON/],
    ['truncated', /cannot be reached|not JSON/],
    ['endless', /longer than|did not answer/],
    ['other company', /tells of 99999999 when asked for 00012345/],
    ['nameless', /no name/],
    ['elsewhere', /cannot be reached/],
  ])('that is %s is unavailable, without a word of the credentials', async (mood, fault) => {
    server.state.mood = mood;
    const answer = await cvrDistribution(settings(server.url)).find('00012345');
    expect(answer).toEqual({ kind: 'unavailable', fault: expect.stringMatching(fault) });
    expect(JSON.stringify(answer)).not.toMatch(/hemmelig|seb-prøve|evil/);
  });

  it('with a wrong password is unavailable', async () => {
    const answer = await cvrDistribution({ ...settings(server.url), password: 'forkert' }).find('00012345');
    expect(answer).toEqual({ kind: 'unavailable', fault: 'it answers 401' });
  });

  it('that nobody listens to is unavailable', async () => {
    const gone = await startCvrServer();
    await gone.close();
    const answer = await cvrDistribution(settings(gone.url)).find('00012345');
    expect(answer).toEqual({ kind: 'unavailable', fault: expect.stringContaining('ECONNREFUSED') });
  });

  it('is understood as its sample shows it', async () => {
    const sample = readFileSync(path.resolve(import.meta.dirname, '../support/cvr-es-sample.json'), 'utf8');
    const replay = createServer((_request, response) => response.end(sample));
    await new Promise<void>((resolve) => replay.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(replay.address() as AddressInfo).port}/_search`;
    expect(await cvrDistribution(settings(url)).find('39900017')).toEqual({
      kind: 'found',
      company: {
        cvr: '39900017',
        name: 'Region Eksempel',
        status: 'Aktiv',
        isCeased: false,
        ceasedOn: null,
        address: 'Prøvevej 7, 2100 København Ø',
      },
    });
    replay.close();
  });
});

describe('the file of companies', () => {
  const file = path.resolve(import.meta.dirname, '../../prisma/seed/cvr-companies.json');

  it('holds made-up companies with right numbers, the demo organisations and more', async () => {
    const companies = JSON.parse(readFileSync(file, 'utf8')) as { cvr: string; name: string }[];
    expect(companies.filter(({ cvr }) => !isCvr(cvr))).toEqual([]);
    expect(new Set(companies.map(({ cvr }) => cvr)).size).toBe(companies.length);
    const register = companiesFile(file);
    expect(await register.find('39910012')).toMatchObject({ kind: 'found', company: { name: 'Region Eksempel' } });
    expect(await register.find('39911000')).toMatchObject({ kind: 'found', company: { isCeased: false } });
    expect(await register.find('12345678')).toEqual({ kind: 'unknown' });
  });

  it('that is none stops the start', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'seb-cvr-'));
    const broken = path.join(folder, 'companies.json');
    for (const text of ['[{"cvr": "1"}]', '{}', 'x']) {
      writeFileSync(broken, text);
      expect(() => companiesFile(broken)).toThrow(/not a list of companies|JSON/);
    }
    rmSync(folder, { recursive: true });
  });
});
