import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobStore, Sealed } from "./blob-store.ts";
import { makeDurableFolder, syncFolder } from "./durable-folder.ts";
import { createKey, seal, unseal } from "./seal.ts";

const temporarySuffix = ".part";
const fileName = /^[0-9a-f]{64}$/;
const slice = 100;
/** Younger ones may belong to another process that is writing right now. */
const leftoverAgeMs = 10 * 60_000;

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `${randomUUID()}${temporarySuffix}`);
}

async function writeSynced(path: string, bytes: Iterable<Uint8Array>): Promise<void> {
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

/** No name is ever used again, so that an old file stays old. */
async function removeIfOlder(path: string, before: number): Promise<boolean> {
  const at = await lastWritten(path);
  if (at === undefined || at >= before) return false;
  await rm(path, { force: true });
  return true;
}

async function* listFiles(folders: readonly string[]): AsyncGenerator<readonly string[]> {
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => fileName.test(name));
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

/** Undefined when there is no such file. */
async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((cause: unknown) => {
    if (isAbsent(cause)) return undefined;
    throw cause;
  });
}

/** Sealed files `<root>/<first two hex digits>/<name>`, written beside their place, synced, renamed, folder synced. */
async function writeSealed(path: string, bytes: Uint8Array, key: string): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await writeSynced(temporary, seal(bytes, key));
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
  await syncFolder(dirname(path));
}

/** Opens the folder, and removes what an earlier crash left half-written. `maxBytes` bounds one picture; more is a RangeError. */
export async function openFileBlobStore(root: string, maxBytes: number): Promise<BlobStore> {
  const folders = await makeFolders(root);
  await removeLeftovers(folders);
  const pathOf = (file: string) => join(root, file.slice(0, 2), file);
  async function keep(bytes: Uint8Array): Promise<Sealed> {
    const sealed = { file: randomBytes(32).toString("hex"), key: createKey() };
    await writeSealed(pathOf(sealed.file), bytes, sealed.key);
    return sealed;
  }
  return {
    async put(bytes) {
      if (bytes.byteLength > maxBytes) throw new RangeError(`a blob of ${bytes.byteLength} bytes is over ${maxBytes}`);
      return keep(bytes);
    },
    async sealAgain(file) {
      const bytes = fileName.test(file) ? await readIfThere(pathOf(file)) : undefined;
      return bytes === undefined ? "absent" : keep(bytes);
    },
    async get({ file, key }, sha256) {
      const found = fileName.test(file) ? await readIfThere(pathOf(file)) : undefined;
      if (found === undefined) return "absent";
      const bytes = key === null ? found : unseal(found, key);
      return bytes !== undefined && sha256Of(bytes) === sha256 ? bytes : "damaged";
    },
    has: async (file) => fileName.test(file) && (await lastWritten(pathOf(file))) !== undefined,
    list: () => listFiles(folders),
    async remove(file) {
      if (!fileName.test(file)) return;
      await rm(pathOf(file), { force: true });
      await syncFolder(dirname(pathOf(file)));
    },
    removeIfOlder: async (file, before) => fileName.test(file) && removeIfOlder(pathOf(file), before),
    removeLeftovers: () => removeLeftovers(folders),
  };
}
