import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { mustAskPerson, watchPhone } from "./phone-tilt.ts";

/** How far a hand turns the card out of its rest, in degrees to either side. */
const handDegrees = 8;

interface TiltListeners {
  readonly ref: RefObject<HTMLDivElement | null>;
  /** Only where it is needed: screen readers call what has one clickable. */
  readonly onClick?: () => void;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerLeave: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
}

/**
 * Writes where the pointer is into `--hand-x` and `--hand-y` of the element that is listened on, in degrees: what is under a mouse
 * goes down, and a finger turns the card as far as it moves sideways. `--hand-away` is how far that is from rest, from 0 to 1. At most
 * once a frame, and React renders nothing for it. While neither does, a phone turns the card as it is turned itself; where the person
 * has to be asked whether its sensors may be read, that takes a tap on the card.
 */
export function useTilt(): TiltListeners {
  const drag = useRef<{ readonly id: number; readonly fromX: number } | null>(null);
  const isUnderMouse = useRef(false);
  const frame = useRef(0);
  const ref = useRef<HTMLDivElement>(null);
  const phone = useRef<ReturnType<typeof watchPhone>>(null);
  const [asks, setAsks] = useState(mustAskPerson);
  const onClick = (): void => void phone.current?.tap().then(() => setAsks(mustAskPerson()));
  useEffect(() => {
    const shown = new AbortController();
    phone.current = watchPhone((x, y) => {
      if (ref.current !== null && drag.current === null && !isUnderMouse.current) hold(frame, ref.current, x, y);
    }, shown.signal);
    return () => shown.abort();
  }, []);
  const rest = ({ currentTarget }: PointerEvent<HTMLElement>): void => {
    drag.current = null;
    isUnderMouse.current = false;
    hold(frame, currentTarget, 0, 0);
  };
  return {
    ref,
    ...(asks && { onClick }),
    onPointerDown: ({ pointerId, pointerType, clientX }) => {
      if (pointerType !== "mouse") drag.current ??= { id: pointerId, fromX: clientX };
    },
    onPointerMove: ({ currentTarget, pointerId, pointerType, clientX, clientY }) => {
      const { left, top, width, height } = currentTarget.getBoundingClientRect();
      if (pointerType === "mouse") {
        isUnderMouse.current = true;
        hold(frame, currentTarget, ((clientX - left) / width) * 2 - 1, ((clientY - top) / height) * 2 - 1);
      } else if (drag.current?.id === pointerId)
        hold(frame, currentTarget, ((clientX - drag.current.fromX) / width) * 2, 0);
    },
    onPointerUp: (event) => {
      if (event.pointerType !== "mouse") rest(event);
    },
    onPointerLeave: rest,
    onPointerCancel: rest,
  };
}

/** `frame` is the browser's next, in which it is written. */
function hold(frame: RefObject<number>, card: HTMLElement, x: number, y: number): void {
  cancelAnimationFrame(frame.current);
  frame.current = requestAnimationFrame(() => {
    card.style.setProperty("--hand-x", (toUnit(y) * -handDegrees).toFixed(2));
    card.style.setProperty("--hand-y", (toUnit(x) * handDegrees).toFixed(2));
    card.style.setProperty("--hand-away", toUnit(Math.hypot(x, y)).toFixed(2));
  });
}

function toUnit(value: number): number {
  return Math.min(Math.max(value, -1), 1);
}
