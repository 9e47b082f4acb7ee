import { createContext, type ReactNode, use } from "react";
import { useStore } from "zustand/react";
import type { DesignState, DesignStore } from "./design-store.ts";

const DesignStoreContext = createContext<DesignStore | null>(null);

interface DesignStoreProviderProps {
  readonly store: DesignStore;
  readonly children: ReactNode;
}

/** Gives the store to everything below. */
export function DesignStoreProvider({ store, children }: DesignStoreProviderProps): ReactNode {
  return <DesignStoreContext value={store}>{children}</DesignStoreContext>;
}

/** `useDesignStore((state) => state.placement)`: what the selector picks, kept up to date. */
export function useDesignStore<T>(selector: (state: DesignState) => T): T {
  return useStore(useDesignStoreApi(), selector);
}

/** The store itself, for subscribing and for reading outside a render. */
export function useDesignStoreApi(): DesignStore {
  const store = use(DesignStoreContext);
  if (store === null) throw new Error("The design store is used outside DesignStoreProvider");
  return store;
}
