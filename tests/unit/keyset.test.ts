import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/http/keyset.ts';
import { anyText } from '../support/any-text.ts';

const cursor = { direction: 'after', values: ['Østergård', 'Åse'], id: 7, page: 3 } as const;

it('comes back as it was written', () => {
  expect(decodeCursor(encodeCursor({ ...cursor, values: [...cursor.values] }), 2)).toEqual(cursor);
});

it.each([
  ['nothing', ''],
  ['no base64', 'å%%'],
  ['no JSON', Buffer.from('{').toString('base64url')],
  ['another shape', encode({ d: 'sideways', v: ['a', 'b'], i: 1, p: 1 })],
  ['a number too large for an id', encode({ d: 'after', v: ['a', 'b'], i: 2 ** 31, p: 1 })],
  ['NUL in a value', encode({ d: 'after', v: ['a\u0000', 'b'], i: 1, p: 1 })],
  ['values that are no texts', encode({ d: 'after', v: [1, { a: 2 }], i: 1, p: 1 })],
  ['too many values', encode({ d: 'after', v: ['a', 'b', 'c'], i: 1, p: 1 })],
  ['too long', 'a'.repeat(2001)],
])('is ignored when it is %s', (_what, text) => {
  expect(decodeCursor(text, 2)).toBeNull();
});

it('never throws', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(anyText(), fc.jsonValue(), (text, value) => {
      decodeCursor(text, 2);
      decodeCursor(encode(value), 2);
    }),
    { seed: 20261121, numRuns: 200 },
  );
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
