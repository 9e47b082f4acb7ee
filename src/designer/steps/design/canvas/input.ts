import type { Placement } from "#card/placement.ts";
import { bleedSizeMm } from "#card/products.ts";
import { photoOf, vectorElementsOf } from "#design/design.ts";
import type { DesignStore } from "../../../store/design-store.ts";
import { isPhotoPlaced } from "../../../store/photo-locks.ts";
import { elementMotions, type Grip } from "./element-gesture.ts";
import type { GestureContext, Hold, Motions } from "./gesture.ts";
import { selectedOf } from "./selected.ts";

/** What pointers, wheel and keys act on. */
export interface InputTarget {
  /** The labelled, focusable element around the card; its box is the bleed's. */
  readonly surface: HTMLElement;
  readonly store: DesignStore;
  /** Moves what is selected on the screen. While a gesture lasts only this is called; the store is written once, at its end. */
  readonly show: (placement: Placement) => void;
  /** Shows what holds it while a gesture moves it; null once nothing moves. */
  readonly showHeld: (held: readonly Hold[] | null) => void;
  /** A key asked to go further than what it moves may lie. */
  readonly onEdge: () => void;
  /** A key asked for what the template does not let be done to what is selected. */
  readonly onFixed?: () => void;
}

/** Two fingers on a trackpad, as Safari alone reports them; nothing declares it. */
export interface TrackpadEvent extends UIEvent {
  /** 1 at the beginning. */
  readonly scale: number;
  /** In degrees since the beginning, clockwise. */
  readonly rotation: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly altKey: boolean;
}

type TrackpadEvents = Record<"gesturestart" | "gesturechange" | "gestureend", TrackpadEvent>;
type Events = HTMLElementEventMap & Pick<DocumentEventMap, "visibilitychange"> & TrackpadEvents;
type Listeners = { readonly [Name in keyof Events]?: (event: Events[Name]) => void };

/** Adds several listeners at once; returns a function that removes them all. */
export function listen(target: EventTarget, listeners: Listeners, options: AddEventListenerOptions = {}): () => void {
  const controller = new AbortController();
  for (const [name, listener] of Object.entries(listeners)) {
    target.addEventListener(name, listener as EventListener, { ...options, signal: controller.signal });
  }
  return () => controller.abort();
}

const slopPx = 4;

/** Of a photo that the template does not let be moved. */
const stillness: Motions = {
  one: (base) => ({ live: base, held: [] }),
  two: (base) => ({ live: base, held: [] }),
};

/** What a gesture would change now, held by `grip`; null where that is nothing. With Alt nothing holds it. */
export function contextOf(
  { surface, store }: InputTarget,
  { altKey }: { altKey: boolean },
  grip?: Grip,
): GestureContext | null {
  const { design, product } = store.getState();
  const photo = photoOf(design);
  const { element } = selectedOf(store.getState()) ?? {};
  // An element is to gestures as a photo of one pixel.
  const moved = photo ?? (element && { widthPx: 1, heightPx: 1 });
  if (moved === undefined) return null;
  const mmPerPx = bleedSizeMm(product).widthMm / surface.getBoundingClientRect().width;
  const context = { photo: moved, product, slopMm: slopPx * mmPerPx, holds: !altKey };
  if (element === undefined) return isPhotoPlaced(store.getState()) ? { ...context, motions: stillness } : context;
  const others = vectorElementsOf(design).filter(({ id }) => id !== element.id);
  return { ...context, motions: elementMotions(element, { ...context, grip, others }) };
}
