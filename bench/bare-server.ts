import { createServer } from 'node:http';
import pg from 'pg';
import { barePages, type BareRow, type PageKind } from './bare-pages.ts';
import type { Statement } from './statements.ts';

export type BarePage = { path: string; kind: PageKind; statements: Statement[]; frame: [string, string] };
export type BareStart = { port: number; databaseUrl: string };
type Question = { ask: 'cpu' } | { ask: 'serve'; pages: BarePage[] };

process.once('message', (start: BareStart) => {
  serve(start);
  process.on('message', (question: Question) => process.send?.(answer(question)));
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));

const pages = new Map<string, BarePage>();

/** The least that can answer the page: one connection, prepared statements, template literals; nobody is asked who they are. */
function serve({ port, databaseUrl }: BareStart): void {
  const options = '-c max_parallel_workers_per_gather=0 -c timezone=UTC';
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, options });
  const answerPage = async (url: string): Promise<string | null> => {
    const page = pages.get(url);
    if (page === undefined) return null;
    const results: BareRow[][] = [];
    for (const { text, values } of page.statements) {
      const { rows } = await pool.query<BareRow>({ name: nameOf(text), text, values });
      results.push(rows);
    }
    return page.frame[0] + barePages[page.kind](results) + page.frame[1];
  };
  createServer((req, res) => {
    answerPage(req.url ?? '/').then(
      (html) => {
        const body = Buffer.from(html ?? '');
        res.writeHead(html === null ? 404 : 200, {
          'Content-Type': 'text/html; charset=utf-8',
          'Content-Length': body.length,
        });
        res.end(body);
      },
      (error: unknown) => res.writeHead(500).end(String(error)),
    );
  }).listen(port, '127.0.0.1', () => process.send?.('ready'));
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  return name;
}

function answer(question: Question): unknown {
  if (question.ask === 'cpu') return process.cpuUsage();
  for (const page of question.pages) pages.set(page.path, page);
  return 'serving';
}
