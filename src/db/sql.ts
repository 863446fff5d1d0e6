import { Prisma } from './generated/client.ts';

export type Sql = Prisma.Sql;

/** A tagged SQL text; values become parameters, nested fragments are spliced in. */
export const sql = Prisma.sql;
export const joinSql = Prisma.join;
export const noSql = Prisma.empty;

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
