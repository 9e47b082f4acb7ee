import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { migrations } from "./migrations.ts";
import { openStore } from "./open.ts";

const opening = pathToFileURL(path.join(import.meta.dirname, "open.ts")).href;

/** Opens the store in a process that kills itself before its statement number `dieBefore`, if it has so many. */
const program = `
  import { DatabaseSync } from "node:sqlite";
  const [file, dieBefore] = process.argv.slice(1);
  let statements = 0;
  for (const name of ["exec", "prepare"]) {
    const original = DatabaseSync.prototype[name];
    DatabaseSync.prototype[name] = function (sql) {
      if (statements++ === Number(dieBefore)) process.kill(process.pid, "SIGKILL");
      return original.call(this, sql);
    };
  }
  const { openStore } = await import(${JSON.stringify(opening)});
  await (await openStore(file)).destroy();
`;

async function openElsewhere(file: string, dieBefore: number): Promise<"killed" | "opened"> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, file, String(dieBefore)]);
  const complaint = text(child.stderr);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (signal === "SIGKILL") return "killed";
  if (code !== 0) throw new Error(await complaint);
  return "opened";
}

/** Schema and rows; when a migration was done is left out. */
async function contentOf(file: string): Promise<unknown> {
  await (await openStore(file)).destroy();
  const database = new DatabaseSync(file);
  const content = [
    "select type, name, sql from sqlite_master order by name",
    "select name from kysely_migration order by name",
    "select * from sessions",
  ].map((sql) => database.prepare(sql).all());
  database.close();
  return content;
}

/** The first released schema, with a row. */
function makeFirst(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(
    `create table "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)`,
  );
  const [first] = migrations;
  for (const statement of first?.statements ?? []) database.exec(statement);
  database.exec("insert into kysely_migration values ('2026-11-22-first', '2026-11-22T00:00:00.000Z')");
  database.exec("insert into sessions values ('ses_1', 'c', 'p', 'en', '[]', 1, 2)");
  database.close();
}

/**
 * Opens the store, and keeps before each statement what a kill would leave behind there: the files as they are, once where
 * a statement has not changed them.
 */
async function keepEachMoment(file: string, keepAs: (statement: number) => string) {
  let statements = 0;
  let last = "";
  const moments: number[] = [];
  const parts = ["", "-wal", "-shm"];
  const spies = (["exec", "prepare"] as const).map((name) => {
    const original = DatabaseSync.prototype[name] as (sql: string) => never;
    return vi.spyOn(DatabaseSync.prototype, name).mockImplementation(function (this: DatabaseSync, sql: string) {
      const there = parts.filter((part) => existsSync(file + part));
      const digest = createHash("sha256");
      for (const part of there) digest.update(part).update(readFileSync(file + part));
      const content = digest.digest("hex");
      if (content !== last) {
        for (const part of there) copyFileSync(file + part, keepAs(statements) + part);
        moments.push(statements);
        last = content;
      }
      statements += 1;
      return original.call(this, sql);
    });
  });
  try {
    await (await openStore(file)).destroy();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { statements, moments };
}

describe("the data folder starts again", { timeout: 300_000 }, () => {
  test.each([
    ["new", undefined],
    ["of the first version", makeFirst],
  ])("after a kill between any two statements, when it was %s", async (_what, make) => {
    const folder = await makeTestFolder();
    const [expected, before] = [path.join(folder, "expected"), path.join(folder, "before")];
    const watched = path.join(folder, "watched");
    for (const file of [expected, before, watched]) make?.(file);
    const whole = await contentOf(expected);
    const nameOf = (statement: number): string => path.join(folder, `moment-${statement}`);
    const { statements, moments } = await keepEachMoment(watched, nameOf);
    const missing = make === undefined ? migrations : migrations.slice(1);
    expect(statements).toBeGreaterThan(missing.flatMap((migration) => migration.statements).length);
    // Each migration is there whole or not at all.
    expect(moments.length).toBeGreaterThan(missing.length);
    for (const statement of moments)
      expect(await contentOf(nameOf(statement)), `killed before statement ${statement}`).toEqual(whole);

    // Files are what a kill leaves: here it is one.
    const killOnce = async (part: number): Promise<void> => {
      const file = path.join(folder, `killed-${part}`);
      if (make !== undefined) await copyFile(before, file);
      expect(await openElsewhere(file, Math.floor((statements * part) / 4))).toBe("killed");
      expect(await contentOf(file)).toEqual(whole);
    };
    await Promise.all([1, 2, 3].map(killOnce));
  });

  test("when several servers open a new one at once, each finds it whole", async () => {
    const folder = await makeTestFolder();
    for (let round = 0; round < 2; round += 1) {
      const file = path.join(folder, `round-${round}`);
      const opened = await Promise.all([1, 2, 3, 4].map(() => openElsewhere(file, -1)));
      expect(opened).toEqual(["opened", "opened", "opened", "opened"]);
    }
  });
});
