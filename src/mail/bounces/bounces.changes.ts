import type { Database } from '../../db/client.ts';
import { acrossOrganisations, markAddress } from '../outbox.changes.ts';
import { oneLine } from '../recipient.ts';
import type { DeliveryReport } from './report-parts.ts';

export type Noted = 'marked' | 'known' | 'underway' | 'arrived' | 'unknown mail';

/**
 * Notes what became of a mail after the server took it: one that came back is a failed one, and its address is marked. Reports
 * can be forged, but only by somebody who knows a mail's random Message-ID, and all they do is this mark. Read twice is noted once.
 */
export async function noteReport(database: Database, report: DeliveryReport): Promise<Noted> {
  const { messageId, outcome, status } = report;
  return acrossOrganisations(database, async (tx) => {
    const mail = await tx.mailOutbox.findUnique({ where: { messageId }, select: { id: true, toAddress: true } });
    if (mail === null) return 'unknown mail';
    const address = mail.toAddress.toLowerCase();
    if (outcome === 'arrived') await tx.undeliverableAddress.deleteMany({ where: { address } });
    if (outcome !== 'failed') return outcome;
    const reason = oneLine(['Kom retur', status ?? '', report.diagnostic].filter(Boolean).join(': ')).slice(0, 500);
    // The server has it, even where the process died before its own mark: then nobody sends it again.
    const marked = await tx.$queryRaw<unknown[]>`
      update mail_outbox set sent_at = coalesce(sent_at, now()), bounced_at = now(), failed_at = now(), last_error = ${reason}
      where id = ${mail.id}::int and bounced_at is null returning id`;
    if (marked.length === 0) return 'known';
    await markAddress(tx, { address, how: 'BOUNCED', status });
    return 'marked';
  });
}
