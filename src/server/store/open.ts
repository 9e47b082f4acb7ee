import { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import { whileBusy } from "./busy.ts";
import { NodeSqliteDialect } from "./driver.ts";
import { migrate } from "./migrate.ts";
import type { Store, Tables } from "./schema.ts";

/** How long another program may keep the database locked at the start. */
const patienceMs = 5_000;

/** The disk does not take SQLite's write-ahead log. The message is a sentence for the operator. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

function requireWal(database: DatabaseSync): void {
  const { journal_mode: mode } = database.prepare("PRAGMA journal_mode = WAL").get() ?? {};
  if (mode !== "wal" && database.location() !== null)
    throw new JournalError(
      `Its disk cannot keep SQLite's write-ahead log (it offers the journal mode ${String(mode)}); most likely it is a network disk. Put the folder on a local one.`,
    );
}

/**
 * Opens (and brings up to date) the database at `path`; `:memory:` for tests.
 * WAL with synchronous FULL: what is committed survives a power cut. Throws SchemaError, JournalError, or what SQLite says.
 */
export async function openStore(path: string): Promise<Store> {
  // Its own wait for a lock would stop the whole thread.
  return openStoreIn(new DatabaseSync(path, { timeout: 0 }));
}

/** As `openStore`, over a database that nobody else here uses. Closes it when it throws. */
export async function openStoreIn(database: DatabaseSync): Promise<Store> {
  try {
    // Of two programs that turn the same new file to WAL at once, the second has to come back anyway.
    await whileBusy(() => {
      requireWal(database);
      // What is deleted is overwritten: a picture's key must not be found in the file any more.
      database.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;");
      migrate(database);
    }, performance.now() + patienceMs);
  } catch (error) {
    database.close();
    throw error;
  }
  const store = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  // One that has never been used does not close its database.
  await store.connection().execute(async () => {});
  return store;
}

/** Leaves nothing of before in SQLite's write-ahead log. False while another program reads from the database: it stays as it is then. */
export async function truncateWal(store: Store): Promise<boolean> {
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(store);
  return rows[0]?.busy !== 1;
}

class Undo extends Error {}

/** Writes a little and takes it back. Throws what SQLite says: that the database is full, locked, read-only. */
export async function tryWritingStore(store: Store): Promise<void> {
  const trial = store.transaction().execute(async (trx) => {
    await sql`create table trial (id text)`.execute(trx);
    throw new Undo();
  });
  await trial.catch((cause: unknown) => {
    if (!(cause instanceof Undo)) throw cause;
  });
}
