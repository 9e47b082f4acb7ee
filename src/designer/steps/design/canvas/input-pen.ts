import { widestMm } from "../../../tools/drawing/pens.ts";
import type { PointMm } from "#design/edits.ts";
import { isOnMark } from "../check-marks.ts";
import { listen } from "./input.ts";
import { PenSession, type PenTarget } from "./pen-session.ts";
import { pointOnCard } from "./view.ts";

/** In `buttons` of a pointer event. */
const primaryButton = 1;

/** A pen's own, a finger's and a mouse's say nothing. */
function pressureOf({ pointerType, pressure }: PointerEvent): number | null {
  return pointerType === "pen" ? pressure : null;
}

/** Where a pointer has been since the event before. Some browsers give none. */
function waysOf(event: PointerEvent): readonly PointerEvent[] {
  const ways = typeof event.getCoalescedEvents === "function" ? event.getCoalescedEvents() : [];
  return ways.length === 0 ? [event] : ways;
}

/**
 * Pens, fingers and the mouse draw on the card instead of moving what lies there. Once a pen has been seen, fingers and the palm beside it
 * do nothing. A second finger takes the stroke back, and then neither of the two does anything.
 */
export function attachPen(target: PenTarget): () => void {
  const hand = new Hand(target);
  const { surface, store, ink } = target;
  const stop = [
    listen(surface, {
      pointerdown: (event) => hand.press(event),
      pointermove: (event) => hand.move(event),
      pointerup: (event) => hand.release(event),
      pointercancel: (event) => hand.release(event),
      lostpointercapture: (event) => hand.release(event),
      pointerleave: () => ink.showPoint(null, 0, store.getState().product),
      keydown: (event) => {
        if (event.key === "Escape" && hand.takeBack()) event.stopImmediatePropagation();
      },
    }),
    listen(window, { blur: () => hand.settle() }),
    // Nobody else is asked about a pen that draws: to look who might care takes a part of each frame.
    listen(
      window,
      {
        pointermove: (event) => hand.draw(event),
        mousemove: (event) => hand.isDrawing && event.stopImmediatePropagation(),
      },
      { capture: true },
    ),
    listen(document, { visibilitychange: () => hand.settle() }),
  ];
  return () => {
    hand.settle();
    ink.showPoint(null, 0, store.getState().product);
    for (const each of stop) each();
  };
}

class Hand {
  readonly #target: PenTarget;
  readonly #session: PenSession;
  #drawing: { readonly id: number; readonly type: string } | null = null;
  #isPenSeen = false;
  readonly #fingers = new Set<number>();
  /** Where the card is on the screen. */
  #card = new DOMRect();
  /** Until all fingers have left. */
  #isVoid = false;

  get isDrawing(): boolean {
    return this.#drawing !== null;
  }

  constructor(target: PenTarget) {
    this.#target = target;
    this.#session = new PenSession(target);
  }

  press(event: PointerEvent): void {
    const { surface } = this.#target;
    if (event.button !== 0 || isOnMark(event.target)) return;
    const isTouch = event.pointerType === "touch";
    if (event.pointerType === "pen") this.#see();
    if (isTouch) this.#fingers.add(event.pointerId);
    if (isTouch && (this.#isPenSeen || this.#isVoid)) return;
    if (isTouch && this.#drawing?.type === "touch") {
      this.#isVoid = true;
      return void this.takeBack();
    }
    // Its release never came.
    if (this.#drawing?.id === event.pointerId) this.settle();
    if (this.#drawing !== null) return;
    surface.focus({ preventScroll: true });
    surface.dataset["pointed"] = "true";
    surface.setPointerCapture(event.pointerId);
    this.#card = surface.getBoundingClientRect();
    if (!this.#session.begin(this.#pointOf(event), pressureOf(event))) return;
    this.#drawing = { id: event.pointerId, type: event.pointerType };
    this.#showPoint(event);
  }

  /** Of no pointer that draws. */
  move(event: PointerEvent): void {
    if (event.pointerType === "pen") this.#see();
    this.#card = this.#target.surface.getBoundingClientRect();
    this.#showPoint(event);
  }

  draw(event: PointerEvent): void {
    if (this.#drawing?.id !== event.pointerId) return;
    event.stopImmediatePropagation();
    this.move(event);
    // The release was swallowed by a context menu or a dialogue of the browser.
    if (event.pointerType !== "touch" && (event.buttons & primaryButton) === 0) return this.settle();
    this.#session.moveTo(waysOf(event).map((each) => ({ at: this.#pointOf(each), pressure: pressureOf(each) })));
    if (!this.#session.isDown) this.#drawing = null;
  }

  release(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#fingers.size === 0) this.#isVoid = false;
    if (this.#drawing?.id !== event.pointerId) return;
    // The browser, or the device, has taken it for something else than drawing.
    if (event.type === "pointercancel") this.takeBack();
    else this.settle();
    if (event.pointerType === "touch") this.#hidePoint();
    else this.#showPoint(event);
  }

  /** Ends the stroke where the pen has got to. */
  settle(): void {
    this.#drawing = null;
    this.#session.end();
  }

  /** Takes back the stroke under way; false when there is none. */
  takeBack(): boolean {
    if (this.#drawing === null) return false;
    this.#drawing = null;
    this.#session.cancel();
    this.#hidePoint();
    return true;
  }

  /** A pen: what a palm has begun beside it was not meant. */
  #see(): void {
    this.#isPenSeen = true;
    if (this.#drawing?.type === "touch") this.takeBack();
  }

  #showPoint(event: PointerEvent): void {
    if (event.pointerType === "touch" && this.#drawing?.id !== event.pointerId) return;
    const { store, ink } = this.#target;
    const { pen, product } = store.getState();
    if (pen === null) return;
    // A stroke is seen to be where its pen is; and an element that moves has the browser sort all others with each frame.
    const isSeen = this.#drawing === null || pen.tip === "eraser";
    ink.showPoint(isSeen ? this.#pointOf(event) : null, widestMm(pen.tip), product, this.#card);
  }

  #hidePoint(): void {
    const { store, ink } = this.#target;
    ink.showPoint(null, 0, store.getState().product);
  }

  #pointOf({ clientX, clientY }: PointerEvent): PointMm {
    return pointOnCard(this.#card, this.#target.store.getState().product, clientX, clientY);
  }
}
