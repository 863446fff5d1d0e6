import { z } from 'zod';
import { danishDay } from '../shared/dates.ts';
import { administratorNames } from '../users/user.ts';

/** What a departure removed, as it was called then. */
const receipt = z.object({
  roles: z.array(z.object({ service: z.string(), role: z.string(), code: z.string(), placement: z.string() })),
  administrations: z.array(z.object({ kind: z.enum(['ORGANISATION', 'USER', 'READ_ONLY']), organisation: z.string() })),
});
export type Receipt = z.infer<typeof receipt>;

/** A user's latest departure that was not cancelled: planned (open), or carried out with its receipt. */
export type Departure = {
  id: number;
  /** yyyy-mm-dd */
  lastDay: string;
  reason: string;
  version: number;
  /** Null when the person is a user of an organisation that cannot be seen here. */
  plannedBy: string | null;
  /** dd-mm-åååå, null while it is planned. */
  carriedOutOn: string | null;
  receipt: unknown;
};

/** The departure while it is planned; null for none and for one that was carried out. */
export function openOf(departure: Departure | null): Departure | null {
  return departure !== null && departure.carriedOutOn === null ? departure : null;
}

/** The receipt of a departure that was carried out; null for any other. */
export function receiptOf(departure: Departure | null): Receipt | null {
  return departure === null ? null : (receipt.safeParse(departure.receipt).data ?? null);
}

export type DepartureInWords = { isPlanned: boolean; lastDay: string; text: string; receipt: string[] | null };

/** A departure as the user's page tells it: what is planned, or what was removed. */
export function departureInWords(departure: Departure | null): DepartureInWords | null {
  if (departure === null) return null;
  const lastDay = danishDay(departure.lastDay);
  const by = departure.plannedBy === null ? '' : ` Planlagt af ${departure.plannedBy}.`;
  const because = `Begrundelse: ${departure.reason}`;
  if (departure.carriedOutOn === null) {
    const text = `Når dagen er slut, fjerner SEB rollerne og spærrer brugeren.${by} ${because}`;
    return { isPlanned: true, lastDay, text, receipt: null };
  }
  const text = `Udført ${departure.carriedOutOn}.${by} ${because}`;
  return { isPlanned: false, lastDay, text, receipt: receiptLines(receiptOf(departure)) };
}

function receiptLines(receipt: Receipt | null): string[] {
  if (receipt === null) return [];
  return [
    ...receipt.administrations.map(({ kind, organisation }) => `${administratorNames[kind]} i ${organisation}`),
    ...receipt.roles.map(({ service, role, code, placement }) => `${service}: ${role} (${code}), ${placement}`),
  ];
}
