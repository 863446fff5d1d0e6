import type { BarePage } from './bare-server.ts';
import type { PageKind } from './bare-pages.ts';
import type { Stage } from './stage.ts';
import type { Statement } from './statements.ts';
import { isTransactionControl } from './statements.ts';

/** A page to measure. The bare server answers the same path with the statements that the application was heard to send. */
export type MeasuredPage = { name: string; path: string; statements: Statement[]; bytes: number };

export async function findPages(
  stage: Stage,
): Promise<Record<'list' | 'deep' | 'rare' | 'common' | 'user' | 'log' | 'sor', MeasuredPage>> {
  const { data } = stage;
  const users = `/organisationer/${data.cvr}/brugere`;
  return {
    list: await page(stage, 'list, first page', users, 'list'),
    deep: await page(stage, 'list, page 300', await deepPath(stage, users), 'list'),
    rare: await page(stage, 'search “villads”', `${users}?soeg=villads`, 'list'),
    common: await page(stage, 'search “niel”', `${users}?soeg=niel`, 'list'),
    user: await page(stage, 'user page', `${users}/${data.userId}`, 'user'),
    log: await page(stage, 'log of a user', `${users}/${data.userId}/log`, null),
    sor: await page(stage, 'SOR search “afd”', `/organisationer/${data.cvr}/sor?find=afd`, null),
  };
}

async function page(stage: Stage, name: string, path: string, kind: PageKind | null): Promise<MeasuredPage> {
  const { app, bare } = stage;
  await app.client.get(path); // the first use of a connection prepares statements
  await app.child.ask({ ask: 'record' });
  const { status, body } = await app.client.get(path);
  const heard = await app.child.ask<Statement[]>({ ask: 'statements' });
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  const statements = heard.filter((statement) => !isTransactionControl(statement));
  if (kind !== null) {
    const pages: BarePage[] = [{ path, kind, statements: ofThePage(statements), frame: frameOf(body) }];
    await bare.child.ask({ ask: 'serve', pages });
  }
  return { name, path, statements, bytes: Buffer.byteLength(body) };
}

/** The questions of the page itself, without the wall: nobody asks who is there. */
function ofThePage(statements: Statement[]): Statement[] {
  return statements
    .filter(({ text }) => !/web_session|request_actor/.test(text))
    .map(({ text, values }) => ({ text: text.replaceAll('visible_user', 'app_user'), values }));
}

function frameOf(body: string): [string, string] {
  const from = body.indexOf('>', body.indexOf('<main')) + 1;
  return [body.slice(0, from), body.slice(body.indexOf('</main>'))];
}

/** Walks from "Næste" to "Næste", as people do, to the address of a page far down the list. */
async function deepPath({ app, size }: Stage, first: string): Promise<string> {
  let path = first;
  for (let number = 1; number < Math.min(300, size.largest / 50 - 1); number += 1) {
    const { body } = await app.client.get(path);
    const next = /href="([^"]+)" rel="next"/.exec(body)?.[1];
    if (next === undefined) throw new Error(`page ${number} of the list has no next one`);
    path = next.replaceAll('&amp;', '&');
  }
  return path;
}
