import pg from 'pg';
import type { PostgresUrls } from '../../src/demo/embedded-postgres.ts';

/** `empty` has the tables only, `demo` the demo sector too, `bare` nothing at all. */
export const templates = { empty: 'seb_template_empty', demo: 'seb_template_demo', bare: 'template0' } as const;

export function urlsOf(server: PostgresUrls, database: string): PostgresUrls {
  const at = (address: string) => Object.assign(new URL(address), { pathname: `/${database}` }).href;
  return { superUrl: at(server.superUrl), ownerUrl: at(server.ownerUrl), appUrl: at(server.appUrl) };
}

/** Runs the work as the superuser of the server. */
export async function withServer<Result>(
  server: PostgresUrls,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: server.superUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
