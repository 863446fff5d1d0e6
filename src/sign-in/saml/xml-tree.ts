import { SaxesParser } from 'saxes';

/** An element as plain data. `attributes` without namespace declarations; a prefixed one is `{uri}name`. */
export type XmlElement = {
  namespace: string;
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  /** The text directly inside, entities resolved; never beside child elements, save for white space. */
  text: string;
};

export class XmlFault extends Error {}

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 5000;
const MAX_ATTRIBUTES = 64;

/**
 * Reads XML that somebody else wrote: strict, namespace-aware, in one pass that stops at the limits, so that
 * nested or wide documents cost next to nothing. DTDs, entities, comments, CDATA and processing instructions
 * are refused before any parser sees the text: none belongs in a SAML message, and all have carried attacks.
 */
export function parseXml(xml: string): XmlElement {
  refuseDeclarations(xml);
  const { short, restored } = withoutLongTexts(xml);
  const builder = treeBuilder(restored);
  const parser = new SaxesParser({ xmlns: true, position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  let attributes = 0;
  parser.on('error', () => fail('not well-formed'));
  parser.on('xmldecl', ({ encoding }) => void (/^(utf-8)?$/i.test(encoding ?? '') || fail('not UTF-8')));
  parser.on('opentagstart', () => void (attributes = 0));
  parser.on('attribute', () => void (++attributes > MAX_ATTRIBUTES && fail('too many attributes')));
  parser.on('opentag', (tag) =>
    builder.open(tag.uri, tag.local, Object.values(tag.attributes).flatMap(plainAttribute)),
  );
  parser.on('text', builder.text);
  parser.on('closetag', builder.close);
  parser.write(short).close();
  return builder.root();
}

export function isElement(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespace === namespace;
}

export function childrenNamed(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return parent.children.filter((child) => isElement(child, namespace, name));
}

/** The one child of that name; null when there is none or more than one. */
export function onlyChild(parent: XmlElement, namespace: string, name: string): XmlElement | null {
  const [child, ...more] = childrenNamed(parent, namespace, name);
  return child && more.length === 0 ? child : null;
}

/** The element and everything below it, in document order. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}

/** False when two elements below carry the same id, whatever the attribute's case. */
export function hasUniqueIds(element: XmlElement): boolean {
  const ids = [...descendants(element)].flatMap(({ attributes }) =>
    ['ID', 'Id', 'id'].flatMap((name) => attributes.get(name) ?? []),
  );
  return new Set(ids).size === ids.length;
}

export function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function refuseDeclarations(xml: string): void {
  if (xml.includes('<!')) fail('DOCTYPE, comment or CDATA');
  if (xml.includes('<?', 1)) fail('processing instruction');
}

const standIn = '\uE000';
const standInPlace = /\uE000(\d+)\uE000/g;

/**
 * The parser looks at each character; ciphertext and certificates are many, and hold no markup. So they stand aside while
 * it parses. What follows them must be markup, else the text is left as it is. Where a character may be written as a number,
 * somebody could write the sign that stands for them: nothing stands aside then.
 */
function withoutLongTexts(xml: string): { short: string; restored: (text: string) => string } {
  if (xml.includes(standIn) || xml.includes('&#')) return { short: xml, restored: (text) => text };
  const texts: string[] = [];
  const short = xml.replace(
    /(?<=>)[A-Za-z0-9+/=\n]{512,}(?=<)/g,
    (text) => `${standIn}${texts.push(text) - 1}${standIn}`,
  );
  const restored = (text: string): string =>
    text.replace(standInPlace, (_, number) => texts[Number(number)] ?? fail('not well-formed'));
  return { short, restored };
}

function fail(message: string): never {
  throw new XmlFault(message);
}

function plainAttribute(attribute: { uri: string; prefix: string; local: string; name: string; value: string }) {
  const { uri, prefix, local, name, value } = attribute;
  if (prefix === 'xmlns' || name === 'xmlns') return [];
  return [[uri === '' ? local : `{${uri}}${local}`, value] as const];
}

function treeBuilder(restored: (text: string) => string) {
  type Draft = Omit<XmlElement, 'children'> & { children: Draft[] };
  const path: Draft[] = [];
  let root: Draft | null = null;
  let elements = 0;
  return {
    open(namespace: string, name: string, attributes: (readonly [string, string])[]): void {
      if (path.length >= MAX_DEPTH) fail('nested too deeply');
      if (++elements > MAX_ELEMENTS) fail('too many elements');
      const element: Draft = { namespace, name, attributes: new Map(attributes), children: [], text: '' };
      path.at(-1)?.children.push(element);
      root ??= element;
      path.push(element);
    },
    text(text: string): void {
      const current = path.at(-1);
      if (current) current.text += restored(text);
    },
    close(): void {
      const closed = path.pop();
      if (closed && closed.children.length > 0 && closed.text.trim() !== '') fail('text between elements');
    },
    root(): XmlElement {
      return root ?? fail('no element');
    },
  };
}
