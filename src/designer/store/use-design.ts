import { createContext, createElement, type ReactElement, type ReactNode, use } from "react";
import { useStore } from "zustand/react";
import type { DesignState, DesignStore } from "./design-store.ts";

const DesignContext = createContext<DesignStore | null>(null);

/** Gives the store to everything below. */
export function DesignProvider(props: { readonly store: DesignStore; readonly children: ReactNode }): ReactElement {
  return createElement(DesignContext, { value: props.store }, props.children);
}

/** The store itself, for actions and for reading outside a render. */
export function useDesignStore(): DesignStore {
  const store = use(DesignContext);
  if (store === null) throw new Error("useDesignStore is used outside DesignProvider");
  return store;
}

/** What the selector picks, kept up to date. */
export function useDesign<T>(selector: (state: DesignState) => T): T {
  return useStore(useDesignStore(), selector);
}
