type Container = { key: string | number | null; isArray: boolean };

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g;

/**
 * The line of a value in valid JSON text, counted from 1. Where the path leads to nothing (a missing field), the line of
 * the nearest value around it.
 */
export function lineOfJsonPath(json: string, path: readonly PropertyKey[]): number {
  const wanted = path.map(String);
  let best = { line: 1, depth: -1 };
  for (const value of valuesOf(json)) {
    const isOnTheWay = value.path.every((key, depth) => key === wanted[depth]);
    if (isOnTheWay && value.path.length > best.depth) best = { line: value.line, depth: value.path.length };
  }
  return best.line;
}

/** Each value of the text with its line and path, in the order of the text. */
function* valuesOf(json: string): Generator<{ path: string[]; line: number }> {
  const open: Container[] = [];
  let line = 1;
  for (const [token] of json.matchAll(tokens)) {
    const inside = open.at(-1);
    if (token === '\n') line += 1;
    else if (token === ',' && inside) inside.key = inside.isArray ? Number(inside.key) + 1 : null;
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' || token === ',') continue;
    else if (inside && !inside.isArray && inside.key === null) inside.key = String(JSON.parse(token));
    else {
      yield { path: open.map(({ key }) => String(key)), line };
      if (token === '{') open.push({ key: null, isArray: false });
      if (token === '[') open.push({ key: 0, isArray: true });
    }
  }
}

/** The line at which text stops being JSON, counted from 1; its last line where it only ends too soon. */
export function lineOfJsonFault(text: string): number {
  const lines = text.split('\n');
  let [low, high] = [1, lines.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isFaulty(lines.slice(0, middle).join('\n'))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** V8 names no position for most faults, so we ask it whether the beginning could still become JSON. */
function isFaulty(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const message = messageOf(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const isAtEnd = position !== undefined && Number(position) >= beginning.trimEnd().length;
    return message.startsWith('Unterminated') || !(message.startsWith('Unexpected end') || isAtEnd);
  }
}

export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
}
