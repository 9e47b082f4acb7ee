import heifUrl from "libheif-js/libheif-wasm/libheif.wasm?url";
import { type Heif, startHeif } from "./heif.ts";

const loadTimeoutMs = 60_000;

let loading: Promise<ArrayBuffer> | undefined;

async function fetchHeif(): Promise<ArrayBuffer> {
  const response = await fetch(heifUrl, { signal: AbortSignal.timeout(loadTimeoutMs) });
  if (!response.ok) throw new Error(`${heifUrl} answers ${response.status}`);
  return response.arrayBuffer();
}

/** A HEIC decoder, fetched once. Rejects when it cannot be fetched within 60 s, or when a policy forbids it; a later call tries again. */
export async function loadHeif(): Promise<Heif> {
  try {
    return startHeif(await (loading ??= fetchHeif()));
  } catch (cause) {
    loading = undefined;
    throw new Error("the HEIC decoder could not be loaded", { cause });
  }
}
