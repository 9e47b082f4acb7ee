import type { Placement } from "#card/placement.ts";
import { type Design, sameDesign } from "#design/design.ts";
import { type PointMm, zoomAbout } from "#design/edits.ts";
import { scaleBox } from "#design/element-box.ts";
import { type GestureOwner, openPhotoOf } from "../../../store/design-store.ts";
import { pinch, wheelFactor } from "./gesture.ts";
import { contextOf, type InputTarget, listen, type TrackpadEvent } from "./input.ts";
import { changePose, placeSelected, selectedOf } from "./selected.ts";
import { pointOnCard } from "./view.ts";

/** A wheel that has been still for longer has finished its step. */
const restMs = 220;

/** Wheel and trackpad zoom about the cursor, with focus on the card or with ctrl; otherwise the page scrolls. */
export function attachWheel(target: InputTarget): () => void {
  const { surface, store, show } = target;
  let live: Placement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When it last turned, as events tell the time. */
  let turnedMs = Number.NEGATIVE_INFINITY;
  /** What the last step has made, if more turns may still belong to it. */
  let made: Design | undefined;
  /** Where that step began. */
  let began: Design | undefined;

  const reset = () => {
    clearTimeout(timer);
    live = null;
    made = undefined;
  };
  const write = () => {
    const reached = live;
    live = null;
    if (reached === null || !store.getState().isGestureOf(wheel)) return;
    const { design: before, endGesture } = store.getState();
    placeSelected(store.getState(), reached, wheel);
    endGesture(wheel);
    const { design } = store.getState();
    // Turned back to where it began, it has left no step.
    if (design !== before) made = began !== undefined && sameDesign(began, design) ? undefined : design;
  };
  const settle = () => {
    write();
    reset();
  };
  const wheel: GestureOwner = { settle };
  const onWheel = (event: WheelEvent) => {
    if (selectedOf(store.getState()) === null) return;
    if (!event.ctrlKey && !surface.contains(document.activeElement)) return;
    event.preventDefault();
    // By the turns' own times: on a busy page the timer may come before a turn that has long happened, or after one that was later.
    if (event.timeStamp - turnedMs > restMs) settle();
    turnedMs = event.timeStamp;
    const goesOn = store.getState().isGestureOf(wheel);
    const resumes = store.getState().design === made;
    if (!goesOn) live = null;
    store.getState().beginGesture(wheel, made);
    const state = store.getState();
    if (!goesOn && !resumes) began = state.design;
    const at = pointOnCard(surface.getBoundingClientRect(), state.product, event.clientX, event.clientY);
    const factor = wheelFactor(event);
    live = changePose(state, { photo: zoomAbout(at, factor), box: scaleBox(factor) }, live ?? undefined);
    if (live === null) return;
    show(live);
    clearTimeout(timer);
    timer = setTimeout(write, restMs);
  };

  const disposers = [
    listen(surface, { wheel: onWheel, blur: settle }, { passive: false }),
    // Any other input begins a step of its own; Ctrl repeats while it is held beside the wheel.
    listen(window, { pointerdown: settle, keydown: (event) => event.key !== "Control" && settle() }, { capture: true }),
    store.subscribe((state, before) => {
      if (openPhotoOf(state) !== openPhotoOf(before) || state.selection !== before.selection) reset();
    }),
  ];
  return () => {
    settle();
    for (const dispose of disposers) dispose();
  };
}

/**
 * Two fingers on a trackpad in Safari zoom and turn about the cursor. Elsewhere they come as a wheel with ctrl. On a touchscreen the
 * same events come beside those of the fingers, which have done it all already.
 */
export function attachTrackpad(target: InputTarget): () => void {
  const { surface, store } = target;
  const session = new TrackpadSession(target);
  const touches = new Set<number>();
  const forget = (event: PointerEvent) => touches.delete(event.pointerId);
  const onSurface = {
    gesturestart: (event: TrackpadEvent) => {
      event.preventDefault();
      if (touches.size === 0) session.begin(event);
    },
    gesturechange: (event: TrackpadEvent) => {
      event.preventDefault();
      session.change(event);
    },
    gestureend: () => session.settle(),
    keydown: (event: KeyboardEvent) => {
      if (event.key === "Escape" && session.takeBack()) event.stopImmediatePropagation();
    },
    // Safari may make a wheel of the same fingers, and may not say when they have gone.
    wheel: (event: WheelEvent) => {
      if (event.timeStamp - session.changedMs > restMs) session.settle();
      if (!session.isUnderWay) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
  };
  const onWindow = {
    pointerdown: (event: PointerEvent) => event.pointerType === "touch" && touches.add(event.pointerId),
    pointerup: forget,
    pointercancel: forget,
  };
  const disposers = [
    listen(surface, onSurface, { passive: false }),
    listen(window, onWindow, { capture: true }),
    listen(window, { blur: () => session.settle() }),
    store.subscribe((state, before) => {
      if (openPhotoOf(state) !== openPhotoOf(before) || state.selection !== before.selection) session.reset();
    }),
  ];
  return () => {
    session.settle();
    for (const dispose of disposers) dispose();
  };
}

class TrackpadSession implements GestureOwner {
  readonly #target: InputTarget;
  #start: { readonly about: PointMm; readonly placement: Placement } | null = null;
  #live: Placement | null = null;
  /** When the fingers last moved, as events tell the time. */
  changedMs = 0;

  constructor(target: InputTarget) {
    this.#target = target;
  }

  get isUnderWay(): boolean {
    return this.#start !== null;
  }

  begin({ clientX, clientY, timeStamp }: TrackpadEvent): void {
    const { surface, store } = this.#target;
    this.settle();
    if (selectedOf(store.getState()) === null) return;
    store.getState().beginGesture(this);
    const placement = selectedOf(store.getState())?.pose;
    if (placement === undefined) return;
    const about = pointOnCard(surface.getBoundingClientRect(), store.getState().product, clientX, clientY);
    this.#start = { about, placement };
    this.changedMs = timeStamp;
  }

  change(event: TrackpadEvent): void {
    const context = contextOf(this.#target, event);
    if (this.#start === null || context === null) return;
    const { about, placement } = this.#start;
    const { live, held } = pinch(placement, { about, factor: event.scale, degrees: event.rotation }, context);
    this.#live = live;
    this.changedMs = event.timeStamp;
    this.#target.show(live);
    this.#target.showHeld(held);
  }

  settle(): void {
    const [state, reached] = [this.#target.store.getState(), this.#live];
    this.reset();
    if (!state.isGestureOf(this)) return;
    if (reached !== null) placeSelected(state, reached, this);
    state.endGesture(this);
  }

  /** Back to where the fingers began; false when there are none. */
  takeBack(): boolean {
    if (this.#start === null) return false;
    const { placement } = this.#start;
    this.reset();
    this.#target.store.getState().cancelGesture(this);
    this.#target.show(placement);
    return true;
  }

  reset(): void {
    if (this.#live !== null) this.#target.showHeld(null);
    this.#start = null;
    this.#live = null;
  }
}
