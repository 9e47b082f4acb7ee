import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256Of } from "../testing/picture.ts";
import { migrate, migrations } from "./migrate.ts";

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(":memory:");
});
afterEach(() => database.close());

function schemaOf(of: DatabaseSync): unknown[] {
  return of.prepare("select type, name, sql from sqlite_master where name not like '%kysely%' order by name").all();
}

function wholeSchema(): unknown[] {
  const fresh = new DatabaseSync(":memory:");
  migrate(fresh);
  const schema = schemaOf(fresh);
  fresh.close();
  return schema;
}

/** What a migration of before this file leaves when its process dies: the first statements, each committed, no record. */
function leaveHalf(name: string, statements: number): void {
  database.exec(
    `create table if not exists "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
     create table if not exists "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null)`,
  );
  for (const migration of migrations) {
    if (migration.name === name) {
      for (const statement of migration.statements.slice(0, statements)) database.exec(statement);
      return;
    }
    for (const statement of migration.statements) database.exec(statement);
    database.prepare("insert into kysely_migration values (?, '2026-11-22T00:00:00.000Z')").run(migration.name);
    const session = "insert into sessions values ('ses_1', 'c', 'p', 'en', '[]', 1, 2)";
    database.exec(session);
  }
}

test("a released migration is what it was, to the letter", () => {
  expect(migrations.map(({ name, statements }) => [name, sha256Of(JSON.stringify(statements))])).toEqual([
    ["2026-11-22-first", "0ae9a79706d960e8ac5b89165205f40056a5106f7a4b4248134e1187d0242152"],
    ["2026-11-22-indexes", "3c242e841e63a171f41e7e4bcf1e0bbe78a8484b9cff2bb3bcb313798a69b507"],
  ]);
});

describe("a folder that an earlier version left half migrated starts, and keeps what is in it", () => {
  test.each(
    migrations.flatMap(({ name, statements }) =>
      [...statements.keys(), statements.length].map((n) => [name, n] as const),
    ),
  )("%s after %i statements", (name, done) => {
    leaveHalf(name, done);
    const sessions = () =>
      done > 0 || name !== migrations[0]?.name ? database.prepare("select id from sessions").all() : [];
    const before = sessions();
    migrate(database);
    expect(schemaOf(database)).toEqual(wholeSchema());
    expect(sessions()).toEqual(before);
    const recorded = database.prepare("select name from kysely_migration order by name").all();
    expect(recorded.map((row) => row.name)).toEqual(migrations.map((migration) => migration.name));
  });
});

test("migrating again changes nothing", () => {
  migrate(database);
  const before = database.prepare("select * from kysely_migration").all();
  migrate(database);
  expect(database.prepare("select * from kysely_migration").all()).toEqual(before);
});

test("a database of a newer version is left as it is, with a sentence that says so", () => {
  migrate(database);
  database.exec("insert into kysely_migration values ('2031-01-01-later', 'x'); drop index submissions_by_age");
  const before = schemaOf(database);
  expect(() => migrate(database)).toThrow(
    /newer version than this server knows \(2031-01-01-later\)\. Start that version/,
  );
  expect(schemaOf(database)).toEqual(before);
});

test("a table of somebody else's is neither taken for ours nor dropped", () => {
  database.exec("create table designs (mine text); insert into designs values ('kept')");
  expect(() => migrate(database)).toThrow("has a designs that is not this server's");
  expect(schemaOf(database)).toEqual([{ type: "table", name: "designs", sql: "CREATE TABLE designs (mine text)" }]);
  expect(database.prepare("select mine from designs").all()).toEqual([{ mine: "kept" }]);
});
