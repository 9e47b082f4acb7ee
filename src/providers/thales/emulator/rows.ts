import type { FaultName } from "./faults.ts";

/** A picture that the platform keeps. Times are epoch milliseconds. */
export interface ImageRow {
  id: string;
  product_id: string;
  sha256: string;
  bytes: number;
  media_type: string;
  /** By the handover key: checked (Custom) or not (Gallery). */
  image_type: "Custom" | "Gallery";
  state: "Pending" | "Accepted" | "Rejected";
  /** "00" unless rejected. */
  rejection_code: string;
  received_at: number;
  checked_at: number | null;
  /** When the platform decides or turns its verdict round; null when a person decides, or nothing is to come. */
  review_due_at: number | null;
  review_code: string | null;
  /** From when on GetImage finds it by its id. */
  viewable_at: number;
  /** From when on it is gone; null: nobody has asked for that. */
  purge_due_at: number | null;
  /** What the issuer is told of it, and what that fault counts in seconds. */
  told: FaultName | null;
  told_seconds: number;
  /** When the search finds it. */
  indexed: FaultName | null;
  /** Milliseconds from arrival, or from SetCustomDataCapture, until the search finds it; null: never. */
  search_lag_ms: number | null;
}

/** One data capture field of one picture. */
export interface CaptureRow {
  image_id: string;
  field: string;
  value: string;
  /** From when on the search finds it; null: never. */
  searchable_at: number | null;
}

/** What will tell, after a call, that the picture is there. Times are epoch milliseconds. */
export interface Evidence {
  readonly cardImageId: string;
  /** Value of the first data capture field. */
  readonly reference: string | null;
  /** Null when the issuer is told nothing. `firstAt`: null until a person decides; `verdictAt` likewise. */
  readonly notification: {
    readonly firstAt: number | null;
    readonly verdictAt: number | null;
    readonly carriesReference: boolean;
    readonly fault: FaultName | null;
  } | null;
  readonly previewFrom: number;
  /** Null: the search never finds it. */
  readonly searchableFrom: number | null;
  /** Pictures that were there before, with the same reference and with the same bytes. */
  readonly sameReference: readonly string[];
  readonly sameSha256: readonly string[];
}

/** One line of the ledger: every call, also one that failed or was never answered. */
export interface CallRow {
  id: number;
  at: number;
  method: string;
  binding: "soap" | "query";
  fault: FaultName | null;
  /** Null when the connection was broken before the whole answer had left. */
  http_status: number | null;
  /** The method's result code as answered, or as it would have been; null when it never came to one. */
  result_code: number | null;
  /** Of the image bytes as they arrived. */
  sha256: string | null;
  bytes: number | null;
  product_id: string | null;
  /** Of the picture that the platform has kept, changed or shown, whatever it answered. */
  card_image_id: string | null;
  /** The id in SendImage's answer, when it left. */
  answered_id: string | null;
  /** As it arrived. */
  data_capture: string | null;
  /** Value of the first data capture field, as it arrived or as it was asked for. */
  reference: string | null;
  /** JSON of Evidence, when the call has left a picture or changed one. */
  evidence: string | null;
  ms: number;
  note: string | null;
}

/** What is said of a call; the rest is null. */
export type CallEntry = Pick<CallRow, "method" | "binding"> & Partial<CallRow>;

/** A push notification, kept until delivered or given up. */
export interface NotificationRow {
  id: number;
  image_id: string;
  body: string;
  correlation_id: string;
  attempts: number;
  due_at: number | null;
  delivered_at: number | null;
}
