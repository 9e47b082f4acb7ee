import type { Paint } from "#paint/paint.ts";
import paintUrl from "../paint/paint.wasm?url";

const loadTimeoutMs = 30_000;

let loading: Promise<Paint> | undefined;

async function fetchPaint(): Promise<Paint> {
  const response = await fetch(paintUrl, { signal: AbortSignal.timeout(loadTimeoutMs) });
  if (!response.ok) throw new Error(`${paintUrl} answers ${response.status}`);
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer());
  return instance.exports as unknown as Paint;
}

/**
 * What paints vectors, fetched once, when there first is something to paint. Rejects when it cannot be fetched within 30 s, or when a
 * policy forbids it; a later call tries again.
 */
export async function loadPaint(): Promise<Paint> {
  try {
    return await (loading ??= fetchPaint());
  } catch (cause) {
    loading = undefined;
    throw new Error("what paints vectors could not be loaded", { cause });
  }
}
