import { writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "../store/migrate.ts";
import { openStore, openStoreIn } from "../store/open.ts";
import type { Store } from "../store/schema.ts";

/** Of a database without rows. Every migration, one after the other, takes ten times as long as a copy. */
let newest: Uint8Array | undefined;

function copyNewest(): Uint8Array {
  if (newest !== undefined) return newest;
  const database = new DatabaseSync(":memory:");
  migrate(database);
  newest = database.serialize();
  database.close();
  return newest;
}

/** Node 22 copies no database. */
const canCopy = "serialize" in DatabaseSync.prototype;

/** A new store in memory. */
export async function openMemoryStore(): Promise<Store> {
  const database = new DatabaseSync(":memory:");
  if (canCopy) database.deserialize(copyNewest());
  return openStoreIn(database);
}

/** A new store in a file that is not there yet. */
export async function openFileStore(path: string): Promise<Store> {
  if (canCopy) await writeFile(path, copyNewest(), { flag: "wx" });
  return openStore(path);
}
