import { isCvr, isSorCode, type CvrCheck } from '../../shared/danish-numbers.ts';
import type { FaultList } from './refusal.ts';
import type { SorRow } from './sor-row.ts';

const longestText = 300;
/** What Danish letters become when UTF-8 is read as something else, or the other way round. */
const brokenLetters = /[\ufffdÃ]/;
const controlCharacters = /\p{Cc}/u;

/** Notes what is wrong with the unit by itself and gives it back with its dates as åååå-mm-dd. */
export function checkRow(row: SorRow, cvrCheck: CvrCheck, faults: FaultList): SorRow {
  const fault = (message: string) => faults.add(row.line, message);
  if (!isSorCode(row.code)) fault(codeFault(row.code));
  if (row.name === '') fault(`unit ${row.code} has no name`);
  if (row.ownerCvr !== null && !isCvr(row.ownerCvr, cvrCheck)) fault(`"${row.ownerCvr}" is not a CVR number`);
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'string') checkText(column, value, fault);
  }
  return { ...row, validFrom: dateOf(row.validFrom, fault), closedOn: dateOf(row.closedOn, fault) };
}

function codeFault(code: string): string {
  if (code === '') return 'the unit has no SOR code';
  return /^\d{6,18}$/.test(code) ? `SOR code ${code} has a wrong check digit` : `"${code}" is not a SOR code`;
}

function checkText(column: string, value: string, fault: (message: string) => void): void {
  if (brokenLetters.test(value)) fault(`wrong encoding: "${value}" (${column}) has broken letters`);
  if (controlCharacters.test(value)) fault(`${column} holds control characters`);
  if (value.length > longestText) fault(`${column} is longer than ${longestText} characters`);
}

/** Registers write åååå-mm-dd, with or without a time, or dd-mm-åååå; a date in the year 9999 means none. */
function dateOf(text: string | null, fault: (message: string) => void): string | null {
  if (text === null) return null;
  const iso =
    /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(text)?.[1] ?? text.replace(/^(\d{2})-(\d{2})-(\d{4})$/, '$3-$2-$1');
  if (isCalendarDate(iso)) return iso.startsWith('9999') ? null : iso;
  fault(`"${text}" is not a date`);
  return null;
}

function isCalendarDate(iso: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return false;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}
