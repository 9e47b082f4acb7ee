import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import { makeDurableFolder, syncFolder } from "../blobs/durable-folder.ts";

const at = z.int();
/** One deletion that was asked for, with all that is needed to do it again. */
const purgeEntry = z.union([
  z.object({ at, issuerId: z.string(), submissionId: z.string() }),
  z.object({ at, issuerId: z.string(), cardholderId: z.string() }),
]);
export type PurgeEntry = z.infer<typeof purgeEntry>;

/** What was deleted, outside the database: what it says is done again to a database that was put back from a backup. */
export interface PurgeLog {
  /** Resolves once the entries survive a power cut. Throws Problem("storage-unavailable"). */
  append(...entries: readonly PurgeEntry[]): Promise<void>;
  /**
   * All entries, oldest first; "unreadable" for each line that is none. What a crash or a full disk has left half-written was
   * never acknowledged and is passed over.
   */
  read(): AsyncIterable<PurgeEntry | "unreadable">;
  /** Resolves when what is being appended has been. */
  close(): Promise<void>;
}

/** No entry is nearly as long: of a damaged file, no more than this is held at a time. */
const longestLine = 4096;

/** Lines without their ends; of one that is too long, its beginning. */
async function* readLines(file: string): AsyncGenerator<string> {
  let line = "";
  for await (const piece of createReadStream(file, "utf8") as AsyncIterable<string>) {
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
async function write(file: string, entries: readonly PurgeEntry[]): Promise<void> {
  const handle = await open(file, "a+", 0o600);
  try {
    const { size } = await handle.stat();
    if (size === 0) await syncFolder(path.dirname(file));
    // Begins anew after a line that a crash or a full disk has cut.
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isWhole = size === 0 || buffer[0] === 0x0a;
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
    await handle.appendFile(`${isWhole ? "" : "\n"}${lines.join("")}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
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
  let last: Promise<void> = Promise.resolve();

  return {
    append(...entries) {
      const written = last.then(() => write(file, entries)).catch(refuse);
      last = written.catch(() => undefined);
      return written;
    },
    async *read() {
      for await (const line of readLines(file)) {
        const entry = parse(line);
        if (entry !== "cut") yield entry;
      }
    },
    close: () => last,
  };
}
