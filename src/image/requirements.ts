import { createSurface } from "./canvas.ts";

/** Whether a canvas gives back what was drawn on it. Some browsers add a little noise, and some give back nothing but noise. */
function canDraw(): boolean {
  try {
    const context = createSurface(8, 8);
    context.fillStyle = "#204060";
    context.fillRect(0, 0, 8, 8);
    const { data } = context.getImageData(0, 0, 8, 8);
    const wrong = data.filter((value, index) => Math.abs(value - ([0x20, 0x40, 0x60, 0xff][index % 4] ?? 0)) > 16);
    return wrong.length < data.length / 4;
  } catch {
    return false;
  }
}

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
export function listMissingInWorker(): string[] {
  return [...listMissingForPictures(), ...(canCompile() ? [] : ["WebAssembly with SIMD"])];
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
