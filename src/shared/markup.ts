/** A piece of a line: text, or a link. */
export type Span = { text: string; href: string | null };

export type Block =
  | { kind: 'heading'; text: string; id: string }
  | { kind: 'paragraph'; lines: Span[][] }
  | { kind: 'list'; items: Span[][] };

/**
 * Reads the small markup of the system owner's texts: an empty line ends a paragraph, "## " begins a heading, "- " an item
 * of a list, and [text](address) or a bare https address is a link. Nothing else means anything: what is written is shown.
 */
export function readMarkup(source: string): Block[] {
  const paragraphs = source.replaceAll('\r\n', '\n').split(/\n(?:[ \t]*\n)+/);
  return paragraphs.flatMap((part) => blocksOf(part.split('\n').filter((line) => line.trim() !== '')));
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const heading = /^##\s+(.+)$/.exec(line)?.[1]?.trim();
    const item = /^-\s+(.+)$/.exec(line)?.[1]?.trim();
    if (heading !== undefined) blocks.push({ kind: 'heading', text: heading, id: slugOf(heading) });
    else if (item !== undefined) listAtEnd(blocks).push(readSpans(item));
    else paragraphAtEnd(blocks).push(readSpans(line.trim()));
  }
  return blocks;
}

function listAtEnd(blocks: Block[]): Span[][] {
  const last = blocks.at(-1);
  if (last?.kind === 'list') return last.items;
  const items: Span[][] = [];
  blocks.push({ kind: 'list', items });
  return items;
}

function paragraphAtEnd(blocks: Block[]): Span[][] {
  const last = blocks.at(-1);
  if (last?.kind === 'paragraph') return last.lines;
  const lines: Span[][] = [];
  blocks.push({ kind: 'paragraph', lines });
  return lines;
}

const link = /\[([^\]\n]{1,200})\]\(([^()\s]{1,500})\)|(https:\/\/[^\s<>()"]{1,500}[^\s<>()".,;:!?])/g;

function readSpans(line: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const found of line.matchAll(link)) {
    const [whole, text = '', address = '', bare] = found;
    const href = bare ?? address;
    if (!isHarmless(href)) continue;
    if (found.index > at) spans.push({ text: line.slice(at, found.index), href: null });
    spans.push({ text: bare ?? text, href });
    at = found.index + whole.length;
  }
  if (at < line.length) spans.push({ text: line.slice(at), href: null });
  return spans;
}

/** A page of the web, a mail address or a path of our own: nothing that runs, and no other origin in a path's clothes. */
function isHarmless(href: string): boolean {
  if (/^\/(?![/\\])[^\\]*$/.test(href)) return true;
  return URL.canParse(href) && /^(https?|mailto|tel):$/.test(new URL(href).protocol);
}

function slugOf(heading: string): string {
  const plain = heading.toLowerCase().replaceAll('æ', 'ae').replaceAll('ø', 'oe').replaceAll('å', 'aa');
  return `afsnit-${plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}`;
}
