import { afterEach, expect, it, vi } from "vitest";
import { makeBitmap } from "./canvas.ts";

afterEach(() => vi.unstubAllGlobals());

it("says that there is no memory where the browser has none for a bitmap, and not that the photo could not be opened", async () => {
  const full = new DOMException("The ImageBitmap could not be allocated.", "InvalidStateError");
  vi.stubGlobal("createImageBitmap", () => Promise.reject(full));
  await expect(makeBitmap({} as ImageData)).rejects.toMatchObject({ code: "out-of-memory", cause: full });
});
