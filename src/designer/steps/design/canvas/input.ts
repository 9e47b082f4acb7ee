import type { Placement } from "#card/placement.ts";
import type { DesignStore } from "../../../store/design-store.ts";

/** What pointers, wheel and keys act on. */
export interface InputTarget {
  /** The labelled, focusable element around the card; its box is the bleed's. */
  readonly surface: HTMLElement;
  readonly store: DesignStore;
  /** Moves the photo on the screen. While a gesture lasts only this is called; the store is written once, at its end. */
  readonly show: (placement: Placement) => void;
  /** A key asked to go further than the photo reaches. */
  readonly onEdge: () => void;
}

type Events = HTMLElementEventMap & Pick<DocumentEventMap, "visibilitychange">;
type Listeners = { readonly [Name in keyof Events]?: (event: Events[Name]) => void };

/** Adds several listeners at once; returns a function that removes them all. */
export function listen(target: EventTarget, listeners: Listeners, options: AddEventListenerOptions = {}): () => void {
  const controller = new AbortController();
  for (const [name, listener] of Object.entries(listeners)) {
    target.addEventListener(name, listener as EventListener, { ...options, signal: controller.signal });
  }
  return () => controller.abort();
}
