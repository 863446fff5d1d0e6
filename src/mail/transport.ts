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

export type MailSettings = {
  smtpUrl: string;
  mailFrom: string;
  /** Where mails that cannot be delivered are returned to; the sender's address when left out. */
  mailBounceAddress?: string | null;
  patience?: Patience;
};

/** Milliseconds: how long a server may be silent, and how long a whole mail may take. */
export type Patience = { silence: number; wholeMail: number };

export type MailTransport = {
  /** Resolves when the server has taken the mail; throws RecipientRefused or MailRefused when trying again cannot help. */
  send(mail: StoredMail): Promise<void>;
  /** Ends the connections; mails under way fail and are tried again. */
  close(): void;
};

/** The recipient cannot get mail: the address is not one, or the server refuses it for good. */
export class RecipientRefused extends Error {
  override readonly name = 'RecipientRefused';
  /** Whether it was the server that said so, and its enhanced status code (RFC 3463) where it gave one. */
  readonly byServer: { status: string | null } | null;

  constructor(message: string, byServer: RecipientRefused['byServer'], cause?: unknown) {
    super(message, { cause });
    this.byServer = byServer;
  }
}

/** The server takes no such mail (too large, content): nothing is said about the recipient. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

// A server that sends a byte now and then never runs into the limit for silence, so there are two.
const usualPatience: Patience = { silence: 10_000, wholeMail: 30_000 };

export function createMailTransport(settings: MailSettings): MailTransport {
  const { smtpUrl, mailFrom, mailBounceAddress, patience = usualPatience } = settings;
  const from = parseSender(mailFrom);
  const returnTo = mailBounceAddress ?? from.address;
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
      const envelope = { from: returnTo, to: [to.address] };
      // A server that can, tells of a mail that is lost later, by this number, and returns no more than its head.
      const dsn = {
        id: envelopeIdOf(messageId),
        return: 'headers',
        notify: ['failure', 'delay'],
        recipient: to.address,
      };
      try {
        await pool.sendMail({ from, to, messageId, subject, text, html, headers, envelope, dsn, signal });
      } catch (error) {
        throw refusalOf(error) ?? error;
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
  if (address === null) throw new RecipientRefused('The address is not one plain e-mail address.', null);
  return { name: oneLine(mail.toName), address };
}

/** The number that a delivery report gives back to us: the Message-ID without its brackets. */
export function envelopeIdOf(messageId: string): string {
  return messageId.replace(/^<|>$/g, '');
}

/**
 * Null where trying again may help. A 5xx to the recipient or to the mail itself is final, but for 5.7.x to the recipient: there
 * the server does not know us (relaying, authentication), and that is mended at the server, not at the recipient.
 */
function refusalOf(error: unknown): RecipientRefused | MailRefused | null {
  if (!(error instanceof Error)) return null;
  const { command, responseCode } = error as Error & { command?: unknown; responseCode?: unknown };
  if (typeof responseCode !== 'number' || responseCode < 500) return null;
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(error.message)?.[0] ?? null;
  const isAboutRecipient = command === 'RCPT TO' || (command === 'DATA' && status?.startsWith('5.1.') === true);
  if (isAboutRecipient && status?.startsWith('5.7.') !== true)
    return new RecipientRefused(error.message, { status }, error);
  return command === 'DATA' ? new MailRefused(error.message, { cause: error }) : null;
}
