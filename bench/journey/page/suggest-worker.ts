// Runs in a worker that has done nothing before: what an opening photo waits for its suggestions.
import { products } from "#card/products.ts";
import { suggestPlacements } from "#card/subject-placement.ts";
import { lookForSubject } from "#image/look-for-subject.ts";

self.addEventListener("message", async ({ data }: MessageEvent<{ preview: ImageBitmap; size: [number, number] }>) => {
  const [widthPx, heightPx] = data.size;
  const photo = { widthPx, heightPx };
  const began = performance.now();
  const subject = await lookForSubject(data.preview, photo);
  const suggestions = subject === null ? [] : suggestPlacements(subject, photo, products[0]);
  self.postMessage({ ms: performance.now() - began, suggestions: suggestions.length }, { transfer: [] });
});
