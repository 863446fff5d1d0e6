import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ejs from 'ejs';

type Template = (model: object) => string;

export type Views = {
  /** Renders `views/<name>.ejs`; the template reads its model as `it`. */
  render(name: string, model: object): string;
};

type ViewOptions = {
  /** In tests: reading what the page did not give is a fault. */
  strict?: boolean;
  /** What every view may read besides its model. */
  globals?: Readonly<Record<string, string>>;
};

/**
 * Compiles every template at start, so that a broken one stops the start and not a page. Templates read `it.name` (no
 * `with`, which costs most of EJS's time) and include with `it.partial('partials/x', { … })`.
 */
export function loadViews(folder: string, { strict = false, globals = {} }: ViewOptions = {}): Views {
  const templates = new Map<string, Template>();
  const render = (name: string, model: object): string => {
    const template = templates.get(name);
    if (template === undefined) throw new Error(`There is no view ${name}`);
    const full = { ...globals, ...model, partial: render };
    return template(strict ? new Proxy(full, { get: readStrictly(name) }) : full);
  };
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.ejs'))
      templates.set(file.slice(0, -4).replaceAll(path.sep, '/'), compile(path.join(folder, file), strict));
  }
  return { render };
}

function compile(file: string, strict: boolean): Template {
  const options = {
    filename: file,
    _with: false,
    localsName: 'it',
    compileDebug: false,
    escape: escapeHtml,
    // EJS hands its templates a copy of the model; the strict reading is lost in the copy.
    unsafePrototypeLocals: strict,
  };
  return ejs.compile(readFileSync(file, 'utf8'), options) as Template;
}

// In tests a property that the page did not give is a fault, since EJS would print nothing for it.
function readStrictly(view: string): (target: object, key: string | symbol) => unknown {
  return (target, key) => {
    if (typeof key === 'string' && !(key in target))
      throw new Error(`views/${view}.ejs reads it.${key}, which its page does not give`);
    return Reflect.get(target, key);
  };
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** For text and quoted attributes; null and undefined print nothing. */
export function escapeHtml(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : String(value as number);
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (found) => escapes[found] ?? found) : text;
}
