import type { Writable } from 'node:stream';
import { z } from 'zod';
import type { CellValue, ReportDocument } from '../reports/document.ts';
import type { Limit } from '../permissions/rules.ts';
import type { ReportOrder } from '../reports/prepare-report.ts';
import { plainChoice } from '../reports/report.ts';
import type { Written } from '../reports/write-hashed.ts';
import { randomGroups } from '../shared/reference.ts';

export type ExportForm = 'XLSX' | 'DOCX' | 'PDF' | 'CSV';

export type FormOfFile = {
  /** As a button says it: "Hent som Excel". */
  label: string;
  extension: string;
  type: string;
  write(document: ReportDocument, out: Writable): Promise<Written>;
};

/** The forms of a file. Each writer is loaded when it is first used: a process that only shows pages needs none. */
export const exportForms: Record<ExportForm, FormOfFile> = {
  XLSX: {
    label: 'Excel',
    extension: 'xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: async (document, out) => (await import('../reports/to-xlsx.ts')).toXlsx(document, out),
  },
  DOCX: {
    label: 'Word',
    extension: 'docx',
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    write: async (document, out) => (await import('../reports/to-docx.ts')).toDocx(document, out),
  },
  PDF: {
    label: 'PDF',
    extension: 'pdf',
    type: 'application/pdf',
    write: async (document, out) => (await import('../reports/to-pdf.ts')).toPdf(document, out),
  },
  CSV: {
    label: 'CSV',
    extension: 'csv',
    type: 'text/csv; charset=utf-8',
    write: async (document, out) => (await import('../reports/to-csv.ts')).toCsv(document, out),
  },
};

export const formNames = ['XLSX', 'DOCX', 'PDF', 'CSV'] as const satisfies readonly ExportForm[];

/** For so many days a file can be fetched. */
export const daysKept = 7;
/** So many files of one person may wait at a time. */
export const mostWaiting = 5;

// Crockford's digits: none of them is read as another.
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const referencePattern = /(?<![0-9A-Za-z])SEB(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![0-9A-Za-z])/;

/** "SEB-7K2Q-9FJM-3XW8": short enough to be typed from paper, and not guessed. */
export function newReference(): string {
  return `SEB-${randomGroups(digits)}`;
}

/** "alle-brugere_SEB-7K2Q-9FJM-3XW8.xlsx" */
export function fileNameOf({
  report,
  reference,
  form,
}: {
  report: string;
  reference: string;
  form: ExportForm;
}): string {
  return `${report}_${reference}.${exportForms[form].extension}`;
}

/** What is asked of a report besides which one and of whom, as the form of its page carries it. */
export const choiceShape = z.object({
  filters: z.record(
    z
      .string()
      .max(60)
      .regex(/^[\w-]*$/),
    z.string().max(2000).transform(plainChoice),
  ),
  columns: z.array(z.string().max(60)).max(100),
  sort: z.string().max(60).nullable(),
  isDescending: z.boolean().nullable(),
});

/** An order as it is kept. */
export const orderShape: z.ZodType<ReportOrder> = choiceShape.extend({
  reportId: z.string(),
  organisation: z.object({ id: z.int(), cvr: z.string(), name: z.string() }).nullable(),
  limit: z
    .custom<Limit>((limit) => typeof limit === 'string')
    .nullable()
    .optional(),
});

/** A report of more rows than are made while somebody waits. */
export class TooManyRows extends Error {}

/** The document, up to so many rows. @throws TooManyRows out of its rows */
export function upTo(most: number, document: ReportDocument): ReportDocument {
  return {
    ...document,
    rows: tapped(document.rows, (rows) => {
      if (rows > most) throw new TooManyRows();
    }),
  };
}

/** Tells how many rows have gone by, before each batch is handed on. */
export async function* tapped(
  rows: ReportDocument['rows'],
  tell: (rows: number) => void,
): AsyncGenerator<CellValue[][]> {
  let count = 0;
  for await (const batch of rows) {
    count += batch.length;
    tell(count);
    yield batch;
  }
}
