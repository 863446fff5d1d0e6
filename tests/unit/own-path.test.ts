import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ownPath } from '../../src/http/own-path.ts';
import { foreignPaths } from '../support/foreign-paths.ts';

it.each(['/', '/organisationer/39910012/brugere?soeg=%C3%A5se&status=aktiv', '/mine-oplysninger'])(
  'leads back to %s',
  (path) => {
    expect(ownPath(path)).toBe(path);
  },
);

it.each(foreignPaths)('stays at home for %j', (path) => {
  const led = ownPath(path);
  expect(new URL(led, 'https://sebadmin.example').origin).toBe('https://sebadmin.example');
  expect(led).toMatch(/^\/(?![/\\])/);
});

it('stays at home whatever is asked', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('/', '\\', '.', ':', '@', '\t', '?', '#', 'e', '%2f', ' ', 'http:'),
        maxLength: 12,
      }),
      (path) => {
        const led = ownPath(path);
        expect(new URL(led, 'https://sebadmin.example').origin).toBe('https://sebadmin.example');
        expect(led).not.toMatch(/[\p{Cc}\\]/u);
      },
    ),
    { seed: 20261121, numRuns: 500 },
  );
});
