import { createSurface } from "./canvas.ts";
import { canReadPixels } from "./read-surface.ts";

function canDraw(): boolean {
  try {
    createSurface(8, 8);
    return true;
  } catch {
    return false;
  }
}

/** Missing where the browser, to protect against being recognised, gives other pixels than were drawn. */
export const truePixels = "pixels as they were drawn";

/** A module whose only function uses SIMD. */
const simdModule = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Whether WebAssembly is there, knows SIMD, and is not forbidden by a policy or a setting. */
function canCompile(): boolean {
  try {
    void new WebAssembly.Module(simdModule);
    return true;
  } catch {
    return false;
  }
}

/** What pictures cannot be made without and this worker does not have, by name. A page's policy allows it no WebAssembly. */
export async function listMissingInWorker(): Promise<string[]> {
  const missing = [...listMissingForPictures(), ...(canCompile() ? [] : ["WebAssembly with SIMD"])];
  return missing.length > 0 || (await canReadPixels()) ? missing : [truePixels];
}

/** What pictures cannot be made without and this window or worker does not have, by name. */
export function listMissingForPictures(): string[] {
  const needed = {
    "OffscreenCanvas with a 2D context": canDraw(),
    createImageBitmap: typeof createImageBitmap === "function",
    // There is none on a page without https.
    "crypto.subtle": typeof crypto === "object" && typeof crypto.subtle === "object",
  };
  return Object.entries(needed).flatMap(([name, isThere]) => (isThere ? [] : name));
}
