import { expect, test } from "vitest";
import { cdp } from "vitest/browser";
import { products } from "#card/products.ts";
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
