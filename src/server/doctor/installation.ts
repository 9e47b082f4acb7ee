import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { type Finding, ok, skipped, unchecked, wrong } from "#providers/diagnosis.ts";
import { type Config, ConfigError } from "../config.ts";
import { describeDataFailure } from "../data-folder.ts";
import { requireBuild } from "../require-build.ts";
import { settings } from "../settings.ts";
import { compareSchema } from "../store/migrate.ts";

const data = settings.dataFolder.variable;
/** Pictures are up to 12 MB, and the database is written to all the time. */
const leastFreeBytes = 1024 ** 3;

function toGigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

/** The folder, or the nearest one above it that there is. */
async function findNearest(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      await stat(at);
      return at;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT" || at === path.dirname(at)) throw cause;
    }
  }
}

const usable = constants.R_OK | constants.W_OK;

/** Throws what the file system says of a folder in which files cannot be made. */
async function requireFolder(folder: string): Promise<void> {
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(`ENOTDIR: ${folder}`), { code: "ENOTDIR" });
  await access(folder, usable | constants.X_OK);
}

/** Throws what the file system says of what is no file to be written. */
async function requireFile(file: string): Promise<void> {
  if (!(await stat(file)).isFile()) throw new Error("EISDIR: it is no file");
  await access(file, usable);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/**
 * Opens without leaving anything in the folder: a database in WAL mode gets its two files beside it from whoever opens it, so that
 * where they are not there (no server runs) it is read as one that nobody changes.
 */
async function openForReading(file: string): Promise<DatabaseSync> {
  const isInUse = (await Promise.all(["-wal", "-shm"].map((end) => exists(`${file}${end}`)))).every(Boolean);
  const url = pathToFileURL(file);
  if (!isInUse) url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true, timeout: 2_000 });
}

async function describeSchema(folder: string): Promise<string> {
  const file = path.join(folder, "fullbleed.sqlite");
  if (!(await exists(file))) return "no database yet";
  await access(file, usable);
  const database = await openForReading(file);
  try {
    const { unknown, missing } = compareSchema(database);
    if (unknown.length > 0)
      throw new ConfigError(
        `The database is of a newer version than this one (${unknown.join(", ")}). Run that version, or put back a backup from before it.`,
      );
    return missing.length === 0
      ? "its database is of this version"
      : "its database is of an earlier version, and is brought up to date at the next start";
  } finally {
    database.close();
  }
}

/** For root every folder is its own. */
async function isJudgedByRoot(folder: string): Promise<boolean> {
  return process.getuid?.() === 0 && (await stat(folder)).uid !== 0;
}

/**
 * Looks, and locks nothing: a server may be at work in it. Changes nothing but SQLite's own note beside a database (`-shm`) that a
 * crash has left.
 */
export async function checkDataFolder({ dataFolder }: Pick<Config, "dataFolder">): Promise<Finding> {
  try {
    const nearest = await findNearest(dataFolder);
    await requireFolder(nearest);
    const { bavail, bsize } = await statfs(nearest);
    const free = bavail * bsize;
    const room = `${toGigabytes(free)} free`;
    if (free < leastFreeBytes) return wrong(data, `Only ${room} on its disk. Make room before pictures are refused.`);
    if (nearest !== dataFolder) return ok(data, `Is made at the first start; ${room}.`);
    const pictures = path.join(dataFolder, "pictures");
    if (await exists(pictures)) await requireFolder(pictures);
    const schema = await describeSchema(dataFolder);
    if (await isJudgedByRoot(dataFolder))
      return unchecked(
        data,
        `Is another user's, and to root all is allowed: run this as the server's user. ${toGigabytes(free)} free; ${schema}.`,
      );
    return ok(data, `Can be read and written; ${room}; ${schema}.`);
  } catch (cause) {
    if (cause instanceof ConfigError) return wrong(data, cause.message);
    const why = describeDataFailure(cause) ?? `cannot be looked at (${(cause as Error).message}).`;
    return wrong(data, `It ${why.replace(/^FULLBLEED_DATA /, "")}`);
  }
}

export async function checkPurgeLog({
  dataFolder,
  purgeLog,
}: Pick<Config, "dataFolder" | "purgeLog">): Promise<Finding> {
  const { variable } = settings.purgeLog;
  const file = purgeLog ?? path.join(dataFolder, "purges.jsonl");
  const isInside = !path.relative(dataFolder, file).startsWith("..");
  try {
    if (await exists(file)) await requireFile(file);
    else await requireFolder(await findNearest(path.dirname(file)));
  } catch (cause) {
    const why = (cause as Error).message;
    // What is wrong with the data folder itself has been said.
    return isInside
      ? skipped(variable, "In the data folder: see there.")
      : wrong(variable, `This server's user cannot read and write it, or make it (${why}). Give it the rights.`);
  }
  return ok(
    variable,
    isInside
      ? "In the data folder. Best on another disk, and never put back from a backup."
      : "Outside the data folder, and can be written.",
  );
}

export async function checkBuild(config: Pick<Config, "distFolder">): Promise<Finding> {
  const { variable } = settings.distFolder;
  try {
    await requireBuild(config);
    return ok(variable, "The designer is built.");
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    return wrong(variable, cause.message.replace(`${variable} has no`, "It has no"));
  }
}

/** Periods that contradict each other, and products that nobody offers. */
export function checkRetention({ retentionDays = {}, issuers }: Pick<Config, "retentionDays" | "issuers">): Finding[] {
  const { variable } = settings.retentionDays;
  const usual = { neverSent: 30, rejected: 90, accepted: 1825 };
  const bad = Object.entries(retentionDays).flatMap(([productId, given]) => {
    const { neverSent = usual.neverSent, rejected = usual.rejected, accepted = usual.accepted } = given ?? {};
    if (!issuers.some(({ products }) => Object.hasOwn(products, productId)))
      return [wrong(variable, `${productId}: no issuer has this product. Is its name right?`)];
    if (accepted < Math.max(neverSent, rejected))
      return [
        wrong(
          variable,
          `${productId}: what is accepted would be kept for ${accepted} days, less than what is rejected (${rejected}) or never sent (${neverSent}). A card whose picture is gone can be made and replaced no more.`,
        ),
      ];
    return [];
  });
  const all = Object.keys(retentionDays).length === 0 ? "As usual: 30, 90 and 1825 days." : "They fit each other.";
  return bad.length > 0 ? bad : [ok(variable, all)];
}
