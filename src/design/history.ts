import { type Design, sameDesign } from "./design.ts";

/** Undo steps kept; the oldest are forgotten first. */
export const historyLimit = 100;

/** A design, what undo and redo lead to, and the gesture under way. A value: each function below answers the next one. */
export interface History {
  readonly present: Design;
  /** Newest last, as in `future`. */
  readonly past: readonly Design[];
  readonly future: readonly Design[];
  /** The design when the gesture under way began; null outside of one. */
  readonly gestureStart: Design | null;
}

/** A history that begins with this design. */
export function startHistory(present: Design): History {
  return { present, past: [], future: [], gestureStart: null };
}

/** Remembers what a change has just replaced. What could be redone is gone. */
function remember(history: History, before: Design): History {
  return { ...history, past: [...history.past, before].slice(-historyLimit), future: [] };
}

/** One undo step, unless nothing changes. During a gesture each edit starts from where it began and replaces the edit before it. */
export function applyEdit(history: History, apply: (design: Design) => Design): History {
  const { present, gestureStart } = history;
  const next = apply(gestureStart ?? present);
  if (sameDesign(next, present)) return history;
  return { ...(gestureStart === null ? remember(history, present) : history), present: next };
}

/** All that it leads to. */
export function listDesigns({ present, past, future, gestureStart }: History): Design[] {
  return [...past, present, ...future, ...(gestureStart === null ? [] : [gestureStart])];
}

/** Undo ends before the last design that is not kept. */
export function forgetUntil(history: History, isKept: (design: Design) => boolean): History {
  const last = history.past.map(isKept).lastIndexOf(false);
  return last < 0 ? history : { ...history, past: history.past.slice(last + 1) };
}

/** Goes on with the gesture that is under way. */
export function beginGesture(history: History): History {
  return history.gestureStart === null ? { ...history, gestureStart: history.present } : history;
}

/** Goes on with the gesture whose step was the last, as if it had not ended. */
export function resumeGesture(history: History): History {
  const gestureStart = history.past.at(-1);
  if (gestureStart === undefined || history.gestureStart !== null) return beginGesture(history);
  return { ...history, past: history.past.slice(0, -1), gestureStart };
}

/** Whatever happened since the gesture began becomes one undo step, or none if nothing changed. */
export function endGesture(history: History): History {
  const { present, gestureStart } = history;
  if (gestureStart === null) return history;
  const ended = { ...history, gestureStart: null };
  return sameDesign(gestureStart, present) ? ended : remember(ended, gestureStart);
}

/** Back to where the gesture began. */
export function cancelGesture(history: History): History {
  const { gestureStart } = history;
  return gestureStart === null ? history : { ...history, present: gestureStart, gestureStart: null };
}

/** In the middle of a gesture it takes the gesture back, as `redo` does. */
export function undo(history: History): History {
  const { present, past, future, gestureStart } = history;
  if (gestureStart !== null) return cancelGesture(history);
  const before = past.at(-1);
  if (before === undefined) return history;
  return { ...history, present: before, past: past.slice(0, -1), future: [...future, present] };
}

export function redo(history: History): History {
  const { present, past, future, gestureStart } = history;
  if (gestureStart !== null) return cancelGesture(history);
  const after = future.at(-1);
  if (after === undefined) return history;
  return { ...history, present: after, past: [...past, present], future: future.slice(0, -1) };
}
