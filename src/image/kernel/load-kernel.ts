import kernelUrl from "./kernel.wasm?url";

const loadTimeoutMs = 30_000;

let loading: Promise<WebAssembly.Module> | undefined;

async function fetchKernel(): Promise<WebAssembly.Module> {
  const response = await fetch(kernelUrl, { signal: AbortSignal.timeout(loadTimeoutMs) });
  if (!response.ok) throw new Error(`${kernelUrl} answers ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** The kernel, fetched once. Rejects when it cannot be fetched within 30 s, or when a policy forbids it; a later call tries again. */
export async function loadKernel(): Promise<WebAssembly.Module> {
  try {
    return await (loading ??= fetchKernel());
  } catch (cause) {
    loading = undefined;
    throw new Error("the kernel could not be loaded", { cause });
  }
}
