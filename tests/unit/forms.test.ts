import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { postedFields, spreadFormButton } from '../../src/http/body.ts';
import {
  emailAddress,
  ids,
  oneOf,
  optionalLine,
  optionalText,
  parseForm,
  requiredLine,
  typed,
  typedList,
  wholeNumber,
} from '../../src/http/forms.ts';
import { anyText } from '../support/any-text.ts';

const errorOf = (schema: z.ZodType, value: string | string[] | undefined): string | null => {
  const parsed = parseForm(z.object({ field: schema }), value === undefined ? {} : { field: value });
  return parsed.ok ? null : (parsed.errors.field ?? 'no message');
};

describe('a line of text', () => {
  const line = requiredLine('fornavn', 5);
  it.each([
    [undefined, 'Skriv fornavn'],
    ['', 'Skriv fornavn'],
    ['   ', 'Skriv fornavn'],
    [['a', 'b'], 'Feltet fornavn må kun sendes én gang'],
    ['abcdef', 'Feltet fornavn må højst fylde 5 tegn'],
    ['a\u0000b', 'indeholder tegn, der ikke kan bruges'],
    ['a\nb', 'indeholder tegn'],
    ['a\ud800', 'indeholder tegn'],
    ['a\ufffe', 'indeholder tegn'],
    ['a\u202eb', 'indeholder tegn'],
    ['a\u2028b', 'indeholder tegn'],
  ])('%j is refused: %s', (value, message) => expect(errorOf(line, value)).toContain(message));

  it('is optional where it may be', () => {
    for (const value of [undefined, '', ' '])
      expect(
        parseForm(z.object({ field: optionalLine('by', 5) }), value === undefined ? {} : { field: value }),
      ).toEqual({ ok: true, value: { field: null } });
  });
  it('may break in a text', () => {
    expect(parseForm(z.object({ field: optionalText('bemærkning', 50) }), { field: 'a\r\nb\tc' })).toEqual({
      ok: true,
      value: { field: 'a\nb\tc' },
    });
    expect(errorOf(optionalText('bemærkning', 50), 'a\u0007')).toContain('indeholder tegn');
  });
});

describe('an e-mail address', () => {
  it.each<[string, boolean]>([
    ['a@b.dk', true],
    ["o'neil+seb@region.example", true],
    ['åse@region.dk', false],
  ])('%s', (value, ok) => {
    expect(errorOf(emailAddress('e-mailadresse'), value) === null).toBe(ok);
  });
  it.each([
    'a@x.dk\r\nBcc: evil@evil.example',
    'a@x.dk, b@x.dk',
    '"a b"@x.dk',
    'a@x.dk(c).evil.example',
    'Navn <a@x.dk>',
    'a@localhost',
    '@x.dk',
    `${'a'.repeat(65)}@x.dk`,
    'a@[127.0.0.1]',
    'a..b@x.dk',
  ])('refuses %j', (value) => expect(errorOf(emailAddress('e-mailadresse'), value)).not.toBeNull());
  it('is judged in time that does not grow with the input', () => {
    const begun = performance.now();
    for (const value of [`${'a.'.repeat(120)}@`, `a@${'a-'.repeat(120)}`, `a@${'a.'.repeat(120)}`])
      errorOf(emailAddress('e-mailadresse'), value);
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe('ids and words', () => {
  it('reads none, one and many boxes, each once and in order', () => {
    const schema = z.object({ field: ids('Vælg igen', 3) });
    expect(parseForm(schema, {})).toEqual({ ok: true, value: { field: [] } });
    expect(parseForm(schema, { field: '7' })).toEqual({ ok: true, value: { field: [7] } });
    expect(parseForm(schema, { field: ['9', '7', '9'] })).toEqual({ ok: true, value: { field: [7, 9] } });
    expect(errorOf(ids('Vælg igen', 3), ['1', '2', '3', '4'])).toBe('Vælg højst 3 ad gangen');
    for (const bad of ['x', '1e3', '-1', ' 1', '2147483648', '١'])
      expect(errorOf(ids('Vælg igen', 3), ['1', bad])).toBe('Vælg igen');
  });
  it('takes only its own words', () => {
    for (const bad of ['UNIT', '', 'toString', '__proto__'])
      expect(errorOf(oneOf(['UNIT_ONLY'], 'Vælg et omfang'), bad)).toBe('Vælg et omfang');
    expect(errorOf(wholeNumber('Forkert'), ['1', '2'])).toBe('Forkert');
  });
});

describe('a posted body', () => {
  it('becomes texts and lists of texts, nothing deeper', () => {
    expect(postedFields({ a: 'x', b: ['y', 1, {}], c: { d: 'z' }, e: null, f: 3 })).toEqual({ a: 'x', b: ['y'] });
    for (const body of [null, undefined, 'text', 7]) expect(postedFields(body)).toEqual({});
  });
  it('spreads the button that posts a form of two ways', () => {
    expect(spreadFormButton({ _form: 'c~k~f', rolle: '1' })).toEqual({ _csrf: 'c', _key: 'k', _for: 'f', rolle: '1' });
    expect(spreadFormButton({ _form: 'c' })).toEqual({ _csrf: 'c', _key: '', _for: '' });
    expect(spreadFormButton({ _form: ['a', 'b'] })).toEqual({ _form: ['a', 'b'] });
  });
  it('shows again what was typed', () => {
    expect([typed({ a: ['x', 'y'] }, 'a'), typed({}, 'a'), typedList({ a: 'x' }, 'a'), typedList({}, 'a')]).toEqual([
      'x',
      '',
      ['x'],
      [],
    ]);
  });
});

it('never lets a forbidden character through, whatever is typed', { timeout: 30_000 }, () => {
  const schema = z.object({ field: requiredLine('fornavn', 100) });
  fc.assert(
    fc.property(anyText(60), (field) => {
      const parsed = parseForm(schema, { field });
      if (parsed.ok) expect(parsed.value.field).toMatch(/^[^\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]+$/u);
      else expect(parsed.errors.field).toMatch(/^(Skriv|Feltet)/);
    }),
    { seed: 20261121, numRuns: 200 },
  );
});
