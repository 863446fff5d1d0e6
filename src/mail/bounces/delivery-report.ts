import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';

/** What a mail server reports about one of our mails (RFC 3464); each of our mails has one recipient. */
export type DeliveryReport = {
  /** The Message-ID that the report names, as its envelope id or in the head of the mail that came back. */
  messageId: string;
  outcome: 'failed' | 'underway' | 'arrived';
  /** Enhanced status code (RFC 3463), e.g. 5.1.1. */
  status: string | null;
  /** What the server said, one line. */
  diagnostic: string;
};

const outcomes = new Map<string, DeliveryReport['outcome']>([
  ['failed', 'failed'],
  ['delayed', 'underway'],
  ['delivered', 'arrived'],
  ['relayed', 'underway'],
  ['expanded', 'underway'],
]);

/** Null for any mail that is no delivery report of one of our mails: an answer, an absence note, spam. */
export async function readDeliveryReport(raw: Buffer): Promise<DeliveryReport | null> {
  const mail = await opened(raw);
  const report = mail && partOf(mail, /^message\/(?:global-)?delivery-status$/);
  if (mail === null || report === null) return null;
  const [about = new Map<string, string>(), ...recipients] = report.split(/\r?\n\s*\r?\n/).map(fieldsOf);
  const recipient = recipients.find((fields) => fields.has('action'));
  const outcome = outcomes.get(recipient?.get('action')?.toLowerCase() ?? '');
  const messageId = ourMessageId(about.get('original-envelope-id')) ?? ourMessageId(returnedMessageId(mail));
  if (recipient === undefined || outcome === undefined || messageId === null) return null;
  return {
    messageId,
    outcome,
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(recipient.get('status') ?? '')?.[0] ?? null,
    diagnostic: (recipient.get('diagnostic-code') ?? '').replace(/^\s*[\w-]+\s*;\s*/, '').slice(0, 400),
  };
}

/** Null for a mail beyond all limits: anybody can send one, and it must not stop the reports behind it. */
function opened(raw: Buffer): Promise<Email | null> {
  return PostalMime.parse(raw, { attachmentEncoding: 'utf8', forceRfc822Attachments: true }).catch(() => null);
}

function partOf({ attachments }: Email, type: RegExp): string | null {
  const part = attachments.find(({ mimeType }) => type.test(mimeType.toLowerCase()));
  return typeof part?.content === 'string' ? part.content : null;
}

/** Header lines by their name in small letters; a line that begins with white space goes on with the one before. */
function fieldsOf(block: string): Map<string, string> {
  const whole = block.replace(/\r?\n[ \t]+/g, ' ');
  const fields = [...whole.matchAll(/^([A-Za-z-]{1,60}):(.*)$/gm)];
  return new Map(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}

function returnedMessageId(mail: Email): string | undefined {
  const returned = partOf(mail, /^(?:message\/(?:global|rfc822)|text\/rfc822-headers|message\/global-headers)$/);
  const [head = ''] = (returned ?? '').split(/\r?\n\r?\n/);
  return fieldsOf(head).get('message-id');
}

/** As `writeMails` makes them; anything else is a mail of somebody else. */
function ourMessageId(text: string | undefined): string | null {
  const id = /^<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@seb)>?$/i.exec(text?.trim() ?? '')?.[1];
  return id === undefined ? null : `<${id.toLowerCase()}>`;
}
