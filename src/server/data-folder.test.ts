import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, test } from "vitest";
import { describeDataFailure, lockFolder, tryWriting } from "./data-folder.ts";
import { migrate } from "./store/migrate.ts";
import { openStore } from "./store/open.ts";
import { makeTestFolder } from "./testing/folder.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await makeTestFolder();
  file = path.join(folder, "fullbleed.sqlite");
});

/** What is said about the failure of `work`, which must fail. */
async function saidOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
  } catch (error) {
    return describeDataFailure(error);
  }
  throw new Error("nothing failed");
}

/** Whole, and closed. */
async function makeDatabase(): Promise<void> {
  await (await openStore(file)).destroy();
}

describe("the operator reads what is wrong with the data folder", () => {
  test("a file that is no database", async () => {
    await writeFile(file, "something else".repeat(100));
    expect(await saidOf(() => openStore(file))).toMatch(
      /^FULLBLEED_DATA is not valid: .* something else or damaged\. .*another folder/,
    );
  });

  test("a damaged database", async () => {
    await makeDatabase();
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xff, 100, 4096));
    expect(await saidOf(() => openStore(file))).toMatch(/fullbleed\.sqlite is damaged\. .*put back a backup/);
  });

  test("a folder in the database's place", async () => {
    await mkdir(file);
    expect(await saidOf(() => openStore(file))).toMatch(/fullbleed\.sqlite or a file beside it cannot/);
  });

  test("a database that another program keeps for itself", async () => {
    await makeDatabase();
    const other = new DatabaseSync(file);
    other.exec("pragma locking_mode = exclusive; create table held (a)");
    const said = await saidOf(() => openStore(file));
    other.close();
    expect(said).toMatch(/another program keeps its database locked\. End that program/);
  });

  test("a database that may only be read", async () => {
    await makeDatabase();
    const database = new DatabaseSync(file, { readOnly: true });
    const said = await saidOf(() => migrate(database));
    database.close();
    expect(said).toMatch(/can only be read\. Give folder and files to the user/);
  });

  test("a full disk, as the database meets it", async () => {
    const database = new DatabaseSync(file);
    database.exec("pragma max_page_count = 2");
    const said = await saidOf(() => database.exec("create table a (b); create table c (d); create table e (f)"));
    database.close();
    expect(said).toMatch(/the disk is full\. Make room/);
  });

  // Only Linux has a file that is a full disk.
  test.skipIf(process.platform !== "linux")("a full disk, as a file meets it", async () => {
    const full = await open("/dev/full", "w");
    const said = await saidOf(() => full.writeFile("x"));
    await full.close();
    expect(said).toMatch(/the disk is full\. Make room/);
  });

  test("a file in the folder's place", async () => {
    await writeFile(path.join(folder, "data"), "");
    expect(await saidOf(() => mkdir(path.join(folder, "data")))).toMatch(/there is something else of that name/);
    expect(await saidOf(() => mkdir(path.join(folder, "data/pictures")))).toMatch(/something on the way to it is none/);
  });

  test("a folder in the place of the file that is written as a trial", async () => {
    await mkdir(path.join(folder, ".writable"));
    expect(await saidOf(() => tryWriting(folder))).toMatch(/^FULLBLEED_DATA cannot be used\. \(EISDIR: .*\.writable/);
  });

  test.each([
    ["EROFS", /mounted read-only/],
    ["EACCES", /may read and write\. Give folder/],
    ["EDQUOT", /share of the disk/],
    ["ESTALE", /network disk on which it is has gone/],
    ["EXDEV", /^FULLBLEED_DATA cannot be used\. \(stale\)$/],
  ])("%s", (code, sentence) => {
    expect(describeDataFailure(Object.assign(new Error("stale"), { code }))).toMatch(sentence);
  });

  test("only what is about permissions speaks of them", async () => {
    const said = ["EROFS", "ENOSPC", "EIO", "EMFILE", "ENOTDIR"].map((code) => describeDataFailure({ code }));
    const ofDatabase = [5, 6, 10, 11, 13, 26].map((errcode) => describeDataFailure({ errcode }));
    for (const sentence of [...said, ...ofDatabase]) expect(sentence).not.toMatch(/permission|user that this server/);
  });
});

describe("a folder that a server has taken", () => {
  test("is refused to a second one with a sentence, and free again after it", async () => {
    const unlock = await lockFolder(folder);
    expect(await saidOf(() => lockFolder(folder, 50))).toBe(
      "FULLBLEED_DATA is not valid: another server works in this folder. End that one first, or give each a folder of its own.",
    );
    unlock();
    (await lockFolder(folder, 50))();
  });

  test("goes to one that waits for it", async () => {
    const unlock = await lockFolder(folder);
    const second = lockFolder(folder, 30_000);
    setTimeout(unlock, 50);
    (await second)();
  });
});

test("a fault of the code is not called the folder's", () => {
  for (const error of [
    new TypeError("x is not a function"),
    Object.assign(new Error(), { code: "ERR_INVALID_ARG_TYPE" }),
  ])
    expect(describeDataFailure(error)).toBeUndefined();
});
