import { Agent, request } from 'node:http';

export type Answered = { status: number; body: string; headers: Record<string, string | string[] | undefined> };

/** A browser of the bench: one connection that is kept open, one request at a time. */
export type Client = {
  get(path: string): Promise<Answered>;
  post(path: string, form: URLSearchParams): Promise<Answered>;
};

export function openClient(port: number, given: Record<string, string>): Client {
  const headers = { ...given };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, body: string | null): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const form =
        body === null
          ? {}
          : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) };
      const sent = request(
        { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...form } },
        (res) => {
          // A session may go on under a new id, as a browser would follow it.
          const renewed = res.headers['set-cookie']?.find((cookie) => cookie.startsWith('__Host-sebadmin='));
          if (renewed !== undefined && headers.Cookie !== undefined) headers.Cookie = renewed.split(';', 1)[0] ?? '';
          const parts: Buffer[] = [];
          res.on('data', (part: Buffer) => parts.push(part));
          res.on('error', reject);
          res.on('end', () =>
            resolve({ status: res.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8'), headers: res.headers }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  return { get: (path) => send('GET', path, null), post: (path, form) => send('POST', path, form.toString()) };
}
