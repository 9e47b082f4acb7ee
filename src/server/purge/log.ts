import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod/mini";
import { makeDurableFolder, syncFolder } from "../blobs/durable-folder.ts";
import type { Store } from "../store/schema.ts";

const at = z.int();
/** One deletion that was asked for, with all that is needed to do it again. */
const purgeEntry = z.union([
  z.object({ at, issuerId: z.string(), submissionId: z.string() }),
  z.object({ at, issuerId: z.string(), cardholderId: z.string() }),
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
  /** Resolves once the entry survives a power cut. */
  append(entry: PurgeEntry): Promise<void>;
  /**
   * Appends the entry, and only then does what it says, one after the other: what a database has done reaches without a gap up to
   * the position that `work` is given. What is done again is in the log already, and has none (undefined).
   */
  during<Result>(entry: PurgeEntry, work: (end: LogPosition | undefined) => Promise<Result>): Promise<Result>;
  /** Its end as it is now. */
  end(): Promise<LogPosition>;
  /** Entries after `from` bytes, oldest first; what a crash has left half-written was never acknowledged and is passed over. */
  read(from?: number): AsyncIterable<PurgeEntry>;
  close(): Promise<void>;
}

function parse(line: string): PurgeEntry | undefined {
  try {
    return purgeEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function readFirstLine(file: string): Promise<string | undefined> {
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) return line;
  return undefined;
}

/** The log in this file, one JSON object a line, which is made where it is missing. Nothing that is in it is ever changed. */
export async function openPurgeLog(file: string): Promise<PurgeLog> {
  await makeDurableFolder(path.dirname(file));
  const handle = await open(file, "a+", 0o600);
  await syncFolder(path.dirname(file));
  let last: Promise<unknown> = Promise.resolve();
  let log: string | undefined;

  async function end(): Promise<LogPosition> {
    // No two begin with the same deletion, at the same moment.
    const first = log === undefined ? await readFirstLine(file) : undefined;
    if (first !== undefined) log = createHash("sha256").update(first).digest("hex");
    return { log, position: (await handle.stat()).size };
  }

  async function write(entry: PurgeEntry): Promise<LogPosition> {
    // Begins anew after a line that a crash or a full disk has cut.
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isWhole = size === 0 || buffer[0] === 0x0a;
    await handle.appendFile(`${isWhole ? "" : "\n"}${JSON.stringify(entry)}\n`);
    await handle.sync();
    return end();
  }

  function during<Result>(entry: PurgeEntry, work: (end: LogPosition) => Promise<Result>): Promise<Result> {
    const done = last.then(async () => work(await write(entry)));
    last = done.catch(() => undefined);
    return done;
  }

  return {
    append: (entry) => during(entry, async () => {}),
    during,
    end,
    async *read(from = 0) {
      const input = createReadStream(file, { encoding: "utf8", start: from });
      const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
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

/** In the transaction that does what the log says up to there. */
export async function markApplied(trx: Store, end: LogPosition | undefined): Promise<void> {
  if (end?.log === undefined) return;
  await trx.updateTable("applied_purges").set({ log: end.log, position: end.position }).execute();
}

/** From where on this database has not done what the log says; undefined when it is not the log that it knows, or less of it. */
export async function findUnapplied(store: Store, end: LogPosition): Promise<number | undefined> {
  const known = await store.selectFrom("applied_purges").selectAll().executeTakeFirst();
  const isKnown = known !== undefined && known.log === (end.log ?? "") && known.position <= end.position;
  return isKnown ? known.position : undefined;
}
