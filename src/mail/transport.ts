import { createTransport } from 'nodemailer';
import { oneLine, parseSender, plainMailAddress } from './recipient.ts';

/** A mail as the outbox keeps it, with the Message-ID that every attempt carries. */
export type StoredMail = {
  messageId: string;
  toName: string;
  toAddress: string;
  subject: string;
  text: string;
  html: string;
  unsubscribeUrl?: string | null;
};

export type MailSettings = { smtpUrl: string; mailFrom: string; patience?: Patience };

/** Milliseconds: how long a server may be silent, and how long a whole mail may take. */
export type Patience = { silence: number; wholeMail: number };

export type MailTransport = {
  /** Resolves when the server has taken the mail; throws RecipientRefused when trying again cannot help. */
  send(mail: StoredMail): Promise<void>;
  /** Ends the connections; mails under way fail and are tried again. */
  close(): void;
};

/** The recipient cannot get mail: the address is not one, or the server refuses it for good. */
export class RecipientRefused extends Error {
  override readonly name = 'RecipientRefused';
}

// A server that sends a byte now and then never runs into the limit for silence, so there are two.
const usualPatience: Patience = { silence: 10_000, wholeMail: 30_000 };

export function createMailTransport({ smtpUrl, mailFrom, patience = usualPatience }: MailSettings): MailTransport {
  const from = parseSender(mailFrom);
  const pool = createTransport({
    ...connectionOf(smtpUrl),
    pool: true,
    maxConnections: 2,
    // One more try when the server has closed a waiting connection; the rest is for the job queue.
    maxRequeues: 1,
    connectionTimeout: patience.silence,
    greetingTimeout: patience.silence,
    socketTimeout: patience.silence,
    dnsTimeout: patience.silence,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const to = recipientOf(mail);
      const { messageId, text, html } = mail;
      const signal = AbortSignal.timeout(patience.wholeMail);
      const headers = { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(mail) };
      const subject = oneLine(mail.subject);
      try {
        await pool.sendMail({ from, to, messageId, subject, text, html, headers, signal });
      } catch (error) {
        throw isRefusedRecipient(error) ? new RecipientRefused(error.message, { cause: error }) : error;
      }
    },
    close: () => pool.transporter.close?.({ force: true }),
  };
}

/** By which mail programs show "unsubscribe" and do it by themselves (RFC 2369 and RFC 8058). */
function unsubscribeHeaders({ unsubscribeUrl }: StoredMail): Record<string, string> {
  // An address of ours has no other characters; anything else could begin a header of its own.
  if (!/^https?:\/\/[\w.:/-]+$/.test(unsubscribeUrl ?? '')) return {};
  return { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** Read by ourselves, so that nothing in the setting's query can switch on what is switched off here. */
function connectionOf(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 25) : Number(url.port),
    secure,
    ...(auth.user === '' ? {} : { auth }),
    ...(url.searchParams.get('requireTLS') === 'true' ? { requireTLS: true } : {}),
  };
}

// Checked again although the forms check it: an importer or an older row may have let something through.
function recipientOf(mail: StoredMail) {
  const address = plainMailAddress(mail.toAddress);
  if (address === null) throw new RecipientRefused('The address is not one plain e-mail address.');
  return { name: oneLine(mail.toName), address };
}

function isRefusedRecipient(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { command, responseCode } = error as Error & { command?: unknown; responseCode?: unknown };
  return command === 'RCPT TO' && typeof responseCode === 'number' && responseCode >= 500;
}
