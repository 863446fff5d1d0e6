import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { lineOfJsonFault, lineOfJsonPath, messageOf } from './json-lines.ts';

/** A services file that cannot be used; `faults` say where and why. Nothing has been changed. */
export class ServicesFileError extends Error {
  override readonly name = 'ServicesFileError';
  readonly faults: readonly string[];

  constructor(fileName: string, faults: readonly string[]) {
    super([`${fileName} cannot be used; nothing was changed:`, ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.faults = faults;
  }
}

// A control character may hide in a copied name and would be refused by the database without a line number.
const text = (longest: number) =>
  z
    .string()
    .normalize('NFC')
    .trim()
    .min(1, 'is empty')
    .max(longest, `is longer than ${longest} characters`)
    .regex(/^\P{Cc}*$/u, 'holds a control character');

const role = z.strictObject({
  kode: text(100),
  navn: text(200),
  kraeverSor: z.boolean(),
  kraeverCpr: z.boolean(),
  kilde: text(100),
  beskrivelse: text(2000).optional(),
  synonymer: z.array(text(100)).max(50).optional(),
  foelsomhed: z.enum(['NORMAL', 'SENSITIVE', 'VERY_SENSITIVE']).optional(),
});

const service = z.strictObject({
  kode: text(100),
  navn: text(200),
  ejer: text(200),
  kilde: text(100),
  beskrivelse: text(2000).optional(),
  roller: z.array(role).min(1, 'has no role'),
});

const services = z.array(service).min(1, 'holds no service').superRefine(refuseDuplicates);

/** The list alone, as its owners hand it out, or below a heading ("om") that says what is the project's own. */
const withHeading = z.strictObject({ om: z.record(z.string(), z.unknown()), services });

export type ServiceInFile = z.output<typeof service>;
export type RoleInFile = z.output<typeof role>;

/** Reads a services file's content. @throws ServicesFileError with every fault and its line */
export function parseServices(content: Buffer, fileName: string): ServiceInFile[] {
  const json = readJson(content, fileName);
  const list: unknown = parseJson(json, fileName);
  const parsed = Array.isArray(list) ? services.safeParse(list) : withHeading.safeParse(list);
  if (parsed.success) return Array.isArray(parsed.data) ? parsed.data : parsed.data.services;
  throw new ServicesFileError(
    fileName,
    parsed.error.issues.flatMap((issue) => faultsOf(issue, json, list)).slice(0, 50),
  );
}

function readJson(content: Buffer, fileName: string): string {
  if (!isUtf8(content)) {
    const line = linesOf(content).findIndex((bytes) => !isUtf8(bytes)) + 1;
    throw new ServicesFileError(fileName, [`line ${line}: not UTF-8 (windows-1252, perhaps?); save it as UTF-8`]);
  }
  const json = content.toString('utf8').replace(/^\uFEFF/, '');
  // What remains of æ, ø and å after a wrong conversion; neither is a Danish letter.
  const spoilt = json.split('\n').flatMap((line, index) => (/[\uFFFDÃ]/.test(line) ? [index + 1] : []));
  if (spoilt.length === 0) return json;
  throw new ServicesFileError(
    fileName,
    spoilt.slice(0, 5).map((line) => `line ${line}: letters were spoilt by a wrong conversion (“�” or “Ã”)`),
  );
}

function linesOf(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start <= content.length;) {
    const end = content.indexOf('\n', start);
    lines.push(content.subarray(start, end === -1 ? content.length : end));
    start = end === -1 ? content.length + 1 : end + 1;
  }
  return lines;
}

function parseJson(json: string, fileName: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ServicesFileError(fileName, [`line ${lineOfJsonFault(json)}: not JSON: ${messageOf(error)}`]);
  }
}

function faultsOf(issue: z.core.$ZodIssue, json: string, list: unknown): string[] {
  const fields = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const places = fields.length > 0 ? fields.map((field) => [...issue.path, field]) : [issue.path];
  return places.map((path) => {
    const reason = fields.length > 0 ? 'is not a known field' : reasonOf(issue, list);
    return `line ${lineOfJsonPath(json, path)}: ${nameOfPlace(path, list)} ${reason}`;
  });
}

function reasonOf(issue: z.core.$ZodIssue, list: unknown): string {
  const isMissing = issue.code === 'invalid_type' && valueAt(list, issue.path) === undefined;
  return isMissing ? 'is missing' : issue.message;
}

/** "service plov, role plovGodkender, navn": codes say more than numbers, where they are there. */
function nameOfPlace(path: readonly PropertyKey[], list: unknown): string {
  const parts = path.flatMap((key, depth) => {
    if (typeof key !== 'number') return depth === path.length - 1 ? [String(key)] : [];
    const kind = path[depth - 1] === 'roller' ? 'role' : path[depth - 1] === 'synonymer' ? 'synonym' : 'service';
    const code = valueAt(list, [...path.slice(0, depth + 1), 'kode']);
    return [`${kind} ${typeof code === 'string' && code.trim() !== '' ? code : `number ${key + 1}`}`];
  });
  return parts.join(', ') || 'the file';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return Object.getOwnPropertyDescriptor(inner, key)?.value;
  }, value);
}

function refuseDuplicates(list: z.output<typeof service>[], context: z.core.$RefinementCtx): void {
  reportDuplicates(list, [], context);
  list.forEach(({ roller }, index) => reportDuplicates(roller, [index, 'roller'], context));
}

function reportDuplicates(coded: { kode: string }[], path: PropertyKey[], context: z.core.$RefinementCtx): void {
  const firstAt = new Map<string, number>();
  coded.forEach(({ kode }, index) => {
    const first = firstAt.get(kode);
    if (first === undefined) firstAt.set(kode, index);
    else context.issues.push({ code: 'custom', message: 'stands twice', input: kode, path: [...path, index, 'kode'] });
  });
}
