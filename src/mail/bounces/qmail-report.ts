import type { DeliveryReport } from './report-parts.ts';
import { returnedMessageId, statusIn } from './report-parts.ts';

/**
 * The text of a mail as qmail's own report (QSBMF, https://cr.yp.to/proto/qsbmf.txt): paragraphs that begin with "Hi. This is the",
 * then with "<" for each recipient, then with "-", and behind that the mail that came back. It tells of failures alone.
 */
export function readQmailReport(text: string): DeliveryReport | null {
  const body = text.replaceAll('\r\n', '\n').trimStart();
  if (!body.startsWith('Hi. This is the')) return null;
  const [report = '', ...returned] = body.split(/\n\n(?=-)[^\n]*(?:\n[^\n]+)*\n\n/, 2);
  const recipient = report.split(/\n\n/).find((paragraph) => paragraph.startsWith('<'));
  const messageId = returnedMessageId(returned.join('').trimStart());
  if (recipient === undefined || messageId === null) return null;
  const diagnostic = recipient
    .slice(recipient.indexOf('\n') + 1)
    .replace(/\s+/g, ' ')
    .trim();
  return { messageId, outcome: 'failed', status: statusIn(diagnostic), diagnostic: diagnostic.slice(0, 400) };
}
