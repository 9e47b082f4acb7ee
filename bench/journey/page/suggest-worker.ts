// Runs in a worker that has done nothing before: what an opening photo waits for its suggestions.
import { products } from "#card/products.ts";
import { suggestPlacements } from "#card/subject-placement.ts";
import { pixelsOfBitmap } from "#image/bitmap-pixels.ts";
import { lookAtPreview } from "#image/look-at-preview.ts";
import { measureDetail } from "#image/measure-detail.ts";

self.addEventListener("message", (message: MessageEvent<Asked>) => void answer(message.data));

interface Asked {
  readonly preview: ImageBitmap;
  readonly size: readonly [number, number];
}

async function answer({ preview, size: [widthPx, heightPx] }: Asked): Promise<void> {
  const photo = { widthPx, heightPx };
  const began = performance.now();
  const { subject } = await lookAtPreview(preview, photo);
  await measureDetail({ ...pixelsOfBitmap({ bitmap: preview }), photo });
  const suggestions = subject === null ? [] : suggestPlacements(subject, photo, products[0]);
  self.postMessage({ ms: performance.now() - began, suggestions: suggestions.length }, { transfer: [] });
}
