import { type PointerEvent as ReactPointerEvent, useEffect, useRef } from "react";

/** What one hold changes is one step: `onStart` comes before its first change, `onEnd` when it is over. */
export interface HoldListeners {
  readonly onStart?: (() => void) | undefined;
  readonly onEnd?: (() => void) | undefined;
}

/**
 * The primary button or a finger on a control, which calls `begin` before each change and hears whether it is dragged. A hold always ends: the release may
 * happen elsewhere, be swallowed by a context menu or another window, or never come because the control is gone.
 */
export function useHold({ onStart, onEnd }: HoldListeners) {
  const pointerId = useRef<number | null>(null);
  const end = useRef<(() => void) | null>(null);

  useEffect(() => {
    const release = () => {
      pointerId.current = null;
      end.current?.();
      end.current = null;
    };
    const onPointer = (event: PointerEvent) => {
      const isOver = event.type !== "pointermove" || event.buttons === 0;
      if (event.pointerId === pointerId.current && isOver) release();
    };
    const leave = new AbortController();
    const options = { capture: true, signal: leave.signal };
    window.addEventListener("pointerup", onPointer, options);
    window.addEventListener("pointercancel", onPointer, options);
    window.addEventListener("pointermove", onPointer, options);
    window.addEventListener("blur", release, { signal: leave.signal });
    return () => {
      leave.abort();
      release();
    };
  }, []);

  const onPointerDown = (event: ReactPointerEvent) => {
    if (event.button === 0) pointerId.current = event.pointerId;
  };
  const begin = (): { readonly dragged: boolean } => {
    const dragged = pointerId.current !== null;
    if (dragged && end.current === null) {
      onStart?.();
      end.current = onEnd ?? null;
    }
    return { dragged };
  };
  return { begin, handlers: { onPointerDown } };
}
