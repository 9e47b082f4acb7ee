import { createContext, use } from "react";
import { useStore } from "zustand/react";
import type { OpenDesigner } from "../app/app-state.ts";
import type { FlowState } from "./machine.ts";

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
