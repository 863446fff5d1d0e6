import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

describe('docs/settings.md', () => {
  const config = read('src/config.ts');
  const inCode = [...config.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name ?? '');
  const settings = read('docs/settings.md');
  const inRows = [...settings.matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map(([, name]) => name ?? '');

  it('finds the variables of config.ts', () => {
    expect(inCode).toContain('NODE_ENV');
    expect(inCode.length).toBeGreaterThan(30);
  });

  it.each(inCode)('has one row for %s', (name) => {
    expect(inRows.filter((row) => row === name)).toEqual([name]);
  });

  it('has no row for a variable that nothing reads', () => {
    const readByOthers = ['CHROMIUM_PATH', 'TMPDIR'];
    expect(inRows.filter((name) => !inCode.includes(name) && !readByOthers.includes(name))).toEqual([]);
  });
});

describe('README.md and docs', () => {
  const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith('.md'),
  );

  it.each(pages)('%s links to files that are there', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const missing = targets.filter((target) => !existsSync(path.resolve(root, path.dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it('README.md names each dependency', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const readme = read('README.md');
    const named = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
    expect(named.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
