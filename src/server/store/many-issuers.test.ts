import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { manyIssuers } from "./many-issuers.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(":memory:");
});
afterEach(() => database.close());

const before = migrations.slice(0, migrations.indexOf(manyIssuers));

/** Brings the database to the version before, from the migration number `from` on. */
function migrateUpTo(from: number): void {
  for (const { name, statements } of before.slice(from)) {
    // Nothing here has a design.
    for (const statement of statements) if (!statement.includes("to_rules_version")) database.exec(statement);
    database.exec(`insert into kysely_migration values ('${name}', '2026-12-04T00:00:00.000Z')`);
  }
}

test("image ids, words about them and steps towards them become an issuer's and its platform's own", () => {
  database.exec(readFileSync(new URL("testing/released-2026-11-28.sql", import.meta.url), "utf8"));
  migrateUpTo(2);
  database.exec("PRAGMA foreign_keys = ON");
  database.exec("insert into orphan_images select 'img-orphan', id, 'twice', 7 from submissions limit 1");
  database.exec(
    "insert into checkpoints select id, provider, 'lock', 'key', 'img-begun', 'sha' from submissions limit 1",
  );
  const known = database.prepare("select id, card_image_id from submissions order by id").all();
  migrate(database);
  expect(database.prepare("select id, card_image_id from submissions order by id").all()).toEqual(known);
  expect(database.prepare("pragma foreign_keys").get()).toEqual({ foreign_keys: 1 });
  const own = "issuer_id = 'default' and provider = 'thales'";
  const counts = ["orphan_images", "checkpoints", "unclaimed_notifications"].map(
    (table) => database.prepare(`select count(*) as n from ${table} where ${own}`).get()?.n,
  );
  expect(counts).toEqual([1, 1, 1]);
  database.exec("insert into issuers values ('other', 0)");
  const copy = (issuer: string, provider: string, id: string): void =>
    database.exec(`insert into submissions (id, issuer_id, session_id, cardholder_id, product_id, provider, reference, state,
      sequence, design_sha256, picture_sha256, picture_bytes, media_type, pixel_origin, idempotency_key, card_image_id, attempts,
      is_double, created_at, updated_at) select '${id}', '${issuer}', session_id, cardholder_id, product_id, '${provider}', '${id}',
      'approved', 1, '', '', 1, '', '', '${id}', card_image_id, 1, 0, 0, 0
      from submissions where card_image_id is not null and length(id) > 20 limit 1`);
  copy("other", "thales", "theirs");
  copy("default", "synctera", "elsewhere");
  expect(() => copy("default", "thales", "ours")).toThrow("UNIQUE constraint failed");
  expect(() => database.exec("delete from submissions")).toThrow("FOREIGN KEY constraint failed");
});

test("a table is not made anew over rows that name others which are not there", () => {
  database.exec(
    `create table "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)`,
  );
  migrateUpTo(0);
  database.exec("pragma foreign_keys = off; insert into orphan_images values ('img', 'nobody', '', 0)");
  database.exec(
    "insert into attempts (id, submission_id, number, picture_sha256, started_at) values ('a', 'none', 1, '', 0)",
  );
  const schema = () => database.prepare("select name, sql from sqlite_master order by name").all();
  const known = schema();
  expect(() => migrate(database)).toThrow("rows that name others which are not there");
  expect(schema()).toEqual(known);
});
