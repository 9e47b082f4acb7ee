import { bleedSizeMm } from "#card/products.ts";
import type { DesignStore } from "../store/design-store.ts";
import { fit } from "../store/edits.ts";
import { drag, type Gesture, type Ground, isDoubleTap, lift, press, type Tap, tapOf } from "./gesture.ts";
import type { HandsOptions } from "./hands.ts";
import { listen } from "./listen.ts";
import { pointOnCard } from "./view.ts";

const slopPx = 4;
/** In `buttons` of a pointer event. */
const primaryButton = 1;

/** Fingers, pens and the mouse: one drags, two zoom and turn, two quick taps fit, Escape takes it back. */
export function attachPointers({ surface, store, show }: HandsOptions): () => void {
  const session = new PointerSession(surface, store, show);
  const stopListening = listen(surface, {
    pointerdown: (event) => session.press(event),
    pointermove: (event) => session.move(event),
    pointerup: (event) => session.release(event),
    lostpointercapture: (event) => session.release(event),
    pointercancel: () => session.abandon(),
    keydown: (event) => {
      if (event.key === "Escape" && session.abandon()) event.stopImmediatePropagation();
    },
  });
  const stopWatching = store.subscribe((state, before) => {
    if (state.photo !== before.photo) session.forget();
  });
  return () => {
    session.abandon();
    stopListening();
    stopWatching();
  };
}

class PointerSession {
  readonly #surface: HTMLElement;
  readonly #store: DesignStore;
  readonly #show: HandsOptions["show"];
  #gesture: Gesture | null = null;
  #lastTap: Tap | null = null;

  constructor(surface: HTMLElement, store: DesignStore, show: HandsOptions["show"]) {
    this.#surface = surface;
    this.#store = store;
    this.#show = show;
  }

  press(event: PointerEvent): void {
    const { placement } = this.#store.getState();
    if (placement === null || event.button !== 0) return;
    this.#surface.focus({ preventScroll: true });
    this.#surface.setPointerCapture(event.pointerId);
    this.#gesture = press(this.#gesture, event.pointerId, this.#pointOf(event), placement, event.timeStamp);
  }

  move(event: PointerEvent): void {
    const ground = this.#ground();
    if (this.#gesture === null || ground === null || !this.#tracks(event)) return;
    // A context menu or a dialogue of the browser has swallowed the release.
    if (event.pointerType === "mouse" && (event.buttons & primaryButton) === 0) return this.release(event);
    this.#gesture = drag(this.#gesture, event.pointerId, this.#pointOf(event), ground);
    if (!this.#gesture.moved) return;
    this.#store.getState().beginGesture();
    this.#show(this.#gesture.live);
  }

  release(event: PointerEvent): void {
    const ground = this.#ground();
    const before = this.#gesture;
    if (before === null || ground === null || !this.#tracks(event)) return;
    this.#gesture = lift(before, event.pointerId);
    if (this.#gesture !== null) return;
    if (before.moved) {
      this.#store.getState().edit(() => before.live);
      this.#store.getState().endGesture();
    }
    this.#tap(tapOf(before, event.timeStamp), ground);
  }

  /** Back to where the gesture began; false when there was none. */
  abandon(): boolean {
    if (this.#gesture === null) return false;
    this.#gesture = null;
    this.#store.getState().cancelGesture();
    const { placement } = this.#store.getState();
    if (placement !== null) this.#show(placement);
    return true;
  }

  forget(): void {
    this.#gesture = null;
    this.#lastTap = null;
  }

  #tap(tap: Tap | null, ground: Ground): void {
    const twice = isDoubleTap(this.#lastTap, tap, ground);
    this.#lastTap = twice ? null : tap;
    if (twice) this.#store.getState().edit(fit());
  }

  #tracks(event: PointerEvent): boolean {
    return this.#gesture?.touches.some((touch) => touch.id === event.pointerId) === true;
  }

  #pointOf(event: PointerEvent) {
    const { product } = this.#store.getState();
    return pointOnCard(this.#surface.getBoundingClientRect(), product, event.clientX, event.clientY);
  }

  #ground(): Ground | null {
    const { photo, product } = this.#store.getState();
    if (photo === null) return null;
    const mmPerPx = bleedSizeMm(product).widthMm / this.#surface.getBoundingClientRect().width;
    return { photo, product, slopMm: slopPx * mmPerPx };
  }
}
