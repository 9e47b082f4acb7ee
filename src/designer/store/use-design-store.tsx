import { createContext, type ReactNode, use, useCallback } from "react";
import { useStore } from "zustand/react";
import { type Photo, photoOf } from "#design/design.ts";
import type { Change } from "#design/edits.ts";
import { changePhoto, type DesignState, type DesignStore } from "./design-store.ts";

const DesignStoreContext = createContext<DesignStore | null>(null);

interface DesignStoreProviderProps {
  readonly store: DesignStore;
  readonly children: ReactNode;
}

/** Gives the store to everything below. */
export function DesignStoreProvider({ store, children }: DesignStoreProviderProps): ReactNode {
  return <DesignStoreContext value={store}>{children}</DesignStoreContext>;
}

/** `useDesignStore((state) => state.moving)`: what the selector picks, kept up to date. */
export function useDesignStore<T>(selector: (state: DesignState) => T): T {
  return useStore(useDesignStoreApi(), selector);
}

/** The store itself, for subscribing and for reading outside a render. */
export function useDesignStoreApi(): DesignStore {
  const store = use(DesignStoreContext);
  if (store === null) throw new Error("The design store is used outside DesignStoreProvider");
  return store;
}

/** The photo on the card, kept up to date; null without one. */
export function usePhoto(): Photo | null {
  return useDesignStore(({ design }) => photoOf(design));
}

/** Whether the tools are those of a card with a photo: also before there is any card, which is drawn up for its photo. */
export function useHasPhoto(): boolean {
  return useDesignStore(({ design, isBegun }) => photoOf(design) !== null || !isBegun);
}

/** How to change where the photo on the card lies. */
export function useChangePhoto(): (change: Change) => void {
  const store = useDesignStoreApi();
  return useCallback((change) => changePhoto(store.getState(), change), [store]);
}
