import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import {
  CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  RawNode,
  SelectQueryNode,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { isBusy, whileBusy } from "./busy.ts";

/** How long queries wait while another program keeps the database locked. */
const patienceMs = 2_000;

const begin = CompiledQuery.raw("begin immediate");

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

/** Reading works while another program writes, and says nothing about the lock. */
function isWrite(query: CompiledQuery): boolean {
  return query === begin || !(SelectQueryNode.is(query.query) || RawNode.is(query.query));
}

/** Asks again while the database is locked. */
class PatientConnection implements DatabaseConnection {
  readonly streamQuery: DatabaseConnection["streamQuery"];
  readonly #connection: DatabaseConnection;
  /** Once one has waited in vain, the next ask only once until a write succeeds: else each would wait behind all before it. */
  #waitedInVain = false;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
    this.streamQuery = (query, size) => connection.streamQuery(query, size);
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const until = performance.now() + (this.#waitedInVain ? 0 : patienceMs);
    try {
      const result = await whileBusy(() => this.#connection.executeQuery<Row>(query), until);
      if (isWrite(query)) this.#waitedInVain = false;
      return result;
    } catch (error) {
      if (isBusy(error)) this.#waitedInVain = true;
      throw error;
    }
  }
}

/**
 * SQLite works, and waits for the disk, on this very thread. A turn of the event loop before each query and transaction
 * keeps many at once from holding up everything else.
 */
class TurnTakingDriver extends SqliteDriver {
  readonly #database: DatabaseSync;
  #connection: PatientConnection | undefined;

  constructor(database: DatabaseSync, config: SqliteDialectConfig) {
    super(config);
    this.#database = database;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await setImmediate();
    // Left by a rollback that failed.
    if (this.#database.isTransaction) this.#database.exec("rollback");
    this.#connection ??= new PatientConnection(await super.acquireConnection());
    return this.#connection;
  }

  /** With the write lock from the start, so that a transaction fails before it has done anything, or does not fail for a lock. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(begin);
  }

  /** SQLite has already rolled back what met a full or failing disk. That failure is the one to tell, not one of this. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

/** kysely over Node's own SQLite. `database` has no busy timeout of its own, which would stop the thread. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;
  readonly #config: SqliteDialectConfig;

  constructor(database: DatabaseSync) {
    const config = { database: adapt(database) };
    super(config);
    this.#database = database;
    this.#config = config;
  }

  override createDriver(): TurnTakingDriver {
    return new TurnTakingDriver(this.#database, this.#config);
  }
}
