import type { PlatformSettings } from "./config.ts";
import type { ImageChecking } from "./image-checking.ts";
import type { Evidence } from "./rows.ts";
import type { PlatformStore } from "./store.ts";

/** What the platform's methods work with. */
export interface Platform {
  readonly settings: PlatformSettings;
  readonly store: PlatformStore;
  readonly checking: ImageChecking;
}

/** A method's result, and what is written in one transaction with the call's line in the ledger. */
export interface Work {
  /** Null when there was nothing to do. */
  readonly code: number | null;
  readonly cardImageId: string | null;
  readonly productId: string | null;
  readonly note: string | null;
  /** Answers what will tell of the picture; null when nothing was kept. */
  commit(): Evidence | null;
}

export function nothingDone(code: number | null, note: string | null, productId: string | null = null): Work {
  return { code, cardImageId: null, productId, note, commit: () => null };
}
