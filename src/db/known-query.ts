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

/** What is known of a connection's statements, by their names; and the connection, but that it asks for no description. */
type Known = { described: Map<string, Described>; silent: Connection };

const knownOn = new WeakMap<Connection, Known>();

function knownOf(connection: Connection): Known {
  const found = knownOn.get(connection);
  if (found !== undefined) return found;
  const silent = Object.create(connection, { describe: { value: () => undefined } }) as Connection;
  const known = { described: new Map<string, Described>(), silent };
  knownOn.set(connection, known);
  return known;
}

/**
 * A prepared statement whose columns are asked for once a connection. They cannot change while it is prepared, and telling
 * and reading them anew costs a page with forty columns an eighth of its time.
 */
class KnownQuery extends pg.Query {
  #known: Known | undefined;

  prepare(connection: Connection): void {
    const own = this as unknown as Inside;
    this.#known = knownOf(connection);
    const described =
      connection.parsedStatements[own.name] === undefined ? undefined : this.#known.described.get(own.name);
    if (described === undefined) return inherited.prepare.call(this, connection);
    const { fields, _parsers, _prebuiltEmptyResultObject } = described;
    Object.assign(own._result, { fields, _parsers, _prebuiltEmptyResultObject });
    own._accumulateRows = true;
    inherited.prepare.call(this, this.#known.silent);
  }

  handleRowDescription(message: unknown): void {
    inherited.handleRowDescription.call(this, message);
    const { name, _result } = this as unknown as Inside;
    this.#known?.described.set(name, _result);
  }
}

const inherited = pg.Query.prototype as unknown as Inside;

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
