import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isBusy, whileBusy } from "./store/busy.ts";
import { SchemaError } from "./store/migrate.ts";
import { JournalError } from "./store/open.ts";

const ownership = "Give folder and files to the user that this server runs as.";
const makeRoom = "Make room: what is stored is untouched.";
const noMemory = "the system has no memory left for it.";
const failingDisk = "the disk fails. Look at the system's log, and put back a backup if files are damaged.";

const fileFailures: Readonly<Record<string, string>> = {
  EACCES: `is not valid: expected a folder that this server may read and write. ${ownership}`,
  EPERM: `is not valid: expected a folder that this server may read and write. ${ownership}`,
  ENOENT:
    "is not valid: expected a folder that is there or can be made: the one above it is missing or cannot be written.",
  EROFS: "is not valid: expected a folder that can be written, and its file system is mounted read-only.",
  ENOTDIR: "is not valid: expected a folder, and something on the way to it is none.",
  EEXIST: "is not valid: expected a folder, and there is something else of that name.",
  ENOSPC: `cannot be used: the disk is full. ${makeRoom}`,
  EDQUOT: `cannot be used: this server's user has used up its share of the disk. ${makeRoom}`,
  EMFILE: "cannot be used: this server may not open enough files. Raise the limit (ulimit -n).",
  ENFILE: "cannot be used: the system has too many open files.",
  ENOMEM: `cannot be used: ${noMemory}`,
  EAGAIN: `cannot be used: ${noMemory}`,
  EBUSY: "cannot be used: another program keeps a file of it. End that program.",
  EIO: `cannot be used: ${failingDisk}`,
  ESTALE: "cannot be used: the network disk on which it is has gone. Put it back, and start again.",
};

/** By primary result code (sqlite.org/rescode.html). */
const databaseFailures: Readonly<Record<number, string>> = {
  5: "cannot be used: another program keeps its database locked. End that program (a backup, a shell).",
  6: "cannot be used: another program keeps its database locked. End that program (a backup, a shell).",
  7: `cannot be used: ${noMemory}`,
  8: `is not valid: expected a folder whose database can be written, and fullbleed.sqlite can only be read. ${ownership}`,
  10: `cannot be used: its database cannot be read or written: the disk is full, or ${failingDisk}`,
  11: "is not valid: expected a folder with an intact database, and fullbleed.sqlite is damaged. Keep a copy of the folder, and put back a backup.",
  13: `cannot be used: the disk is full. ${makeRoom}`,
  14: `is not valid: expected a folder whose database can be opened, and fullbleed.sqlite or a file beside it cannot. ${ownership}`,
  15: "cannot be used: other programs use its database at the same moment. End them.",
  26: "is not valid: expected a folder with this server's database, and fullbleed.sqlite is something else or damaged. Put back a backup, or name another folder.",
};

/** Another server works in the same folder. */
class FolderInUse extends Error {}

interface Failure {
  readonly code?: unknown;
  readonly errcode?: number;
  readonly message?: string;
  readonly path?: unknown;
}

/**
 * Why the data folder cannot be used, and what to do: a sentence for the operator that begins with FULLBLEED_DATA.
 * Undefined for what is neither a file's nor the database's failure.
 */
export function describeDataFailure(cause: unknown): string | undefined {
  const { code, errcode, message = "" } = (cause ?? {}) as Failure;
  if (cause instanceof FolderInUse)
    return "FULLBLEED_DATA is not valid: another server works in this folder. End that one first, or give each a folder of its own.";
  if (cause instanceof SchemaError || cause instanceof JournalError)
    return `FULLBLEED_DATA is not valid for this server. ${message}`;
  if (errcode !== undefined) return say(databaseFailures[errcode & 0xff], message);
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? say(fileFailures[code], message) : undefined;
}

/** Of a disk, whichever file it is about. */
const diskFailures = new Set([
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "EAGAIN",
  "EBUSY",
  "EIO",
  "ESTALE",
]);

/**
 * What of this error, or of its causes, says that database, disk or `folder` do not do what they should, and may do it again: full,
 * locked, read-only, damaged, gone.
 */
export function findStorageFailure(error: unknown, folder: string): unknown {
  let cause = error;
  // An error may be its own cause.
  for (let depth = 0; depth < 8; depth += 1) {
    if (isStorageFailure(cause, folder)) return cause;
    cause = (cause as Partial<Error> | null | undefined)?.cause;
  }
  return undefined;
}

function isStorageFailure(cause: unknown, folder: string): boolean {
  const { code, errcode, path: file } = (cause ?? {}) as Failure;
  if (errcode !== undefined) return Object.hasOwn(databaseFailures, errcode & 0xff);
  if (typeof code !== "string") return false;
  const isInside = typeof file === "string" && !path.relative(folder, file).startsWith("..");
  return diskFailures.has(code) || (isInside && Object.hasOwn(fileFailures, code));
}

function say(known: string | undefined, message: string): string {
  return `FULLBLEED_DATA ${known ?? "cannot be used."} (${message})`;
}

/** Writes a small file into the folder and removes it again. Throws what the file system says: that it is full, read-only. */
export async function tryWriting(folder: string): Promise<void> {
  // Always the same name, so that a crash leaves one such file at most.
  const file = path.join(folder, ".writable");
  try {
    // With content: an empty file fits on a full disk.
    await writeFile(file, Buffer.alloc(4096));
  } catch (cause) {
    // What is left of it, if that can be removed at all; the first failure is the one that explains.
    await rm(file, { force: true }).catch(() => {});
    throw cause;
  }
  await rm(file, { force: true });
}

/** How long one that is just ending may still have the folder. */
const handoverMs = 5_000;

/**
 * Keeps the folder for this server until the function that it gives is called; the system does so when the process dies, however
 * it dies. Throws what `describeDataFailure` describes when another server has it.
 */
export async function lockFolder(folder: string, patienceMs = handoverMs): Promise<() => void> {
  // A database of its own: while the lock is held, backups and shells may read the real one.
  const lock = new DatabaseSync(path.join(folder, "lock.sqlite"), { timeout: 0 });
  try {
    await whileBusy(() => lock.exec("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE"), performance.now() + patienceMs);
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? new FolderInUse() : cause;
  }
  return () => lock.close();
}
