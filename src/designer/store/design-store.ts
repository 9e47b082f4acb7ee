import { createStore, type StoreApi } from "zustand/vanilla";
import { clampPlacement, fitPlacement, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import type { OpenPhoto } from "#image/client.ts";
import { applyChange, type Change, samePlacement } from "./edits.ts";
import { emptyHistory, type History, remember, stepBack, stepForward } from "./history.ts";

/** The design while it is being made. Millimetres from the card's centre; nothing of the screen. */
export interface DesignState {
  readonly product: Product;
  readonly photo: OpenPhoto | null;
  /** Null exactly while there is no photo; otherwise it always covers the whole bleed. */
  readonly placement: Placement | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** A hand is on the photo or on a slider. */
  readonly moving: boolean;
  /** Takes the photo over: fits it (or puts it at `placement`), forgets the history, closes the bitmap of the one before. */
  setPhoto(photo: OpenPhoto, placement?: Placement): void;
  clearPhoto(): void;
  /** One undo step. Inside a gesture it replaces the gesture's edit before: it applies to where the gesture began. */
  edit(change: Change): void;
  beginGesture(): void;
  /** Whatever happened since `beginGesture` becomes one undo step, or none if nothing changed. */
  endGesture(): void;
  /** Back to where the gesture began. */
  cancelGesture(): void;
  undo(): void;
  redo(): void;
}

export type DesignStore = StoreApi<DesignState>;

/** A store that knows neither React nor Konva. */
export function createDesignStore(product: Product): DesignStore {
  return createStore<DesignState>()((set, get) => {
    const desk = new EditingDesk();
    const show = (placement: Placement): void => set({ placement, ...desk.flags() });
    const replacePhoto = (photo: OpenPhoto | null, placement: Placement | null): void => {
      const before = get().photo;
      desk.clear();
      set({ photo, placement, ...desk.flags() });
      // Only now: whoever draws has been told.
      if (before !== null && before.preview !== photo?.preview) before.preview.close();
    };
    /** Does it to the placement that is there, and shows what comes out. */
    const change = (how: (placement: Placement, photo: OpenPhoto) => Placement | null): void => {
      const { photo, placement } = get();
      const next = photo === null || placement === null ? null : how(placement, photo);
      if (next !== null) show(next);
    };
    return {
      product,
      photo: null,
      placement: null,
      ...desk.flags(),
      setPhoto: (photo, placement = fitPlacement(photo, product)) =>
        replacePhoto(photo, clampPlacement(placement, photo, product)),
      clearPhoto: () => replacePhoto(null, null),
      edit: (wanted) =>
        change((placement, photo) => desk.edit(placement, (from) => applyChange(wanted, from, photo, product))),
      beginGesture: () => change((placement) => desk.begin(placement)),
      endGesture: () => change((placement) => desk.end(placement)),
      cancelGesture: () => change(() => desk.cancel()),
      undo: () => change((placement) => desk.step(placement, stepBack)),
      redo: () => change((placement) => desk.step(placement, stepForward)),
    };
  });
}

/** History and gesture. Each method answers the placement to show, or null when nothing is to change. */
class EditingDesk {
  #history: History<Placement> = emptyHistory;
  #gestureStart: Placement | null = null;

  flags(): Pick<DesignState, "canUndo" | "canRedo" | "moving"> {
    const { past, future } = this.#history;
    return { canUndo: past.length > 0, canRedo: future.length > 0, moving: this.#gestureStart !== null };
  }

  clear(): void {
    this.#history = emptyHistory;
    this.#gestureStart = null;
  }

  edit(placement: Placement, apply: (from: Placement) => Placement): Placement | null {
    const next = apply(this.#gestureStart ?? placement);
    if (samePlacement(next, placement)) return null;
    if (this.#gestureStart === null) this.#history = remember(this.#history, placement);
    return next;
  }

  begin(placement: Placement): Placement | null {
    if (this.#gestureStart !== null) return null;
    this.#gestureStart = placement;
    return placement;
  }

  end(placement: Placement): Placement | null {
    if (this.#gestureStart === null) return null;
    if (!samePlacement(this.#gestureStart, placement)) this.#history = remember(this.#history, this.#gestureStart);
    this.#gestureStart = null;
    return placement;
  }

  cancel(): Placement | null {
    const start = this.#gestureStart;
    this.#gestureStart = null;
    return start;
  }

  /** Undoing in the middle of a gesture takes the gesture back. */
  step(placement: Placement, take: typeof stepBack<Placement>): Placement | null {
    if (this.#gestureStart !== null) return this.cancel();
    const taken = take(this.#history, placement);
    if (taken === null) return null;
    this.#history = taken.history;
    return taken.present;
  }
}
