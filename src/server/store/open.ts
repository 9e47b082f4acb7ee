import { DatabaseSync } from "node:sqlite";
import { Kysely, SqliteDialect } from "kysely";
import { migrate } from "./migrate.ts";
import type { Store, Tables } from "./schema.ts";

/** kysely's view of a database, over Node's own SQLite. */
function adapt(database: DatabaseSync): ConstructorParameters<typeof SqliteDialect>[0]["database"] {
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
 * Opens (and brings up to date) the database at `path`; `:memory:` for tests.
 * WAL with synchronous FULL: what is committed survives a power cut.
 */
export async function openStore(path: string): Promise<Store> {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  const store = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(database) }) });
  await migrate(store);
  return store;
}
