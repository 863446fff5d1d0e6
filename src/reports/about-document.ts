import { formatDateTime } from '../shared/dates.ts';
import { formatCvr } from '../shared/text.ts';
import type { DocumentHead } from './document.ts';

/** What stands at the head of every form but CSV: for whom, what was asked for, by whom and when. */
export function aboutLines({ organisation, filters, madeBy, madeAt, reference }: DocumentHead): [string, string][] {
  return [
    ['Organisation', organisation === null ? 'Alle organisationer' : ofOrganisation(organisation)],
    ...filters.map(({ label, value }): [string, string] => [label, value]),
    ['Lavet af', madeBy],
    ['Lavet', formatDateTime(madeAt)],
    ['Rapportnummer', reference],
  ];
}

function ofOrganisation({ name, cvr }: { name: string; cvr: string }): string {
  return `${name} (CVR ${formatCvr(cvr)})`;
}

/** How a file can be shown to be unchanged. */
export const checkHint = 'SEB kan kontrollere, at filen er uændret: se siden "Kontrollér" under Rapporter.';
