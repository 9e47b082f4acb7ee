import { createStore, type StoreApi } from "zustand/vanilla";
import { clampPlacement, fitPlacement, type Placement } from "#card/placement.ts";
import type { Product } from "#card/product.ts";
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
  let history: History<Placement> = emptyHistory;
  let gestureStart: Placement | null = null;

  return createStore<DesignState>()((set, get) => {
    const show = (placement: Placement): void =>
      set({
        placement,
        canUndo: history.past.length > 0,
        canRedo: history.future.length > 0,
        moving: gestureStart !== null,
      });

    const replacePhoto = (photo: OpenPhoto | null, placement: Placement | null): void => {
      const before = get().photo;
      history = emptyHistory;
      gestureStart = null;
      set({ photo, placement, canUndo: false, canRedo: false, moving: false });
      if (before !== null && before.preview !== photo?.preview) before.preview.close();
    };

    const step = (take: typeof stepBack<Placement>): void => {
      if (gestureStart !== null) return get().cancelGesture();
      const { placement } = get();
      const taken = placement === null ? null : take(history, placement);
      if (taken === null) return;
      history = taken.history;
      show(taken.present);
    };

    return {
      product,
      photo: null,
      placement: null,
      canUndo: false,
      canRedo: false,
      moving: false,
      setPhoto: (photo, placement) =>
        replacePhoto(photo, clampPlacement(placement ?? fitPlacement(photo, product), photo, product)),
      clearPhoto: () => replacePhoto(null, null),
      edit: (change) => {
        const { photo, placement } = get();
        if (photo === null || placement === null) return;
        const next = applyChange(change, gestureStart ?? placement, photo, product);
        if (samePlacement(next, placement)) return;
        if (gestureStart === null) history = remember(history, placement);
        show(next);
      },
      beginGesture: () => {
        const { placement } = get();
        if (placement === null || gestureStart !== null) return;
        gestureStart = placement;
        show(placement);
      },
      endGesture: () => {
        const { placement } = get();
        if (placement === null || gestureStart === null) return;
        if (!samePlacement(gestureStart, placement)) history = remember(history, gestureStart);
        gestureStart = null;
        show(placement);
      },
      cancelGesture: () => {
        if (gestureStart === null) return;
        const start = gestureStart;
        gestureStart = null;
        show(start);
      },
      undo: () => step(stepBack),
      redo: () => step(stepForward),
    };
  });
}
