import type { FieldDef, PoolClient } from 'pg';
import pg from 'pg';

/** What PostgreSQL told of a statement's columns, and what the library made of it. */
type Described = { fields: FieldDef[]; _parsers: unknown[]; _prebuiltEmptyResultObject: object };
type Connection = { parsedStatements: Record<string, string | undefined>; describe(message: object): void };
/** The parts of the library's query that its types do not tell of; tests/integration/known-query.test.ts holds them fast. */
type Inside = {
  name: string;
  _result: Described;
  _accumulateRows: boolean;
  prepare(connection: Connection): void;
  handleRowDescription(message: unknown): void;
};

const describedOn = new WeakMap<Connection, Map<string, Described>>();

/**
 * A prepared statement whose columns are asked for once a connection. They cannot change while it is prepared, and telling
 * and reading them anew costs a page with forty columns an eighth of its time.
 */
class KnownQuery extends pg.Query {
  #described: Map<string, Described> = new Map();

  prepare(connection: Connection): void {
    const { name, _result } = this as unknown as Inside;
    const described = describedOn.get(connection) ?? this.#described;
    describedOn.set(connection, described);
    this.#described = described;
    const known = connection.parsedStatements[name] === undefined ? undefined : described.get(name);
    if (known === undefined) return inherited.prepare.call(this, connection);
    const { fields, _parsers, _prebuiltEmptyResultObject } = known;
    Object.assign(_result, { fields, _parsers, _prebuiltEmptyResultObject });
    (this as unknown as Inside)._accumulateRows = true;
    inherited.prepare.call(this, withoutDescribing(connection));
  }

  handleRowDescription(message: unknown): void {
    inherited.handleRowDescription.call(this, message);
    const { name, _result } = this as unknown as Inside;
    this.#described.set(name, _result);
  }
}

const inherited = pg.Query.prototype as unknown as Inside;
const silent = new WeakMap<Connection, Connection>();

function withoutDescribing(connection: Connection): Connection {
  const found = silent.get(connection);
  if (found !== undefined) return found;
  const made = Object.create(connection, { describe: { value: () => undefined } }) as Connection;
  silent.set(connection, made);
  return made;
}

/** Asks a prepared statement; the same name is always the same text. */
export function ask<Row>(
  of: pg.Pool | PoolClient,
  query: { name: string; text: string; values: unknown[] },
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const answered = (error: Error | undefined, result: { rows: Row[] }): void => {
      if (error === undefined || error === null) return resolve(result.rows);
      Error.captureStackTrace(error); // else it tells of the socket, not of who asked
      reject(error);
    };
    (of as { query(asked: KnownQuery, done: typeof answered): void }).query(new KnownQuery(query), answered);
  });
}
