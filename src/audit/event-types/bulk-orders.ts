import { z } from 'zod';
import { counted, formatNumber } from '../../shared/text.ts';
import { eventType, text } from './event-type.ts';

const figures = z.object({
  orderId: z.number(),
  summary: text,
  users: z.number(),
  added: z.number(),
  alreadyThere: z.number(),
  withdrawn: z.number(),
  /** Users who were left out, or some of whose roles were. */
  leftOut: z.number(),
});

/** Large changes that a job carries out in portions; each assignment has its own line besides these. */
export const bulkOrderEvents = {
  'bulkOrder.placed': eventType(
    z.object({ orderId: z.number(), summary: text, users: z.number(), assignments: z.number() }),
    (d, t) =>
      `${t.actor} satte en stor ændring i gang (nr. ${d.orderId}, ${counted(d.assignments, 'tildeling', 'tildelinger')}): ${d.summary}`,
  ),
  'bulkOrder.finished': eventType(
    figures,
    (d, t) => `${t.actor} gennemførte den store ændring nr. ${d.orderId}: ${resultOf(d)}.`,
  ),
  'bulkOrder.stopped': eventType(
    figures.extend({ notReached: z.number(), reason: text }),
    (d, t) =>
      `${t.actor} stoppede den store ændring nr. ${d.orderId}: ${resultOf(d)}; ${counted(d.notReached, 'bruger', 'brugere')} blev ikke nået. ${d.reason}`,
  ),
} as const;

function resultOf({ added, withdrawn, alreadyThere, leftOut }: z.output<typeof figures>): string {
  return `${counted(added, 'ny tildeling', 'nye tildelinger')}, ${formatNumber(withdrawn)} fjernet og ${formatNumber(alreadyThere)} i forvejen, ${counted(leftOut, 'bruger', 'brugere')} sprunget over`;
}
