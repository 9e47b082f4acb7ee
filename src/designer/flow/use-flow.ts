import { createContext, use } from "react";
import { useStore } from "zustand/react";
import type { Product } from "#card/products.ts";
import type { DesignStore } from "../store/design-store.ts";
import type { Flow } from "./flow.ts";
import type { FlowState } from "./machine.ts";

/** What every step may use once the session is open. */
export interface OpenDesigner {
  readonly phase: "open";
  readonly product: Product;
  readonly issuerName: string;
  readonly design: DesignStore;
  readonly flow: Flow;
  readonly readPreview: (submissionId: string, widthPx: number, signal: AbortSignal) => Promise<Blob>;
}

const DesignerContext = createContext<OpenDesigner | null>(null);
export const DesignerProvider = DesignerContext;

/** The session that is open: product, issuer, flow. */
export function useDesigner(): OpenDesigner {
  const designer = use(DesignerContext);
  if (designer === null) throw new Error("useDesigner is used outside DesignerProvider");
  return designer;
}

/** Where the cardholder is, kept up to date. */
export function useFlowState(): FlowState {
  return useStore(useDesigner().flow.state);
}
