import type { Placement } from "#card/placement.ts";
import { bleedSizeMm } from "#card/products.ts";
import { applyChange, fit, type PointMm, zoomAbout } from "../../../store/edits.ts";
import {
  drag,
  type Gesture,
  type GestureContext,
  isDoubleTap,
  lift,
  press,
  type Tap,
  tapOf,
  wheelFactor,
} from "./gesture.ts";
import { type InputTarget, listen } from "./input.ts";
import { pointOnCard } from "./view.ts";

const slopPx = 4;
/** In `buttons` of a pointer event. */
const primaryButton = 1;

/** Fingers, pens and the mouse: one drags, two zoom and turn, two quick taps fit, Escape takes it back. */
export function attachPointers(target: InputTarget): () => void {
  const { surface, store } = target;
  const session = new PointerSession(target);
  const removeListeners = listen(surface, {
    pointerdown: (event) => session.press(event),
    pointermove: (event) => session.move(event),
    pointerup: (event) => session.release(event),
    lostpointercapture: (event) => session.release(event),
    pointercancel: () => session.cancel(),
    keydown: (event) => {
      if (event.key === "Escape" && session.cancel()) event.stopImmediatePropagation();
    },
  });
  const unsubscribe = store.subscribe((state, before) => {
    if (state.photo !== before.photo) session.reset();
  });
  return () => {
    session.cancel();
    removeListeners();
    unsubscribe();
  };
}

class PointerSession {
  readonly #target: InputTarget;
  #gesture: Gesture | null = null;
  #lastTap: Tap | null = null;

  constructor(target: InputTarget) {
    this.#target = target;
  }

  press(event: PointerEvent): void {
    const { surface, store } = this.#target;
    const { placement } = store.getState();
    if (placement === null || event.button !== 0) return;
    surface.focus({ preventScroll: true });
    surface.setPointerCapture(event.pointerId);
    this.#gesture = press(this.#gesture, event.pointerId, pointOf(event, this.#target), placement, event.timeStamp);
  }

  move(event: PointerEvent): void {
    const context = this.#context();
    if (this.#gesture === null || context === null || !this.#tracks(event)) return;
    // The release was swallowed by a context menu or a dialogue of the browser.
    if (event.pointerType === "mouse" && (event.buttons & primaryButton) === 0) return this.release(event);
    this.#gesture = drag(this.#gesture, event.pointerId, pointOf(event, this.#target), context);
    if (!this.#gesture.moved) return;
    this.#target.store.getState().beginGesture();
    this.#target.show(this.#gesture.live);
  }

  release(event: PointerEvent): void {
    const { edit, endGesture } = this.#target.store.getState();
    const context = this.#context();
    const before = this.#gesture;
    if (before === null || context === null || !this.#tracks(event)) return;
    this.#gesture = lift(before, event.pointerId);
    if (this.#gesture !== null) return;
    if (before.moved) {
      edit(() => before.live);
      endGesture();
    }
    const tap = tapOf(before, event.timeStamp);
    const twice = isDoubleTap(this.#lastTap, tap, context);
    this.#lastTap = twice ? null : tap;
    if (twice) edit(fit());
  }

  /** Back to where the gesture began; false when there was none. */
  cancel(): boolean {
    if (this.#gesture === null) return false;
    this.#gesture = null;
    this.#target.store.getState().cancelGesture();
    const { placement } = this.#target.store.getState();
    if (placement !== null) this.#target.show(placement);
    return true;
  }

  reset(): void {
    this.#gesture = null;
    this.#lastTap = null;
  }

  #tracks(event: PointerEvent): boolean {
    return this.#gesture?.contacts.some((contact) => contact.id === event.pointerId) === true;
  }

  #context(): GestureContext | null {
    const { surface, store } = this.#target;
    const { photo, product } = store.getState();
    if (photo === null) return null;
    const mmPerPx = bleedSizeMm(product).widthMm / surface.getBoundingClientRect().width;
    return { photo, product, slopMm: slopPx * mmPerPx };
  }
}

function pointOf(event: MouseEvent, { surface, store }: InputTarget): PointMm {
  return pointOnCard(surface.getBoundingClientRect(), store.getState().product, event.clientX, event.clientY);
}

/** A wheel that has been still for so long has finished its step. */
const restMs = 220;

/** Wheel and trackpad zoom about the cursor, with focus on the card or with ctrl; otherwise the page scrolls. */
export function attachWheel(target: InputTarget): () => void {
  const { surface, store, show } = target;
  let live: Placement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const reset = () => {
    clearTimeout(timer);
    live = null;
  };
  const commit = () => {
    const reached = live;
    reset();
    if (reached === null) return;
    store.getState().edit(() => reached);
    store.getState().endGesture();
  };
  const onWheel = (event: WheelEvent) => {
    const { photo, product, placement, moving, beginGesture } = store.getState();
    if (photo === null || placement === null) return;
    if (!event.ctrlKey && !surface.contains(document.activeElement)) return;
    event.preventDefault();
    // Another input's gesture is under way.
    if (live === null && moving) return;
    beginGesture();
    const change = zoomAbout(pointOf(event, target), wheelFactor(event));
    live = applyChange(change, live ?? placement, photo, product);
    show(live);
    clearTimeout(timer);
    timer = setTimeout(commit, restMs);
  };

  const disposers = [
    listen(surface, { wheel: onWheel, blur: commit }, { passive: false }),
    // Any other input begins a step of its own.
    listen(window, { pointerdown: commit, keydown: commit }, { capture: true }),
    store.subscribe((state, before) => {
      if (state.photo !== before.photo) reset();
    }),
  ];
  return () => {
    commit();
    for (const dispose of disposers) dispose();
  };
}
