import { type KeyboardEvent, type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef } from "react";

/** What changes during one hold is one undo step: `onStart` comes before its first change, `onEnd` when it is over. */
export interface HoldListeners {
  readonly onStart?: (() => void) | undefined;
  readonly onEnd?: (() => void) | undefined;
}

/** What holds the control: a pointer, by its id, or a key. */
type Holder = number | "key" | null;

/**
 * A control held by the primary button, a finger or a key. The control calls `begin` before each change and learns whether
 * it is being dragged. Every hold ends, although its release may happen elsewhere, be swallowed by a context menu or another
 * window, or never come because the control is gone.
 */
export function useHold({ onStart, onEnd }: HoldListeners) {
  const holder = useRef<Holder>(null);
  const end = useRef<(() => void) | null>(null);

  /** Ends the listening for a release. */
  const forget = useRef<() => void>(() => {});

  const passTo = useCallback(function pass(next: Holder): void {
    holder.current = next;
    end.current?.();
    end.current = null;
    forget.current();
    forget.current = next === null ? () => {} : listenForRelease(next, () => pass(null));
  }, []);

  useEffect(() => () => passTo(null), [passTo]);

  const begin = (): { readonly dragged: boolean } => {
    if (holder.current !== null && end.current === null) {
      onStart?.();
      end.current = () => onEnd?.();
    }
    return { dragged: typeof holder.current === "number" };
  };
  const handlers = {
    onPointerDown: (event: ReactPointerEvent) => event.button === 0 && passTo(event.pointerId),
    onKeyDown: (event: KeyboardEvent) => !event.repeat && passTo("key"),
    onKeyUp: () => holder.current === "key" && passTo(null),
    onBlur: () => passTo(null),
  };
  return { begin, handlers };
}

/** Only while something is held: a page full of controls would otherwise be asked about each movement of every pointer. */
function listenForRelease(holder: number | "key", release: () => void): () => void {
  const listening = new AbortController();
  const options = { capture: true, signal: listening.signal };
  const onPointer = (event: PointerEvent) => {
    const isOver = event.type !== "pointermove" || event.buttons === 0;
    if (event.pointerId === holder && isOver) release();
  };
  for (const type of ["pointerup", "pointercancel", "pointermove"] as const)
    window.addEventListener(type, onPointer, options);
  window.addEventListener("blur", release, { signal: listening.signal });
  return () => listening.abort();
}
