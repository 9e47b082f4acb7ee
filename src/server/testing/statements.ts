import { DatabaseSync } from "node:sqlite";
import { vi } from "vitest";

/** Gives every statement that is prepared while `run` runs, in order; `run` may add marks of its own. */
export async function listenToStatements(run: (said: string[]) => Promise<unknown>): Promise<string[]> {
  const said: string[] = [];
  const { prepare } = DatabaseSync.prototype;
  const spy = vi.spyOn(DatabaseSync.prototype, "prepare").mockImplementation(function (this: DatabaseSync, sql) {
    said.push(sql);
    return prepare.call(this, sql);
  });
  try {
    await run(said);
  } finally {
    spy.mockRestore();
  }
  return said;
}
