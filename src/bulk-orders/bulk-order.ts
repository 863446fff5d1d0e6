import type { CloneTerms } from '../cloning/clone-outlook.ts';
import { counted } from '../shared/text.ts';
import type { Grants } from '../role-assignments/grants.queries.ts';

/** What is done to each user of an order, by kind, as it is kept with the order. */
export type OrderTerms = {
  ASSIGN: Omit<Grants, 'userIds'> & { reason: string | null; caseNumber: string | null };
  WITHDRAW: { keys: string[] };
  CLONE: CloneTerms;
};
export type OrderKind = keyof OrderTerms;

/** A kind with its terms: what is ordered. */
export type OrderedWork = { [Kind in OrderKind]: { kind: Kind; terms: OrderTerms[Kind] } }[OrderKind];

/** The order that a change became because it was too much for the request; null for one that is done. */
export type MaybeOrdered = { orderId: number | null };

// A transaction of some 1,500 assignments takes a quarter of a second: what others change meanwhile hardly waits.
const assignmentsAtATime = 1500;
const usersAtATime = 500;

/** How many users one transaction takes, each with so many assignments. */
export function batchSizeFor(assignmentsPerUser: number): number {
  return Math.min(usersAtATime, Math.max(1, Math.floor(assignmentsAtATime / Math.max(1, assignmentsPerUser))));
}

/** What the page says before the button of a change that is too large for the request; null for one that is not. */
export function asJob(assignments: number, mostAtOnce: number): string | null {
  if (assignments <= mostAtOnce) return null;
  return `Flere end ${counted(mostAtOnce, 'tildeling', 'tildelinger')} ad gangen gennemføres lidt efter lidt. Du følger med på den næste side og kan lukke den imens. En bruger, der ikke kan ændres, når turen kommer, springes over og vises med årsagen.`;
}

/** Of one person in one organisation: a day's work of a large reorganisation, and no more than others can wait behind. */
export const mostWaiting = 10;
