import { SaxesParser } from 'saxes';
import { refuse } from './refusal.ts';
import { textOrNull, type ReadNotes, type SorRow } from './sor-row.ts';
import { fieldOf, isIgnoredPart, rowsOf, type XmlEntity } from './xml-entity.ts';

const namespace = 'urn:oio:sundhedsstyrelsen:organisation:';
const kinds = new Map<string, SorRow['kind']>([
  ['InstitutionOwnerEntity', 'OWNER'],
  ['HealthInstitutionEntity', 'INSTITUTION'],
  ['OrganizationalUnitEntity', 'UNIT'],
]);
const mayStandIn: Record<SorRow['kind'], SorRow['kind'][]> = {
  OWNER: [],
  INSTITUTION: ['OWNER'],
  UNIT: ['INSTITUTION', 'UNIT'],
};

/**
 * The units of Sor.xml in the file's order. One owner with all its units is held at a time, so that it does not matter
 * whether a unit's own facts stand before or after the units inside it.
 */
export async function* readXmlRows(text: AsyncIterable<string>, notes: ReadNotes): AsyncGenerator<SorRow> {
  const reading = startReading(notes);
  for await (const piece of text) {
    reading.write(piece);
    yield* reading.takeRows();
  }
  reading.end();
  yield* reading.takeRows();
}

function startReading(notes: ReadNotes) {
  const parser = new SaxesParser({ xmlns: true });
  const unknown = new Set<string>();
  let closed: XmlEntity[][] = [];
  let entities: XmlEntity[] = [];
  let current: XmlEntity | null = null;
  let content = '';
  let sawRoot = false;
  let atEnd = false;

  parser.on('error', (error) => {
    const what = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    refuse(parser.line, atEnd ? `the XML has no end (${what}); is the file cut off?` : `the XML is broken: ${what}`);
  });
  parser.on('doctype', () => refuse(parser.line, 'a document type definition (DOCTYPE) is not accepted'));
  parser.on('text', (part) => (content += part));
  parser.on('cdata', (part) => (content += part));

  parser.on('opentag', ({ local, uri }) => {
    content = '';
    if (!sawRoot) assertRoot(local, uri);
    else if (kinds.has(local) && !current?.path.some(isIgnoredPart)) openEntity(local);
    else current?.path.push(local);
  });

  parser.on('closetag', ({ local }) => {
    if (current?.path.length === 0) return closeEntity();
    if (!current) return;
    takeContent(current, local);
    current.path.pop();
    content = '';
  });

  function assertRoot(local: string, uri: string): void {
    sawRoot = true;
    if (local !== 'SorTree')
      refuse(parser.line, `this is not a SOR file: it begins with <${local}>, expected <SorTree>`);
    if (!uri.startsWith(namespace)) refuse(parser.line, `this is not a SOR file: its namespace is "${uri}"`);
  }

  function openEntity(local: string): void {
    const kind = kinds.get(local) ?? 'UNIT';
    const fits = current ? mayStandIn[kind].includes(current.kind) : kind === 'OWNER';
    if (!fits)
      refuse(parser.line, `<${local}> stands ${current ? `in unit ${current.fields.code ?? '?'}` : 'in no owner'}`);
    current = { line: parser.line, kind, parent: current, path: [], fields: {} };
    entities.push(current);
  }

  function closeEntity(): void {
    current = current?.parent ?? null;
    if (current) return;
    closed.push(entities);
    entities = [];
  }

  function takeContent(entity: XmlEntity, local: string): void {
    if (local === 'ReplacedByEntityCollection') notes.replaced += 1;
    const field = fieldOf(entity.path);
    const value = textOrNull(content);
    if (field && value !== null) entity.fields[field] ??= value;
    if (field === null && entity.path.length === 1) unknown.add(local);
  }

  return {
    write: (piece: string) => void parser.write(piece),
    end(): void {
      atEnd = true;
      parser.close();
      notes.unknownColumns = [...unknown].slice(0, 50);
    },
    /** The units of the owners whose elements have closed since the last time. */
    *takeRows(): Generator<SorRow> {
      const taken = closed;
      closed = [];
      for (const owned of taken) yield* rowsOf(owned);
    },
  };
}
