import { SaxesParser } from 'saxes';

export type Attributes = Record<string, string>;

export type Handlers = {
  /** Names without their prefix. */
  open?(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
};

/** Reads XML as it comes; a document type (and so every entity of its own) is refused, and what a handler throws ends it. */
export async function readParts(bytes: AsyncIterable<Buffer>, handlers: Handlers): Promise<void> {
  const parser = newParser(handlers);
  for await (const text of textOf(bytes)) parser.write(text);
  parser.close();
}

function newParser({ open, text, close }: Handlers): SaxesParser {
  const parser = new SaxesParser();
  parser.on('doctype', () => {
    throw new Error('a document type has no place in a sheet');
  });
  parser.on('error', (error) => {
    throw error;
  });
  if (open) parser.on('opentag', (tag) => open(local(tag.name), withoutPrefixes(tag.attributes as Attributes)));
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  if (close) parser.on('closetag', (tag) => close(local(tag.name)));
  return parser;
}

async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function withoutPrefixes(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), value]));
}
