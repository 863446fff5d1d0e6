import { z } from 'zod';
import { counted, joinedWithAnd } from '../../shared/text.ts';
import { eventType, text } from './event-type.ts';

/** What happens to bulk changes as such; what undoing one does to each assignment has its own events. */
export const batchEvents = {
  'batch.undone': eventType(
    z.object({
      /** The reference of the change that was undone. */
      batch: text,
      withdrawn: z.number(),
      assigned: z.number(),
      changedBack: z.number(),
      /** Rows that were left as they are. */
      left: z.number(),
    }),
    (d, t) =>
      `${t.actor} fortrød ændringen ${d.batch}: ${joinedWithAnd([
        counted(d.withdrawn, 'rolle fjernet', 'roller fjernet'),
        counted(d.assigned, 'rolle tildelt igen', 'roller tildelt igen'),
        counted(d.changedBack, 'tildeling rettet tilbage', 'tildelinger rettet tilbage'),
      ])}${d.left === 0 ? '' : `; ${counted(d.left, 'række', 'rækker')} kunne ikke fortrydes`}.`,
  ),
} as const;
