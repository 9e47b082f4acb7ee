import { setTimeout as sleep } from "node:timers/promises";

const sqliteBusy = 5;
const sqliteConstraint = 19;
const pauseMs = 10;

/** Whether a rule of the database itself, such as that of a unique index, has refused a write. */
export function isConstraintFailure(error: unknown): boolean {
  const { errcode } = (error ?? {}) as { readonly errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === sqliteConstraint;
}

/** Whether another program kept the database locked. */
export function isBusy(error: unknown): boolean {
  const { errcode } = (error ?? {}) as { readonly errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === sqliteBusy;
}

/**
 * Does `work` again and again, without holding up the event loop, while another program keeps the database locked, but not after
 * `until` (of `performance.now()`). SQLite's own wait stops the whole thread.
 */
export async function whileBusy<T>(work: () => T | Promise<T>, until: number): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
      await sleep(pauseMs);
    }
  }
}
