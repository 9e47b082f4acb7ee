import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { openStore, tryWritingStore } from "./open.ts";
import type { Store } from "./schema.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await makeTestFolder();
  store = await openStore(path.join(folder, "db.sqlite"));
});
afterEach(() => store.destroy());

function write(id: string): Promise<unknown> {
  const word = { state: "pending", rejection_code: null, rejection_memo: null, decided_at: null } as const;
  const row = { issuer_id: "default", provider: "scripted", card_image_id: id, ...word, received_at: 0 };
  return store.transaction().execute((trx) => trx.insertInto("unclaimed_notifications").values(row).execute());
}

test("a hundred writes at once do not hold up the event loop until the last of them", async () => {
  let turns = 0;
  let counting = true;
  const count = (): void => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all(Array.from({ length: 100 }, (_, index) => write(`image-${index}`)));
  counting = false;
  expect(turns).toBeGreaterThanOrEqual(100);
});

describe("while another program keeps the database locked", () => {
  let other: DatabaseSync;
  beforeEach(() => {
    other = new DatabaseSync(path.join(folder, "db.sqlite"));
    other.exec("begin immediate");
  });
  afterEach(() => other.close());

  async function failureOf(work: Promise<unknown>): Promise<{ errcode?: number }> {
    return work.then(
      () => expect.unreachable(),
      (cause: { errcode?: number }) => cause,
    );
  }

  test("the event loop turns, and what waits is written once the lock is gone", async () => {
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
      if (turns === 20) other.exec("commit");
    }, 1);
    await write("image-1");
    await store.deleteFrom("unclaimed_notifications").execute();
    clearInterval(turning);
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  test("a transaction fails before it has done anything, and one statement alone fails too", async () => {
    let begun = 0;
    const transaction = store.transaction().execute(async () => void (begun += 1));
    expect(await failureOf(transaction)).toMatchObject({ errcode: 5 });
    expect(begun).toBe(0);
    expect(await failureOf(store.deleteFrom("unclaimed_notifications").execute())).toMatchObject({ errcode: 5 });
    other.exec("commit");
    await write("image-1");
  });

  test("fifty who want to write do not wait one after the other, although others read meanwhile", async () => {
    const writes = Array.from({ length: 50 }, (_, index) => {
      const writing = failureOf(write(`image-${index}`));
      return store
        .selectFrom("sessions")
        .select("id")
        .execute()
        .then(() => writing);
    });
    const begun = performance.now();
    for (const failure of await Promise.all(writes)) expect(failure).toMatchObject({ errcode: 5 });
    // One after the other they would take a hundred seconds.
    expect(performance.now() - begun).toBeLessThan(60_000);
  });
});

test("what meets a full database says so, also within a transaction, and later ones succeed", async () => {
  const limit = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(store);
  // Pages that tables of before have left are room too.
  await sql`vacuum`.execute(store);
  await limit(1);
  const large = "x".repeat(100_000);
  await expect(write(large)).rejects.toMatchObject({ errcode: 13 });
  await expect(tryWritingStore(store)).rejects.toMatchObject({ errcode: 13 });
  await limit(100_000);
  await tryWritingStore(store);
  await write(large);
  expect(await store.selectFrom("unclaimed_notifications").select("card_image_id").execute()).toHaveLength(1);
});

test("a trial leaves nothing behind", async () => {
  const tables = () => sql`select name from sqlite_master`.execute(store);
  const before = await tables();
  await tryWritingStore(store);
  expect(await tables()).toEqual(before);
});

test("a disk that cannot keep a write-ahead log is refused", async () => {
  // Locks by files, as on some network disks.
  const elsewhere = `file:${path.join(folder, "network.sqlite")}?vfs=unix-dotfile`;
  await expect(openStore(elsewhere)).rejects.toThrow(/cannot keep SQLite's write-ahead log .* local one\.$/);
});
