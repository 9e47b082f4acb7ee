import type { FrameOptions } from "#contracts/frame-messages.ts";
import type { Product } from "#card/product.ts";
import type { Flow } from "../flow/flow.ts";
import type { AppLocale } from "../locales/locale.ts";
import type { DesignStore } from "../store/design-store.ts";

export type ClosedReason =
  | "not-framed"
  | "no-answer"
  | "no-connection"
  | "session-ended"
  | "product-unknown"
  | "crashed";

/** What every step may use once the session is open. */
export interface OpenDesigner {
  readonly phase: "open";
  readonly product: Product;
  readonly issuerName: string;
  readonly design: DesignStore;
  readonly flow: Flow;
  readonly readPreview: (submissionId: string, widthPx: number, signal: AbortSignal) => Promise<Blob>;
  /** Keeps the frame as high as the element, until the returned function is called. */
  readonly reportHeight: (element: HTMLElement) => () => void;
}

export type AppPhase =
  | { readonly phase: "connecting" }
  | { readonly phase: "closed"; readonly reason: ClosedReason; readonly reportHeight?: OpenDesigner["reportHeight"] }
  | OpenDesigner;

export interface AppState {
  readonly now: AppPhase;
  readonly locale: AppLocale;
  readonly options: FrameOptions;
}
