import { createStore, type StoreApi } from "zustand/vanilla";
import { clampPlacement, coverPlacement, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { openingPlacement } from "#card/sharpness.ts";
import type { OpenPhoto } from "#image/client.ts";
import { applyChange, type Change, samePlacement } from "./edits.ts";

/** An input that moves the photo on the screen first and writes the store when its gesture ends. */
export interface GestureOwner {
  /** Ends the gesture with what is on the screen: another input has its turn, or the picture is to be made. */
  settle(): void;
}

/**
 * The design while it is being made. Millimetres from the card's centre; nothing of the screen. One gesture at a time: each
 * method says `by` whom, nobody being a control whose every change is in the store at once, such as a slider. What comes by
 * somebody else settles the gesture under way.
 */
export interface DesignState {
  readonly product: Product;
  readonly photo: OpenPhoto | null;
  /** Null exactly while there is no photo; otherwise it always covers the whole bleed. */
  readonly placement: Placement | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** A gesture is under way, on the card or on a slider. */
  readonly moving: boolean;
  /**
   * Takes the photo over: fits it (or puts it at `placement`), forgets the history, closes the bitmap of the one before. Where
   * it had to be turned to be printed, undo lays it upright.
   */
  setPhoto(photo: OpenPhoto, placement?: Placement): void;
  clearPhoto(): void;
  /** One undo step. During the gesture each edit starts from where the gesture began and replaces the edit before it. */
  edit(change: Change, by?: GestureOwner): void;
  /** Goes on with the gesture that is under way if it is of the same owner. */
  beginGesture(by?: GestureOwner): void;
  /** Whatever happened since `beginGesture` becomes one undo step, or none if nothing changed. */
  endGesture(by?: GestureOwner): void;
  /** Back to where the gesture began. */
  cancelGesture(by?: GestureOwner): void;
  isGestureOf(owner: GestureOwner): boolean;
  /** Ends the gesture under way, whoever's it is, with what the cardholder sees. */
  settle(): void;
  undo(): void;
  redo(): void;
}

export type DesignStore = StoreApi<DesignState>;

/** A store that knows neither React nor Konva. */
export function createDesignStore(product: Product): DesignStore {
  return createStore<DesignState>()((set, get) => {
    const history = new EditHistory();
    let owner: GestureOwner | undefined;
    const replacePhoto = (photo: OpenPhoto | null, placement: Placement | null, undone = placement): void => {
      const before = get().photo;
      history.clear();
      if (placement !== null && undone !== null) history.edit(undone, () => placement);
      set({ photo, placement, ...history.flags() });
      // Only after subscribers have been told: until then one of them may still draw the old bitmap.
      if (before !== null && before.preview !== photo?.preview) before.preview.close();
    };
    /** Sets what `change` makes of the present placement; without a photo, or when it answers null, nothing happens. */
    const update = (change: (placement: Placement, photo: OpenPhoto) => Placement | null): void => {
      const { photo, placement } = get();
      const next = photo === null || placement === null ? null : change(placement, photo);
      if (next !== null) set({ placement: next, ...history.flags() });
    };
    const isUnderWay = (by: GestureOwner | undefined): boolean => get().moving && owner === by;
    const end = (): void => update((placement) => history.endGesture(placement));
    const settle = (): void => {
      if (get().moving) owner?.settle();
      if (get().moving) end();
    };
    const settleOther = (by: GestureOwner | undefined): void => {
      if (!isUnderWay(by)) settle();
    };
    return {
      product,
      photo: null,
      placement: null,
      ...history.flags(),
      setPhoto: (photo, placement) => {
        if (placement !== undefined) return replacePhoto(photo, clampPlacement(placement, photo, product));
        replacePhoto(photo, openingPlacement(photo, product), coverPlacement(photo, product));
      },
      clearPhoto: () => replacePhoto(null, null),
      edit: (change, by) => {
        settleOther(by);
        update((placement, photo) => history.edit(placement, (from) => applyChange(change, from, photo, product)));
      },
      beginGesture: (by) => {
        settleOther(by);
        owner = by;
        update((placement) => history.beginGesture(placement));
      },
      endGesture: (by) => {
        if (isUnderWay(by)) end();
      },
      cancelGesture: (by) => {
        if (isUnderWay(by)) update(() => history.cancelGesture());
      },
      isGestureOf: isUnderWay,
      settle,
      undo: () => update((placement) => history.undo(placement)),
      redo: () => update((placement) => history.redo(placement)),
    };
  });
}

/** Undo steps kept; the oldest are forgotten first. */
const historyLimit = 100;

/**
 * Undo, redo and the gesture under way. The present placement is kept by the store; each method is given it and answers
 * the one to show, or null when nothing is to change.
 */
class EditHistory {
  /** Newest last, as in `#future`. */
  #past: readonly Placement[] = [];
  #future: readonly Placement[] = [];
  #gestureStart: Placement | null = null;

  flags(): Pick<DesignState, "canUndo" | "canRedo" | "moving"> {
    return { canUndo: this.#past.length > 0, canRedo: this.#future.length > 0, moving: this.#gestureStart !== null };
  }

  clear(): void {
    this.#past = [];
    this.#future = [];
    this.#gestureStart = null;
  }

  edit(placement: Placement, apply: (from: Placement) => Placement): Placement | null {
    const next = apply(this.#gestureStart ?? placement);
    if (samePlacement(next, placement)) return null;
    if (this.#gestureStart === null) this.#remember(placement);
    return next;
  }

  beginGesture(placement: Placement): Placement | null {
    if (this.#gestureStart !== null) return null;
    this.#gestureStart = placement;
    return placement;
  }

  endGesture(placement: Placement): Placement | null {
    if (this.#gestureStart === null) return null;
    if (!samePlacement(this.#gestureStart, placement)) this.#remember(this.#gestureStart);
    this.#gestureStart = null;
    return placement;
  }

  cancelGesture(): Placement | null {
    const start = this.#gestureStart;
    this.#gestureStart = null;
    return start;
  }

  /** In the middle of a gesture it takes the gesture back, as `redo` does. */
  undo(placement: Placement): Placement | null {
    if (this.#gestureStart !== null) return this.cancelGesture();
    const before = this.#past.at(-1);
    if (before === undefined) return null;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, placement];
    return before;
  }

  redo(placement: Placement): Placement | null {
    if (this.#gestureStart !== null) return this.cancelGesture();
    const after = this.#future.at(-1);
    if (after === undefined) return null;
    this.#past = [...this.#past, placement];
    this.#future = this.#future.slice(0, -1);
    return after;
  }

  /** Remembers what a change has just replaced. What could be redone is gone. */
  #remember(before: Placement): void {
    this.#past = [...this.#past, before].slice(-historyLimit);
    this.#future = [];
  }
}
