import path from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { openStore } from "./open.ts";
import type { Store } from "./schema.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await makeTestFolder();
  store = await openStore(path.join(folder, "db.sqlite"));
});
afterEach(() => store.destroy());

function write(id: string): Promise<unknown> {
  const row = { card_image_id: id, state: "pending", rejection_code: null, received_at: 0 } as const;
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

test("a database of the first version is brought up to date and keeps its rows", async () => {
  await write("image-1");
  const indexes = () =>
    sql<{ name: string }>`select name from sqlite_master where name like 'submissions_by_%'`.execute(store);
  const { rows } = await indexes();
  const added = rows.map(({ name }) => name).filter((name) => name !== "submissions_by_state");
  for (const name of added) await sql.raw(`drop index ${name}`).execute(store);
  await sql`delete from kysely_migration where name = '2026-11-22-indexes'`.execute(store);
  await store.destroy();
  store = await openStore(path.join(folder, "db.sqlite"));
  expect((await indexes()).rows).toEqual(rows);
  expect(added).toHaveLength(3);
  expect(await store.selectFrom("unclaimed_notifications").select("card_image_id").execute()).toHaveLength(1);
});
