import path from "node:path";
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
  const row = { card_image_id: id, state: "pending", rejection_code: null, decided_at: null, received_at: 0 } as const;
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
