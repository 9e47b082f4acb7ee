import type { Product } from "#card/products.ts";
import type { PhotoProblemCode } from "#image/client.ts";
import type { TextValues } from "../locales/text.tsx";

/** Why a design could not be sent. Each has a sentence in the texts. */
export type SendProblemCode =
  | "send-no-connection"
  | "send-busy"
  | "send-too-slow"
  | "send-damaged"
  | "send-picture-refused"
  | "send-not-accepted"
  | "session-ended";

/** Things said beside the design, which stays on screen: `problem` and `note` differ in tone only. */
export type NoticeCode =
  | PhotoProblemCode
  | SendProblemCode
  | "two-files"
  | "no-picture-pasted"
  | "dpi-too-low"
  | "first-frame-only"
  | "transparent-parts"
  | "send-cancelled"
  | "already-sent"
  | "submission-gone";

export interface Notice {
  readonly code: NoticeCode;
  readonly tone: "problem" | "note";
  /** What lies behind a problem, for the issuer's support; see `describeCause`. */
  readonly cause?: string;
}

const notes: ReadonlySet<NoticeCode> = new Set([
  "first-frame-only",
  "transparent-parts",
  "send-cancelled",
  "already-sent",
]);

export function noticeOf(code: NoticeCode, cause?: string): Notice {
  return { code, tone: notes.has(code) ? "note" : "problem", ...(cause !== undefined && { cause }) };
}

/** The product's limits and the size that prints sharp, as the notices name them. */
export function noticeValues(product: Product): TextValues {
  const share = product.warnBelowDpi / product.dpi;
  return {
    megabytes: Math.floor(product.maxPhotoBytes / 1024 / 1024),
    megapixels: Math.floor(product.maxPhotoPixels / 1_000_000),
    width: Math.ceil(product.widthPx * share),
    height: Math.ceil(product.heightPx * share),
  };
}
