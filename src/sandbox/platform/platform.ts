import type { PlatformSettings } from "./config.ts";
import type { CallRow, PlatformStore } from "./store.ts";

/** What every part of the emulator works with. */
export interface Platform {
  readonly settings: PlatformSettings;
  readonly store: PlatformStore;
  /** Tells whoever waits for verdicts and notifications that something may be due. */
  wake(): void;
}

const emptyCall = {
  http_status: null,
  result_code: null,
  sha256: null,
  bytes: null,
  product_id: null,
  card_image_id: null,
  client_reference: null,
  note: null,
} as const satisfies Partial<CallRow>;

/** Writes a line of the ledger for a call that began at `startedAt` (epoch milliseconds), before it is answered. */
export function recordCall(
  { store }: Platform,
  startedAt: number,
  call: Pick<CallRow, "method" | "binding"> & Partial<CallRow>,
): void {
  store.insertCall({ ...emptyCall, ...call, at: startedAt, ms: Date.now() - startedAt });
}
