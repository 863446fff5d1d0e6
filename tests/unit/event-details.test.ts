import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../src/audit/event-details.ts';
import { codeWords, fieldLabels } from '../../src/audit/event-labels.ts';
import { eventGroups, groupOf, kindsOfGroup } from '../../src/audit/event-groups.ts';
import { eventTypes } from '../../src/audit/events.ts';
import { readLogSearch } from '../../src/audit/log-filter.ts';

type Schema = {
  _zod: { def: { type: string; shape?: object; entries?: object; options?: unknown[] } & Record<string, unknown> };
};

/** The names of all fields and the values of all enumerations below a schema. */
function collect(schema: unknown, fields: Set<string>, codes: Set<string>): void {
  const { def } = (schema as Schema)._zod;
  for (const name of Object.keys(def.shape ?? {})) fields.add(name);
  for (const code of Object.values(def.entries ?? {})) codes.add(String(code));
  const parts = [...Object.values(def.shape ?? {}), ...(def.options ?? []), def.innerType, def.element, def.in];
  for (const part of parts) if (part !== undefined) collect(part, fields, codes);
}

describe('the details of an event', () => {
  it('put before beside after, of fields, of a value and of whole terms', () => {
    expect(detailsOf({ changes: { phone: { from: null, to: '1' } } }).differences).toEqual([
      { label: 'Telefon', before: '–', after: '1' },
    ]);
    expect(detailsOf({ from: '1', to: '2', hadUuid: true })).toEqual({
      differences: [{ label: 'Værdi', before: '1', after: '2' }],
      facts: [{ label: 'Var bundet til et login', value: 'ja' }],
    });
    const terms = { sorCode: '1', scope: 'UNIT_ONLY', endsOn: null };
    expect(detailsOf({ from: terms, to: { ...terms, endsOn: '2026-12-31' } }).differences).toEqual([
      { label: 'Til og med', before: '–', after: '31-12-2026' },
    ]);
  });

  it('have a Danish name for every field and every code that an event can hold', () => {
    const fields = new Set<string>();
    const codes = new Set<string>();
    for (const { detail } of Object.values(eventTypes)) collect(detail, fields, codes);
    expect(fields.size).toBeGreaterThan(100);
    // What was changed is shown as before and after.
    expect([...fields].filter((name) => name !== 'changes' && !Object.hasOwn(fieldLabels, name))).toEqual([]);
    const same = ['CSV', 'PDF'];
    expect([...codes].filter((code) => !Object.hasOwn(codeWords, code) && !same.includes(code))).toEqual([]);
  });

  it('put what was chosen for a report in the words of its page', () => {
    const filters = [{ label: 'Dage uden login', value: '180' }];
    expect(detailsOf({ form: 'SCREEN', filters }).facts).toEqual([
      { label: 'Form', value: 'skærm' },
      { label: 'Valg', value: 'Dage uden login: 180' },
    ]);
  });

  it('tell a scope only where there is a unit that it is the scope of', () => {
    const given = { role: 'laege', sorCode: null, scope: 'UNIT_AND_SUBUNITS' };
    expect(detailsOf(given).facts).toEqual([{ label: 'Rollekode', value: 'laege' }]);
    expect(detailsOf({ ...given, sorCode: '1' }).facts).toContainEqual({
      label: 'Omfang',
      value: 'denne enhed og underenheder',
    });
  });

  it('show whatever an unknown event holds', () => {
    expect(detailsOf({ somethingNew: { code: 'x', empty: null }, list: ['a', 'b'], none: [] }).facts).toEqual([
      { label: 'SomethingNew', value: 'kode: x' },
      { label: 'List', value: 'a, b' },
      { label: 'None', value: 'ingen' },
    ]);
    for (const odd of [null, undefined, 7, 'x', []]) expect(detailsOf(odd)).toEqual({ differences: [], facts: [] });
  });
});

it('every kind of event is in a group that the log can be narrowed to', () => {
  const grouped = new Set(eventGroups.flatMap(({ id }) => kindsOfGroup(id) ?? []));
  expect(Object.keys(eventTypes).filter((kind) => !grouped.has(kind as keyof typeof eventTypes))).toEqual([]);
  expect(kindsOfGroup('findes-ikke')).toBeNull();
  expect(['signIn.refused', 'signIn.accepted', 'setting.saved', 'unknown.kind'].map(groupOf)).toEqual([
    'Afviste ændringer og login',
    'Login',
    'Andet',
    'Andet',
  ]);
  expect(kindsOfGroup('afvist')).toEqual(['signIn.refused', 'change.refused']);
});

it('a search of the log takes days as Danes write them, and nothing odd as a place', () => {
  const { search, errors } = readLogSearch({
    fra: '1-2-2026',
    til: '02.02.2026',
    foer: '12',
    slags: 'roller',
    cvr: '39 91 00 12',
  });
  expect(search).toMatchObject({
    from: '2026-02-01',
    to: '2026-02-02',
    before: '12',
    group: 'roller',
    cvr: '39910012',
  });
  expect(errors).toEqual({});
  expect(readLogSearch({ foer: "1' or", slags: 'x', fra: 'i går' })).toMatchObject({
    search: { before: null, group: '', from: null },
    errors: { fra: 'Skriv datoen som dd-mm-åååå, fx 31-12-2026' },
  });
});
