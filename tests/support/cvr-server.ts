import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type CvrCompany = {
  name: string;
  status?: string;
  /** yyyy-mm-dd */
  ceasedOn?: string;
};

/** How the server misbehaves; null = it answers as the CVR distribution does. */
export type Mood =
  | null
  | 'slow'
  | 'unauthorised'
  | 'broken'
  | 'nonsense'
  | 'html'
  | 'truncated'
  | 'endless'
  | 'other company'
  | 'elsewhere'
  | 'nameless';

export const cvrUser = { user: 'seb-prøve', password: 'hemmelig:æ' };

/** A small server that answers as the CVR distribution does, and as it does on its bad days. */
export async function startCvrServer(companies: Record<string, CvrCompany> = {}) {
  const known = new Map(Object.entries(companies));
  const asked: string[] = [];
  const state: { mood: Mood } = { mood: null };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const expected = `Basic ${Buffer.from(`${cvrUser.user}:${cvrUser.password}`).toString('base64')}`;
      const send = (status: number, body: string, headers: Record<string, string> = {}): void => {
        response.writeHead(status, { 'Content-Type': 'application/json; charset=UTF-8', ...headers });
        response.end(body);
      };
      if (request.headers.authorization !== expected || state.mood === 'unauthorised')
        return send(401, '{"error":"Unauthorized","status":401}');
      const { query } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        query: { term: { 'Vrvirksomhed.cvrNummer': number } };
      };
      const number = query.term['Vrvirksomhed.cvrNummer'];
      const cvr = String(number).padStart(8, '0');
      asked.push(cvr);
      const company = known.get(cvr);
      const body = JSON.stringify(company === undefined ? nothing : foundIn(number, company));
      switch (state.mood) {
        case 'slow':
          return void setTimeout(() => send(200, body), 3_000).unref();
        case 'broken':
          return send(500, '{"error":"boom at seb-prøve:hemmelig"}');
        case 'nonsense':
          return send(200, '{"hits":{"total":"many"}}');
        case 'html':
          return send(200, '<html><body>Vedligeholdelse</body></html>', { 'Content-Type': 'text/html' });
        case 'truncated':
          response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': String(body.length + 50) });
          response.write(body.slice(0, 40));
          return void setTimeout(() => response.destroy(), 50);
        case 'endless':
          response.writeHead(200, { 'Content-Type': 'application/json' });
          return endless(response);
        case 'other company':
          return send(200, JSON.stringify(foundIn(99999999, { name: 'En anden' })));
        case 'nameless':
          return send(200, JSON.stringify(foundIn(number, { name: ' \u0007 ' })));
        case 'elsewhere':
          return send(302, '', { Location: 'http://evil.example/' });
        case null:
          return send(200, body);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cvr-permanent/virksomhed/_search`,
    known,
    asked,
    state,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type CvrServer = Awaited<ReturnType<typeof startCvrServer>>;

function endless(response: { write(chunk: string): boolean; destroyed: boolean }): void {
  const more = (): void => {
    if (response.destroyed) return;
    response.write(' '.repeat(200_000));
    setTimeout(more, 5);
  };
  more();
}

const nothing = { took: 1, timed_out: false, hits: { total: 0, hits: [] } };

function foundIn(cvrNummer: number, { name, status = 'Aktiv', ceasedOn }: CvrCompany): object {
  return {
    took: 2,
    timed_out: false,
    hits: {
      total: 1,
      hits: [
        {
          _index: 'cvr-v-20220630',
          _source: {
            Vrvirksomhed: {
              cvrNummer,
              livsforloeb: [{ periode: { gyldigFra: '2007-01-01', gyldigTil: ceasedOn ?? null } }],
              virksomhedMetadata: {
                nyesteNavn: { navn: name },
                sammensatStatus: status,
                nyesteBeliggenhedsadresse: {
                  vejnavn: 'Prøvevej',
                  husnummerFra: 7,
                  postnummer: 800,
                  postdistrikt: 'Høje Taastrup',
                },
              },
            },
          },
        },
      ],
    },
  };
}
