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

const file = z.object({
  report: text,
  title: text,
  form: z.enum(['CSV', 'XLSX', 'DOCX', 'PDF']),
  reference: text,
});

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
      /** Of a file: by which "Kontrollér" knows it again. */
      reference: text.optional(),
      sha256: text.optional(),
    }),
    (d, t) =>
      `${t.actor} lavede rapporten “${d.title}” ${reportForms[d.form]}${filterText(d.filters)}: ${d.hasMore ? 'mere end ' : ''}${formatNumber(d.rows)} ${d.rows === 1 ? 'række' : 'rækker'}.${fileText(d)}`,
  ),
  'report.ordered': eventType(
    file,
    (d, t) => `${t.actor} bestilte rapporten “${d.title}” ${reportForms[d.form]}. Rapportnummer ${d.reference}.`,
  ),
  'report.stopped': eventType(
    file.extend({ reason: text }),
    (d, t) =>
      `${t.actor} standsede rapporten “${d.title}” ${reportForms[d.form]} (rapportnummer ${d.reference}): ${d.reason}`,
  ),
  'report.downloaded': eventType(
    file,
    (d, t) => `${t.actor} hentede rapporten “${d.title}” ${reportForms[d.form]}. Rapportnummer ${d.reference}.`,
  ),
} as const;

function filterText(filters: { label: string; value: string }[]): string {
  return filters.length === 0 ? '' : ` (${filters.map(({ label, value }) => `${label}: ${value}`).join(', ')})`;
}

function fileText({ reference, sha256 }: { reference?: string | undefined; sha256?: string | undefined }): string {
  return reference === undefined ? '' : ` Rapportnummer ${reference}, SHA-256 ${sha256 ?? ''}.`;
}
