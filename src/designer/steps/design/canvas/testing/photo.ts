import type { OpenPhoto } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";

export const photoSize = { widthPx: 2400, heightPx: 1800 };

/** A photo whose colour tells where in the photo one looks: red grows to the right, green grows downwards. */
export async function makePhoto(): Promise<OpenPhoto> {
  const canvas = new OffscreenCanvas(240, 180);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  const pixels = context.createImageData(240, 180);
  for (let y = 0; y < 180; y++) {
    for (let x = 0; x < 240; x++) pixels.data.set([x + 8, y + 40, 128, 255], (y * 240 + x) * 4);
  }
  context.putImageData(pixels, 0, 0);
  const preview = await createImageBitmap(canvas);
  return makeOpenPhoto({ ...photoSize, preview, close: () => preview.close() });
}
