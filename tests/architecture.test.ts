import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const texts = new Map<string, string>();
const files = filesIn('src', '.ts').filter((file) => !file.startsWith('src/db/generated/'));

type Import = { from: string; to: string; isType: boolean };
const imports = files.flatMap(importsOf);

/** Data flows one way, from left to right; the same folder may always use itself. */
const layers: [layer: string, is: (file: string) => boolean][] = [
  ['main', (file) => file === 'src/main.ts'],
  ['application', (file) => file === 'src/application.ts'],
  // The workers call the nouns' changes when their time has come, as the portals do when a person asks.
  ['portals', (file) => file.startsWith('src/portals/') || /^src\/jobs\/(jobs|workers)\.ts$/.test(file)],
  ['features', isFeature],
  ['pages', (file) => file.startsWith('src/pages/')],
  ['foundation', (file) => /^src\/(permissions|audit|db|http|mail|config)/.test(file)],
  ['shared', (file) => file.startsWith('src/shared/')],
];

/** Nouns with pages; audit has both the recording of changes (foundation) and the pages of the log (a feature). */
function isFeature(file: string): boolean {
  if (/\.(routes|pages|router)\.ts$/.test(file) && !file.startsWith('src/pages/')) return true;
  const folder = file.split('/')[1] ?? '';
  return (
    file.split('/').length > 2 &&
    !['portals', 'pages', 'permissions', 'audit', 'db', 'http', 'mail', 'jobs', 'shared', 'demo'].includes(folder)
  );
}

function layerOf(file: string): number {
  return layers.findIndex(([, is]) => is(file));
}

describe('imports', () => {
  it('go one way, from main to shared', () => {
    // Types of pages and permissions that a lower layer names cost nothing at run time and close no cycle.
    const back = imports.filter(
      ({ from, to, isType }) => !isType && layerOf(from) >= 0 && layerOf(to) >= 0 && layerOf(to) < layerOf(from),
    );
    expect(back.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('make no cycle', () => {
    expect(cyclesIn(imports.filter(({ isType }) => !isType))).toEqual([]);
  });

  it('end at shared, whose files are leaves', () => {
    expect(imports.filter(({ from, to }) => from.startsWith('src/shared/') && !to.startsWith('src/shared/'))).toEqual(
      [],
    );
  });

  it('of http know no word of the domain', () => {
    const known = imports.filter(
      ({ from, to }) => from.startsWith('src/http/') && !/^src\/(http|db|shared)\//.test(to),
    );
    expect(known.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('never load the demo outside itself, except where the start asks for it at run time', () => {
    const loaded = imports.filter(({ from, to }) => to.startsWith('src/demo/') && !from.startsWith('src/demo/'));
    expect(loaded.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
    const lazily = files.filter(
      (file) => !file.startsWith('src/demo/') && /import\(\s*'[^']*\/demo\//.test(textOf(file)),
    );
    expect(lazily).toEqual(['src/db/owner-url.ts', 'src/main.ts']);
  });

  it('find their files', () => {
    const missing = imports.filter(
      ({ to }) => !files.includes(to) && !to.startsWith('src/db/generated/') && !to.endsWith('.json'),
    );
    expect(missing).toEqual([]);
  });
});

describe('one place alone', () => {
  it('reads the environment: config.ts', () => {
    // The generator of the Prisma client hands its own environment on to the tool that it starts.
    expect(filesWith(/process\.env/).filter((file) => !file.startsWith('src/demo/'))).toEqual([
      'src/config.ts',
      'src/db/generate-client.ts',
    ]);
  });

  it('makes a Prisma client: db/client.ts', () => {
    expect(filesWith(/new PrismaClient/)).toEqual(['src/db/client.ts']);
  });

  it('opens a transaction that writes: where changes, refusals, logins, seals and figures are recorded', () => {
    expect(filesWith(/\$transaction\(/).filter((file) => !/^src\/(audit|mail|jobs)\//.test(file))).toEqual([
      'src/audit-seal/seal.changes.ts',
      'src/reports/figures.changes.ts',
      'src/sign-in/sign-in.changes.ts',
    ]);
  });

  it('compares who may do what: no role is named in a view', () => {
    const naming = filesIn('views', '.ejs').filter((file) =>
      /SYSTEM_OWNER|SERVICEDESK|READ_ONLY|'ORGANISATION'|'USER'/.test(textOf(file)),
    );
    expect(naming).toEqual([]);
  });
});

it('keeps SQL with the queries and changes of each noun', () => {
  const allowed = /\.(queries|changes|report)\.ts$|^src\/(db|audit|jobs|demo)\/|\/import\//;
  const statements = /\bsql`|\$(queryRaw|executeRaw)|\.query\(\s*["'`]\s*(select|insert|update|delete)/i;
  const elsewhere = filesWith(statements).filter((file) => !allowed.test(file));
  // What carries a request before anybody's reach is known: sessions, drafts, logins under way, the actor.
  expect(elsewhere).toEqual([
    'src/http/form-draft.ts',
    'src/http/session.ts',
    'src/portals/health.ts',
    'src/sign-in/pending-logins.ts',
  ]);
});

it('builds no SQL out of strings', () => {
  expect(filesWith(/\$queryRawUnsafe|\$executeRawUnsafe|Prisma\.raw\(/)).toEqual([]);
});

it('has files that can be read in one go', () => {
  const long = files
    .map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});

it('has names that tell the job, and no drawers for everything', () => {
  expect(files.filter((file) => /[/-](utils?|helpers?|common|manager|misc|base)\.ts$/i.test(file))).toEqual([]);
  expect(filesWith(/\bas any\b|: any\b|<any>/)).toEqual([]);
  expect(filesWith(/\b(TODO|FIXME|XXX)\b/)).toEqual([]);
});

it('writes into pages only what is escaped, but for includes and the body', () => {
  const raw = filesIn('views', '.ejs').flatMap((file) =>
    [...textOf(file).matchAll(/<%-(.*?)%>/gs)].map(([, code = '']) => ({ file, code: code.trim() })),
  );
  expect(raw.length).toBeGreaterThan(5);
  expect(
    raw.filter(({ code }) => !/^it\.partial\('[a-z/-]+', (\{.*\}|notice)\)$/s.test(code) && code !== 'it.body'),
  ).toEqual([]);
});

it('has views without scripts, styles and handlers in them', () => {
  const inline = filesIn('views', '.ejs').filter(
    (file) =>
      !file.startsWith('views/mail/') && /<script(?![^>]*src=)|<style|\sstyle="|\son[a-z]+="/.test(textOf(file)),
  );
  expect(inline).toEqual([]);
});

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
    .toSorted();
}

function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(path.join(root, file), 'utf8');
  texts.set(file, text);
  return text;
}

function filesWith(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(textOf(file)));
}

function importsOf(file: string): Import[] {
  return [...textOf(file).matchAll(/^(?:import|export) (type )?(?:[^'";]*? from )?'(\.[^']+)'/gm)].map(
    ([, type, to = '']) => ({
      from: file,
      to: path.posix.join(path.posix.dirname(file), to),
      isType: type !== undefined,
    }),
  );
}

/** Each cycle once, as the files that it goes through. */
function cyclesIn(edges: Import[]): string[] {
  const next = Map.groupBy(edges, ({ from }) => from);
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (file: string, way: string[]): void => {
    const seenAt = way.indexOf(file);
    if (seenAt >= 0) cycles.push([...way.slice(seenAt), file].join(' → '));
    if (seenAt >= 0 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) walk(to, [...way, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return cycles;
}
