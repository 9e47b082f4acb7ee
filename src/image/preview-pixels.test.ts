import { afterEach, expect, it, vi } from "vitest";
import { noAdjustments } from "#design/look.ts";
import { adjustPreview, keepPreview } from "./preview-pixels.ts";
import type { OpenedPhoto } from "./protocol.ts";

afterEach(() => vi.unstubAllGlobals());

const makeCopy = () => ({ width: 4, height: 3, close: vi.fn<() => void>() });

/** A preview's copy that is kept, where there is no memory for the canvas by which it is read. */
async function keepUnreadable(sha256: string) {
  const copy = makeCopy();
  vi.stubGlobal("createImageBitmap", () => Promise.resolve(copy));
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext = () => null;
    },
  );
  await keepPreview({ sha256, preview: copy as ImageBitmap } as OpenedPhoto);
  return copy;
}

it("lets go of its copy of a preview that cannot be read", async () => {
  const copy = await keepUnreadable("a");
  await expect(adjustPreview({ sha256: "a" }, { adjust: noAdjustments }, true)).rejects.toMatchObject({
    code: "out-of-memory",
  });
  expect(copy.close).toHaveBeenCalledOnce();
  await expect(adjustPreview({ sha256: "a" }, { adjust: noAdjustments }, true)).rejects.toMatchObject({
    code: "render-failed",
  });
});

it("lets go of its own copy of a preview where the page gives another, and of that", async () => {
  const copies = [await keepUnreadable("b"), makeCopy()] as const;
  const given = { sha256: "b", preview: copies[1] as ImageBitmap };
  await expect(adjustPreview(given, { adjust: noAdjustments }, true)).rejects.toMatchObject({ code: "out-of-memory" });
  for (const { close } of copies) expect(close).toHaveBeenCalledOnce();
});
