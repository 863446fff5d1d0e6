import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream } from 'smtp-server';
import type { MailStore } from './mail-store.ts';

const LARGEST_MAIL = 20 * 1024 * 1024;

/** Receives every mail, sends none on. Resolves when it listens; rejects when the port is taken. */
export function receiveMail(
  store: MailStore,
  port: number,
  host: string,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    banner: 'SEB mailbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_MAIL,
    onData: (stream, session, done) => {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      receive(stream)
        .then((raw) => store.add(raw, recipients))
        .then(() => done(), done);
    },
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listener = server.listen(port, host, () => {
      // A sender that hangs up in the middle is no reason to stop.
      server.removeListener('error', reject).on('error', () => {});
      const address = listener.address();
      const used = address && typeof address === 'object' ? address.port : port;
      resolve({ port: used, close: () => closed(server) });
    });
  });
}

function closed(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

async function receive(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  if (stream.sizeExceeded) throw Object.assign(new Error('The mail is too large'), { responseCode: 552 });
  return Buffer.concat(chunks);
}
