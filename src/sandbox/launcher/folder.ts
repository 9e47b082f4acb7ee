import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** SQLite's lock is the one lock that every system takes back when its holder is killed. It marks a folder as the demo's. */
const lockFile = "launcher.lock";

/** The folder holds something that no demo put there. */
export class ForeignFolder extends Error {
  constructor(path: string) {
    super(`${path} holds other things than the demo's data. Name an empty folder, or one that does not exist yet.`);
  }
}

function refuseForeign(path: string): void {
  if (!existsSync(path) || existsSync(join(path, lockFile)) || readdirSync(path).length === 0) return;
  throw new ForeignFolder(path);
}

/** A data folder that belongs to this process until `release`, or until the process ends, however it ends. */
export interface ClaimedFolder {
  readonly release: () => void;
}

/** Claims a data folder, made when it is missing. Undefined while another demo runs in it. Throws ForeignFolder. */
export function claimFolder(path: string): ClaimedFolder | undefined {
  refuseForeign(path);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, lockFile));
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    return undefined;
  }
  return {
    release() {
      if (lock.isOpen) lock.close();
    },
  };
}

/** Deletes a data folder. False, and nothing deleted, while a demo runs in it. Throws ForeignFolder, nothing deleted. */
export function clearFolder(path: string): boolean {
  const claimed = claimFolder(path);
  if (claimed === undefined) return false;
  claimed.release();
  rmSync(path, { recursive: true, force: true });
  return true;
}
