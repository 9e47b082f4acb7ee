import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobStore } from "./blob-store.ts";
import { makeDurableFolder, syncFolder } from "./durable-folder.ts";

const temporarySuffix = ".part";
const address = /^[0-9a-f]{64}$/;
const slice = 100;
/** Younger ones may belong to another process that is writing right now. */
const leftoverAgeMs = 10 * 60_000;

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `${randomUUID()}${temporarySuffix}`);
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** All folders at once, so that no `put` has to make one durable first. */
async function makeFolders(root: string): Promise<string[]> {
  const folders = Array.from({ length: 256 }, (_, index) => join(root, index.toString(16).padStart(2, "0")));
  await makeDurableFolder(root);
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncFolder(root);
  return folders;
}

function isAbsent(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === "ENOENT";
}

/** Undefined when there is no such file. */
async function lastWritten(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((cause: unknown) => {
    if (isAbsent(cause)) return undefined;
    throw cause;
  });
  return found?.mtimeMs;
}

/**
 * Set aside first and then looked at again: a young file that a `put` renames to this place meanwhile is put back, or was
 * not touched at all.
 */
async function removeIfOlder(path: string, before: number): Promise<boolean> {
  const at = await lastWritten(path);
  if (at === undefined || at >= before) return false;
  const aside = temporaryBeside(path);
  try {
    await rename(path, aside);
  } catch (cause) {
    if (isAbsent(cause)) return false;
    throw cause;
  }
  const asideAt = await lastWritten(aside);
  if (asideAt !== undefined && asideAt >= before) {
    await rename(aside, path);
    await syncFolder(dirname(path));
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

async function* listAddresses(folders: readonly string[]): AsyncGenerator<readonly string[]> {
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => address.test(name));
    for (let start = 0; start < names.length; start += slice) yield names.slice(start, start + slice);
  }
}

async function removeLeftovers(folders: readonly string[]): Promise<number> {
  const before = Date.now() - leftoverAgeMs;
  let removed = 0;
  for (const folder of folders) {
    for (const name of (await readdir(folder)).filter((one) => one.endsWith(temporarySuffix))) {
      const file = join(folder, name);
      if (((await lastWritten(file)) ?? before) >= before) continue;
      await rm(file, { force: true });
      removed += 1;
    }
  }
  return removed;
}

/**
 * Blobs as files `<root>/<first two hex digits>/<sha256>`, written beside their place, synced, renamed, folder synced.
 * Removes what an earlier crash left half-written. `maxBytes` bounds one blob; more is a RangeError.
 */
export async function openFileBlobStore(root: string, maxBytes: number): Promise<BlobStore> {
  const folders = await makeFolders(root);
  await removeLeftovers(folders);
  const pathOf = (sha256: string) => join(root, sha256.slice(0, 2), sha256);
  return {
    async put(bytes, sha256 = sha256Of(bytes)) {
      if (bytes.byteLength > maxBytes) throw new RangeError(`a blob of ${bytes.byteLength} bytes is over ${maxBytes}`);
      const path = pathOf(sha256);
      const folder = dirname(path);
      const temporary = temporaryBeside(path);
      try {
        await writeSynced(temporary, bytes);
        await rename(temporary, path);
      } catch (cause) {
        await rm(temporary, { force: true });
        throw cause;
      }
      await syncFolder(folder);
      return { sha256, size: bytes.byteLength };
    },
    async get(sha256) {
      if (!address.test(sha256)) return "absent";
      const bytes = await readFile(pathOf(sha256)).catch((cause: unknown) => {
        if (isAbsent(cause)) return undefined;
        throw cause;
      });
      if (bytes === undefined) return "absent";
      return sha256Of(bytes) === sha256 ? bytes : "damaged";
    },
    has: async (sha256) => address.test(sha256) && (await lastWritten(pathOf(sha256))) !== undefined,
    list: () => listAddresses(folders),
    removeIfOlder: async (sha256, before) => address.test(sha256) && removeIfOlder(pathOf(sha256), before),
    removeLeftovers: () => removeLeftovers(folders),
  };
}
