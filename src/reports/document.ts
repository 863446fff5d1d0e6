// What a report is once its definition has been asked and before a form (Excel, Word, PDF, CSV) has been chosen: typed
// cells, so that a code keeps its digits and a date is a date in every one of them.

/** `code` is text made of digits (CVR, RID, SOR): never a number. Dates are ISO text: `2026-11-30`, or with time and `Z`. */
export type CellFormat = 'text' | 'code' | 'number' | 'date' | 'dateTime' | 'yesNo';

/** Null is an empty cell. */
export type CellValue = string | number | boolean | null;

export type DocumentColumn = {
  label: string;
  /** In characters: what is usual in the column, not the longest. */
  width: number;
  format: CellFormat;
};

export type DocumentHead = {
  title: string;
  /** Null where the report is of more than one organisation. */
  organisation: { name: string; cvr: string } | null;
  /** What was asked for, in the words of the page: `{ label: 'Rolle', value: 'Klinisk se adgang' }`. */
  filters: readonly { label: string; value: string }[];
  madeBy: string;
  madeAt: Date;
  /** By which the page "Kontrollér" knows the file again. */
  reference: string;
};

export type ReportDocument = {
  head: DocumentHead;
  columns: readonly DocumentColumn[];
  /** Batches of up to 1,000 rows; each row has a cell for every column. */
  rows: AsyncIterable<CellValue[][]>;
};
