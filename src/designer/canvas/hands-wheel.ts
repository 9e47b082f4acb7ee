import type { Placement } from "#card/placement.ts";
import { applyChange, zoomAbout } from "../store/edits.ts";
import { wheelFactor } from "./gesture.ts";
import type { HandsOptions } from "./hands.ts";
import { listen } from "./listen.ts";
import { pointOnCard } from "./view.ts";

/** A wheel that has rested this long has made its step. */
const restMs = 220;

/** Wheel and trackpad zoom about the cursor, with focus on the card or with ctrl; otherwise the page scrolls. */
export function attachWheel({ surface, store, show }: HandsOptions): () => void {
  let live: Placement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const forget = () => {
    clearTimeout(timer);
    live = null;
  };
  const settle = () => {
    const reached = live;
    forget();
    if (reached === null) return;
    store.getState().edit(() => reached);
    store.getState().endGesture();
  };
  const onWheel = (event: WheelEvent) => {
    const { photo, product, placement, moving } = store.getState();
    if (photo === null || placement === null) return;
    if (!event.ctrlKey && !surface.contains(document.activeElement)) return;
    event.preventDefault();
    // Another hand is already on the photo.
    if (live === null && moving) return;
    const about = pointOnCard(surface.getBoundingClientRect(), product, event.clientX, event.clientY);
    store.getState().beginGesture();
    live = applyChange(zoomAbout(about, wheelFactor(event)), live ?? placement, photo, product);
    show(live);
    clearTimeout(timer);
    timer = setTimeout(settle, restMs);
  };

  const stopListening = listen(surface, { wheel: onWheel, blur: settle }, { passive: false });
  // Whatever the hand does next is a step of its own.
  const stopOthers = listen(window, { pointerdown: settle, keydown: settle }, { capture: true });
  const stopWatching = store.subscribe((state, before) => {
    if (state.photo !== before.photo) forget();
  });
  return () => {
    settle();
    stopListening();
    stopOthers();
    stopWatching();
  };
}
