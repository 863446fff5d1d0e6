import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

export type OpenSchemaEngine = AsyncDisposable & {
  engine: bindings.SchemaEngine;
  /** What PostgreSQL said of the last script: the engine's own error tells only where inside the engine it came up. */
  scriptError: () => string | null;
};

/**
 * Prisma's own schema engine as WebAssembly: the same as behind `prisma migrate`, whose binary cannot be
 * downloaded where only the package registry can be reached.
 */
export function openSchemaEngine(connectionUrl: string): Promise<OpenSchemaEngine> {
  return startEngine(new WholeScriptAdapter({ connectionString: connectionUrl }));
}

/** An engine for comparing schema files, which asks PostgreSQL for its version and for nothing else. */
export function openSchemaEngineWithoutDatabase(): Promise<OpenSchemaEngine> {
  return startEngine(new VersionOnlyAdapter({}));
}

export const noFilters = { externalTables: [], externalEnums: [] };

type Connection = Awaited<ReturnType<PrismaPg['connect']>>;

/** The engine leaves its connections open; an idle one keeps a database from being copied, and us from ending. */
class RememberingAdapter extends PrismaPg {
  readonly #connections: Connection[] = [];
  scriptError: string | null = null;

  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    this.#connections.push(connection);
    return connection;
  }

  async disposeAll(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.dispose()));
  }
}

/** The adapter cuts a script at each semicolon, which breaks function bodies; PostgreSQL reads whole scripts itself. */
class WholeScriptAdapter extends RememberingAdapter {
  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    connection.executeScript = async (script) => {
      try {
        await connection.underlyingDriver().query(script);
      } catch (error) {
        this.scriptError = sentenceOf(error, script);
        throw error;
      }
    };
    return connection;
  }
}

function sentenceOf(error: unknown, script: string): string {
  if (!(error instanceof pg.DatabaseError)) return String(error);
  const line = error.position ? `line ${script.slice(0, Number(error.position)).split('\n').length}: ` : '';
  return [`${line}${error.message} (${error.code})`, error.detail, error.hint].filter(Boolean).join('\n');
}

class VersionOnlyAdapter extends RememberingAdapter {
  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    connection.queryRaw = async () => ({
      columnNames: ['exists', 'version', 'numeric_version'],
      columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
      rows: [[true, 'PostgreSQL 18.0', 180000]],
    });
    return connection;
  }
}

async function startEngine(adapter: RememberingAdapter): Promise<OpenSchemaEngine> {
  await loadBindings();
  const factory = bindMigrationAwareSqlAdapterFactory(adapter);
  const engine = await bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory);
  return {
    engine,
    scriptError: () => adapter.scriptError,
    async [Symbol.asyncDispose]() {
      engine.free();
      await adapter.disposeAll();
    },
  };
}

let loading: Promise<void> | undefined;

function loadBindings(): Promise<void> {
  loading ??= instantiate();
  return loading;
}

async function instantiate(): Promise<void> {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const binary = await readFile(path.join(path.dirname(script), 'schema_engine_bg.wasm'));
  const module = await WebAssembly.compile(binary);
  // The package's own entry imports the .wasm file as a module, which Node does not do by itself.
  const { __wbg_set_wasm: setWasm, ...imports } = bindings as unknown as WasmGlue;
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': withoutWaiting(imports) });
  setWasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

/** The engine limits its wait for a lock to 10 s and forgets the timer, which would keep every process alive that long. */
function withoutWaiting(imports: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const name = Object.keys(imports).find((key) => key.startsWith('__wbg_setTimeout_'));
  if (!name) return imports;
  const set = imports[name] as (callback: () => void, ms: number) => NodeJS.Timeout;
  return { ...imports, [name]: (callback: () => void, ms: number) => set(callback, ms).unref() };
}

type WasmGlue = { __wbg_set_wasm: (exports: WebAssembly.Exports) => void } & WebAssembly.ModuleImports;
