import type { Placement } from "#card/placement.ts";
import { bleedSizeMm } from "#card/product.ts";
import { applyChange, type Change, fit, samePlacement, zoomAbout } from "../store/edits.ts";
import type { DesignStore } from "../store/design-store.ts";
import { drag, type Gesture, type Ground, isDoubleTap, lift, press, type Tap, tapOf, wheelFactor } from "./gesture.ts";
import { commandOf } from "./keys.ts";
import { pointOnCard } from "./view.ts";

interface HandsOptions {
  /** The labelled, focusable element around the card; its box is the bleed's. */
  readonly surface: HTMLElement;
  readonly store: DesignStore;
  /** Moves the photo on the screen without writing the store. */
  readonly show: (placement: Placement) => void;
  /** A key asked for more than the photo can give. */
  readonly onEdge?: () => void;
}

/** A wheel that has rested this long has made its step. */
const wheelRestMs = 220;
const slopPx = 4;

/**
 * Pointers, wheel and keys on the card, as edits of the store. While a hand moves, only the node moves;
 * the store is written once, when it lets go. Returns the way to take the hands off.
 */
export function attachHands(options: HandsOptions): () => void {
  const stops = [attachPointers(options), attachWheel(options), attachKeys(options)];
  return () => {
    for (const stop of stops) stop();
  };
}

type Listeners = { readonly [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void };

function listen(target: EventTarget, listeners: Listeners, options: AddEventListenerOptions = {}): () => void {
  const leave = new AbortController();
  for (const [name, listener] of Object.entries(listeners))
    target.addEventListener(name, listener as EventListener, { ...options, signal: leave.signal });
  return () => leave.abort();
}

function groundOf({ surface, store }: HandsOptions): Ground | null {
  const { photo, product } = store.getState();
  if (photo === null) return null;
  const mmPerPx = bleedSizeMm(product).widthMm / surface.getBoundingClientRect().width;
  return { photo, product, slopMm: slopPx * mmPerPx };
}

function attachPointers(options: HandsOptions): () => void {
  const { surface, store, show } = options;
  let gesture: Gesture | null = null;
  let lastTap: Tap | null = null;

  const pointOf = (event: PointerEvent) =>
    pointOnCard(surface.getBoundingClientRect(), store.getState().product, event.clientX, event.clientY);
  const tracks = (event: PointerEvent) => gesture?.touches.some((touch) => touch.id === event.pointerId) === true;

  const abandon = () => {
    if (gesture === null) return;
    gesture = null;
    store.getState().cancelGesture();
    const { placement } = store.getState();
    if (placement !== null) show(placement);
  };
  const finish = (done: Gesture, ground: Ground) => {
    const state = store.getState();
    if (done.moved) {
      state.edit(() => done.live);
      state.endGesture();
    }
    const tap = tapOf(done, performance.now());
    const twice = isDoubleTap(lastTap, tap, ground);
    lastTap = twice ? null : tap;
    if (twice) state.edit(fit());
  };
  const release = (event: PointerEvent) => {
    const ground = groundOf(options);
    if (gesture === null || ground === null || !tracks(event)) return;
    const before = gesture;
    gesture = lift(gesture, event.pointerId);
    if (gesture === null) finish(before, ground);
  };

  const stopListening = listen(surface, {
    pointerdown: (event) => {
      const { placement } = store.getState();
      if (placement === null || event.button !== 0) return;
      surface.focus({ preventScroll: true });
      surface.setPointerCapture(event.pointerId);
      gesture = press(gesture, event.pointerId, pointOf(event), placement, performance.now());
    },
    pointermove: (event) => {
      const ground = groundOf(options);
      if (gesture === null || ground === null || !tracks(event)) return;
      gesture = drag(gesture, event.pointerId, pointOf(event), ground);
      if (!gesture.moved) return;
      store.getState().beginGesture();
      show(gesture.live);
    },
    pointerup: release,
    lostpointercapture: release,
    pointercancel: abandon,
    keydown: (event) => {
      if (event.key !== "Escape" || gesture === null) return;
      event.stopImmediatePropagation();
      abandon();
    },
  });
  const stopWatching = store.subscribe((state, before) => {
    if (state.photo !== before.photo) gesture = null;
  });
  return () => {
    abandon();
    stopListening();
    stopWatching();
  };
}

function attachWheel({ surface, store, show }: HandsOptions): () => void {
  let live: Placement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settle = () => {
    clearTimeout(timer);
    if (live === null) return;
    const reached = live;
    live = null;
    store.getState().edit(() => reached);
    store.getState().endGesture();
  };
  const onWheel = (event: WheelEvent) => {
    const { photo, product, placement } = store.getState();
    if (photo === null || placement === null) return;
    // Without focus or ctrl the wheel scrolls the page.
    if (!event.ctrlKey && !surface.contains(document.activeElement)) return;
    event.preventDefault();
    // Another hand is already on the photo.
    if (live === null && store.getState().moving) return;
    const about = pointOnCard(surface.getBoundingClientRect(), product, event.clientX, event.clientY);
    store.getState().beginGesture();
    live = applyChange(zoomAbout(about, wheelFactor(event)), live ?? placement, photo, product);
    show(live);
    clearTimeout(timer);
    timer = setTimeout(settle, wheelRestMs);
  };

  const stopListening = listen(surface, { wheel: onWheel, blur: settle }, { passive: false });
  // Whatever the hand does next is a step of its own.
  const stopWatching = listen(window, { pointerdown: settle, keydown: settle }, { capture: true });
  return () => {
    settle();
    stopListening();
    stopWatching();
  };
}

function attachKeys({ surface, store, onEdge }: HandsOptions): () => void {
  let held = false;

  // A key held down is one step.
  const settle = () => {
    if (held) store.getState().endGesture();
    held = false;
  };
  const press = (change: Change, repeated: boolean) => {
    const { photo, product, placement, beginGesture, edit } = store.getState();
    if (photo === null || placement === null) return;
    if (!repeated) settle();
    beginGesture();
    held = true;
    const next = applyChange(change, placement, photo, product);
    if (samePlacement(next, placement)) onEdge?.();
    edit(() => next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOf(event);
    const { undo, redo, cancelGesture, moving } = store.getState();
    if (command === null || (command.kind === "cancel" && !held)) return;
    event.preventDefault();
    // Another hand is already on the photo.
    if (moving && !held) return;
    if (command.kind === "edit") return press(command.change, event.repeat);
    held = false;
    if (command.kind === "cancel") return cancelGesture();
    store.getState().endGesture();
    if (command.kind === "undo") undo();
    else redo();
  };
  return listen(surface, { keydown: onKeyDown, keyup: settle, blur: settle });
}
