import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineOfJsonFault, lineOfJsonPath } from '../../src/services/import/json-lines.ts';
import { parseServices, ServicesFileError } from '../../src/services/import/services-file.ts';

const ownCopy = path.resolve(import.meta.dirname, '../../prisma/seed/services-roles.json');

function role(fields: object = {}) {
  return { kode: 'laes', navn: 'Læser', kraeverSor: false, kraeverCpr: true, kilde: 'plausibel', ...fields };
}

function service(fields: object = {}) {
  return { kode: 'plov', navn: 'Plejehjemsoversigten', ejer: 'Ejer', kilde: 'plausibel', roller: [role()], ...fields };
}

const parse = (text: string | Buffer) => parseServices(Buffer.from(text), 'roller.json');
const parseList = (...services: object[]) => parse(JSON.stringify(services, null, 1));

function faultsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ServicesFileError) return error.faults;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('a services file', () => {
  it('may be the bare list of its owners, without descriptions', () => {
    expect(parseList(service())[0]?.roller[0]).toMatchObject({ kode: 'laes', kraeverCpr: true });
  });

  it('may begin with a byte order mark', () => {
    expect(parse(`\uFEFF${JSON.stringify([service()])}`)).toHaveLength(1);
  });

  it('that is cut off is refused with the line where it ends', () => {
    const whole = JSON.stringify([service()], null, 1);
    const faults = faultsOf(() => parse(whole.slice(0, whole.indexOf('kraeverSor'))));
    expect(faults).toEqual([expect.stringMatching(/^line 11: not JSON/)]);
  });

  it('with a fault in its JSON is refused with the line', () => {
    const text = JSON.stringify([service()], null, 1).replace('"ejer": "Ejer",', '"ejer": Ejer,');
    expect(faultsOf(() => parse(text))).toEqual([expect.stringMatching(/^line 5: not JSON/)]);
  });

  it('in windows-1252 is refused with the first line that shows it', () => {
    const text = JSON.stringify([service()], null, 1);
    expect(faultsOf(() => parse(Buffer.from(text, 'latin1')))).toEqual([expect.stringMatching(/^line 10: not UTF-8/)]);
  });

  it.each(['L�ser', Buffer.from('Læser').toString('latin1')])(
    'with spoilt letters (%s) is refused with the line',
    (navn) => {
      const faults = faultsOf(() => parseList(service({ roller: [role({ navn })] })));
      expect(faults).toEqual([expect.stringMatching(/^line 10: letters were spoilt/)]);
    },
  );

  it('with a code twice is refused, for services and for roles of one service', () => {
    const twice = [service({ roller: [role(), role({ navn: 'En anden' })] }), service()];
    expect(faultsOf(() => parseList(...twice))).toEqual([
      'line 25: service plov, kode stands twice',
      'line 16: service plov, role laes, kode stands twice',
    ]);
  });

  it('may use one role code in two services', () => {
    expect(parseList(service(), service({ kode: 'anden' }))).toHaveLength(2);
  });

  it('tells of every missing name and unknown field at once, by line and code', () => {
    const roller = [role({ navn: '  ' }), role({ kode: 'ret', navn: undefined }), role({ kode: 'se', synonym: ['x'] })];
    expect(faultsOf(() => parseList(service({ roller })))).toEqual([
      'line 10: service plov, role laes, navn is empty',
      'line 15: service plov, role ret, navn is missing',
      'line 27: service plov, role se, synonym is not a known field',
    ]);
  });

  it.each([
    ['an object in the place of text', { navn: { da: 'Læser' } }],
    ['text in the place of yes or no', { kraeverSor: 'ja' }],
    ['an unknown sensitivity', { foelsomhed: 'HEMMELIG' }],
    ['a control character', { navn: 'Læ\u0007ser' }],
    ['a name of 201 characters', { navn: 'x'.repeat(201) }],
  ])('with %s is refused', (_, fields) => {
    expect(faultsOf(() => parseList(service({ roller: [role(fields)] })))).toHaveLength(1);
  });

  it.each(['[]', '{}', 'null', '"tekst"', '', '{"om": {}, "services": []}'])(
    'that holds nothing (%s) is refused',
    (text) => {
      expect(faultsOf(() => parse(text)).length).toBeGreaterThan(0);
    },
  );
});

describe('the line of a JSON path', () => {
  const json = '{\n "a": [\n  1,\n  {"b": "x,]}\\"",\n   "c": []}\n ],\n "d": 2\n}';

  it.each([
    [['a'], 2],
    [['a', 0], 3],
    [['a', 1, 'b'], 4],
    [['a', 1, 'c'], 5],
    [['a', 1, 'missing'], 4],
    [['d'], 7],
    [[], 1],
  ])('finds %j on line %i', (jsonPath, line) => {
    expect(lineOfJsonPath(json, jsonPath)).toBe(line);
  });
});

describe('the line of a fault in JSON', () => {
  it.each([
    ['{\n "a": 1,\n "b": x\n}', 3],
    ['{\n "a": 1\n "b": 2\n}', 3],
    ['[\n "a,\n "b"\n]', 2],
    ['[\n 1,\n]\n', 3],
    ['[\n 1\n]\n]', 4],
    ['{\n "a": [', 2],
    ['{', 1],
    ['', 1],
  ])('of %j is %i', (text, line) => {
    expect(lineOfJsonFault(text)).toBe(line);
  });
});

describe("the project's own copy", () => {
  const services = parseServices(readFileSync(ownCopy), 'services-roles.json');
  const roles = services.flatMap(({ roller }) => roller);

  it('has all 41 services and 150 roles', () => {
    expect([services.length, roles.length]).toEqual([41, 150]);
  });

  it('describes each service and role in a sentence, and gives each role words to find it by', () => {
    const sentence = /^[A-ZÆØÅ].{19,}\.$/;
    expect(services.filter(({ beskrivelse }) => !sentence.test(beskrivelse ?? ''))).toEqual([]);
    expect(roles.filter(({ beskrivelse }) => !sentence.test(beskrivelse ?? ''))).toEqual([]);
    expect(roles.filter(({ synonymer }) => (synonymer ?? []).length < 3)).toEqual([]);
    expect(roles.filter(({ synonymer = [] }) => new Set(synonymer).size < synonymer.length)).toEqual([]);
    expect(roles.filter(({ foelsomhed }) => foelsomhed === undefined)).toEqual([]);
  });

  it.each(['sygeplejerske', 'SOSU', 'lægesekretær', 'jordemoder', 'farmaceut', 'tandlæge', 'support'])(
    'finds a role by the word %s',
    (word) => {
      expect(roles.some(({ synonymer }) => synonymer?.includes(word))).toBe(true);
    },
  );

  it('shows no remark of the list’s makers as a name', () => {
    expect(roles.filter(({ navn }) => /opdigtet|ukendt|udledt|«/.test(navn))).toEqual([]);
  });
});
