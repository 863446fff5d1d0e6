import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export type ReceivedMail = {
  mail: Email;
  raw: string;
  from: string;
  recipients: string[];
  /** How the sender wants to be told of a mail that is lost (RFC 3461). */
  dsn: { ret: string | null; envid: string | null };
};

export type TestSmtp = { url: string; port: number; received: ReceivedMail[]; close(): Promise<void> };

type Behaviour = {
  port?: number;
  /** The answer to a recipient; nothing means welcome. */
  refuse?(recipient: string): { code: number; text: string } | undefined;
  /** Runs when a mail is in and before its "250". */
  beforeAccept?(mail: ReceivedMail): Promise<void> | void;
};

/** A real SMTP server on 127.0.0.1 that keeps what it takes. */
export async function startSmtp({ port = 0, refuse, beforeAccept }: Behaviour = {}): Promise<TestSmtp> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    hideDSN: false,
    onRcptTo({ address }, _session, done) {
      const refusal = refuse?.(address);
      done(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData(stream, { envelope }, done) {
      const take = async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
        const raw = Buffer.concat(chunks);
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const recipients = envelope.rcptTo.map(({ address }) => address);
        const { ret = null, envid = null } = (envelope as { dsn?: Partial<ReceivedMail['dsn']> }).dsn ?? {};
        const dsn = { ret, envid };
        const one = { mail: await PostalMime.parse(raw), raw: raw.toString(), from, recipients, dsn };
        await beforeAccept?.(one);
        received.push(one);
      };
      take().then(() => done(), done);
    },
  });
  const sockets = new Set<net.Socket>();
  server.server.on('connection', (socket: net.Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  server.on('error', () => undefined); // a client that was killed in the middle of a mail
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const listening = (server.server.address() as AddressInfo).port;
  return {
    received,
    port: listening,
    url: `smtp://127.0.0.1:${listening}`,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

/** A server that never falls silent and never gets anywhere: one more line of its greeting every tenth of a second. */
export async function startDrippingSmtp(): Promise<{ url: string; connections: () => number; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 slow.example ESMTP\r\n');
    const drip = setInterval(() => socket.write('250-still thinking\r\n'), 100);
    socket.on('close', () => {
      clearInterval(drip);
      sockets.delete(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
