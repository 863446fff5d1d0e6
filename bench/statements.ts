import pg from 'pg';

/** A statement as it went to the database. */
export type Statement = { text: string; values: unknown[] };

type Query = (this: pg.Client, ...given: unknown[]) => unknown;

/** Notes every statement that the process sends until `stop` is called; nothing is slowed down before or after. */
export function recordStatements(): { stop: () => Statement[] } {
  const heard: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const genuine = prototype.query;
  prototype.query = function (this: pg.Client, ...given: unknown[]) {
    heard.push(statementOf(given));
    return genuine.apply(this, given);
  };
  return {
    stop: () => {
      prototype.query = genuine;
      return heard;
    },
  };
}

function statementOf([first, second]: unknown[]): Statement {
  if (typeof first === 'string') return { text: first, values: Array.isArray(second) ? second : [] };
  const { text = '', values = [] } = first as { text?: string; values?: unknown[] };
  return { text, values };
}

export function isTransactionControl({ text }: Statement): boolean {
  return /^\s*(begin|commit|rollback)/i.test(text);
}
