import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod/mini";
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
  /** Resolves once the entry survives a power cut. */
  append(entry: PurgeEntry): Promise<void>;
  /** All entries, oldest first; what a crash has left half-written was never acknowledged and is passed over. */
  read(): AsyncIterable<PurgeEntry>;
  close(): Promise<void>;
}

function parse(line: string): PurgeEntry | undefined {
  try {
    return purgeEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The log in this file, one JSON object a line, which is made where it is missing. Nothing that is in it is ever changed. */
export async function openPurgeLog(file: string): Promise<PurgeLog> {
  await makeDurableFolder(path.dirname(file));
  const handle = await open(file, "a+", 0o600);
  await syncFolder(path.dirname(file));
  let last: Promise<void> = Promise.resolve();

  async function write(entry: PurgeEntry): Promise<void> {
    // Begins anew after a line that a crash or a full disk has cut.
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isWhole = size === 0 || buffer[0] === 0x0a;
    await handle.appendFile(`${isWhole ? "" : "\n"}${JSON.stringify(entry)}\n`);
    await handle.sync();
  }

  return {
    append(entry) {
      const written = last.then(() => write(entry));
      last = written.catch(() => undefined);
      return written;
    },
    async *read() {
      const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
      for await (const line of lines) {
        const entry = parse(line);
        if (entry !== undefined) yield entry;
      }
    },
    async close() {
      await last;
      await handle.close();
    },
  };
}
