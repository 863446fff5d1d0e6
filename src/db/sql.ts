// Prisma's own texts without its client, which a process that only reads need not load.
import type { Sql } from '@prisma/client-runtime-utils';
import { empty, join, raw, sql } from '@prisma/client-runtime-utils';

export type { Sql };

/** A tagged SQL text; values become parameters, nested fragments are spliced in. */
export { sql };
export const joinSql = join;
export const noSql = empty;

/** A name out of our own code, in double quotes; nothing that anybody typed. */
export function nameSql(name: string): Sql {
  if (!/^[a-z]+$/i.test(name)) throw new Error(`${name} is no name of a column`);
  return raw(`"${name}"`);
}

/** Names statements so that PostgreSQL plans each once per connection; bounded, since texts with lists vary. */
export function statementNames(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= 500) return ''; // unnamed: planned each time
    const name = `p${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}
