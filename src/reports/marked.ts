import { foldForSearch } from '../shared/text.ts';

export type Part = { text: string; isFound: boolean };

/** The cell cut where the words stand that were looked for. */
export function marked(text: string, words: readonly string[]): Part[] {
  const [begins, ends] = firstOf(text, words) ?? [text.length, text.length];
  return [
    { text: text.slice(0, begins), isFound: false },
    { text: text.slice(begins, ends), isFound: true },
    { text: text.slice(ends), isFound: false },
  ].filter((part) => part.text !== '');
}

// Folding makes "ø" two letters: the place is looked up letter by letter.
function firstOf(text: string, words: readonly string[]): [number, number] | null {
  for (const word of words) {
    const at = foldForSearch(text).indexOf(word);
    if (at < 0) continue;
    const place = (folded: number): number => {
      let length = 0;
      for (let index = 0; index < text.length; index += 1) {
        if (length >= folded) return index;
        length += foldForSearch(text[index] ?? '').length;
      }
      return text.length;
    };
    return [place(at), place(at + word.length)];
  }
  return null;
}
