import type { FrameOptions } from "#contracts/frame-messages.ts";
import type { OpenDesigner } from "../flow/use-flow.ts";
import type { AppLocale } from "../locales/locale.ts";

export type ClosedReason =
  | "not-framed"
  | "no-answer"
  | "no-connection"
  | "session-ended"
  | "product-unknown"
  | "not-loaded"
  | "crashed";

export type AppPhase =
  | { readonly phase: "connecting" }
  | { readonly phase: "closed"; readonly reason: ClosedReason }
  | OpenDesigner;

export interface AppState {
  readonly now: AppPhase;
  readonly locale: AppLocale;
  readonly options: FrameOptions;
  /** Keeps the frame as high as the element, until the returned function is called; null before there is a host. */
  readonly reportHeight: ((element: HTMLElement) => () => void) | null;
}
