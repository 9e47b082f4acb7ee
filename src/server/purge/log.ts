import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import { makeDurableFolder, syncFolder } from "../blobs/durable-folder.ts";
import type { Store } from "../store/schema.ts";

const at = z.int();
/** One deletion that was asked for, with all that is needed to do it again. */
const purgeEntry = z.union([
  z.object({ at, issuerId: z.string(), submissionId: z.string() }),
  z.object({ at, issuerId: z.string(), cardholderId: z.string() }),
  // Not under `cardholderId`: a version of before would delete all that is held about them.
  z.object({ at, issuerId: z.string(), draftOf: z.string(), productId: z.string() }),
]);
export type PurgeEntry = z.infer<typeof purgeEntry>;

/** So much of a log: what is written into it later stands after that. */
export interface LogPosition {
  /** The same for as long as nobody replaces the file; undefined while it is empty. */
  readonly log: string | undefined;
  /** Bytes. */
  readonly position: number;
}

/** What was deleted, outside the database: what it says is done again to a database that was put back from a backup. */
export interface PurgeLog {
  /** Resolves once the entries survive a power cut. Throws Problem("storage-unavailable"). */
  append(...entries: readonly PurgeEntry[]): Promise<void>;
  /**
   * Appends the entry, and only then does what it says, one after the other: what a database has done reaches without a gap up to
   * the position that `work` is given. What is done again is in the log already, and has none (undefined). Throws what `append` does.
   */
  during<Result>(entry: PurgeEntry, work: (end: LogPosition | undefined) => Promise<Result>): Promise<Result>;
  /** Its end as it is now. */
  end(): Promise<LogPosition>;
  /**
   * Entries after `from` bytes, oldest first; "unreadable" for each line that is none. What a crash or a full disk has left
   * half-written was never acknowledged and is passed over.
   */
  read(from?: number): AsyncIterable<PurgeEntry | "unreadable">;
  /** Resolves when what is being appended has been. */
  close(): Promise<void>;
}

/** No entry is nearly as long: of a damaged file, no more than this is held at a time. */
const longestLine = 4096;

/** Lines without their ends; of one that is too long, its beginning. */
async function* readLines(file: string, start: number): AsyncGenerator<string> {
  let line = "";
  for await (const piece of createReadStream(file, { encoding: "utf8", start }) as AsyncIterable<string>) {
    const [first = "", ...others] = piece.split("\n");
    line = (line + first).slice(0, longestLine);
    for (const other of others) {
      yield line;
      line = other;
    }
  }
  yield line;
}

const beginning = '{"at":';

function isCut(line: string): boolean {
  return beginning.startsWith(line) || (line.startsWith(beginning) && !line.trimEnd().endsWith("}"));
}

function parse(line: string): PurgeEntry | "cut" | "unreadable" {
  if (line.length < longestLine && isCut(line)) return "cut";
  try {
    return purgeEntry.safeParse(JSON.parse(line)).data ?? "unreadable";
  } catch {
    return "unreadable";
  }
}

/** Opened anew each time: one that was moved away or removed meanwhile would be written to where nobody ever reads it. */
async function withFile<Result>(file: string, work: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const handle = await open(file, "a+", 0o600);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function endOf(handle: FileHandle): Promise<LogPosition> {
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestLine), 0, longestLine, 0);
  const [first = ""] = buffer.toString("latin1", 0, bytesRead).split("\n");
  // No two begin with the same deletion, at the same moment.
  return { log: size === 0 ? undefined : createHash("sha256").update(first).digest("hex"), position: size };
}

function write(file: string, entries: readonly PurgeEntry[]): Promise<LogPosition> {
  return withFile(file, async (handle) => {
    const { size } = await handle.stat();
    if (size === 0) await syncFolder(path.dirname(file));
    // Begins anew after a line that a crash or a full disk has cut.
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isWhole = size === 0 || buffer[0] === 0x0a;
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
    await handle.appendFile(`${isWhole ? "" : "\n"}${lines.join("")}`);
    await handle.sync();
    return endOf(handle);
  });
}

/** Whoever asks is told no path; the operator is, by the cause. */
function refuse(cause: unknown): never {
  throw new Problem("storage-unavailable", {
    detail:
      "The log of deletions cannot be written, and what is not in it is not deleted. The server's log says why; ask again once it can.",
    cause: new Error(`the log of deletions cannot be written: ${(cause as Error).message}`, { cause }),
  });
}

/** The log in this file, one JSON object a line, which is made where it is missing. Nothing that is in it is ever changed. */
export async function openPurgeLog(file: string): Promise<PurgeLog> {
  await makeDurableFolder(path.dirname(file));
  await write(file, []);
  let last: Promise<unknown> = Promise.resolve();

  function afterAll<Result>(
    entries: readonly PurgeEntry[],
    work: (end: LogPosition) => Promise<Result>,
  ): Promise<Result> {
    const done = last.then(async () => work(await write(file, entries).catch(refuse)));
    last = done.catch(() => undefined);
    return done;
  }

  return {
    append: (...entries) => afterAll(entries, async () => {}),
    during: (entry, work) => afterAll([entry], work),
    end: () => withFile(file, endOf),
    async *read(from = 0) {
      for await (const line of readLines(file, from)) {
        const entry = parse(line);
        if (entry !== "cut") yield entry;
      }
    },
    async close() {
      await last;
    },
  };
}

/**
 * In the transaction that does what the log says up to there. While the server runs, the log may have been moved away: then this
 * database keeps the one that it knows, and the next start finds another.
 */
export async function markApplied(trx: Store, end: LogPosition | undefined): Promise<void> {
  if (end?.log === undefined) return;
  await trx
    .updateTable("applied_purges")
    .set({ log: end.log, position: end.position })
    .where("log", "in", ["", end.log])
    .execute();
}

/** At the start, when this database and the log say the same. */
export async function markComplete(store: Store, end: LogPosition): Promise<void> {
  await store
    .updateTable("applied_purges")
    .set({ log: end.log ?? "", position: end.position })
    .execute();
}

/** From where on this database has not done what the log says; undefined when it is not the log that it knows, or less of it. */
export async function findUnapplied(store: Store, end: LogPosition): Promise<number | undefined> {
  const known = await store.selectFrom("applied_purges").selectAll().executeTakeFirst();
  const isKnown = known !== undefined && known.log === (end.log ?? "") && known.position <= end.position;
  return isKnown ? known.position : undefined;
}
