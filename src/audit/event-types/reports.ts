import { z } from 'zod';
import { formatNumber } from '../../shared/text.ts';
import { eventType, text } from './event-type.ts';

/** As what a report is made. */
export const reportForms = {
  SCREEN: 'på skærmen',
  CSV: 'som CSV',
  XLSX: 'som Excel',
  DOCX: 'som Word',
  PDF: 'som PDF',
} as const;
export type ReportForm = keyof typeof reportForms;

/** Who took out what: on the screen (once for all its pages) or as a file. */
export const reportEvents = {
  'report.made': eventType(
    z.object({
      report: text,
      title: text,
      form: z.enum(['SCREEN', 'CSV', 'XLSX', 'DOCX', 'PDF']),
      filters: z.array(z.object({ label: text, value: text })),
      /** Of a file all rows; on the screen those of its first page. */
      rows: z.int(),
      hasMore: z.boolean(),
    }),
    (d, t) =>
      `${t.actor} lavede rapporten “${d.title}” ${reportForms[d.form]}${filterText(d.filters)}: ${d.hasMore ? 'mere end ' : ''}${formatNumber(d.rows)} ${d.rows === 1 ? 'række' : 'rækker'}.`,
  ),
} as const;

function filterText(filters: { label: string; value: string }[]): string {
  return filters.length === 0 ? '' : ` (${filters.map(({ label, value }) => `${label}: ${value}`).join(', ')})`;
}
