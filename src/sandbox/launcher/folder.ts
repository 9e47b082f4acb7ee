import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A data folder that belongs to this process until `release`, or until the process ends, however it ends. */
export interface ClaimedFolder {
  readonly release: () => void;
}

/** Claims a data folder, made when it is missing. Undefined while another demo runs in it. */
export function claimFolder(path: string): ClaimedFolder | undefined {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // SQLite's lock is the one lock that every system takes back when its holder is killed.
  const lock = new DatabaseSync(join(path, "launcher.lock"));
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

/** Deletes everything in a data folder. False, and nothing deleted, while a demo runs in it. */
export function clearFolder(path: string): boolean {
  const claimed = claimFolder(path);
  if (claimed === undefined) return false;
  claimed.release();
  rmSync(path, { recursive: true, force: true });
  return true;
}
