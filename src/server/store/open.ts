import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { Kysely, SqliteDialect, type SqliteDialectConfig, SqliteDriver } from "kysely";
import { migrate } from "./migrate.ts";
import type { Store, Tables } from "./schema.ts";

/** kysely's view of a database, over Node's own SQLite. */
function adapt(database: DatabaseSync): SqliteDialectConfig["database"] {
  return {
    close: () => database.close(),
    prepare(sql: string) {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as never[])),
        run(parameters) {
          const { changes, lastInsertRowid } = statement.run(...(parameters as never[]));
          return { changes, lastInsertRowid };
        },
        iterate: (parameters) => statement.iterate(...(parameters as never[])) as IterableIterator<unknown>,
      };
    },
  };
}

/**
 * SQLite works, and waits for the disk, on this very thread. A turn of the event loop before each query and transaction
 * keeps many at once from holding up everything else.
 */
class TurnTakingDriver extends SqliteDriver {
  override async acquireConnection(): ReturnType<SqliteDriver["acquireConnection"]> {
    await setImmediate();
    return super.acquireConnection();
  }
}

class TurnTakingDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): TurnTakingDriver {
    return new TurnTakingDriver(this.#config);
  }
}

/**
 * Opens (and brings up to date) the database at `path`; `:memory:` for tests.
 * WAL with synchronous FULL: what is committed survives a power cut.
 */
export async function openStore(path: string): Promise<Store> {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  const store = new Kysely<Tables>({ dialect: new TurnTakingDialect({ database: adapt(database) }) });
  await migrate(store);
  return store;
}
