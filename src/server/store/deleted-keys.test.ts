import { readFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { openStore, truncateWal } from "./open.ts";

/** The same numbers in every run: below 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test("no key that was deleted is in the database's file any more, however much has come and gone", async () => {
  const file = path.join(await makeTestFolder(), "db.sqlite");
  await (await openStore(file)).destroy();
  const database = new DatabaseSync(file);
  database.exec("pragma foreign_keys = off; pragma synchronous = off; pragma secure_delete = on");
  const insert = database.prepare("insert into pictures (submission_id, file, key) values (?, ?, ?)");
  const remove = database.prepare("delete from pictures where submission_id = ?");
  const random = createRandom(10);
  const hex = (): string => {
    const parts = Array.from({ length: 8 }, () => Math.floor(random() * 2 ** 32));
    return parts.map((part) => part.toString(16).padStart(8, "0")).join("");
  };
  const kept: [string, string][] = [];
  const deleted = new Set<string>();
  const removeOne = (): void => {
    const [[id, key] = ["", ""]] = kept.splice(Math.floor(random() * kept.length), 1);
    remove.run(id);
    deleted.add(key);
  };
  database.exec("begin");
  for (let n = 0; n < 3_000; n += 1) {
    if (kept.length > 5 && random() < 0.4) removeOne();
    else {
      const one: [string, string] = [`sub_${hex().slice(0, 22)}`, hex()];
      insert.run(one[0], hex(), one[1]);
      kept.push(one);
    }
  }
  while (kept.length > 20) removeOne();
  database.exec("commit");
  database.close();
  const store = await openStore(file);
  expect(await truncateWal(store)).toBe(true);
  const runs = (await readFile(file, "latin1")).match(/[0-9a-f]{64,}/g) ?? [];
  const keys = runs.flatMap((run) => Array.from({ length: run.length - 63 }, (_, at) => run.slice(at, at + 64)));
  expect(keys.filter((key) => deleted.has(key))).toEqual([]);
  expect([deleted.size > 1_500, keys.includes(kept[0]?.[1] ?? "")]).toEqual([true, true]);
  await store.destroy();
});

test("while another program reads from the database, it is known that the write-ahead log could not be emptied", async () => {
  const file = path.join(await makeTestFolder(), "db.sqlite");
  const store = await openStore(file);
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec("begin");
  reader.prepare("select count(*) from submissions").get();
  await store.insertInto("issuers").values({ id: "another", last_seq: 0 }).execute();
  expect(await truncateWal(store)).toBe(false);
  reader.close();
  expect(await truncateWal(store)).toBe(true);
  await store.destroy();
});
