import { z } from 'zod';

/** Where a keyset page begins: after (or before) a row's sort values and id, with the page number that is shown; 0 = unknown. */
export type Cursor = { direction: 'after' | 'before'; values: string[]; id: number; page: number };

const cursorForm = z.object({
  d: z.enum(['after', 'before']),
  v: z.array(z.string().max(300)).max(6),
  i: z.int().min(0).max(2_147_483_647),
  p: z.int().min(0).max(10_000_000),
});

export function encodeCursor({ direction, values, id, page }: Cursor): string {
  return Buffer.from(JSON.stringify({ d: direction, v: values, i: id, p: page })).toString('base64url');
}

/** A cursor out of a URL, or null when it is none: the list then begins at its first page. */
export function decodeCursor(text: string, columns: number): Cursor | null {
  if (text === '' || text.length > 2000) return null;
  try {
    const parsed = cursorForm.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (!parsed.success || parsed.data.v.length !== columns || parsed.data.v.some(hasNul)) return null;
    const { d, v, i, p } = parsed.data;
    return { direction: d, values: v, id: i, page: p };
  } catch {
    return null;
  }
}

function hasNul(value: string): boolean {
  return value.includes('\0');
}
