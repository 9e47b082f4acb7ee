import type { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { toRulesVersion } from "#contracts/agreement.ts";
import type { Migration } from "./migration.ts";
import { migrations } from "./migrations.ts";
import type { Store } from "./schema.ts";

/** The database is one that this version of the server must not touch. The message is a sentence for the operator. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

// The record's name and form are those of kysely's migrator, which made it until this file did.
const record = `create table if not exists "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)`;

function listApplied(database: DatabaseSync): ReadonlySet<string> {
  const isThere = database.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get() !== undefined;
  const rows = isThere ? database.prepare("select name from kysely_migration").all() : [];
  return new Set(rows.map(({ name }) => String(name)));
}

/** Migrations that the database has and this version does not know, and those that it has not yet. Reads only. */
export function compareSchema(database: DatabaseSync): { unknown: readonly string[]; missing: readonly string[] } {
  const applied = listApplied(database);
  const names = migrations.map(({ name }) => name);
  return {
    unknown: [...applied].filter((name) => !names.includes(name)),
    missing: names.filter((name) => !applied.has(name)),
  };
}

function refuseNewer(database: DatabaseSync): void {
  const { unknown } = compareSchema(database);
  if (unknown.length === 0) return;
  throw new SchemaError(
    `The database has been brought to a newer version than this server knows (${unknown.join(", ")}). Start that version, or put back a backup from before it.`,
  );
}

/** The statement as SQLite keeps it in `sqlite_master`. */
function asKept(statement: string): string {
  return statement.replace(/^create (?:unique )?(?:table|index)/, (words) => words.toUpperCase());
}

/** Runs one statement, unless what it makes is there already. */
function make(database: DatabaseSync, statement: string): void {
  const name = /^create (?:unique )?(?:table|index) (\w+)/.exec(statement)?.[1] ?? "";
  const found = database.prepare("select sql from sqlite_master where name = ?").get(name);
  if (found === undefined) database.exec(statement);
  else if (found.sql !== asKept(statement))
    throw new SchemaError(`The database has a ${name} that is not this server's. Give the server a folder of its own.`);
}

/** Throws SchemaError unless every row that another names is there. */
function requireReferences(database: DatabaseSync): void {
  if (database.prepare("pragma foreign_key_check").get() === undefined) return;
  throw new SchemaError("The database has rows that name others which are not there. Put back a backup.");
}

function apply(database: DatabaseSync, { name, statements, mayBeHalfDone, remakesTables }: Migration): void {
  // Takes the write lock, so that of several servers that start at once each sees what another has done.
  database.exec("begin immediate");
  try {
    database.exec(record);
    if (!listApplied(database).has(name)) {
      for (const statement of statements) {
        if (mayBeHalfDone) make(database, statement);
        else database.exec(statement);
      }
      if (remakesTables) requireReferences(database);
      const at = new Date().toISOString();
      database.prepare("insert into kysely_migration (name, timestamp) values (?, ?)").run(name, at);
    }
    database.exec("commit");
  } catch (error) {
    if (database.isTransaction) database.exec("rollback");
    throw error;
  }
}

/** A table that is dropped would take with it what refers to it. Inside a transaction nothing of that can be said. */
function withoutReferences(database: DatabaseSync, work: () => void): void {
  const isOn = database.prepare("pragma foreign_keys").get()?.foreign_keys === 1;
  database.exec("pragma foreign_keys = off");
  try {
    work();
  } finally {
    if (isOn) database.exec("pragma foreign_keys = on");
  }
}

/**
 * Brings the database to the newest schema: each migration and its record are one transaction, so that after a crash it is
 * there whole or not at all. Throws SchemaError for a database that is not for this version, or what SQLite says, also of one
 * that may only be read.
 */
export function migrate(database: DatabaseSync): void {
  const applied = listApplied(database);
  refuseNewer(database);
  // The one function of today's code that a migration calls: a version is cleaned as a header's is.
  database.function("to_rules_version", { deterministic: true }, (text) => toRulesVersion(String(text)));
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    if (migration.remakesTables) withoutReferences(database, () => apply(database, migration));
    else apply(database, migration);
  }
  // Changes nothing, and fails where nothing can be changed.
  database.exec("delete from kysely_migration where false");
}

/** When this migration was applied to the database, in epoch milliseconds. */
export async function appliedAt(store: Store, { name }: Migration): Promise<number> {
  const { rows } = await sql<{
    timestamp: string;
  }>`select timestamp from kysely_migration where name = ${name}`.execute(store);
  return Date.parse(rows[0]?.timestamp ?? "");
}
