import { createContext, use } from "react";
import { useStore } from "zustand/react";
import type { Product } from "#card/products.ts";
import type { DesignStore } from "../store/design-store.ts";
import type { Flow } from "./flow.ts";
import type { FlowState } from "./machine.ts";

/** What every step may use once the session is open. */
export interface OpenSession {
  readonly phase: "open";
  readonly product: Product;
  readonly issuerName: string;
  readonly design: DesignStore;
  readonly flow: Flow;
  readonly readPreview: (submissionId: string, widthPx: number, signal: AbortSignal) => Promise<Blob>;
}

const SessionContext = createContext<OpenSession | null>(null);
export const SessionProvider = SessionContext;

/** The session that is open: product, issuer, flow. */
export function useSession(): OpenSession {
  const session = use(SessionContext);
  if (session === null) throw new Error("useSession is used outside SessionProvider");
  return session;
}

/** Where the cardholder is, kept up to date. */
export function useFlowState(): FlowState {
  return useStore(useSession().flow.state);
}
