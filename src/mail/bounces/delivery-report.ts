import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { readQmailReport } from './qmail-report.ts';
import type { DeliveryReport } from './report-parts.ts';
import { fieldsOf, ourMessageId, returnedMessageId, statusIn } from './report-parts.ts';

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
  if (mail === null) return null;
  const report = partOf(mail, /^message\/(?:global-)?delivery-status$/);
  return report === null ? readQmailReport(mail.text ?? '') : standardReport(mail, report);
}

/** As RFC 3464 has it. */
function standardReport(mail: Email, report: string): DeliveryReport | null {
  const [about = new Map<string, string>(), ...recipients] = report.split(/\r?\n\s*\r?\n/).map(fieldsOf);
  const recipient = recipients.find((fields) => fields.has('action'));
  const outcome = outcomes.get(recipient?.get('action')?.toLowerCase() ?? '');
  const messageId = ourMessageId(about.get('original-envelope-id')) ?? returnedMessageId(returnedMail(mail));
  if (recipient === undefined || outcome === undefined || messageId === null) return null;
  return {
    messageId,
    outcome,
    status: statusIn(recipient.get('status') ?? ''),
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

function returnedMail(mail: Email): string {
  return partOf(mail, /^(?:message\/(?:global|rfc822)|text\/rfc822-headers|message\/global-headers)$/) ?? '';
}
