import type { PdfFile } from './pdf-file.ts';
import type { Page, PageElement } from './pdf-page.ts';

// The tree that tells a screen reader what the page shows (ISO 32000-1, 14.7): the document holds title, lines and one
// table; each page's rows are a body of that table, so that no list in the file grows with its rows but by the page.

const perNode = 100;

/** Writes pages with what they mean, and the trees that lead to them. */
export type PdfStructure = {
  addPage(page: Page, media: { width: number; height: number; resources: number }): Promise<Buffer[]>;
  /** Ends the trees; answers the entries that the catalogue needs for them. */
  end(): { pieces: Buffer[]; catalog: string; pages: number };
};

export function pdfStructure(file: PdfFile): PdfStructure {
  const [pagesRoot, structureRoot, document, table, parentTree] = file.allocate(5);
  const pageTree = chunkedTree(file);
  const parents = chunkedTree(file);
  const texts: number[] = [];
  const bodies: number[] = [];
  let count = 0;
  return {
    async addPage(page, { width, height, resources }) {
      const number = count++;
      const [content, node] = [file.allocate(1)[0] ?? 0, pageTree.node()];
      const built = structureOf(page.elements, { file, document, table });
      texts.push(...built.texts);
      if (built.body !== null) bodies.push(built.body);
      const dictionary = `<</Type/Page/Parent ${node} 0 R/MediaBox[0 0 ${width} ${height}]/Resources ${resources} 0 R/Contents ${content} 0 R/StructParents ${number}/Tabs/S>>`;
      pageTree.add(built.page);
      parents.add(built.parents);
      const pieces = [
        await file.stream(content, '', Buffer.from(page.content, 'latin1')),
        await file.together(built.page, [dictionary, ...built.bodies]),
      ];
      return [...pieces, ...pageTree.full(pageNode(pagesRoot)), ...parents.full(parentNode)];
    },
    end() {
      const pieces = [...pageTree.last(pageNode(pagesRoot)), ...parents.last(parentNode)];
      pieces.push(
        file.object(pagesRoot, `<</Type/Pages/Count ${count}/Kids[${references(pageTree.nodes)}]>>`),
        file.object(parentTree, `<</Kids[${references(parents.nodes)}]>>`),
        file.object(
          structureRoot,
          `<</Type/StructTreeRoot/K ${document} 0 R/ParentTree ${parentTree} 0 R/ParentTreeNextKey ${count}>>`,
        ),
        file.object(document, `<</S/Document/P ${structureRoot} 0 R/K[${references([...texts, table])}]>>`),
        file.object(table, `<</S/Table/P ${document} 0 R/K[${references(bodies)}]>>`),
      );
      const catalog = `/Pages ${pagesRoot} 0 R/StructTreeRoot ${structureRoot} 0 R/MarkInfo<</Marked true>>`;
      return { pieces, catalog, pages: count };
    },
  };
}

function references(objects: readonly number[]): string {
  return objects.map((object) => `${object} 0 R`).join(' ');
}

function pageNode(root: number): NodeBody {
  return (kids) => `<</Type/Pages/Parent ${root} 0 R/Count ${kids.length}/Kids[${references(kids)}]>>`;
}

function parentNode(kids: readonly number[], from: number): string {
  const entries = kids.map((kid, index) => `${from + index} ${kid} 0 R`);
  return `<</Limits[${from} ${from + kids.length - 1}]/Nums[${entries.join(' ')}]>>`;
}

type NodeBody = (kids: readonly number[], from: number) => string;
type ChunkedTree = {
  nodes: readonly number[];
  /** The node that the next one added will hang from. */
  node(): number;
  add(kid: number): void;
  /** The node's object once it has all its kids. */
  full(body: NodeBody): Buffer[];
  last(body: NodeBody): Buffer[];
};

/** A tree of two levels: thousands of kids in one list make viewers slow. */
function chunkedTree(file: PdfFile): ChunkedTree {
  const nodes: number[] = [];
  let kids: number[] = [];
  let added = 0;
  const node = (): number => {
    if (added % perNode === 0 && nodes.length * perNode === added) nodes.push(file.allocate(1)[0] ?? 0);
    return nodes.at(-1) ?? 0;
  };
  const last = (body: NodeBody): Buffer[] => {
    if (kids.length === 0) return [];
    const piece = file.object(nodes.at(-1) ?? 0, body(kids, added - kids.length));
    kids = [];
    return [piece];
  };
  return {
    nodes,
    node,
    add(kid) {
      node();
      kids.push(kid);
      added += 1;
    },
    full: (body) => (kids.length === perNode ? last(body) : []),
    last,
  };
}

type Built = {
  /** Of the page itself; `bodies` are the objects numbered after it. */
  page: number;
  bodies: string[];
  /** Object that lists which element each marked piece belongs to. */
  parents: number;
  texts: number[];
  body: number | null;
};

/** The page's part of the tree, with numbers that follow the page's. */
function structureOf(
  elements: readonly PageElement[],
  { file, document, table }: { file: PdfFile; document: number; table: number },
): Built {
  const rows = elements.filter((element) => element.kind === 'row');
  const cells = rows.reduce((sum, { marks }) => sum + marks.length, 0);
  const total = 2 + (elements.length - rows.length) + (rows.length > 0 ? 1 : 0) + rows.length + cells;
  const page = file.allocate(total)[0] ?? 0;
  const parents = page + 1;
  let next = page + 2;
  const bodies: string[] = [];
  const owners: number[] = [];
  const texts: number[] = [];
  for (const element of elements) {
    if (element.kind === 'row') continue;
    bodies.push(`<</S/${element.kind}/P ${document} 0 R/Pg ${page} 0 R/K ${element.mark}>>`);
    owners[element.mark] = next;
    texts.push(next++);
  }
  const body = rows.length > 0 ? next++ : null;
  if (body !== null) {
    const first = next;
    bodies.push(''); // the body, once its rows have numbers
    const place = bodies.length - 1;
    const numbers: number[] = [];
    const shown = `/Pg ${page} 0 R/K `;
    for (const { cell, marks } of rows) {
      const row = next++;
      numbers.push(row);
      bodies.push(`<</S/TR/P ${body} 0 R/K[${references(marks.map((_, index) => row + 1 + index))}]>>`);
      const start = `<</S/${cell}/P ${row} 0 R${cell === 'TH' ? '/A<</O/Table/Scope/Column>>' : ''}`;
      for (const mark of marks) {
        bodies.push(mark === null ? `${start}>>` : `${start}${shown}${mark}>>`);
        if (mark !== null) owners[mark] = next;
        next += 1;
      }
    }
    bodies[place] = `<</S/TBody/P ${table} 0 R/K[${references(numbers)}]>>`;
    if (first !== (numbers[0] ?? first)) throw new Error('The rows of the page have other numbers than expected');
  }
  return { page, bodies: [`[${references(owners)}]`, ...bodies], parents, texts, body };
}
