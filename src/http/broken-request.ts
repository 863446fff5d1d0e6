import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What the HTTP parser refuses (a URL of 70 kB, broken headers) gets a Danish sentence too, without a page around it. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const text =
    status === 431
      ? 'Adressen er for lang. Vælg færre ad gangen, og prøv igen.'
      : 'Forespørgslen kan ikke læses. Åbn siden igen.';
  const body = `<!DOCTYPE html><html lang="da"><head><meta charset="utf-8"><title>SEB</title></head><body><h1>SEB</h1><p>${text}</p></body></html>`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Content-Security-Policy: default-src 'none'",
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
