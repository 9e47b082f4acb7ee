/** What can be undone and redone; the present state is kept by the caller. Newest entries last. */
export interface History<T> {
  readonly past: readonly T[];
  readonly future: readonly T[];
}

export const emptyHistory: History<never> = { past: [], future: [] };

/** Steps kept; the oldest are forgotten first. */
export const historyLimit = 100;

/** Remembers the state that a change has just replaced. What could be redone is gone. */
export function remember<T>(history: History<T>, before: T): History<T> {
  return { past: [...history.past, before].slice(-historyLimit), future: [] };
}

/** The state before the present one, or null when there is none. */
export function stepBack<T>(history: History<T>, present: T): { history: History<T>; present: T } | null {
  const before = history.past.at(-1);
  if (before === undefined) return null;
  return { history: { past: history.past.slice(0, -1), future: [...history.future, present] }, present: before };
}

/** The state that the last step back left, or null when there is none. */
export function stepForward<T>(history: History<T>, present: T): { history: History<T>; present: T } | null {
  const after = history.future.at(-1);
  if (after === undefined) return null;
  return { history: { past: [...history.past, present], future: history.future.slice(0, -1) }, present: after };
}
