import { DatabaseSync } from "node:sqlite";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
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

/** How long another program may keep the database locked. */
const patienceMs = 5_000;
const sqliteBusy = 5;

/** SQLite does not wait when two programs turn the same new file to WAL at once: the second has to come back. */
async function whileBusy(work: () => void): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const { errcode } = error as { readonly errcode?: number };
      const isBusy = errcode !== undefined && (errcode & 0xff) === sqliteBusy;
      if (!isBusy || Date.now() >= until) throw error;
      await sleep(20);
    }
  }
}

/**
 * Opens (and brings up to date) the database at `path`; `:memory:` for tests.
 * WAL with synchronous FULL: what is committed survives a power cut. Throws SchemaError, or what SQLite says.
 */
export async function openStore(path: string): Promise<Store> {
  const database = new DatabaseSync(path, { timeout: patienceMs });
  try {
    await whileBusy(() => {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
      migrate(database);
    });
  } catch (error) {
    database.close();
    throw error;
  }
  const store = new Kysely<Tables>({ dialect: new TurnTakingDialect({ database: adapt(database) }) });
  // One that has never been used does not close its database.
  await store.connection().execute(async () => {});
  return store;
}
