import type { DatabaseSync } from "node:sqlite";

/** One of the newest schema's steps. What has been released is never changed, not by a blank: data made with it exists. */
export interface Migration {
  readonly name: string;
  /** Only `create table`, `create index` and `create unique index`, in SQL that names no constant of today's code. */
  readonly statements: readonly string[];
}

/** The database is one that this version of the server must not touch. The message is a sentence for the operator. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

const first: Migration = {
  name: "2026-11-22-first",
  statements: [
    `create table sessions (id text primary key, cardholder_id text not null, product_id text not null, locale text not null,
        origins text not null, created_at bigint not null, expires_at bigint not null)`,
    `create index sessions_expiry on sessions (expires_at)`,
    `create table credentials (hash text primary key, session_id text not null references sessions(id), kind text not null,
        expires_at bigint not null, used_at bigint)`,
    `create index credentials_expiry on credentials (expires_at)`,
    `create index credentials_session on credentials (session_id)`,
    `create table designs (session_id text not null references sessions(id), sha256 text not null, document text not null,
        created_at bigint not null, primary key (session_id, sha256))`,
    `create table submissions (id text primary key, session_id text not null references sessions(id), cardholder_id text not null,
        product_id text not null, state text not null, sequence integer not null, design_sha256 text not null,
        picture_sha256 text not null, picture_bytes integer not null, idempotency_key text not null, card_image_id text unique,
        rejection_code text, note text, attempts integer not null, due_at bigint, created_at bigint not null, updated_at bigint not null,
        unique (session_id, idempotency_key))`,
    `create index submissions_due on submissions (due_at) where due_at is not null`,
    // One live submission per session, enforced by the database.
    `create unique index submissions_live on submissions (session_id)
        where state not in ('rejected', 'rejected-image')`,
    `create table attempts (id text primary key, submission_id text not null references submissions(id), number integer not null,
        picture_sha256 text not null, started_at bigint not null, deadline_at bigint not null, outcome text, ended_at bigint,
        unique (submission_id, number))`,
    `create unique index attempts_open on attempts (submission_id) where ended_at is null`,
    `create index submissions_by_state on submissions (state, created_at, id)`,
    `create table unclaimed_notifications (card_image_id text primary key, state text not null, rejection_code text,
        received_at bigint not null)`,
    `create index unclaimed_notifications_age on unclaimed_notifications (received_at)`,
    `create table events (submission_id text not null references submissions(id), sequence integer not null, view text not null,
        created_at bigint not null, primary key (submission_id, sequence))`,
  ],
};

/** What is looked for often is found without walking or sorting the whole table. */
const indexes: Migration = {
  name: "2026-11-22-indexes",
  statements: [
    // The product is there so that those of a parked product are passed over without reading their rows.
    `create index submissions_by_due on submissions (state, due_at, id, product_id)`,
    `create index submissions_by_age on submissions (created_at, id)`,
    `create index submissions_by_picture on submissions (picture_sha256)`,
  ],
};

/** Oldest first. A new one goes to the end. */
export const migrations: readonly Migration[] = [first, indexes];

// The record's name and form are those of kysely's migrator, which made it until this file did.
const record = `create table if not exists "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)`;

function listApplied(database: DatabaseSync): ReadonlySet<string> {
  const isThere = database.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get() !== undefined;
  const rows = isThere ? database.prepare("select name from kysely_migration").all() : [];
  return new Set(rows.map(({ name }) => String(name)));
}

function refuseNewer(applied: ReadonlySet<string>): void {
  const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  throw new SchemaError(
    `The database has been brought to a newer version than this server knows (${unknown.join(", ")}). Start that version, or put back a backup from before it.`,
  );
}

/** The statement as SQLite keeps it in `sqlite_master`. */
function asKept(statement: string): string {
  return statement.replace(/^create (?:unique )?(?:table|index)/, (words) => words.toUpperCase());
}

/**
 * Runs one statement, unless what it makes is there already: versions before this one could die between two statements and
 * leave a migration half done and unrecorded.
 */
function make(database: DatabaseSync, statement: string): void {
  const name = /^create (?:unique )?(?:table|index) (\w+)/.exec(statement)?.[1] ?? "";
  const found = database.prepare("select sql from sqlite_master where name = ?").get(name);
  if (found === undefined) database.exec(statement);
  else if (found.sql !== asKept(statement))
    throw new SchemaError(`The database has a ${name} that is not this server's. Give the server a folder of its own.`);
}

function apply(database: DatabaseSync, { name, statements }: Migration): void {
  // Takes the write lock, so that of several servers that start at once each sees what another has done.
  database.exec("begin immediate");
  try {
    database.exec(record);
    if (!listApplied(database).has(name)) {
      for (const statement of statements) make(database, statement);
      const at = new Date().toISOString();
      database.prepare("insert into kysely_migration (name, timestamp) values (?, ?)").run(name, at);
    }
    database.exec("commit");
  } catch (error) {
    if (database.isTransaction) database.exec("rollback");
    throw error;
  }
}

/**
 * Brings the database to the newest schema: each migration and its record are one transaction, so that after a crash it is
 * there whole or not at all. Throws SchemaError for a database that is not for this version, or what SQLite says, also of one
 * that may only be read.
 */
export function migrate(database: DatabaseSync): void {
  const applied = listApplied(database);
  refuseNewer(applied);
  for (const migration of migrations) if (!applied.has(migration.name)) apply(database, migration);
  // Changes nothing, and fails where nothing can be changed.
  database.exec("delete from kysely_migration where false");
}
