/** The spelling that searches compare: lower case, æ/ae, ø/oe and å/aa alike (search_fold in the database does the same). */
export function foldForSearch(text: string): string {
  return text.toLowerCase().replaceAll('å', 'aa').replaceAll('æ', 'ae').replaceAll('ø', 'oe');
}

/** The words of a search, folded; at most eight, since more only cost. */
export function searchWords(text: string): string[] {
  return foldForSearch(text).split(/\s+/).filter(Boolean).slice(0, 8);
}

/** A LIKE pattern that finds `word` anywhere, with its wildcards taken literally. */
export function likeAnywhere(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}

/** "1 bruger", "2 brugere": the number in Danish form with the right word. */
export function counted(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

const numbers = new Intl.NumberFormat('da-DK');

/** 1234 → "1.234" */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** ["a", "b", "c"] → "a, b og c" */
export function joinedWithAnd(parts: string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} og ${parts.at(-1)}`;
}

/** "12345678" → "12 34 56 78" */
export function formatCvr(cvr: string): string {
  return cvr.replace(/(\d\d)(?=\d)/g, '$1 ');
}
