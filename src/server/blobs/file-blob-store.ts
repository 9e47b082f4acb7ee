import { createHash, randomBytes, randomUUID } from "node:crypto";
import { open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobStore, Sealed } from "./blob-store.ts";
import { makeDurableFolder, syncFolder } from "./durable-folder.ts";
import { createKey, seal, sealedExtraBytes, sealedPieceBytes, sealPieces, unseal, unsealPiece } from "./seal.ts";

const temporarySuffix = ".part";
const fileName = /^[0-9a-f]{64}$/;
const folderName = /^[0-9a-f]{2}$/;
const slice = 100;
/** Younger ones may belong to another process that is writing right now. */
const leftoverAgeMs = 10 * 60_000;

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `${randomUUID()}${temporarySuffix}`);
}

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function writeSynced(path: string, bytes: Pieces): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
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

async function listFolders(root: string): Promise<string[]> {
  return (await readdir(root)).filter((name) => folderName.test(name)).map((name) => join(root, name));
}

async function* listFiles(root: string): AsyncGenerator<readonly string[]> {
  for (const folder of await listFolders(root)) {
    const names = (await readdir(folder)).filter((name) => fileName.test(name));
    for (let start = 0; start < names.length; start += slice) yield names.slice(start, start + slice);
  }
}

async function removeLeftovers(root: string): Promise<number> {
  const before = Date.now() - leftoverAgeMs;
  let removed = 0;
  for (const folder of await listFolders(root)) {
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
async function writeSealed(path: string, sealed: Pieces): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await writeSynced(temporary, sealed);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
  await syncFolder(dirname(path));
}

async function* readSealed(path: string, key: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new Error("a sealed file is empty");
    const most = sealedPieceBytes + sealedExtraBytes;
    for (let number = 0, at = 0; at < size; number += 1, at += most) {
      const length = Math.min(most, size - at);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, at);
      const piece = unsealPiece(buffer.subarray(0, bytesRead), key, number, at + length === size);
      if (piece === undefined) throw new Error("a sealed file is damaged");
      yield piece;
    }
  } finally {
    await handle.close();
  }
}

/** Makes each folder durable once; who comes meanwhile waits for it. */
function createFolderMaker(): (folder: string) => Promise<void> {
  const made = new Map<string, Promise<void>>();
  return (folder) => {
    const making = made.get(folder) ?? makeDurableFolder(folder);
    made.set(folder, making);
    making.catch(() => made.delete(folder));
    return making;
  };
}

/** Opens the folder, and removes what an earlier crash left half-written. `maxBytes` bounds one picture; more is a RangeError. */
export async function openFileBlobStore(root: string, maxBytes: number): Promise<BlobStore> {
  await makeDurableFolder(root);
  await removeLeftovers(root);
  const inFolder = createFolderMaker();
  const pathOf = (file: string) => join(root, file.slice(0, 2), file);
  async function keepAs(toSealed: (key: string) => Pieces): Promise<Sealed> {
    const sealed = { file: randomBytes(32).toString("hex"), key: createKey() };
    const path = pathOf(sealed.file);
    await inFolder(dirname(path));
    await writeSealed(path, toSealed(sealed.key));
    return sealed;
  }
  const keep = (bytes: Uint8Array): Promise<Sealed> => keepAs((key) => seal(bytes, key));
  return {
    async put(bytes) {
      if (bytes.byteLength > maxBytes) throw new RangeError(`a blob of ${bytes.byteLength} bytes is over ${maxBytes}`);
      return keep(bytes);
    },
    putPieces: (pieces) => keepAs((key) => sealPieces(pieces, key)),
    readPieces: ({ file, key }) => readSealed(pathOf(file), key),
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
    list: () => listFiles(root),
    async remove(file) {
      if (!fileName.test(file)) return;
      if ((await lastWritten(pathOf(file))) === undefined) return;
      await rm(pathOf(file), { force: true });
      await syncFolder(dirname(pathOf(file)));
    },
    removeIfOlder: async (file, before) => fileName.test(file) && removeIfOlder(pathOf(file), before),
    removeLeftovers: () => removeLeftovers(root),
  };
}
