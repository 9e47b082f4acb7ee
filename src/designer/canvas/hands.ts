import type { Placement } from "#card/placement.ts";
import type { DesignStore } from "../store/design-store.ts";
import { attachKeys } from "./hands-keys.ts";
import { attachPointers } from "./hands-pointers.ts";
import { attachWheel } from "./hands-wheel.ts";

export interface HandsOptions {
  /** The labelled, focusable element around the card; its box is the bleed's. */
  readonly surface: HTMLElement;
  readonly store: DesignStore;
  /** Moves the photo on the screen without writing the store. */
  readonly show: (placement: Placement) => void;
  /** A key asked for more than the photo can give. */
  readonly onEdge?: () => void;
}

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
